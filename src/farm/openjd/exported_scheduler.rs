//! A farm run that was written out as a bundle: whoever submitted it has the engine, and we only
//! see results.

use crate::farm::queue_snapshot::QueueSnapshot;
use crate::farm::scheduler::{Scheduler, SubmitOutcome};
use crate::farm::scheduler_spec::SchedulerSpec;
use crate::farm::submission_log::SubmissionLog;
use crate::farm::task_array::TaskArray;
use crate::farm::task_manifest::FarmError;
use crate::farm::task_map::TaskGroup;

/// An engine that others talk to.
pub struct ExportedScheduler;

impl ExportedScheduler {
    /// What may be said of a scheduler that is not known here.
    pub const SPEC: SchedulerSpec = SchedulerSpec {
        name: "the engine that the bundle was given to",
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
        Ok(SubmitOutcome::Deferred(
            "requeue failed tasks there, or submit the bundle again".to_owned(),
        ))
    }

    fn poll_queue(&mut self, _: &SubmissionLog) -> Result<Option<QueueSnapshot>, FarmError> {
        Ok(None)
    }

    fn withdraw_pending(&mut self, _: &SubmissionLog) -> Result<bool, FarmError> {
        Ok(false)
    }

    /// What was given to an engine by hand is taken back by hand; its tasks find that the run is
    /// over.
    fn cancel(&mut self, _: &SubmissionLog) -> Result<(), FarmError> {
        Ok(())
    }
}
