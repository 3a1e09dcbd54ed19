//! What the dispatcher does when an input is damaged in the store: it takes results back and has
//! them made again.
//!
//! A blob can be damaged long after the job that made it succeeded. The job that reads it is the
//! first to notice, and only making the blob again helps: a retry would read the same bytes.

use super::JobDispatcher;
use crate::base::Digest;
use crate::execute::ExecuteError;
use crate::execute::executor::JobExecutor;
use crate::execute::job_state::JobState;
use crate::execute::outcome::JobResult;
use crate::model::{Artefact, JobId};
use crate::plan::{JobControl, needed_jobs, outputs_digest};
use crate::producers::JobFailure;
use std::time::Duration;

impl<E: JobExecutor> JobDispatcher<'_, E> {
    /// Lets the jobs that made these damaged files run again, and `id` after them.
    pub(super) fn remake_inputs(
        &mut self,
        id: JobId,
        damaged: &[Digest],
        failure: JobFailure,
        seconds: f64,
    ) -> Result<(), ExecuteError> {
        // Only the jobs whose files are damaged: the other inputs are right.
        let needs: Vec<JobId> = needed_jobs(&self.plan.job(id).job)
            .into_iter()
            .filter(|need| self.has_damaged_output(*need, damaged))
            .collect();
        let may_remake = needs.iter().all(|need| self.may_remake(*need));
        if self.is_stopping() || !may_remake || !self.taken_back.allow_another(id) {
            return self.record_failure(id, failure, seconds);
        }
        // Before anything is made again: what other jobs made of the damaged bytes is in doubt too,
        // also in later runs.
        self.executor.distrust_users(damaged)?;
        let attempt = self.retry_states.get(&id).map_or(0, |tries| tries.attempts);
        // At once: the retry waits for the jobs that make the files again, not for time to pass.
        self.emit_retry(id, failure, attempt, Duration::ZERO)?;
        // Queued jobs may read the same files. They are looked at again when they start.
        self.reclaim_prefetched();
        for need in needs {
            self.reopen_job(need, true);
        }
        // Never in its old place in the queue: its identity may be another one afterwards.
        self.states.set_state(self.plan, id, JobState::Ready);
        self.states.block_again(self.plan, id);
        Ok(())
    }

    fn has_damaged_output(&self, need: JobId, damaged: &[Digest]) -> bool {
        let outputs = self.states.job_outputs(need);
        let mut outputs = outputs.into_iter().flat_map(|outputs| outputs.iter());
        outputs.any(|output| damaged.contains(&output.digest))
    }

    /// Returns whether a job that succeeded can run: it is not pinned, and what it needs is there.
    fn may_remake(&self, id: JobId) -> bool {
        let planned = self.plan.job(id);
        // A pinned job must not run, even if its files are damaged.
        !matches!(planned.control, JobControl::Pin(_))
            && needed_jobs(&planned.job).into_iter().all(|need| {
                !matches!(
                    self.states.get_state(need),
                    JobState::NotSelected | JobState::Unreachable
                )
            })
    }

    /// Takes the result of a job back, and those that were reused although they may have been made
    /// from it while it was damaged. With `must_run` the job is not looked up in the store.
    fn reopen_job(&mut self, id: JobId, must_run: bool) {
        let Some(outputs) = self.states.job_outputs(id).cloned() else {
            return;
        };
        self.taken_back.add(id, outputs, must_run);
        // The result is taken back, so that no summary counts it while it is made again.
        self.results[id.index()] = JobResult::Pending;
        self.shots.reopen_job(self.plan.job(id).job.shot.as_deref());
        self.states.set_state(self.plan, id, JobState::Ready);
        self.states.block_again(self.plan, id);
        for dependant in &self.plan.job(id).dependants {
            match self.states.get_state(*dependant) {
                JobState::Succeeded(_) if self.is_reused_in_doubt(*dependant) => {
                    self.reopen_job(*dependant, true);
                }
                JobState::Blocked(_)
                | JobState::Ready
                | JobState::Waiting(_)
                | JobState::BackingOff(..) => {
                    self.states.block_again(self.plan, *dependant);
                }
                _ => {}
            }
        }
    }

    fn is_reused_in_doubt(&self, id: JobId) -> bool {
        match &self.results[id.index()] {
            JobResult::Reused(success) => {
                self.executor.is_distrusted(&success.digest) && self.may_remake(id)
            }
            _ => false,
        }
    }

    /// Looks reused jobs up again whose input came out different when it was made again.
    pub(super) fn reopen_dependants_if_changed(&mut self, id: JobId, outputs: &[Artefact]) {
        let Some(before) = self.taken_back.finish(id) else {
            return;
        };
        // Made again with the same content, so what was made from it is right.
        if outputs_digest(&before) == outputs_digest(outputs) {
            return;
        }
        for dependant in &self.plan.job(id).dependants {
            let is_reused = matches!(self.results[dependant.index()], JobResult::Reused(_));
            if is_reused && self.may_remake(*dependant) {
                self.reopen_job(*dependant, false);
            }
        }
    }
}
