//! The inputs for following a farm run.

use super::task_manifest::TaskManifest;
use super::task_map::TaskId;
use crate::base::{CancelToken, Clock};
use crate::plan::Plan;
use crate::store::{BlobStore, FileSnapshot};
use std::time::Duration;

/// The inputs for following a farm run from submission to its end.
pub struct FollowContext<'a> {
    /// The plan of the run.
    pub plan: &'a Plan,
    /// The task manifest, which an earlier process may have written.
    pub manifest: &'a TaskManifest,
    /// The task of each job, indexed by job. `None` for a job that need not run.
    pub tasks: &'a [Option<TaskId>],
    /// Time between two polls of the scheduler's queue.
    pub poll: Duration,
    /// The blobs of the store, to check outputs.
    pub blobs: &'a BlobStore,
    /// The digests of the input files when the run began.
    pub snapshot: &'a FileSnapshot,
    /// The cancel token. The first request leaves the run to the farm, the second cancels it.
    pub cancel: &'a CancelToken,
    /// The clock for periods and timeouts.
    pub clock: &'a dyn Clock,
}
