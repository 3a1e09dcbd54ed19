//! Scene headings: their beginning, and their setting, place, time and number.

use super::{ScenePlace, SceneSetting};

/// Beginnings of a heading, in upper case and without the full stop or space that must follow.
/// Longer ones come first, so that `INT./EXT` is not read as `INT`.
const PREFIXES: [(&str, SceneSetting); 11] = [
    ("INT./EXT", SceneSetting::Both),
    ("EXT./INT", SceneSetting::Both),
    ("INT/EXT", SceneSetting::Both),
    ("EXT/INT", SceneSetting::Both),
    ("I./E", SceneSetting::Both),
    ("E./I", SceneSetting::Both),
    ("I/E", SceneSetting::Both),
    ("E/I", SceneSetting::Both),
    ("INT", SceneSetting::Interior),
    ("EXT", SceneSetting::Exterior),
    ("EST", SceneSetting::Establishing),
];

/// Words that make the last part of a heading a time and not a part of the place. English, French,
/// German, Spanish, Italian and Portuguese.
const TIME_WORDS: [&str; 34] = [
    "DAY",
    "NIGHT",
    "MORNING",
    "AFTERNOON",
    "EVENING",
    "DAWN",
    "DUSK",
    "NOON",
    "MIDNIGHT",
    "MIDDAY",
    "SUNRISE",
    "SUNSET",
    "TWILIGHT",
    "LATER",
    "CONTINUOUS",
    "SAME",
    "MOMENTS",
    "HOUR",
    "JOUR",
    "NUIT",
    "MATIN",
    "SOIR",
    "AUBE",
    "TAG",
    "NACHT",
    "MORGEN",
    "ABEND",
    "DÍA",
    "NOCHE",
    "TARDE",
    "GIORNO",
    "NOTTE",
    "DIA",
    "NOITE",
];

/// Returns the setting and the rest of a line that begins like a scene heading. None for any other
/// line.
pub(super) fn split_prefix(line: &str) -> Option<(SceneSetting, &str)> {
    PREFIXES.iter().find_map(|(prefix, setting)| {
        let head = line.get(..prefix.len())?;
        let rest = &line[prefix.len()..];
        // Without a separator, `INTERIOR MONOLOGUE` and `EXTRA!` would be headings.
        let separated = rest.starts_with(['.', ' ']);
        (head.eq_ignore_ascii_case(prefix) && separated)
            .then(|| (*setting, rest.trim_start_matches(['.', ' '])))
    })
}

/// Splits a heading into its text and the number between `#` at its end.
pub(super) fn split_number(heading: &str) -> (&str, Option<&str>) {
    let trimmed = heading.trim_end();
    let numbered = trimmed
        .strip_suffix('#')
        .and_then(|rest| rest.rsplit_once('#'));
    match numbered {
        // `ROOM #5` has one `#` and keeps it.
        Some((text, number)) if is_number(number) => (text.trim_end(), Some(number)),
        _ => (trimmed, None),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'))
}

/// Splits a heading into setting, location and time.
pub(super) fn parse_place(heading: &str) -> ScenePlace {
    let (setting, rest) = split_prefix(heading).unwrap_or((SceneSetting::Unspecified, heading));
    let parts = [" - ", " – ", " — "]
        .into_iter()
        .filter_map(|dash| rest.rsplit_once(dash));
    // Writers use all three dashes. The last one of the line separates the time, and places contain
    // dashes too.
    let split = parts.max_by_key(|(location, _)| location.len());
    // A last part that is no time belongs to the place: `HOUSE - KITCHEN`.
    match split.filter(|(_, time)| is_time(time)) {
        Some((location, time)) => ScenePlace {
            setting,
            location: location.trim().to_owned(),
            time: Some(time.trim().to_owned()),
        },
        None => ScenePlace {
            setting,
            location: rest.trim().to_owned(),
            time: None,
        },
    }
}

fn is_time(text: &str) -> bool {
    // Compared by word, so that `NEXT DAY` and `LATER THAT NIGHT` are times.
    let upper = text.to_uppercase();
    upper
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| TIME_WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(heading: &str) -> (SceneSetting, String, Option<String>) {
        let place = parse_place(heading);
        (place.setting, place.location, place.time)
    }

    #[test]
    fn a_heading_has_setting_place_and_time() {
        let night = Some("NIGHT".to_owned());
        assert_eq!(
            parts("INT. HOUSE - KITCHEN - NIGHT"),
            (SceneSetting::Interior, "HOUSE - KITCHEN".into(), night)
        );
        assert_eq!(
            parts("ext pier – next day"),
            (
                SceneSetting::Exterior,
                "pier".into(),
                Some("next day".into())
            )
        );
        assert_eq!(
            parts("INT./EXT. CAR"),
            (SceneSetting::Both, "CAR".into(), None)
        );
        assert_eq!(
            parts("I/E HOUSE - KITCHEN"),
            (SceneSetting::Both, "HOUSE - KITCHEN".into(), None)
        );
        assert_eq!(
            parts("EST. CITY"),
            (SceneSetting::Establishing, "CITY".into(), None)
        );
        assert_eq!(
            parts("SNIPER SCOPE POV"),
            (SceneSetting::Unspecified, "SNIPER SCOPE POV".into(), None)
        );
    }

    #[test]
    fn a_word_with_a_heading_prefix_is_no_heading() {
        assert!(
            ["INTERIOR MONOLOGUE", "EXTRA!", "ESTHER", "INT", "E"]
                .iter()
                .all(|line| split_prefix(line).is_none())
        );
    }

    #[test]
    fn a_scene_number_is_between_hashes_at_the_end() {
        assert_eq!(
            split_number("INT. A - DAY #1-A#"),
            ("INT. A - DAY", Some("1-A"))
        );
        assert_eq!(split_number("INT. ROOM #5"), ("INT. ROOM #5", None));
        assert_eq!(split_number("INT. A ##"), ("INT. A ##", None));
    }
}
