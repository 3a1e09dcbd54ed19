//! Fits a music file of the user's own to its cue.

use super::levelled_file::LevelledFile;
use super::{MUSIC_WAV, stopped};
use crate::model::InputSlot;
use crate::model::sound::MusicFileWork;
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::built_in_identity;
use crate::sound::{MusicFit, SoundFileError, read_sound_at};

/// Samples that are written at a time.
const BLOCK: usize = 65_536;

/// Makes the sound of a cue from the file in the slot `file`.
pub(super) fn fit_music(
    work: &MusicFileWork,
    context: &JobContext<'_>,
) -> Result<ProducerOutput, JobFailure> {
    let Some(input) = context.inputs.files_in(&InputSlot::file()).first() else {
        let message = "fit music: its file is not among the inputs";
        return Err(JobFailure::new(FailureClass::MissingInput, message));
    };
    let is_halting = || context.watch.cancel.is_halting();
    let sound = read_sound_at(
        &input.path,
        work.sample_rate,
        read_length(work),
        &is_halting,
    );
    let sound = sound.map_err(|error| file_failure(&input.name, error))?;
    let mut warnings = Vec::new();
    if sound.peak() == 0.0 {
        warnings.push(format!("the music file {} is silent", input.name));
    }
    let fit = MusicFit::new(sound, work);
    if (work.repeat || work.on_beat) && fit.beats().is_none() && fit.needs_beats() {
        warnings.push(format!(
            "no steady beat was found in {}: it is joined by a slow change, and ends with the cue",
            input.name
        ));
    }
    let mut file = LevelledFile::create(context.scratch, MUSIC_WAV, work.sample_rate, work.length)?;
    let mut place = 0;
    // In blocks, between which a stop is noticed.
    while place < work.length {
        if context.watch.cancel.is_halting() {
            return Err(stopped());
        }
        let count = usize::try_from(work.length - place)
            .unwrap_or(BLOCK)
            .min(BLOCK);
        file.write_block(&fit.read_block(place, count))?;
        place += count as u64;
    }
    file.finish(&|| context.watch.cancel.is_halting())?;
    (context.progress)(1, 1);
    Ok(ProducerOutput {
        outputs: vec![OutputFile {
            name: MUSIC_WAV.to_owned(),
            path: context.scratch.join(MUSIC_WAV),
        }],
        provider: built_in_identity(),
        mode: ExecutionMode::Real,
        warnings,
    })
}

/// Returns the samples of the file that can play. `None`: its beats are found in all of it.
fn read_length(work: &MusicFileWork) -> Option<u64> {
    // One more, so that a longer file differs from one that is just as long as the cue.
    let wanted = work.skip.saturating_add(work.length).saturating_add(1);
    (!work.on_beat).then_some(wanted)
}

fn file_failure(name: &str, error: SoundFileError) -> JobFailure {
    match error {
        SoundFileError::Io(error) => JobFailure::from_io_error("read the music file", &error),
        SoundFileError::Stopped => stopped(),
        error => JobFailure::new(
            FailureClass::MissingInput,
            format!("read the music file {name}: {error}"),
        ),
    }
}
