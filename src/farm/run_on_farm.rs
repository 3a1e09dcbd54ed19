//! Runs a plan on a farm: the dispatcher of local runs, with machines elsewhere to execute its
//! jobs.

use super::array_submitter::ArraySubmitter;
use super::follow_context::FollowContext;
use super::remote_executor::RemoteExecutor;
use super::run_recorder::{OnceReporter, RunRecorder};
use crate::event::EventSink;
use crate::execute::{ExecuteError, ExecutorConfig, RunOutcome, execute_on};
use crate::store::{Journal, RunHistory};

/// Runs a plan on a farm, from wherever it stands to its end.
///
/// # Errors
/// Fails when the journal or the store cannot be written.
pub fn run_on_farm(
    context: &FollowContext<'_>,
    submitter: &mut ArraySubmitter<'_>,
    history: &RunHistory,
    settings: &ExecutorConfig,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
    report_message: &mut dyn FnMut(&str),
) -> Result<RunOutcome, ExecuteError> {
    let recorder = RunRecorder { journal, sinks };
    let notices = OnceReporter::new(report_message);
    let executor = RemoteExecutor::new(context, submitter, recorder, notices);
    execute_on(context.plan, history, settings, executor)
}
