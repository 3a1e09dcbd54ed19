//! Words in descriptions of pictures: camera, framing, people, stock.

use super::label_words::label_form;
use crate::treatment::treatment_value::{CameraWish, FocalWish};

/// Whether any of the words is in the text as whole words.
fn has_any(text: &str, words: &[&str]) -> bool {
    // Blanks around it make every word a whole one: `human` has no `man`.
    let text = format!(" {} ", label_form(text));
    words.iter().any(|word| text.contains(&format!(" {word} ")))
}

/// Returns the move of the camera that a description asks for.
pub(in crate::treatment) fn camera_words(text: &str) -> Option<CameraWish> {
    let table: &[(&[&str], CameraWish)] = &[
        (
            &[
                "push",
                "push in",
                "zoom in",
                "zooms in",
                "dolly in",
                "pushes",
                "moves in",
                "cinematic zoom",
                "zoom",
                "ken burns",
            ],
            CameraWish::Push,
        ),
        (
            &[
                "pull",
                "pull back",
                "pull out",
                "zoom out",
                "zooms out",
                "dolly out",
                "pulls",
            ],
            CameraWish::Pull,
        ),
        (
            &[
                "pan", "pans", "panning", "slow pan", "truck", "tracking", "sweeps", "sweep",
            ],
            CameraWish::Pan,
        ),
        (
            &["tilt", "tilts", "crane", "rises", "cranes"],
            CameraWish::Tilt,
        ),
        (
            &["static", "locked off", "still", "fixed", "no movement"],
            CameraWish::Static,
        ),
    ];
    table
        .iter()
        .find(|(words, _)| has_any(text, words))
        .map(|(_, wish)| *wish)
}

/// Returns the framing that a description asks for.
pub(in crate::treatment) fn focal_words(text: &str) -> Option<FocalWish> {
    let table: &[(&[&str], FocalWish)] = &[
        (
            &[
                "tight",
                "close up",
                "closeup",
                "extreme close up",
                "macro",
                "cu",
                "ecu",
                "detail",
                "nahaufnahme",
                "gros plan",
            ],
            FocalWish::Tight,
        ),
        (
            &[
                "mid",
                "medium",
                "medium shot",
                "mid shot",
                "waist",
                "ms",
                "halbnah",
            ],
            FocalWish::Mid,
        ),
        (
            &[
                "wide",
                "wide shot",
                "establishing",
                "aerial",
                "panorama",
                "ws",
                "landscape",
                "totale",
                "plan large",
            ],
            FocalWish::Wide,
        ),
    ];
    table
        .iter()
        .find(|(words, _)| has_any(text, words))
        .map(|(_, wish)| *wish)
}

/// Whether people are seen.
pub(in crate::treatment) fn is_person(text: &str) -> bool {
    has_any(
        text,
        &[
            "person",
            "people",
            "woman",
            "man",
            "girl",
            "boy",
            "host",
            "presenter",
            "teacher",
            "student",
            "customer",
            "user",
            "face",
            "faces",
            "someone",
            "she",
            "he",
            "family",
            "child",
            "kid",
            "doctor",
            "scientist",
            "beekeeper",
            "farmer",
            "athlete",
            "runner",
            "worker",
            "team",
            "founder",
            "speaker",
            "creator",
            "influencer",
            "frau",
            "mann",
            "kind",
            "person",
            "femme",
            "homme",
            "mujer",
            "hombre",
            "mother",
            "father",
            "friends",
            "couple",
            "engineer",
        ],
    )
}

/// Whether a description asks for a library of stock pictures.
pub(in crate::treatment) fn is_stock(text: &str) -> bool {
    has_any(
        text,
        &[
            "stock",
            "stock footage",
            "stock video",
            "stock photo",
            "shutterstock",
            "getty",
            "pexels",
            "unsplash",
        ],
    )
}

/// Whether a paragraph without a label describes a picture.
pub(in crate::treatment) fn is_picture_prose(text: &str) -> bool {
    let form = label_form(text);
    let begins = [
        "we see",
        "cut to",
        "close up",
        "closeup",
        "wide shot",
        "medium shot",
        "the camera",
        "camera",
        "shot of",
        "a shot of",
        "fade in",
        "fade out",
        "fade to",
        "montage",
        "aerial",
        "animation of",
        "animated",
        "on screen",
        "establishing",
        "split screen",
        "b roll",
        "drone",
        "time lapse",
        "opening shot",
        "zoom",
        "pan across",
        "int",
        "ext",
        "wir sehen",
        "on voit",
        "vemos",
    ];
    let is_bracketed = |open, close| text.trim().starts_with(open) && text.trim().ends_with(close);
    is_bracketed('[', ']')
        || is_bracketed('(', ')')
        || begins.iter().any(|words| {
            form.strip_prefix(words)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camera_and_framing_are_words_of_the_description() {
        assert_eq!(
            camera_words("Slow pan across the hive"),
            Some(CameraWish::Pan)
        );
        assert_eq!(camera_words("A frying panda"), None);
        assert_eq!(focal_words("Close-up of a bee"), Some(FocalWish::Tight));
        assert!(is_person("A beekeeper lifts the lid") && !is_person("the human genome"));
        assert!(is_picture_prose("[A hive at dawn]") && is_picture_prose("We see a hive."));
        assert!(!is_picture_prose("Internet bees"));
    }
}
