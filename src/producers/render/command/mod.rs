//! Any renderer that has a command line: called as its provider says, heard as its provider says, its pictures looked for
//! where its provider says.
//!
//! Never a shell unless the provider asks for one, and no more of the environment than it names. An exit code is never
//! enough: every picture must be there, decode and have the size asked for.

mod hearing;
mod perform;
mod program;
mod scene;
#[cfg(test)]
mod tests;
mod values;

pub use perform::{Commanded, provider};
pub use program::{Environment, Program};
