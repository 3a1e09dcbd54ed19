//! One folder for each kind of work, with a [`JobProducer`] of its own. [`ProducerRegistry`] finds
//! the producer of a job. A producer takes a job and returns [`ProducerOutput`]; progress is
//! reported by a callback.

pub mod contract;
mod cut;
pub mod encode;
pub mod failure;
pub mod footage;
pub mod grade;
pub mod import;
pub mod output_check;
mod producer_tools;
mod registry;
pub mod render;
pub mod retro;
mod sound;
mod sprites;
pub mod stitch;
#[cfg(test)]
mod testing;
pub mod verify;

pub use contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
pub use producer_tools::{FolderProviders, ProducerTools, needs_ffmpeg};
pub use registry::ProducerRegistry;
pub use sound::{EspeakProgram, spoken_samples};

pub use crate::music::{FontFacts, FontSource, machine_font};
