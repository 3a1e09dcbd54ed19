//! What a worker can do, one file per kind of work. Job in, [`ProducerOutput`] out, progress by callback.

pub mod asset_import;
pub mod contract;
pub mod encode;
pub mod failure;
pub mod grade;
pub mod output_check;
mod registry;
pub mod render;
pub mod retro;
pub mod stitch;
#[cfg(test)]
mod testing;
pub mod verify;

pub use contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
pub use registry::{ProducerRegistry, needs_ffmpeg};
