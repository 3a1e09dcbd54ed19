//! Closing text on a terminal: what a run made and what to do next, how long a plan will take, what a plan will do.
//!
//! Every function returns text; colour is a switch.

mod columns;
mod estimate;
pub mod farm;
mod metrics;
mod plan;
pub mod revisions;
mod run;

pub use estimate::estimate;
pub use metrics::metrics;
pub use plan::plan;
pub use run::{Closing, run};
