//! Voices, lines, music and effects.

mod late_effect;
mod line_cut_off;
mod line_too_long;
mod no_engine;
mod overlapping_lines;
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
use crate::model::production::Shot;
use crate::model::sound::{ShotLine, SoundSettings, sample_at_frame};
use crate::validate::ValidationRule;

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

/// Returns a speaker as messages name it.
fn shown_speaker(line: &ShotLine) -> String {
    format!("`{}`", line.speaker.value)
}
