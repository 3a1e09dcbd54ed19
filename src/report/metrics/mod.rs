//! A run in figures, for those who watch many: jobs by state and class, durations, bytes, how much was reused.
//!
//! [`Metrics`] is folded from the events of one run, live or from its journal. [`prometheus()`] writes it for Prometheus,
//! [`summary::metrics`](super::summary::metrics) for people, and serde for everything else. [`Gauge`] keeps a file of it while a run goes.

mod gauge;
pub(super) mod measure;
mod prometheus;

pub use gauge::Gauge;
pub use measure::{Durations, Metrics};
pub use prometheus::prometheus;
