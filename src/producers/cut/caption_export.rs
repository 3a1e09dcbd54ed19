//! Captions of a film, from the words of its lines.

use crate::base::json::to_json_bytes;
use crate::captions::{
    CaptionCue, CaptionFlaw, CaptionFlawKind, CaptionLine, CaptionSound, FilmCaptions, HeardWord,
    film_captions, srt_losses, srt_text, ttml_text, vtt_text,
};
use crate::model::captions::{CaptionLineWork, CaptionWork, WORDS_FILE};
use crate::model::cut::{CuePart, TextExportKind, Timecode};
use crate::model::sound::WordTimes;
use crate::model::{InputFiles, InputSlot};
use crate::producers::contract::{FailureClass, JobFailure};

/// How many captions are named that are not as their profile asks.
const MOST_NAMED: usize = 3;

/// Captions as text, and what could not be made as it should.
pub(super) struct CaptionText {
    pub(super) text: String,
    pub(super) warnings: Vec<String>,
}

/// Returns the captions of a film in a format.
pub(super) fn caption_text(
    kind: TextExportKind,
    work: &CaptionWork,
    inputs: &InputFiles,
) -> Result<CaptionText, JobFailure> {
    let captions = made_captions(work, inputs)?;
    let cues = &captions.cues;
    let text = match kind {
        TextExportKind::Vtt => vtt_text(cues, work.rate, &work.language),
        TextExportKind::Ttml => ttml_text(cues, work.rate, &work.language),
        // For jobs that draw captions into the picture: they need frames and not times.
        TextExportKind::Cues => json_text(cues),
        // Only kinds of captions come here, and what is left is SubRip.
        _ => srt_text(cues, work.rate),
    };
    let mut warnings = flaw_warnings(work, &captions.flaws);
    let changed = srt_losses(cues);
    // The other formats have escapes, so nothing is lost in them.
    if kind == TextExportKind::Srt && changed > 0 {
        let s = if changed == 1 { "" } else { "s" };
        warnings.push(format!(
            "{changed} caption{s} with `<`, `>`, `{{` or `}}` have other signs in their place, \
             because readers of SubRip take them for styles"
        ));
    }
    Ok(CaptionText { text, warnings })
}

/// Returns the captions of some frames of a film, as JSON. Frames are counted from the first of
/// them.
pub(super) fn part_text(part: CuePart, inputs: &InputFiles) -> Result<CaptionText, JobFailure> {
    let end = part.start + part.length;
    let seen = read_cues(inputs)?.into_iter();
    let seen = seen.filter(|cue| cue.start < end && cue.end > part.start);
    let cues: Vec<CaptionCue> = seen
        .map(|cue| CaptionCue {
            // The frames of a segment count from its own start: it must not change when the film
            // before it does.
            start: cue.start.max(part.start) - part.start,
            end: cue.end.min(end) - part.start,
            // All lines are drawn alike.
            sounds: 0,
            ..cue
        })
        .collect();
    Ok(CaptionText {
        text: json_text(&cues),
        // Flaws were reported with the captions of the whole film, and would appear once for each
        // segment.
        warnings: Vec::new(),
    })
}

fn json_text(cues: &[CaptionCue]) -> String {
    String::from_utf8_lossy(&to_json_bytes(&cues)).into_owned()
}

/// Returns the captions that a job gets.
pub(in crate::producers) fn read_cues(inputs: &InputFiles) -> Result<Vec<CaptionCue>, JobFailure> {
    let missing = |what: String| JobFailure::new(FailureClass::MissingInput, what);
    let file = inputs.single_file(&InputSlot::captions(0));
    let file = file.ok_or_else(|| missing("find the captions".to_owned()))?;
    let bytes = std::fs::read(&file.path)
        .map_err(|error| JobFailure::from_io_error("read the captions", &error))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| missing(format!("read the captions {}: {error}", file.name)))
}

fn made_captions(work: &CaptionWork, inputs: &InputFiles) -> Result<FilmCaptions, JobFailure> {
    let mut lines = Vec::with_capacity(work.lines.len());
    for line in &work.lines {
        lines.push(timed_line(work, line, inputs)?);
    }
    let sounds: Vec<CaptionSound> = work
        .sounds
        .iter()
        .map(|sound| CaptionSound {
            text: sound.text.clone(),
            start: seconds(sound.start, work.sample_rate),
        })
        .collect();
    let FilmCaptions { cues, flaws } =
        film_captions(&lines, &sounds, &work.profile, work.rate, work.length);
    Ok(FilmCaptions { cues, flaws })
}

