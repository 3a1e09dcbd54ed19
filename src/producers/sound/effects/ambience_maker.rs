//! Makes the ambience of a location: a bed by name, or the user's file as a bed.

use super::sound_input::read_input_sound;
use crate::model::sound::AmbienceWork;
use crate::model::{InputFiles, InputSlot};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::sound::{SoundBuffer, loop_to_length, set_integrated_loudness, synthesise_ambience};

/// Integrated loudness of the user's files in LUFS, that of most ambiences by name: files come as
/// loud as they were recorded, and `gain` counts from one level for all.
const FILE_LOUDNESS: f64 = -38.0;

/// Makes the bed.
pub(super) fn make_ambience(
    work: &AmbienceWork,
    inputs: &InputFiles,
) -> Result<SoundBuffer, JobFailure> {
    let cannot = |why: &str| {
        let message = format!("make ambience: {why}");
        JobFailure::new(FailureClass::MissingInput, message)
    };
    let length = usize::try_from(work.length).map_err(|_| cannot("it is too long"))?;
    if work.sample_rate == 0 {
        return Err(cannot("its sample rate is 0"));
    }
    let Some(name) = &work.name else {
        let sound = read_input_sound(inputs, &InputSlot::file(), work.sample_rate)?;
        let mut bed = loop_to_length(&sound.into_stereo(), length);
        set_integrated_loudness(&mut bed, FILE_LOUDNESS);
        return Ok(bed);
    };
    synthesise_ambience(name, work.seed, work.sample_rate, length)
        .ok_or_else(|| cannot(&format!("there is none with the name `{name}`")))
}
