//! The executor that only counts time: the dispatcher runs a plan on it, with its own order, ledger
//! and retries.
//!
//! Every job ends after its expected seconds and makes nothing. The clock jumps from one end to the
//! next. Jobs that the plan expects in the store are found there. No file is read or written.

use super::ExecuteError;
use super::attempt::JobAttempt;
use super::dispatcher::JobDispatcher;
use super::executor::{ExecutorEvent, JobCompletion, JobExecutor};
use super::executor_config::ExecutorConfig;
use super::job_state::JobStateTable;
use super::outcome::JobResult;
use super::worker::{AttemptResult, StoredOutputs};
use crate::base::{CancelToken, Digest};
use crate::event::Event;
use crate::model::{Artefact, ExecutionMode, JobId};
use crate::plan::{JobForecast, Plan, PlannedJob};
use crate::store::RunHistory;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The result of a simulation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimulatedRun {
    /// Seconds from the first start to the last end.
    pub makespan: f64,
    /// Jobs that ran.
    pub ran: usize,
    /// Jobs that were found in the store.
    pub reused: usize,
}

/// Runs the selected jobs of `plan` on a clock that only counts. `forecast` is what a job is
/// expected to take alone. Jobs that together keep more cores busy than there are share them.
///
/// # Errors
/// Fails as [`execute`](super::execute) would: if a job claims more than the machine has.
pub fn simulate_run(
    plan: &Plan,
    history: &RunHistory,
    file: &dyn Fn(&Path) -> Option<Digest>,
    config: &ExecutorConfig,
    forecast: &dyn Fn(&PlannedJob) -> JobForecast,
) -> Result<SimulatedRun, ExecuteError> {
    // Nobody stops a simulation, but the dispatcher asks.
    let cancel = CancelToken::default();
    let executor = SimulatedExecutor {
        plan,
        file,
        forecast,
        cancel,
        // If the number of cores is unknown, jobs do not slow each other down.
        cores: config.shared_cores.unwrap_or(f64::INFINITY),
        now: 0.0,
        progress: 0.0,
        busy_cores: 0.0,
        ends: BinaryHeap::new(),
    };
    let outcome = JobDispatcher::new(plan, history, config, executor).run()?;
    let mut ran = 0;
    let mut reused = 0;
    for result in &outcome.results {
        ran += usize::from(matches!(result, JobResult::Succeeded(_)));
        reused += usize::from(matches!(result, JobResult::Reused(_)));
    }
    Ok(SimulatedRun {
        makespan: outcome.seconds,
        ran,
        reused,
    })
}

/// Returns a duration; the longest one for an absurd sample, which must not panic an estimate.
fn seconds_to_duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

struct SimulatedExecutor<'a> {
    plan: &'a Plan,
    file: &'a dyn Fn(&Path) -> Option<Digest>,
    forecast: &'a dyn Fn(&PlannedJob) -> JobForecast,
    cancel: CancelToken,
    /// Cores that running jobs share.
    cores: f64,
    /// Seconds since the start.
    now: f64,
    /// Seconds that a job which ran from the start would have advanced by if it were alone. All
    /// running jobs are slowed down by the same factor, so one such clock serves them all.
    progress: f64,
    /// Cores that the running jobs would keep busy if each were alone.
    busy_cores: f64,
    /// Where `progress` stands when each running job ends, the next one first. If two end together,
    /// the first in the document is first.
    // The id breaks ties, so that the same plan gives the same estimate on every machine.
    ends: BinaryHeap<Reverse<(Duration, JobId)>>,
}

impl SimulatedExecutor<'_> {
    /// Moves the clocks on until `progress` is `end`.
    fn advance_to(&mut self, end: f64) {
        // At least 1: idle cores do not make a job faster than it is alone.
        let slowdown = (self.busy_cores / self.cores).max(1.0);
        self.now += (end - self.progress).max(0.0) * slowdown;
        // Ends are rounded when they are queued, so one may be a little in the past.
        self.progress = self.progress.max(end);
    }
}

impl JobExecutor for SimulatedExecutor<'_> {
    fn elapsed(&self) -> Duration {
        seconds_to_duration(self.now)
    }

    fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    fn submit(&mut self, id: JobId, _: Arc<JobAttempt>, _: &JobStateTable) {
        let forecast = (self.forecast)(self.plan.job(id));
        self.busy_cores += forecast.busy_cores;
        let end = seconds_to_duration(self.progress + forecast.seconds);
        self.ends.push(Reverse((end, id)));
    }

    fn next_event(&mut self) -> Option<ExecutorEvent> {
        let Reverse((end, id)) = self.ends.pop()?;
        self.advance_to(end.as_secs_f64());
        self.busy_cores -= (self.forecast)(self.plan.job(id)).busy_cores;
        let stored = StoredOutputs {
            outputs: Vec::new(),
            provider: String::new(),
            mode: ExecutionMode::Simulated,
            warnings: Vec::new(),
            log: None,
        };
        let attempt_result = AttemptResult {
            result: Ok(stored),
            // The clock has the duration already. This field is for the journal, which a simulation
            // does not have.
            seconds: 0.0,
            damaged_inputs: Vec::new(),
        };
        Some(ExecutorEvent::Completed(JobCompletion {
            id,
            attempt_result,
            peak_memory: None,
            cpu_seconds: None,
        }))
    }

    fn file_digest(&self, path: &Path) -> Option<Digest> {
        (self.file)(path)
    }

    fn has_outputs(&self, id: JobId, _: &[Artefact]) -> bool {
        // The planner has looked at the disk. An estimate that looked again would cost as much as
        // the plan.
        !self.plan.job(id).reason.is_dirty()
    }

    fn record_event(&mut self, _: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        Ok(())
    }

    fn save_checkpoint(&mut self, _: &BTreeSet<String>) -> Result<(), ExecuteError> {
        Ok(())
    }
}
