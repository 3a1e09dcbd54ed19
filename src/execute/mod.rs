//! Runs a plan. It alone holds state that changes during a run.
//!
//! One dispatcher owns the state of every job and the ledger of resources. It hands ready jobs to
//! an executor in order of priority, and takes back the results. Whether a job must run is decided
//! when its inputs are known, by content: a job whose inputs come out as before is reused even if
//! an earlier one had to run.

mod attempt;
mod attempt_log;
mod cpu_meter;
mod dispatcher;
mod execute_plan;
mod executor;
mod executor_config;
mod job_state;
mod ledger;
mod local_executor;
mod memory_meter;
mod outcome;
mod provenance_sink;
mod retry;
mod run_attempt;
mod run_control;
mod run_estimate;
mod shot_progress;
mod simulate;
mod taken_back;
#[cfg(test)]
mod tests;
mod timeouts;
mod work_queue;
mod worker;

pub(crate) use attempt::JobAttempt;
pub use attempt_log::LogContext;
pub use execute_plan::execute;
pub(crate) use execute_plan::execute_on;
pub(crate) use executor::{ExecutorEvent, JobCompletion, JobExecutor};
pub use executor_config::ExecutorConfig;
pub(crate) use job_state::JobStateTable;
pub use ledger::{AdapterCapacity, Ledger, MachineCapacity};
pub use outcome::{JobResult, JobSuccess, RunOutcome};
pub use provenance_sink::ProvenanceSink;
pub use retry::{RetryPolicy, RetryState};
pub use run_attempt::run_attempt;
pub use run_control::{JobUrgency, RunControl};
pub use run_estimate::{PhaseEstimate, RunEstimate, estimate_run};
pub use simulate::{SimulatedRun, simulate_run};
pub use timeouts::JobTimeLimits;
pub use worker::{AttemptResult, StoredOutputs, WorkerContext};

use crate::store::StoreError;

/// Why a run cannot continue. A failed job is not such an error: it is part of the outcome.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The journal or the store cannot be written.
    // Without them nothing may count as done, so the run ends instead of producing work that no
    // later run knows of.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A job claims more than the machine has.
    // Such a job would wait for ever. It ends the run at once, because it is a mistake of the
    // machine profile or the document and not of the job.
    #[error("run `{job}`: it needs {needs}, which this machine does not have")]
    ClaimTooLarge {
        /// The name of the job.
        job: String,
        /// The part of its claim that is too large, as text.
        needs: String,
    },
    /// A worker thread could not be started.
    #[error("start a worker: {0}")]
    SpawnWorker(std::io::Error),
}
