//! ffmpeg and ffprobe: where they are, what they can do, and how they are started, fed, watched and stopped.
//!
//! Every command is an argument list; nothing passes a shell. The environment is not read here: paths come in.

pub mod codec;
pub mod error;
pub mod process;
pub mod tools;

pub use codec::Timing;
pub use error::ToolError;
pub use process::{Call, Ran};
pub use tools::Tools;
