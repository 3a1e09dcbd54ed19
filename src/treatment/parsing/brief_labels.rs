//! Labels about the whole film.

use super::parse_notes::{warn_repeated, warn_unreadable};
use crate::base::{Diagnostics, Spanned};
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::{TreatmentBrief, TreatmentTime};
use crate::treatment::words::{
    LabelKind, language_tag, parse_aspect, parse_length, parse_platform,
};

/// Sets a value of the brief. Returns whether the label is one of the brief.
pub(super) fn apply_brief_label(
    brief: &mut TreatmentBrief,
    kind: LabelKind,
    value: &LocatedText,
    diagnostics: &mut Diagnostics,
) -> bool {
    let text = value.full_value();
    match kind {
        LabelKind::Duration => set_duration(brief, value, diagnostics),
        LabelKind::Language => set_parsed(
            &mut brief.language,
            &text,
            language_tag(&text.value),
            (
                "language",
                "name it, such as `English`, or write its tag, such as `en`",
            ),
            diagnostics,
        ),
        LabelKind::Platform => set_parsed(
            &mut brief.platform,
            &text,
            parse_platform(&text.value),
            (
                "platform",
                "known ones are TikTok, Instagram, YouTube and social",
            ),
            diagnostics,
        ),
        LabelKind::Aspect => set_aspect(brief, &text, diagnostics),
        LabelKind::Colours => add_colours(brief, value, diagnostics),
        LabelKind::FacesLocked => set_switch(&mut brief.faces_locked, &text, diagnostics),
        LabelKind::VoiceConsistent => set_switch(&mut brief.voice_consistent, &text, diagnostics),
        LabelKind::Subtitles => set_switch(&mut brief.subtitles, &text, diagnostics),
        LabelKind::Note => brief.notes.push(text),
        _ => return set_text(brief, kind, text, diagnostics),
    }
    true
}

/// Sets a value that stays in the words of the treatment.
fn set_text(
    brief: &mut TreatmentBrief,
    kind: LabelKind,
    text: Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let (slot, what) = match kind {
        LabelKind::Title => (&mut brief.title, "title"),
        LabelKind::Style => (&mut brief.style, "style"),
        LabelKind::Tone => (&mut brief.tone, "tone"),
        LabelKind::Profile => (&mut brief.profile, "profile"),
        LabelKind::Voice => (&mut brief.voice, "voice"),
        LabelKind::VoiceId => (&mut brief.voice_id, "voice id"),
        LabelKind::SpeechProvider => (&mut brief.speech_provider, "speech provider"),
        LabelKind::Logo => (&mut brief.logo, "logo"),
        LabelKind::Font => (&mut brief.font, "font"),
        LabelKind::Music => (&mut brief.music, "music"),
        _ => return false,
    };
    set_once(slot, text, what, diagnostics);
    true
}

/// Sets a value that is not set yet. A second one that differs is a warning.
fn set_once<T: PartialEq>(
    slot: &mut Option<Spanned<T>>,
    value: Spanned<T>,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
    match slot {
        None => *slot = Some(value),
        Some(first) if first.value != value.value => {
            warn_repeated(diagnostics, value.origin, first.origin, what);
        }
        Some(_) => {}
    }
}

fn set_parsed<T: PartialEq>(
    slot: &mut Option<Spanned<T>>,
    text: &Spanned<String>,
    value: Option<T>,
    (what, help): (&str, &str),
    diagnostics: &mut Diagnostics,
) {
    match value {
        Some(value) => set_once(slot, Spanned::new(value, text.origin), what, diagnostics),
        None => warn_unreadable(diagnostics, text.origin, what, &text.value, help),
    }
}

/// Sets a value that is yes or no.
fn set_switch(
    slot: &mut Option<Spanned<bool>>,
    text: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    set_parsed(
        slot,
        text,
        yes_or_no(&text.value),
        ("yes or no", "write `yes` or `no`"),
        diagnostics,
    );
}

/// Sets the length of the film: that of `30 sec`, or the end of `0:00-0:30`.
fn set_duration(brief: &mut TreatmentBrief, value: &LocatedText, diagnostics: &mut Diagnostics) {
    let text = value.full_value();
    let length = parse_length(&value.text).map(|found| found.timing.length);
    // A film of no length has nothing to divide among its scenes.
    let length = length.filter(|length| *length > TreatmentTime(0));
    let help = "write it as `30 sec`, `1 min 30 s` or `1:30`";
    set_parsed(
        &mut brief.duration,
        &text,
        length,
        ("length", help),
        diagnostics,
    );
}

fn set_aspect(brief: &mut TreatmentBrief, text: &Spanned<String>, diagnostics: &mut Diagnostics) {
    // `Format: YouTube video` names a platform, and `Format: explainer` is a remark.
    if let Some(aspect) = parse_aspect(&text.value) {
        set_once(
            &mut brief.aspect,
            Spanned::new(aspect, text.origin),
            "shape",
            diagnostics,
        );
    } else if let Some(platform) = parse_platform(&text.value) {
        set_once(
            &mut brief.platform,
            Spanned::new(platform, text.origin),
            "platform",
            diagnostics,
        );
    } else {
        let help = "write it as `16:9`, `9:16`, `1:1` or `Smart Auto`";
        warn_unreadable(
            diagnostics,
            text.origin,
            "shape of a picture",
            &text.value,
            help,
        );
    }
}

/// Adds every colour of a text: `#1a2b3c`, or `#abc`.
pub(super) fn add_colours(
    brief: &mut TreatmentBrief,
    value: &LocatedText,
    diagnostics: &mut Diagnostics,
) {
    let found = colours(value);
    if found.is_empty() {
        let text = value.full_value();
        let help = "write colours as `#1a2b3c`";
        warn_unreadable(diagnostics, text.origin, "colour", &text.value, help);
    }
    for colour in found {
        // Colours take the places of the palette in order, and one must not take two.
        if !brief
            .colours
            .iter()
            .any(|known| known.value == colour.value)
        {
            brief.colours.push(colour);
        }
    }
}

/// Returns the colours of a text, as `rrggbb`.
pub(super) fn colours(value: &LocatedText) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    for (at, _) in value.text.match_indices('#') {
        let digits = &value.text[at + 1..];
        let end = digits
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(digits.len());
        // `#abcdefg` and `#100days` are hashtags.
        let is_whole = !digits[end..].starts_with(char::is_alphanumeric);
        let hex = digits[..end].to_ascii_lowercase();
        let full = match hex.len() {
            6 => Some(hex),
            3 => Some(hex.chars().flat_map(|c| [c, c]).collect()),
            _ => None,
        };
        if let Some(colour) = full.filter(|_| is_whole) {
            found.push(Spanned::new(colour, value.span(at..at + 1 + end)));
        }
    }
    found
}

/// Reads yes or no in the words that people use.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let form = text.trim().trim_end_matches('.').to_lowercase();
    // `Yes, in all scenes` is a yes.
    let first = form.split([' ', ',', ';']).next().unwrap_or_default();
    match first {
        "yes" | "true" | "on" | "locked" | "lock" | "consistent" | "same" | "ja" | "oui" | "sí"
        | "si" | "sim" | "always" | "maintain" => Some(true),
        "no" | "false" | "off" | "vary" | "unlocked" | "nein" | "non" | "não" | "none"
        | "relaxed" | "different" | "never" => Some(false),
        _ => None,
    }
}
