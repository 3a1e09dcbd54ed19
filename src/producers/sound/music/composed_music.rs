//! Composes a cue and plays it.

use super::levelled_file::LevelledFile;
use super::{MUSIC_MIDI, MUSIC_WAV, stopped};
use crate::model::InputSlot;
use crate::model::sound::MusicWork;
use crate::music::{
    FontSource, MusicScore, PlayError, ScorePlayer, SoundFontError, compose, find_mood, midi_bytes,
    silent_midi_bytes,
};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::ProducerTools;
use crate::sound::SoundBuffer;

/// Makes the sound and the score of a cue.
pub(super) fn make_music(
    tools: &ProducerTools,
    work: &MusicWork,
    context: &JobContext<'_>,
    provider: String,
) -> Result<ProducerOutput, JobFailure> {
    let mut warnings = Vec::new();
    // A warning: a film without its music is worse than one with neutral music.
    if find_mood(&work.mood).is_none() {
        warnings.push(format!(
            "there is no music for the mood `{}`: it is composed as `neutral`",
            work.mood
        ));
    }
    let mut file = LevelledFile::create(context.scratch, MUSIC_WAV, work.sample_rate, work.length)?;
    let midi = match compose(work) {
        Ok(score) => {
            play_score(
                &score,
                &instruments(tools, work, context)?,
                &mut file,
                context,
            )?;
            midi_bytes(&score)
        }
        // Silence, and no failure: a cue between two cuts may be too short, and the film continues.
        Err(too_short) => {
            warnings.push(format!("{too_short}: it is silent"));
            write_silence(&mut file, work)?;
            silent_midi_bytes()
        }
    };
    file.finish(&|| context.watch.cancel.is_halting())?;
    let midi_path = context.scratch.join(MUSIC_MIDI);
    std::fs::write(&midi_path, midi)
        .map_err(|error| JobFailure::from_io_error("write the score", &error))?;
    (context.progress)(1, 1);
    Ok(ProducerOutput {
        outputs: [MUSIC_WAV, MUSIC_MIDI]
            .map(|name| OutputFile {
                name: name.to_owned(),
                path: context.scratch.join(name),
            })
            .to_vec(),
        provider,
        mode: ExecutionMode::Real,
        warnings,
    })
}

/// Returns the font of the production if it has one, else that of the machine.
fn instruments(
    tools: &ProducerTools,
    work: &MusicWork,
    context: &JobContext<'_>,
) -> Result<FontSource, JobFailure> {
    // The font of the production is an input, so its content is in the identity. That of the
    // machine is part of the provider.
    if !work.own_font {
        return tools.instruments().cloned();
    }
    let Some(font) = context.inputs.files_in(&InputSlot::sound_font()).first() else {
        let message = "play music: the SoundFont of the production is not among the inputs";
        return Err(JobFailure::new(FailureClass::MissingInput, message));
    };
    FontSource::open(&font.path)
        .map_err(|error| JobFailure::from_io_error("read the SoundFont", &error))
}

fn play_score(
    score: &MusicScore,
    instruments: &FontSource,
    file: &mut LevelledFile,
    context: &JobContext<'_>,
) -> Result<(), JobFailure> {
    let font = instruments.load(score).map_err(font_failure)?;
    let mut player = ScorePlayer::new(score, &font).map_err(play_failure)?;
    while let Some(block) = player.next_block() {
        if context.watch.cancel.is_halting() {
            return Err(stopped());
        }
        file.write_block(&block)?;
    }
    Ok(())
}

fn write_silence(file: &mut LevelledFile, work: &MusicWork) -> Result<(), JobFailure> {
    // A silent cue has less than half a second of samples.
    let count = usize::try_from(work.length).unwrap_or(0);
    file.write_block(&SoundBuffer::silence(2, count, work.sample_rate))
}

fn font_failure(error: SoundFontError) -> JobFailure {
    match error.io_error() {
        Some(io) => JobFailure::from_io_error("read the SoundFont", io),
        None => JobFailure::new(
            FailureClass::MissingInput,
            format!("read the SoundFont {error}"),
        ),
    }
}

fn play_failure(error: PlayError) -> JobFailure {
    JobFailure::new(FailureClass::Crash, format!("play music: {error}"))
}