fn seconds(samples: u64, sample_rate: u32) -> f64 {
    samples as f64 / f64::from(sample_rate.max(1))
}

/// Returns a line with the times of its words in the film.
fn timed_line(
    work: &CaptionWork,
    line: &CaptionLineWork,
    inputs: &InputFiles,
) -> Result<CaptionLine, JobFailure> {
    let files = inputs.files_in(&line.slot);
    let Some(file) = files.iter().find(|file| file.name == WORDS_FILE) else {
        // Without times the captions would still be made, and be wrong by seconds.
        let message = format!("find the times of the words of `{}`", line.text);
        return Err(JobFailure::new(FailureClass::MissingInput, message));
    };
    let bytes = std::fs::read(&file.path)
        .map_err(|error| JobFailure::from_io_error(&format!("read {WORDS_FILE}"), &error))?;
    let times: WordTimes = serde_json::from_slice(&bytes).map_err(|error| {
        let message = format!("read {WORDS_FILE} of `{}`: {error}", line.text);
        JobFailure::new(FailureClass::MissingInput, message)
    })?;
    let start = seconds(line.start, work.sample_rate);
    Ok(CaptionLine {
        text: line.text.clone(),
        speaker: line.speaker.clone(),
        is_named: line.is_named,
        start,
        end: start + seconds(line.length, work.sample_rate),
        words: times
            .words
            .into_iter()
            .map(|word| HeardWord {
                word: word.word,
                // An engine counts from the start of the line, and captions from that of the film.
                start: start + word.start,
                end: start + word.end,
            })
            .collect(),
    })
}

/// Returns a number of things, and the form of a verb behind it.
fn counted(count: usize, noun: &str, [one, many]: [&'static str; 2]) -> (String, &'static str) {
    match count {
        1 => (format!("1 {noun}"), one),
        _ => (format!("{count} {noun}s"), many),
    }
}

/// Returns what to report about captions that are not as their profile asks: one line a kind, with
/// the first of them.
fn flaw_warnings(work: &CaptionWork, flaws: &[CaptionFlaw]) -> Vec<String> {
    let code = |flaw: &CaptionFlaw| Timecode::from_frames(flaw.frame as u64, work.rate).to_string();
    let places = |flaws: &[&CaptionFlaw]| {
        let named: Vec<String> = flaws
            .iter()
            .take(MOST_NAMED)
            .map(|flaw| code(flaw))
            .collect();
        // A long film may have hundreds, and a warning is one line.
        match flaws.len() - named.len() {
            0 => format!("at {}", named.join(", ")),
            more => format!("at {} and {more} more", named.join(", ")),
        }
    };
    let of_kind = |is_kind: fn(&CaptionFlawKind) -> bool| -> Vec<&CaptionFlaw> {
        flaws.iter().filter(|flaw| is_kind(&flaw.kind)).collect()
    };
    let mut warnings = Vec::new();
    let fast = of_kind(|kind| matches!(kind, CaptionFlawKind::TooFast(_)));
    if !fast.is_empty() {
        let (captions, have) = counted(fast.len(), "caption", ["has", "have"]);
        warnings.push(format!(
            "{captions} in `{}` {have} more than {} letters a second, {}",
            work.language,
            work.profile.letters_a_second,
            places(&fast)
        ));
    }
    let short = of_kind(|kind| matches!(kind, CaptionFlawKind::TooShort(_)));
    if !short.is_empty() {
        let (captions, are) = counted(short.len(), "caption", ["is", "are"]);
        warnings.push(format!(
            "{captions} in `{}` {are} shorter than {} frames, {}",
            work.language,
            work.profile.shortest,
            places(&short)
        ));
    }
    let lost = of_kind(|kind| matches!(kind, CaptionFlawKind::SoundLeftOut));
    if !lost.is_empty() {
        let (sounds, have) = counted(lost.len(), "sound", ["has", "have"]);
        warnings.push(format!(
            "{sounds} {have} no caption in `{}`, because others are in the place, {}",
            work.language,
            places(&lost)
        ));
    }
    warnings
}
