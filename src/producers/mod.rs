//! What a worker can do, one file per kind of work. Job in, [`Finished`] out, progress by callback.

pub mod check;
mod crew;
pub mod encode;
pub mod failing;
pub mod grade;
pub mod import;
pub mod render;
pub mod retro;
pub mod stitch;
pub mod task;
#[cfg(test)]
mod testing;
pub mod verify;

pub use crew::{Crew, needs_ffmpeg};
pub use task::{Assignment, ExecutionMode, Failure, FailureClass, Finished, Perform, Produced};
