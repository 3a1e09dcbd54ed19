//! What people and programs read: diagnostics, progress, summaries and the report of a run.
//!
//! A sink receives events and asks nothing back. Everything else turns finished values into text.
//! Nothing here prints by itself: writers are arguments, and a write that fails never fails a run.

pub mod ad_facts;
pub mod cause;
pub mod diagnostic;
pub mod explanation;
pub mod html;
pub mod job_explanation;
pub mod job_index;
pub mod json_lines;
pub mod live_run;
pub mod metrics;
pub mod multi_sink;
pub mod notice;
mod other_files;
pub mod paint;
mod phase_tally;
pub mod plain;
pub mod plan_facts;
pub mod plan_graph;
mod plan_results;
pub mod progress;
pub mod report_facts;
pub mod resolved_document;
pub mod result_json;
pub mod revision_changes;
mod run_message;
mod run_snapshot;
mod silence_facts;
pub mod summary;
pub mod terminal;
pub mod text_format;
pub mod text_table;
mod tier_facts;
mod time_left;
pub mod trace;

#[cfg(test)]
mod test_plan;

pub use job_index::JobIndex;
pub use json_lines::JsonLinesSink;
pub use live_run::{LiveRun, LiveRunSink, SharedRun};
pub use multi_sink::{MultiSink, ProgressDisplay};
pub use plan_facts::{EstimateFacts, PlanFacts};
pub use plan_graph::GraphFacts;
pub use report_facts::{
    ExpectedFacts, MachineFacts, ReportFacts, RunFacts, SoundBesideFacts, SoundReport,
};
pub use run_message::{FailureLine, RunMessage};
pub use run_snapshot::{PhaseProgress, RunSnapshot, RunState, RunningJobFacts};
pub use silence_facts::SilenceFacts;
pub use tier_facts::TierFacts;
pub use trace::TraceWriter;
