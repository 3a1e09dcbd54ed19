//! Makes the ambience of a location: a bed by name, or the user's file as a bed.

use super::sound_input::{UserSound, read_input_sound};
use crate::model::InputSlot;
use crate::model::sound::AmbienceWork;
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::sound::{loop_to_length, set_integrated_loudness, synthesise_ambience};

/// Integrated loudness of the user's files in LUFS, that of most ambiences by name: files come as
/// loud as they were recorded, and `gain` counts from one level for all.
const FILE_LOUDNESS: f64 = -38.0;

/// Seconds of a file that are read beyond the length of the bed.
const SPARE_SECONDS: u64 = 8;

/// Makes the bed.
pub(super) fn make_ambience(
    work: &AmbienceWork,
    context: &JobContext<'_>,
) -> Result<UserSound, JobFailure> {
    let cannot = |why: &str| {
        let message = format!("make ambience: {why}");
        JobFailure::new(FailureClass::MissingInput, message)
    };
    let length = usize::try_from(work.length).map_err(|_| cannot("it is too long"))?;
    if work.sample_rate == 0 {
        return Err(cannot("its sample rate is 0"));
    }
    let Some(name) = &work.name else {
        // With more behind it than is faded over its start, it is as if all of the file were there.
        let rate = work.sample_rate;
        let longest = work.length.saturating_add(SPARE_SECONDS * u64::from(rate));
        let file = read_input_sound(context, &InputSlot::file(), rate, longest)?;
        let mut bed = loop_to_length(&file.sound.into_stereo(), length);
        set_integrated_loudness(&mut bed, FILE_LOUDNESS);
        return Ok(UserSound { sound: bed, ..file });
    };
    let sound = synthesise_ambience(name, work.seed, work.sample_rate, length);
    let sound = sound.ok_or_else(|| cannot(&format!("there is none with the name `{name}`")))?;
    Ok(UserSound {
        sound,
        warning: None,
    })
}
