//! Summaries for a terminal: the end of a run, an estimate, a plan, a farm, the history of a store.
//!
//! Every function returns text and prints nothing. Colour is an argument.

mod estimate_summary;
pub mod farm_summary;
mod metrics_summary;
mod plan_summary;
pub mod revision_summary;
mod run_summary;
pub mod status_summary;

pub use estimate_summary::estimate_table;
pub use metrics_summary::metrics_text;
pub use plan_summary::{plan_lines, plan_table};
pub use run_summary::{RunSummaryOptions, run_summary_lines, run_summary_text};
