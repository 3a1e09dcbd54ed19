//! ffmpeg and ffprobe: where they are, what they can do, and what they are asked for.
//!
//! Every command is an argument list; nothing passes a shell. The environment is not read here: paths come in.

pub mod codec;
pub mod error;
pub mod tools;

pub use codec::FrameTimebase;
pub use error::ToolError;
pub use tools::{FfmpegTools, FilmStream};
