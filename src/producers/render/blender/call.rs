//! One call of Blender: heard while it works, and what its end means.

use super::hearing::Heard;
use crate::model::FailureClass;
use crate::process::{CallError, CallOptions, ChildCommand, classify_failure};
use crate::producers::task::Failure;
use std::process::Command;

/// The script ended because an input is missing.
const MISSING_INPUT: i32 = 4;

/// Runs Blender; `progress` is told what was heard so far, whenever that is a sign of progress and at the end.
pub(super) fn call(
    command: Command,
    watch: CallOptions<'_>,
    progress: &mut (dyn FnMut(&Heard) + Send),
) -> Result<(), Failure> {
    let mut heard = Heard::default();
    let ran = ChildCommand::new(command).stream_lines(watch, |line| {
        let told = heard.line(line);
        if told.progress {
            progress(&heard);
        }
        told.keep
    });
    progress(&heard);
    ran.map(|_| ()).map_err(|error| failed(error, &heard))
}

/// Returns the failure that Blender's end means: what it said comes first, then what Python raised, then how it ended.
fn failed(error: CallError, heard: &Heard) -> Failure {
    let CallError::Failed {
        ending, evidence, ..
    } = &error
    else {
        return error.into();
    };
    let all = format!("{}\n{evidence}", heard.evidence());
    let (class, message) = match (&heard.fail, heard.exception()) {
        (Some(fail), _) if ending.status == Some(MISSING_INPUT) => {
            (FailureClass::MissingInput, fail.clone())
        }
        (_, Some(exception)) => (
            classify_failure(ending, exception),
            format!("draw with Blender: {exception}"),
        ),
        _ => (classify_failure(ending, &all), error.to_string()),
    };
    let peak = heard
        .peak
        .as_ref()
        .filter(|_| class == FailureClass::OutOfMemory);
    let held = peak
        .map(|peak| format!("; it told of {peak} held"))
        .unwrap_or_default();
    Failure::new(class, message + &held).evidence(all.trim())
}
