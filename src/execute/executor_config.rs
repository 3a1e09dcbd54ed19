//! How a plan is run: how many workers, what the machine has, when to give up.

use super::ledger::MachineCapacity;
use super::retry::RetryPolicy;
use super::timeouts::JobTimeLimits;
use std::path::PathBuf;

/// How to run.
#[derive(Debug, Clone)]
pub struct ExecutorConfig {
    /// Worker threads.
    pub parallel: usize,
    /// What the machine has.
    pub capacity: MachineCapacity,
    /// Failed jobs after which no further job starts; none for no limit.
    pub max_failures: Option<usize>,
    /// When failed jobs are tried again.
    pub retries: RetryPolicy,
    /// How long jobs may take.
    pub limits: JobTimeLimits,
    /// The kernel's folder of processes, to measure the memory of jobs by; none to measure nothing.
    pub proc_dir: Option<PathBuf>,
    /// Cores that jobs share, for a simulation: those of the machine, less what other programs use.
    /// `None`: every job is as fast as alone, as on the machines of a farm.
    pub shared_cores: Option<f64>,
}
