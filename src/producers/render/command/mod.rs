//! Renderers with a command line. The provider file says how to call one, how to read its output,
//! and where its pictures are.
//!
//! A shell is used only if the provider asks for one, and a command sees only the variables that
//! the provider names. An exit code is never enough: every picture must be there, decode, and have
//! the requested size.

mod command_output;
mod command_program;
mod command_renderer;
mod placeholder_values;
mod povray_frames;
mod scene_export;
#[cfg(test)]
mod tests;

pub(in crate::producers) use command_program::set_usual_environment;
pub use command_program::{EnvironmentVariables, ProviderProgram};
pub use command_renderer::{CommandRenderer, command_identity, is_identity_of};
