//! Open Job Description: the tasks of a run as a job template, and its local runner as an engine.
//!
//! The template's types are our own: the crate that reads templates cannot write them. Tests hold
//! what we write against that crate and the published program.

mod exported_scheduler;
mod job_bundle;
mod job_template;
mod openjd_scheduler;
mod template_builder;

pub use exported_scheduler::ExportedScheduler;
pub use job_bundle::{JobBundle, build_bundle};
pub use job_template::JobTemplate;
pub use openjd_scheduler::OpenJdScheduler;
