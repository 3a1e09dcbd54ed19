//! Closing text on a terminal: what a run made and what to do next, how long a plan will take, what a plan will do.
//!
//! Every function returns text; colour is a switch.

mod estimate_summary;
pub mod farm_summary;
mod metrics_summary;
mod plan_summary;
pub mod revision_summary;
mod run_summary;

pub use estimate_summary::estimate_table;
pub use metrics_summary::metrics_text;
pub use plan_summary::plan_table;
pub use run_summary::{RunSummaryOptions, run_summary_text};
