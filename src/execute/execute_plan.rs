//! The entry point: runs a plan with a dispatcher, on the workers of this machine or on another
//! executor.

use super::ExecuteError;
use super::dispatcher::JobDispatcher;
use super::executor::JobExecutor;
use super::executor_config::ExecutorConfig;
use super::local_executor::LocalExecutor;
use super::outcome::RunOutcome;
use super::worker::WorkerContext;
use crate::event::EventSink;
use crate::plan::Plan;
use crate::store::{Journal, RunHistory};

/// Runs the wanted jobs of `plan`.
///
/// # Errors
/// Fails when the store or journal cannot be written, or a job claims more than the machine has.
/// Work that finished before stays in the store.
pub fn execute(
    plan: &Plan,
    context: &WorkerContext<'_>,
    history: &RunHistory,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
    config: &ExecutorConfig,
) -> Result<RunOutcome, ExecuteError> {
    std::thread::scope(|scope| {
        let executor = LocalExecutor::start_workers(scope, plan, context, config, journal, sinks)?;
        JobDispatcher::new(plan, history, config, executor).run()
    })
}

/// Runs the wanted jobs of `plan` wherever `floor` has them done.
pub(crate) fn execute_on(
    plan: &Plan,
    history: &RunHistory,
    config: &ExecutorConfig,
    executor: impl JobExecutor,
) -> Result<RunOutcome, ExecuteError> {
    JobDispatcher::new(plan, history, config, executor).run()
}
