//! Runs a plan on a farm, with the dispatcher of local runs and a [`RemoteExecutor`].

use super::array_submitter::ArraySubmitter;
use super::follow_context::FollowContext;
use super::remote_executor::RemoteExecutor;
use super::run_recorder::{OnceReporter, RunRecorder};
use crate::event::EventSink;
use crate::execute::{ExecuteError, ExecutorConfig, RunOutcome, execute_on};
use crate::store::{Journal, RunHistory};

/// Runs a plan on a farm to its end. The run may have been submitted, or partly finished, before.
/// `report_message` receives each notice once.
///
/// # Errors
/// Fails if the journal or the store cannot be written.
pub fn run_on_farm(
    context: &FollowContext<'_>,
    submitter: &mut ArraySubmitter<'_>,
    history: &RunHistory,
    settings: &ExecutorConfig,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
    report_message: &mut dyn FnMut(&str),
) -> Result<RunOutcome, ExecuteError> {
    // The same dispatcher as for a local run decides about reuse, retries and failures. A second
    // set of rules for farms would drift from the first.
    let recorder = RunRecorder { journal, sinks };
    let notices = OnceReporter::new(report_message);
    let executor = RemoteExecutor::new(context, submitter, recorder, notices);
    execute_on(context.plan, history, settings, executor)
}
