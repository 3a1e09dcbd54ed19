//! What a worker can do, one file per kind of work. Job in, [`Finished`] out, progress by callback.

pub mod render;
pub mod task;

pub use task::{Assignment, Failure, FailureClass, Finished, Mode, Produced};
