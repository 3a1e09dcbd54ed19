//! Open Job Description: the tasks of a run as a job template, and its local runner as an engine.
//!
//! The template's types are our own: the crate that reads templates cannot write them. Tests hold what we write against that
//! crate and the published program.

mod bundle;
mod engine;
mod exported;
mod steps;
mod template;

pub use bundle::{Bundle, bundle};
pub use engine::OpenJd;
pub use exported::Exported;
pub use template::Template;
