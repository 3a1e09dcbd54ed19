//! The options of a run.

use super::followed_plan::FollowedPlan;
use super::session_context::SessionOptions;
use crate::execute::JobTimeLimits;
use crate::plan::JobSelection;
use std::path::PathBuf;
use std::time::Duration;

/// The options of a run. The default makes everything on this machine and stops at the first
/// failure.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The options of the session.
    pub session: SessionOptions,
    /// The selected jobs, with `--regen` and `--pin`.
    pub selection: JobSelection,
    /// The plan that the run must be. `None`: the plan of the current state.
    pub follow: Option<FollowedPlan>,
    /// Failed jobs after which no further job starts. `None` is no limit.
    pub max_failures: Option<usize>,
    /// Retries after a failure that may pass.
    pub max_retries: u32,
    /// Longest total wait of a job for licences. `None` is no limit.
    pub max_licence_wait: Option<Duration>,
    /// Time limits of jobs.
    pub limits: JobTimeLimits,
    /// Time between asking a tool to end and killing it.
    pub grace_period: Duration,
    /// Whether to wait while another process holds the store.
    pub wait_for_store: bool,
    /// Whether the caller expects an interrupted run. Finished work is reused in any case.
    pub resume: bool,
    /// Whether to return once everything is submitted to the farm.
    pub detach: bool,
    /// Deliverables, or files in them, whose foreign content may be replaced: paths as in the
    /// document, or as typed in a shell.
    pub replace: Vec<PathBuf>,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            session: SessionOptions::default(),
            selection: JobSelection::default(),
            follow: None,
            // A run with a failure cannot be published, so by default it does not render on for
            // hours.
            max_failures: Some(1),
            // A renderer that crashed once often succeeds the second time. A document that is wrong
            // fails every time, so more would only cost time.
            max_retries: 1,
            max_licence_wait: None,
            limits: JobTimeLimits::default(),
            grace_period: Duration::from_secs(5),
            wait_for_store: false,
            resume: false,
            detach: false,
            replace: Vec::new(),
        }
    }
}
