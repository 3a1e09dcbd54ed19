//! Calls ffmpeg and ffprobe: finds them, tries their codecs, builds their arguments.
//!
//! Every call is a list of arguments; no shell is involved. The environment is not read here: paths
//! are arguments.

pub mod codec_arguments;
pub mod error;
pub mod film_span;
mod frame_repeats;
mod stream_packager;
pub mod tools;

pub use codec_arguments::FrameTimebase;
pub use error::ToolError;
pub use tools::{DecoderThreads, FfmpegTools, FilmJoin, FilmSound, FilmStream, FilmText};
