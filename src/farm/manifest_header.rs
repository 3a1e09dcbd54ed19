//! What is true of all tasks of a farm run: where it lies, how it is done, which tasks are of one kind.

use super::task_map::TaskGroup;
use crate::execute::{JobTimeLimits, RetryPolicy};
use crate::model::farm_profile::FarmProfile;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// Version of the task manifest and of results; another one is not read.
pub const TASK_MANIFEST_VERSION: u32 = 1;

/// What is true of all tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskManifestHeader {
    /// Version of the form.
    pub version: u32,
    /// Names this farm run among all runs of all stores, in lower-case letters and digits: part of the names of its jobs.
    pub token: String,
    /// The revision that it is to become.
    pub revision: String,
    /// The production's title.
    pub production: String,
    /// The program that wrote it, with version.
    pub program: String,
    /// Who sent it, and from which machine.
    #[serde(default)]
    #[serde(rename = "by")]
    pub submitted_by: String,
    /// When.
    #[serde(rename = "made")]
    pub created_at: jiff::Timestamp,
    /// The production's folder on the machine that wrote it.
    pub root: PathBuf,
    /// The store's folder on that machine.
    pub store: PathBuf,
    /// The farm, as its profile was then: whoever comes back needs neither the profile nor the document.
    pub farm: FarmProfile,
    /// Whether it was written out as a bundle, for someone else to submit.
    #[serde(default)]
    pub exported: bool,
    /// Graphics adapter, as typed.
    pub gpu: String,
    /// How tasks are done.
    pub rules: TaskPolicy,
    /// How many tasks there are.
    pub tasks: u32,
    /// The tasks by kind, in order.
    pub groups: Vec<TaskGroup>,
}

/// How tasks are done, whichever machine does them. Times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TaskPolicy {
    /// From start to end.
    pub time_limit: Option<f64>,
    /// Between two signs of life of a child process.
    pub silence_limit: Option<f64>,
    /// Between two signs of progress.
    pub progress_limit: Option<f64>,
    /// Between the request to end and being killed.
    pub grace: f64,
    /// Tries after the first.
    pub retries: u32,
    /// How long a task may wait for licences in all.
    pub licence_limit: Option<f64>,
    /// How long a file that another machine wrote is waited for.
    pub lag: f64,
    /// Whether a machine whose renderer or encoder is another than planned may do a task all the same.
    pub mixed_hosts: bool,
}

impl TaskPolicy {
    /// Returns the rules of a run with these settings.
    #[must_use]
    pub fn new(
        limits: JobTimeLimits,
        retries: RetryPolicy,
        grace: Duration,
        lag: Duration,
        mixed_hosts: bool,
    ) -> Self {
        let seconds = |limit: Option<Duration>| limit.map(|limit| limit.as_secs_f64());
        Self {
            time_limit: seconds(limits.wall),
            silence_limit: seconds(limits.silence),
            progress_limit: seconds(limits.progress),
            grace: grace.as_secs_f64(),
            retries: retries.max_retries,
            licence_limit: seconds(retries.max_licence_wait),
            lag: lag.as_secs_f64(),
            mixed_hosts,
        }
    }

    /// Returns the three clocks.
    #[must_use]
    pub fn attempt_limits(&self) -> JobTimeLimits {
        let optional_duration = |seconds: Option<f64>| seconds.map(duration_or_zero);
        JobTimeLimits {
            wall: optional_duration(self.time_limit),
            silence: optional_duration(self.silence_limit),
            progress: optional_duration(self.progress_limit),
        }
    }

    /// Returns the time between the request to end and being killed.
    #[must_use]
    pub fn grace_period(&self) -> Duration {
        duration_or_zero(self.grace)
    }

    /// Returns how long a file that another machine wrote is waited for.
    #[must_use]
    pub fn lag_duration(&self) -> Duration {
        duration_or_zero(self.lag)
    }
}

/// A number that is no time, which only a damaged file has, counts as none.
fn duration_or_zero(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
