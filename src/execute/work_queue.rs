//! Jobs on their way to workers: submitted ones for a worker that is idle, and prefetched ones for
//! workers that are busy.
//!
//! A worker that asks the dispatcher for its next job waits for two threads to wake up, which takes
//! longer than a small process lives. So when every worker is busy, the dispatcher prefetches the
//! jobs that come next. A worker whose job was short and succeeded starts one that claims exactly
//! what its own did. After a long job it asks: what became ready meanwhile may be more urgent, and
//! the wait does not matter.

use super::attempt::JobAttempt;
use crate::model::{Claim, InputFiles, JobId};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A job on its way to a worker.
pub(super) struct QueuedJob {
    pub(super) id: JobId,
    /// What it holds while it runs.
    pub(super) claim: Claim,
    pub(super) input_files: InputFiles,
    pub(super) attempt: Arc<JobAttempt>,
}

/// The queue of one run, shared by the dispatcher and its workers.
#[derive(Default)]
pub(super) struct WorkQueue {
    state: Mutex<WorkQueueState>,
    job_available: Condvar,
}

#[derive(Default)]
struct WorkQueueState {
    submitted: VecDeque<QueuedJob>,
    prefetched: VecDeque<QueuedJob>,
    closed: bool,
}

impl WorkQueue {
    /// Gives a job to an idle worker.
    pub(super) fn submit_job(&self, job: QueuedJob) {
        self.lock_state().submitted.push_back(job);
        self.job_available.notify_one();
    }

    /// Adds a job for a worker that ends one with the same claim.
    pub(super) fn prefetch_job(&self, job: QueuedJob) {
        // Nobody is woken: a worker looks here by itself when its job ends.
        self.lock_state().prefetched.push_back(job);
    }

    /// Takes back every prefetched job that was not started.
    pub(super) fn take_all_prefetched(&self) -> Vec<JobId> {
        self.lock_state()
            .prefetched
            .drain(..)
            .map(|job| job.id)
            .collect()
    }

    /// Ends all workers once their jobs end.
    pub(super) fn close(&self) {
        self.lock_state().closed = true;
        self.job_available.notify_all();
    }

    /// Waits for a submitted job. `None`: the queue is closed.
    pub(super) fn wait_for_job(&self) -> Option<QueuedJob> {
        let mut state = self.lock_state();
        loop {
            // Closed comes first: what is still queued must not start in a run that is over.
            if state.closed {
                return None;
            }
            if let Some(job) = state.submitted.pop_front() {
                return Some(job);
            }
            state = self
                .job_available
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes a prefetched job for a worker that held `claim`.
    pub(super) fn take_prefetched(&self, claim: &Claim) -> Option<QueuedJob> {
        let mut state = self.lock_state();
        let index = state
            .prefetched
            .iter()
            // Exactly the same claim: the worker passes on its resources without the ledger, so
            // even a smaller claim would leave the books wrong.
            .position(|job| job.claim == *claim && !state.closed)?;
        state.prefetched.remove(index)
    }

    fn lock_state(&self) -> MutexGuard<'_, WorkQueueState> {
        // A panic of one worker must not stop the others. The lists are whole between two calls.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;
    use std::time::Duration;

    fn order(id: u32, cores: u32) -> QueuedJob {
        let attempt = Arc::new(JobAttempt::new(1, CancelToken::default(), Duration::ZERO));
        let claim = Claim {
            cores,
            ..Claim::default()
        };
        QueuedJob {
            id: JobId(id),
            claim,
            input_files: InputFiles::default(),
            attempt,
        }
    }

    #[test]
    fn only_who_held_as_much_takes_what_was_left() {
        let orders = WorkQueue::default();
        orders.prefetch_job(order(1, 2000));
        orders.prefetch_job(order(2, 1000));
        let taken = orders
            .take_prefetched(&order(0, 1000).claim)
            .map(|order| order.id);
        assert_eq!(taken, Some(JobId(2)));
        assert_eq!(orders.take_all_prefetched(), [JobId(1)]);
        assert!(orders.take_prefetched(&order(0, 2000).claim).is_none());
    }

    #[test]
    fn a_closed_queue_gives_out_no_job() {
        let orders = WorkQueue::default();
        orders.prefetch_job(order(1, 1000));
        orders.submit_job(order(2, 1000));
        orders.close();
        assert!(
            orders.wait_for_job().is_none()
                && orders.take_prefetched(&order(0, 1000).claim).is_none()
        );
    }
}
