//! The producer of effects and ambience: steps from the feet that the picture shows, effects and
//! beds by name or from files, placed by the camera.

mod ambience_maker;
mod clip_contacts;
mod effects_check;
mod effects_maker;
mod perspective;
mod shot_contacts;
mod sound_input;
mod step_record;
#[cfg(test)]
mod tests;

use self::effects_check::{AMBIENCE_FILE, CONTACTS_FILE, EFFECTS_FILE};
use crate::model::{ActionKind, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::built_in_identity;
use crate::sound::{SoundBuffer, WavFormat, write_wav};

/// Makes the effects of shots and the ambience of locations. It needs no tool.
pub(in crate::producers) struct EffectsProducer;

impl JobProducer for EffectsProducer {
    fn provider_identity(&self, _work: &JobAction) -> String {
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let mut warnings = Vec::new();
        let outputs = match context.action {
            JobAction::Effects(work) => {
                let made = effects_maker::make_effects(work, context)?;
                let sound = write_sound(context, EFFECTS_FILE, &made.sound)?;
                warnings.extend(made.warnings);
                vec![sound, write_steps(context, &made.steps)?]
            }
            JobAction::Ambience(work) => {
                let bed = ambience_maker::make_ambience(work, context)?;
                warnings.extend(bed.warning);
                vec![write_sound(context, AMBIENCE_FILE, &bed.sound)?]
            }
            other => return Err(JobFailure::wrong_action(ActionKind::Effects, other)),
        };
        Ok(ProducerOutput {
            outputs,
            provider: built_in_identity(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        match context.action {
            JobAction::Effects(work) => effects_check::check_effects(work, outputs),
            JobAction::Ambience(work) => effects_check::check_ambience(work, outputs),
            other => Err(JobFailure::wrong_action(ActionKind::Effects, other)),
        }
    }
}

fn output_file(context: &JobContext<'_>, name: &str) -> OutputFile {
    OutputFile {
        name: name.to_owned(),
        path: context.scratch.join(name),
    }
}

fn write_sound(
    context: &JobContext<'_>,
    name: &str,
    sound: &SoundBuffer,
) -> Result<OutputFile, JobFailure> {
    let output = output_file(context, name);
    write_wav(&output.path, sound, WavFormat::Float32).map_err(|error| {
        let what = format!("write {name}");
        match error.io_error() {
            Some(io_error) => JobFailure::from_io_error(&what, io_error),
            None => JobFailure::new(FailureClass::Crash, format!("{what}: {error}")),
        }
    })?;
    Ok(output)
}

fn write_steps(
    context: &JobContext<'_>,
    steps: &step_record::StepList,
) -> Result<OutputFile, JobFailure> {
    let output = output_file(context, CONTACTS_FILE);
    let failed = |error: &dyn std::fmt::Display| {
        let message = format!("write {CONTACTS_FILE}: {error}");
        JobFailure::new(FailureClass::Crash, message)
    };
    let text = serde_json::to_string_pretty(steps).map_err(|error| failed(&error))?;
    std::fs::write(&output.path, text + "\n")
        .map_err(|error| JobFailure::from_io_error(&format!("write {CONTACTS_FILE}"), &error))?;
    Ok(output)
}
