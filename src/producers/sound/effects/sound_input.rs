//! Reads sound files of the user, which are an input of a job.

use crate::model::{InputFiles, InputSlot};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::sound::{SoundBuffer, SoundFileError, read_sound_file, resample};

/// Returns the sound in a slot, at a rate, in one or two channels.
pub(super) fn read_input_sound(
    inputs: &InputFiles,
    slot: &InputSlot,
    sample_rate: u32,
) -> Result<SoundBuffer, JobFailure> {
    let input = inputs.single_file(slot).ok_or_else(|| {
        let message = format!("find the input `{slot}`");
        JobFailure::new(FailureClass::MissingInput, message)
    })?;
    let sound = read_sound_file(&input.path).map_err(|error| {
        let what = format!("read the sound file `{}`", input.name);
        match &error {
            SoundFileError::Io(error) => JobFailure::from_io_error(&what, error),
            // A file of the user's own: a person must replace it.
            _ => JobFailure::new(FailureClass::MissingInput, format!("{what}: {error}")),
        }
    })?;
    Ok(resample(&sound, sample_rate))
}
