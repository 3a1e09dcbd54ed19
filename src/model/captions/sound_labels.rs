//! What sounds are called in captions for the hard of hearing.

use crate::model::sound::{EffectSource, MusicSource};

/// Effects by name, and what is written for each.
const LABELS: [(&str, &str); 24] = [
    ("footsteps", "footsteps"),
    ("footstep_wood", "step on boards"),
    ("footstep_stone", "step on stone"),
    ("footstep_earth", "step on earth"),
    ("footstep_water", "step in water"),
    ("footstep_metal", "step on metal"),
    ("footstep_carpet", "soft step"),
    ("door_open", "door opens"),
    ("door_close", "door closes"),
    ("door_slam", "door slams"),
    ("knock", "knocking"),
    ("cloth", "cloth rustles"),
    ("impact", "heavy blow"),
    ("thud", "thud"),
    ("splash", "splash"),
    ("bell", "bell rings"),
    ("click", "click"),
    ("whoosh", "whoosh"),
    ("glass", "glass breaks"),
    ("paper", "paper rustles"),
    ("switch", "switch clicks"),
    ("creak", "creaking"),
    ("wind_gust", "wind gusts"),
    ("sting", "bright chime"),
];

/// Returns what an effect is called: that of the library by its name, another by the words of its
/// file. Empty: it has none.
#[must_use]
pub fn effect_label(source: &EffectSource) -> String {
    match source {
        EffectSource::Named(name) => named_label(&name.value),
        EffectSource::File(file) => {
            named_label(&file.path.file_stem().unwrap_or_default().to_string_lossy())
        }
    }
}

fn named_label(name: &str) -> String {
    let known = LABELS.iter().find(|(known, _)| *known == name);
    known.map_or_else(|| plain_words(name), |(_, label)| (*label).to_owned())
}

/// Returns what music is called: by its mood, if that is known.
#[must_use]
pub fn music_label(source: &MusicSource) -> String {
    match source {
        MusicSource::Composed { mood, .. } => mood_label(&mood.value),
        MusicSource::File { .. } => "music".to_owned(),
    }
}

fn mood_label(mood: &str) -> String {
    match plain_words(mood) {
        mood if mood.is_empty() => "music".to_owned(),
        mood => format!("{mood} music"),
    }
}

/// Returns how a sound is written in a caption, which is also its name in a table.
#[must_use]
pub fn sound_text(label: &str) -> String {
    format!("[{label}]")
}

/// Returns the words of a name such as `slow-door_02`, without numbers at its end.
fn plain_words(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_number = |word: &String| word.chars().all(|letter| letter.is_ascii_digit());
    let count = words
        .iter()
        .rposition(|word| !is_number(word))
        .map_or(0, |last| last + 1);
    words[..count].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::EFFECT_NAMES;

    #[test]
    fn every_effect_of_the_library_has_a_label() {
        for effect in EFFECT_NAMES {
            assert!(
                LABELS.iter().any(|(name, _)| *name == effect.name),
                "{}",
                effect.name
            );
        }
        assert_eq!(named_label("slow-door_02"), "slow door");
        assert_eq!(named_label("7"), "");
        assert_eq!(mood_label("mysterious"), "mysterious music");
        assert_eq!(mood_label(""), "music");
    }
}
