//! What a caller asks of a run.

use super::session_context::SessionOptions;
use crate::execute::JobTimeLimits;
use crate::plan::JobSelection;
use std::time::Duration;

/// How a production is run. The default makes everything on this machine and stops at the first
/// failure.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Where and with what the work is done.
    pub session: SessionOptions,
    /// Which jobs, and what was decided about single ones.
    pub selection: JobSelection,
    /// Failed jobs after which no further job starts; no limit when unset.
    pub max_failures: Option<usize>,
    /// Tries after the first for failures that may pass.
    pub max_retries: u32,
    /// How long a job may wait for licences in all; no limit when unset.
    pub max_licence_wait: Option<Duration>,
    /// How long jobs may take.
    pub limits: JobTimeLimits,
    /// What a tool that is asked to end gets before it is killed.
    pub grace_period: Duration,
    /// Whether to wait while another process holds the store.
    pub wait_for_store: bool,
    /// Whether the caller expects a run to continue; finished work is reused in any case.
    pub resume: bool,
    /// Whether to return once everything is sent to the farm.
    pub detach: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            session: SessionOptions::default(),
            selection: JobSelection::default(),
            max_failures: Some(1),
            max_retries: 1,
            max_licence_wait: None,
            limits: JobTimeLimits::default(),
            grace_period: Duration::from_secs(5),
            wait_for_store: false,
            resume: false,
            detach: false,
        }
    }
}
