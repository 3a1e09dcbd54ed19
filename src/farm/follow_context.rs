//! What a farm run is followed with: the plan, its tasks, and what is asked meanwhile.

use super::task_manifest::TaskManifest;
use super::task_map::TaskId;
use crate::base::{CancelToken, Clock};
use crate::plan::Plan;
use crate::store::{BlobStore, FileSnapshot};
use std::time::Duration;

/// What a farm run is followed with.
pub struct FollowContext<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its task manifest.
    pub manifest: &'a TaskManifest,
    /// The task of each job, by job.
    pub tasks: &'a [Option<TaskId>],
    /// Time between two polls of the scheduler's queue.
    pub poll: Duration,
    /// The store's blobs.
    pub blobs: &'a BlobStore,
    /// The input files as they were when the run began.
    pub snapshot: &'a FileSnapshot,
    /// The first request leaves the run to the farm, the second cancels it.
    pub cancel: &'a CancelToken,
    /// Measures time.
    pub clock: &'a dyn Clock,
}
