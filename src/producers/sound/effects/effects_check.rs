//! Checks the sound of a shot and the bed of a location after they were written.

use super::step_record::StepList;
use crate::model::sound::{AmbienceWork, EffectsWork};
use crate::producers::contract::{FailureClass, JobFailure, OutputFile};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::sound::{SoundBuffer, read_wav};
use std::path::Path;

/// The file of a shot's effects.
pub(super) const EFFECTS_FILE: &str = "effects.wav";
/// The record of its steps.
pub(super) const CONTACTS_FILE: &str = "contacts.json";
/// The file of an ambience.
pub(super) const AMBIENCE_FILE: &str = "ambience.wav";

/// Checks effects.
pub(super) fn check_effects(work: &EffectsWork, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    expect_names(
        &[EFFECTS_FILE.to_owned(), CONTACTS_FILE.to_owned()],
        outputs,
    )?;
    let [sound_file, step_file] = outputs else {
        return Err(bad_output("make two files".to_owned()));
    };
    let sound = read_stereo(&sound_file.path, work.sample_rate)?;
    // Longer is right: a room sounds on after the cut.
    if (sound.length() as u64) < work.length {
        return Err(bad_output(format!(
            "make effects of at least {} samples: there are {}",
            work.length,
            sound.length()
        )));
    }
    let text = std::fs::read_to_string(&step_file.path);
    let text = text.map_err(|error| unreadable_output(&step_file.path, &error))?;
    let steps: StepList =
        serde_json::from_str(&text).map_err(|error| unreadable_output(&step_file.path, &error))?;
    check_steps(work, &steps)?;
    // A shot without any event is silent on purpose, and a file of the user's own may be silent.
    let is_wanted =
        work.events.iter().any(|event| event.name.is_some()) || !steps.contacts.is_empty();
    if is_wanted && work.length > 0 && sound.peak() == 0.0 {
        return Err(bad_output("make effects: they are silent".to_owned()));
    }
    Ok(())
}

fn check_steps(work: &EffectsWork, steps: &StepList) -> Result<(), JobFailure> {
    if !steps.contacts.is_sorted_by_key(|step| step.sample) {
        return Err(bad_output("list steps in order of time".to_owned()));
    }
    let mut outside = steps
        .contacts
        .iter()
        .filter(|step| step.sample >= work.length || step.figure >= work.staging.cast.len());
    if let Some(step) = outside.next() {
        return Err(bad_output(format!(
            "list steps of the shot: that at sample {} of figure {} is not in it",
            step.sample, step.figure
        )));
    }
    Ok(())
}

/// Checks an ambience.
pub(super) fn check_ambience(
    work: &AmbienceWork,
    outputs: &[OutputFile],
) -> Result<(), JobFailure> {
    expect_names(&[AMBIENCE_FILE.to_owned()], outputs)?;
    let [output] = outputs else {
        return Err(bad_output("make one file".to_owned()));
    };
    let sound = read_stereo(&output.path, work.sample_rate)?;
    if sound.length() as u64 != work.length {
        return Err(bad_output(format!(
            "make ambience of {} samples: there are {}",
            work.length,
            sound.length()
        )));
    }
    // A file of the user's own may be silent.
    if work.name.is_some() && work.length > 0 && sound.peak() == 0.0 {
        return Err(bad_output("make ambience: it is silent".to_owned()));
    }
    Ok(())
}

/// Reads two channels at a rate, all of whose samples are numbers.
fn read_stereo(path: &Path, sample_rate: u32) -> Result<SoundBuffer, JobFailure> {
    let sound = read_wav(path).map_err(|error| unreadable_output(path, &error))?;
    let channels = sound.channels().len();
    if channels != 2 || sound.sample_rate() != sample_rate {
        return Err(bad_output(format!(
            "make stereo at {sample_rate} Hz: there are {channels} channels at {} Hz",
            sound.sample_rate()
        )));
    }
    let mut samples = sound.channels().iter().flatten();
    // One sample that is no number would make the whole mix one.
    if !samples.all(|sample| sample.is_finite()) {
        return Err(bad_output(
            "make sound: a sample is not a number".to_owned(),
        ));
    }
    Ok(sound)
}

fn bad_output(message: String) -> JobFailure {
    JobFailure::new(FailureClass::BadOutput, message)
}
