//! Runs a plan on this machine. It alone holds changing state.
//!
//! One dispatcher owns the state of every job and the ledger of resources, hands ready jobs to named worker threads in
//! order of priority, and takes back what they made. Whether a job must run is decided when its inputs are known, by
//! content: a job whose inputs come out as before is reused even when an earlier one had to run.

mod attempt;
mod clocks;
mod dispatch;
mod estimate;
mod floor;
mod ledger;
mod log;
mod meter;
mod orders;
mod outcome;
mod recorder;
mod rehearse;
mod retry;
mod shop;
mod single;
mod state;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use attempt::Attempt;
pub use clocks::Limits;
pub(crate) use dispatch::execute_on;
pub use dispatch::{Settings, execute};
pub use estimate::{Estimate, PhaseWork, estimate};
pub(crate) use floor::{Floor, Return, Word};
pub use ledger::{Adapter, Capacity, Ledger};
pub use log::LogFacts;
pub use outcome::{JobResult, Outcome, Success};
pub use recorder::Recorder;
pub use rehearse::{Rehearsed, rehearse};
pub use retry::Retries;
pub use single::single;
pub(crate) use state::States;
pub use work::{Attempted, Made, Workshop};

use crate::store::StoreError;

/// Why a run could not go on. A failed job is not an error: it is part of the outcome.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The journal or the store cannot be written; without them nothing may count as done.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A job asks for more than the machine has, so it could never start.
    #[error("run `{job}`: it needs {needs}, which this machine does not have")]
    Starved {
        /// The job.
        job: String,
        /// What it needs.
        needs: String,
    },
    /// A worker thread could not be started.
    #[error("start a worker: {0}")]
    Thread(std::io::Error),
}
