//! What sounds are called in captions for the hard of hearing.

/// Effects by name, and what is written for each.
const LABELS: [(&str, &str); 23] = [
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
];

/// Returns what an effect is called: that of the library by its name, another by its words.
#[must_use]
pub fn effect_label(name: &str) -> String {
    let known = LABELS.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, label)) => (*label).to_owned(),
        None => plain_words(name),
    }
}

/// Returns what music of a mood is called. `None`: its mood is not known.
#[must_use]
pub fn music_label(mood: Option<&str>) -> String {
    match mood.map(plain_words).filter(|mood| !mood.is_empty()) {
        Some(mood) => format!("{mood} music"),
        None => "music".to_owned(),
    }
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
        assert_eq!(effect_label("slow-door_02"), "slow door");
        assert_eq!(effect_label("7"), "");
        assert_eq!(music_label(Some("mysterious")), "mysterious music");
        assert_eq!(music_label(None), "music");
    }
}
