//! What a run tells people and machines: diagnostics, progress, summaries, and the report that is kept.
//!
//! Sinks are told events and ask nothing back; everything else turns finished values into text. Nothing here prints by
//! itself: writers come in as arguments, and a write that fails never fails a run.

pub mod cause;
pub mod diagnostic;
pub mod explanation;
pub mod facts;
pub mod fan;
pub mod figures;
mod gather;
pub mod html;
pub mod in_full;
pub mod json;
pub mod metrics;
pub mod notice;
pub mod paint;
pub mod plain;
pub mod plan_facts;
pub mod progress;
pub mod roster;
pub mod stream;
pub mod summary;
pub mod table;
pub mod terminal;
pub mod trace;
pub mod why;

#[cfg(test)]
mod fixture;

pub use facts::{ExpectedFacts, MachineFacts, ReportFacts, RunFacts};
pub use fan::{Fan, Show};
pub use plan_facts::{EstimateFacts, PlanFacts};
pub use roster::Roster;
pub use stream::Stream;
pub use trace::Trace;
