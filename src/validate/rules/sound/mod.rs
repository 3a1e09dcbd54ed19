//! Voices, lines, music and effects.

mod foreign_letters;
mod late_effect;
mod line_cut_off;
mod line_too_long;
mod no_engine;
mod overlapping_lines;
mod overlapping_music;
mod provider_missing;
mod scratch_voice;
mod short_music;
mod unknown_speaker;
mod unknown_voice;
mod unreadable_file;
mod unreadable_font;
mod unspoken_speech;
mod unusable_voice;

use crate::model::Production;
use crate::model::production::{Output, Shot};
use crate::model::sound::{ShotLine, SoundSettings, frames_holding, sample_at_frame};
use crate::validate::ValidationRule;
use std::collections::HashSet;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    scratch_voice::RULE,
    unknown_speaker::RULE,
    unknown_voice::RULE,
    unusable_voice::RULE,
    no_engine::RULE,
    provider_missing::RULE,
    line_too_long::RULE,
    line_cut_off::RULE,
    overlapping_lines::RULE,
    unspoken_speech::RULE,
    unreadable_file::RULE,
    unreadable_font::RULE,
    short_music::RULE,
    late_effect::RULE,
    overlapping_music::RULE,
    foreign_letters::RULE,
];

/// A document whose one shot speaks one line, as a page shows it.
const SPOKEN_LINE: &str = "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"It went out.\"]
";

/// Returns every line with its shot.
fn spoken_lines(production: &Production) -> impl Iterator<Item = (&Shot, &ShotLine)> {
    let shots = production.shots.iter();
    shots.flat_map(|shot| shot.lines.iter().map(move |line| (shot, line)))
}

/// Returns the shots with the sample at which each begins in a film of them.
fn film_shots<'a>(
    production: &'a Production,
    sound: &SoundSettings,
    shots: impl Iterator<Item = &'a Shot>,
) -> Vec<(u64, &'a Shot)> {
    let rate = production.render.rate;
    let mut frames = 0;
    let mut placed = Vec::new();
    for shot in shots {
        placed.push((sample_at_frame(frames, rate, sound.sample_rate), shot));
        frames += shot.frames.len();
    }
    placed
}

/// A line that continues after the end of an output.
struct CutLine<'a> {
    shot: &'a Shot,
    line: &'a ShotLine,
    output: &'a Output,
    /// Frames from the end of the output to the end of its words.
    frames: usize,
    /// Samples from its first word to the end of the output.
    room: u64,
}

/// How much faster than estimated an engine may speak. French lines of `espeak-ng` take two thirds
/// of the estimate; no voice that was tried is faster.
const FASTEST_PACE: u64 = 2;

impl CutLine<'_> {
    /// Returns whether words are cut off however fast the line turns out to be spoken.
    fn is_certain(&self) -> bool {
        // At its own rate: a line that is far too long is spoken as fast as may be anyway.
        let own_pace = self.line.length / FASTEST_PACE * 4 / 5;
        self.line.measured || own_pace > self.room
    }
}

/// Returns the lines that go on after the end of an output, each with the first such output. A line
/// that was never spoken is taken to be spoken as fast as it may be.
fn cut_lines(production: &Production) -> Vec<CutLine<'_>> {
    let Some(sound) = &production.sound else {
        return Vec::new();
    };
    let rate = production.render.rate;
    let samples_at = |frame| sample_at_frame(frame, rate, sound.sample_rate);
    let mut known = HashSet::new();
    let mut cut = Vec::new();
    let outputs = production.outputs.iter();
    for output in outputs.filter(|output| output.sound.is_some()) {
        let end = samples_at(production.output_frames(output));
        for (start, shot) in film_shots(production, sound, production.output_shots(output)) {
            for line in &shot.lines {
                let end_of_words = match line.measured {
                    true => line.start + line.length,
                    false if line.overrun == 0 => 0,
                    false => samples_at(shot.frames.len()) + line.overrun,
                };
                let over = (start + end_of_words).saturating_sub(end);
                // Once for each line, though several outputs may cut it off.
                if over > 0 && known.insert(&line.name) {
                    cut.push(CutLine {
                        shot,
                        line,
                        output,
                        frames: frames_holding(over, rate, sound.sample_rate),
                        room: end.saturating_sub(start + line.start),
                    });
                }
            }
        }
    }
    cut
}

fn counted_frames(count: usize) -> String {
    match count {
        1 => "1 frame".to_owned(),
        count => format!("{count} frames"),
    }
}

/// Returns a speaker as messages name it.
fn shown_speaker(line: &ShotLine) -> String {
    format!("`{}`", line.speaker.value)
}
