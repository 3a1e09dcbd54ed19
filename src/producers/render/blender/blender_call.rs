//! One call of Blender: progress while it runs, and the failure that its end means.

use super::blender_output::BlenderOutput;
use crate::model::FailureClass;
use crate::process::{CallError, CallOptions, ChildCommand, classify_failure};
use crate::producers::contract::JobFailure;
use std::process::Command;

/// The exit status of the scripts if an input is missing.
const MISSING_INPUT: i32 = 4;

/// Runs Blender. Calls `progress` with the output so far at every sign of progress, and once at the
/// end.
pub(super) fn call_blender(
    command: Command,
    watch: CallOptions<'_>,
    progress: &mut (dyn FnMut(&BlenderOutput) + Send),
) -> Result<(), JobFailure> {
    let mut output = BlenderOutput::default();
    let ran = ChildCommand::new(command).stream_lines(watch, |line| {
        let parsed = output.read_line(line);
        if parsed.is_progress {
            progress(&output);
        }
        parsed.is_evidence
    });
    // Files that were not packed are reported without a sign of progress, so the last output is
    // passed on in any case.
    progress(&output);
    ran.map(|_| ())
        .map_err(|error| blender_failure(error, &output))
}

fn blender_failure(error: CallError, output: &BlenderOutput) -> JobFailure {
    let CallError::Failed {
        ending, evidence, ..
    } = &error
    else {
        // Blender did not start, or was stopped: its output does not matter.
        return error.into();
    };
    let log_text = format!("{}\n{evidence}", output.evidence());
    // The script's own reason is best, then the exception of Python, then how the process ended.
    // Exit codes alone say little: Blender exits with 3 on every exception.
    let (class, message) = match (&output.failure, output.python_exception()) {
        (Some(fail), _) if ending.status == Some(MISSING_INPUT) => {
            (FailureClass::MissingInput, fail.clone())
        }
        (_, Some(exception)) => (
            classify_failure(ending, exception),
            format!("draw with Blender: {exception}"),
        ),
        _ => (classify_failure(ending, &log_text), error.to_string()),
    };
    // The peak tells a person how much memory to claim. In other failures it would only distract.
    let peak = output
        .peak_memory
        .as_ref()
        .filter(|_| class == FailureClass::OutOfMemory);
    let memory_note = peak
        .map(|peak| format!("; its peak memory was {peak}"))
        .unwrap_or_default();
    JobFailure::new(class, message + &memory_note).with_evidence(log_text.trim())
}
