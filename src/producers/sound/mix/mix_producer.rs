//! Mixes the tracks of a film, and checks what came out.

use crate::base::json::to_pretty_json;
use crate::model::sound::{MIX_FACTS_FILE, MixBus, MixFacts, MixFile, MixTrack, MixWork};
use crate::model::{ActionKind, InputFile, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::{ProducerTools, built_in_identity};
use crate::producers::verify::mismatch_failure;
use crate::sound::{
    FilmMix, MixError, PlacedTrack, TrackPlacement, TrackTreatment, WavFileError, WavStream,
};
use std::path::Path;

/// Mixes films.
pub(in crate::producers) struct MixProducer<'a> {
    /// Not used: mixing needs no program.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for MixProducer<'_> {
    fn provider_identity(&self, _work: &JobAction) -> String {
        let _ = self.tools;
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let work = mix_work(context.action)?;
        let tracks = work.tracks.iter().map(|track| {
            let placed = placed_track(track, work, context)?;
            Ok((track.bus, placed))
        });
        let tracks: Vec<(MixBus, PlacedTrack)> = tracks.collect::<Result<_, JobFailure>>()?;
        let mix = FilmMix {
            sample_rate: work.sample_rate,
            length: work.length,
            tracks,
            ducking: work.ducking,
            target: work.loudness.clone(),
            retro: work.retro,
            folder: context.scratch,
            is_halting: &|| context.watch.cancel.is_halting(),
        };
        let facts = mix.mix().map_err(mix_failure)?;
        let path = context.scratch.join(MIX_FACTS_FILE);
        std::fs::write(&path, to_pretty_json(&facts) + "\n")
            .map_err(|error| JobFailure::from_io_error("write the facts of the mix", &error))?;
        (context.progress)(1, 1);
        let outputs = output_names().map(|name| OutputFile {
            path: context.scratch.join(&name),
            name,
        });
        Ok(ProducerOutput {
            outputs: outputs.collect(),
            provider: "mix (built in)".to_owned(),
            mode: ExecutionMode::Real,
            warnings: mix_warnings(&facts),
        })
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let work = mix_work(context.action)?;
        expect_names(&output_names().collect::<Vec<_>>(), outputs)?;
        for output in outputs {
            if output.name == MIX_FACTS_FILE {
                check_facts(&output.path)?;
            } else {
                check_wav(output, work)?;
            }
        }
        Ok(())
    }
}

fn mix_work(action: &JobAction) -> Result<&MixWork, JobFailure> {
    match action {
        JobAction::Mix(work) => Ok(work),
        other => Err(JobFailure::wrong_action(ActionKind::Mix, other)),
    }
}

/// Returns the names of what a mix makes, in order.
fn output_names() -> impl Iterator<Item = String> {
    let files = MixFile::ALL.into_iter().map(MixFile::name);
    files
        .chain(std::iter::once(MIX_FACTS_FILE))
        .map(str::to_owned)
}

/// Opens the file of a track and puts it in its place.
fn placed_track(
    track: &MixTrack,
    work: &MixWork,
    context: &JobContext<'_>,
) -> Result<PlacedTrack, JobFailure> {
    let file = track_file(track, context)?;
    // What is repeated without a length plays until the film ends.
    let rest = work.length.saturating_sub(track.start);
    let placement = TrackPlacement {
        start: track.start,
        skip: track.skip,
        // A length is set even then, so that a fade-out knows where the end is.
        length: track.length.or(track.repeat.then_some(rest)),
        repeat: track.repeat,
        gain: track.gain,
        pan: track.pan,
        fade_in: track.fade_in,
        fade_out: track.fade_out,
    };
    let treatment = TrackTreatment {
        room: track.room,
        muffled: track.muffled,
    };
    PlacedTrack::new(&file.path, placement, treatment, work.sample_rate).map_err(track_failure)
}

fn track_file<'c>(
    track: &MixTrack,
    context: &'c JobContext<'_>,
) -> Result<&'c InputFile, JobFailure> {
    let files = context.inputs.files_in(&track.slot);
    // Blobs have no extension: the name is the one under which the file was made.
    let is_wav = |file: &&InputFile| {
        let extension = Path::new(&file.name).extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("wav"))
    };
    files.iter().find(is_wav).ok_or_else(|| {
        let message = format!("mix: the input `{}` has no WAV file", track.slot);
        JobFailure::new(FailureClass::MissingInput, message)
    })
}

fn track_failure(error: WavFileError) -> JobFailure {
    match error.io_error() {
        Some(io) => JobFailure::from_io_error("read a track of the mix", io),
        None => JobFailure::new(FailureClass::MissingInput, format!("mix: {error}")),
    }
}

fn mix_failure(error: MixError) -> JobFailure {
    match error {
        MixError::Wav(error) => track_failure(error),
        MixError::Scratch(error) => JobFailure::from_io_error("keep a stem while mixing", &error),
        // A sample rate that the meter refuses is a mistake of this program: the document's was
        // checked.
        MixError::Meter(error) => JobFailure::new(FailureClass::Crash, format!("mix: {error}")),
        MixError::Halted => JobFailure::new(FailureClass::Cancelled, "mix: stopped on request"),
    }
}

/// Returns what people must know: why the film misses its target loudness.
fn mix_warnings(facts: &MixFacts) -> Vec<String> {
    let missed = facts
        .reasons
        .iter()
        .filter(|reason| reason.kind.is_warning());
    missed
        .map(|reason| format!("mix: {}", reason.text))
        .collect()
}

fn check_facts(path: &Path) -> Result<(), JobFailure> {
    let bytes = std::fs::read(path).map_err(|error| unreadable_output(path, &error))?;
    serde_json::from_slice::<MixFacts>(&bytes)
        .map(|_| ())
        .map_err(|error| unreadable_output(path, &error))
}

/// Reads a file to its end: a header survives a full disk, and samples do not.
fn check_wav(output: &OutputFile, work: &MixWork) -> Result<(), JobFailure> {
    const BLOCK: usize = 1 << 16;
    let unreadable = |error: WavFileError| unreadable_output(&output.path, &error);
    let mut stream = WavStream::open(&output.path).map_err(unreadable)?;
    let found = [
        stream.length(),
        u64::from(stream.sample_rate()),
        stream.channel_count() as u64,
    ];
    let wanted = [work.length, u64::from(work.sample_rate), 2];
    let words = ["samples", "samples a second", "channels"];
    // One of them at a time, so that the message names what is wrong.
    for ((word, wanted), found) in words.iter().zip(wanted).zip(found) {
        if wanted != found {
            let what = format!("{} of {}", word, output.name);
            return Err(mismatch_failure(&what, wanted, found));
        }
    }
    for first in (0..work.length).step_by(BLOCK) {
        let left = usize::try_from(work.length - first).unwrap_or(BLOCK);
        stream
            .read_samples(first, left.min(BLOCK))
            .map_err(unreadable)?;
    }
    Ok(())
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests;
