//! Reads sound files of the user, which are an input of a job.

use crate::model::InputSlot;
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::sound::{SoundBuffer, SoundFileError, read_sound_at};

/// A file of the user, in one or two channels.
pub(super) struct UserSound {
    pub(super) sound: SoundBuffer,
    /// What people must know of it.
    pub(super) warning: Option<String>,
}

/// Returns the sound in a slot, at a rate, at most `longest` samples of it.
pub(super) fn read_input_sound(
    context: &JobContext<'_>,
    slot: &InputSlot,
    sample_rate: u32,
    longest: u64,
) -> Result<UserSound, JobFailure> {
    let input = context.inputs.single_file(slot).ok_or_else(|| {
        let message = format!("find the input `{slot}`");
        JobFailure::new(FailureClass::MissingInput, message)
    })?;
    let is_halting = || context.watch.cancel.is_halting();
    let sound = read_sound_at(&input.path, sample_rate, Some(longest), &is_halting);
    let sound = sound.map_err(|error| {
        let what = format!("read the sound file `{}`", input.name);
        match &error {
            SoundFileError::Io(error) => JobFailure::from_io_error(&what, error),
            SoundFileError::Stopped => {
                JobFailure::new(FailureClass::Cancelled, format!("{what}: {error}"))
            }
            // A file of the user's own: a person must replace it.
            _ => JobFailure::new(FailureClass::MissingInput, format!("{what}: {error}")),
        }
    })?;
    let is_silent = sound.peak() == 0.0;
    Ok(UserSound {
        warning: is_silent.then(|| format!("the sound file `{}` is silent", input.name)),
        sound,
    })
}
