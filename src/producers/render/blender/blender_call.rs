//! One call of Blender: heard while it works, and what its end means.

use super::blender_output::BlenderOutput;
use crate::model::FailureClass;
use crate::process::{CallError, CallOptions, ChildCommand, classify_failure};
use crate::producers::contract::JobFailure;
use std::process::Command;

/// The script ended because an input is missing.
const MISSING_INPUT: i32 = 4;

/// Runs Blender; `progress` is told what was heard so far, whenever that is a sign of progress and at the end.
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
    progress(&output);
    ran.map(|_| ())
        .map_err(|error| blender_failure(error, &output))
}

/// Returns the failure that Blender's end means: what it said comes first, then what Python raised, then how it ended.
fn blender_failure(error: CallError, output: &BlenderOutput) -> JobFailure {
    let CallError::Failed {
        ending, evidence, ..
    } = &error
    else {
        return error.into();
    };
    let log_text = format!("{}\n{evidence}", output.evidence());
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
    let peak = output
        .peak_memory
        .as_ref()
        .filter(|_| class == FailureClass::OutOfMemory);
    let memory_note = peak
        .map(|peak| format!("; it told of {peak} held"))
        .unwrap_or_default();
    JobFailure::new(class, message + &memory_note).with_evidence(log_text.trim())
}
