//! The header of a task manifest: the values that all tasks of a farm run share, such as folders,
//! policy and groups.

use super::task_map::TaskGroup;
use crate::execute::{JobTimeLimits, RetryPolicy};
use crate::model::farm_profile::FarmProfile;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// The version of the task manifest and of results. Files of another version are not read.
pub const TASK_MANIFEST_VERSION: u32 = 1;

/// The values that all tasks of a farm run share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskManifestHeader {
    /// The format version, [`TASK_MANIFEST_VERSION`].
    pub version: u32,
    /// The name of this farm run among the runs of all stores, in lower-case letters and digits. It
    /// is a part of the names of its jobs, so that a queue shared by many users shows which are
    /// ours.
    pub token: String,
    /// The revision of the run, such as `rev-0003`.
    pub revision: String,
    /// The production's title.
    pub production: String,
    /// The program that wrote the manifest, with its version.
    pub program: String,
    /// The user and the machine that submitted the run, as `user@host`.
    #[serde(default)]
    #[serde(rename = "by")]
    pub submitted_by: String,
    /// The time of submission.
    #[serde(rename = "made")]
    pub created_at: jiff::Timestamp,
    /// The production's folder on the machine that wrote the manifest.
    pub root: PathBuf,
    /// The store's folder on that machine.
    pub store: PathBuf,
    /// The farm's profile at submission. A process that follows the run later needs neither the
    /// profile's file nor the document.
    pub farm: FarmProfile,
    /// Whether the run was exported as a bundle for another program to submit.
    #[serde(default)]
    pub exported: bool,
    /// The value of `--gpu`, as typed.
    pub gpu: String,
    /// The limits and rules of every attempt.
    pub rules: TaskPolicy,
    /// The number of tasks.
    pub tasks: u32,
    /// The groups of tasks, in the order of tasks.
    pub groups: Vec<TaskGroup>,
}

/// The limits and rules of every attempt, on every machine. Times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TaskPolicy {
    /// The longest time from start to end; `None` for no limit.
    pub time_limit: Option<f64>,
    /// The longest time between two signs of life of a child process; `None` for no limit.
    pub silence_limit: Option<f64>,
    /// The longest time between two finished units; `None` for no limit.
    pub progress_limit: Option<f64>,
    /// The time between the request to stop and the kill.
    pub grace: f64,
    /// The number of attempts after the first.
    pub retries: u32,
    /// The longest total wait for licences; `None` for no limit.
    pub licence_limit: Option<f64>,
    /// The longest wait for a file that another machine wrote.
    pub lag: f64,
    /// Whether a machine may run a task with another renderer or encoder than planned.
    pub mixed_hosts: bool,
}

impl TaskPolicy {
    /// Returns the policy of a run with these settings.
    #[must_use]
    pub fn new(
        limits: JobTimeLimits,
        retries: RetryPolicy,
        grace: Duration,
        lag: Duration,
        mixed_hosts: bool,
    ) -> Self {
        // The limits are copied into the manifest, because the machines of the farm never see the
        // options that were typed.
        let seconds = |limit: Option<Duration>| limit.map(|limit| limit.as_secs_f64());
        Self {
            time_limit: seconds(limits.wall),
            silence_limit: seconds(limits.silence),
            progress_limit: seconds(limits.progress),
            // Seconds as numbers, because the header is read by people and by other programs.
            grace: grace.as_secs_f64(),
            retries: retries.max_retries,
            licence_limit: seconds(retries.max_licence_wait),
            lag: lag.as_secs_f64(),
            mixed_hosts,
        }
    }

    /// Returns the time limits of one attempt.
    #[must_use]
    pub fn attempt_limits(&self) -> JobTimeLimits {
        let optional_duration = |seconds: Option<f64>| seconds.map(duration_or_zero);
        JobTimeLimits {
            wall: optional_duration(self.time_limit),
            silence: optional_duration(self.silence_limit),
            progress: optional_duration(self.progress_limit),
        }
    }

    /// Returns the time between the request to stop and the kill.
    #[must_use]
    pub fn grace_period(&self) -> Duration {
        duration_or_zero(self.grace)
    }

    /// Returns the longest wait for a file that another machine wrote.
    #[must_use]
    pub fn lag_duration(&self) -> Duration {
        duration_or_zero(self.lag)
    }
}

/// Returns the seconds as a duration, or zero for a number that is no duration, which only a
/// damaged file has.
fn duration_or_zero(seconds: f64) -> Duration {
    // The conversion without `try` panics on such a number, and a panic would end the task without
    // a result.
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
