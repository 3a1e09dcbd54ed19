//! Open Job Description: the tasks of a run as a job template, and its local runner as a scheduler.
//!
//! The types of the template are our own, because the crate that reads templates cannot write them.
//! Tests check templates with that crate and with the published program.

mod exported_scheduler;
mod job_bundle;
mod job_template;
mod openjd_scheduler;
mod template_builder;

pub use exported_scheduler::ExportedScheduler;
pub use job_bundle::{JobBundle, build_bundle};
pub use job_template::JobTemplate;
pub use openjd_scheduler::OpenJdScheduler;
