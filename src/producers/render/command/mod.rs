//! Any renderer that has a command line: called as its provider says, heard as its provider says, its pictures looked for
//! where its provider says.
//!
//! Never a shell unless the provider asks for one, and no more of the environment than it names. An exit code is never
//! enough: every picture must be there, decode and have the size asked for.

mod command_output;
mod command_program;
mod command_renderer;
mod placeholder_values;
mod scene_export;
#[cfg(test)]
mod tests;

pub use command_program::{EnvironmentVariables, ProviderProgram};
pub use command_renderer::{CommandRenderer, command_identity};
