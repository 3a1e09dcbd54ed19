//! The scheduler of a run that was exported as a bundle. The bundle may have been submitted
//! anywhere, so only results are visible here.

use crate::farm::queue_snapshot::QueueSnapshot;
use crate::farm::scheduler::{Scheduler, SubmitOutcome};
use crate::farm::scheduler_spec::SchedulerSpec;
use crate::farm::submission_log::SubmissionLog;
use crate::farm::task_array::TaskArray;
use crate::farm::task_manifest::FarmError;
use crate::farm::task_map::TaskGroup;

/// An unknown scheduler to which a person submitted the bundle.
pub struct ExportedScheduler;

impl ExportedScheduler {
    /// The facts that hold for any scheduler: the cautious values.
    pub const SPEC: SchedulerSpec = SchedulerSpec {
        name: "the scheduler of the bundle",
        survives_client: true,
        needs_shared_disk: true,
        may_run_windows: true,
        default_array_limit: u32::MAX,
        release_command: None,
    };
}

impl Scheduler for ExportedScheduler {
    fn spec(&self) -> &'static SchedulerSpec {
        &Self::SPEC
    }

    fn validate_capabilities(&self, _: &[TaskGroup]) -> Vec<String> {
        Vec::new()
    }

    fn array_limit(&self) -> Result<u32, FarmError> {
        Ok(Self::SPEC.default_array_limit)
    }

    fn dry_run(&self, _: &TaskArray) -> Result<(), FarmError> {
        Ok(())
    }

    fn preview_submission(&self, _: &TaskArray) -> String {
        String::new()
    }

    fn submit(&mut self, _: &TaskArray, _: &SubmissionLog) -> Result<SubmitOutcome, FarmError> {
        // Deferred and not refused: a person can requeue the task, and the run then collects its
        // result.
        Ok(SubmitOutcome::Deferred(
            "requeue failed tasks there, or submit the bundle again".to_owned(),
        ))
    }

    fn poll_queue(&mut self, _: &SubmissionLog) -> Result<Option<QueueSnapshot>, FarmError> {
        // No answer, from which nothing follows. An empty snapshot would make every task look lost.
        Ok(None)
    }

    fn withdraw_pending(&mut self, _: &SubmissionLog) -> Result<bool, FarmError> {
        Ok(false)
    }

    /// Does nothing: a person submitted the bundle and must cancel it there. Tasks that still start
    /// find the run closed.
    fn cancel(&mut self, _: &SubmissionLog) -> Result<(), FarmError> {
        Ok(())
    }
}
