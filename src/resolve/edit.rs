//! Resolves the cut: transitions of shots, and the settings of `edit`.

use super::context::ResolveContext;
use super::value_parsers::{read_colour, seconds_to_frames};
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{ProductionDraft, ShotDraft};
use crate::document::edit_draft::TransitionDraft;
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::cut::{
    EditSettings, MOST_TRANSITION_FRAMES, ScreenColour, ShotTransition, Timecode, TransitionKind,
    WipeDirection,
};
use crate::model::production::Shot;
use crate::model::{FrameRate, value_ranges};

/// Where a transition is written, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransitionSide {
    /// `transition_in` of a shot.
    In,
    /// `transition_out` of a shot.
    Out,
    /// `edit.transition`, between any two shots.
    Default,
}

/// Frame rate in which the usual lengths count. Those of a production last as long.
const USUAL_RATE: FrameRate = FrameRate::from_fps(24);

/// What a document writes, before its colour and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TransitionShape {
    Cut,
    Dissolve,
    Wipe(WipeDirection),
    /// Into or out of a colour, as the side says.
    Fade,
    FadeIn,
    FadeOut,
    Dip,
}

/// A kind of transition by name.
struct NamedTransition {
    name: &'static str,
    shape: TransitionShape,
    /// The colour that the name has.
    colour: Option<ScreenColour>,
}

const fn named(
    name: &'static str,
    shape: TransitionShape,
    colour: Option<ScreenColour>,
) -> NamedTransition {
    NamedTransition {
        name,
        shape,
        colour,
    }
}

/// The names of documents. `wipe` alone is that of SMPTE, whose edge moves from the left.
const NAMES: [NamedTransition; 20] = [
    named("cut", TransitionShape::Cut, None),
    named("dissolve", TransitionShape::Dissolve, None),
    named("cross_dissolve", TransitionShape::Dissolve, None),
    named("crossfade", TransitionShape::Dissolve, None),
    named("wipe", TransitionShape::Wipe(WipeDirection::Right), None),
    named(
        "wipe_left",
        TransitionShape::Wipe(WipeDirection::Left),
        None,
    ),
    named(
        "wipe_right",
        TransitionShape::Wipe(WipeDirection::Right),
        None,
    ),
    named("wipe_up", TransitionShape::Wipe(WipeDirection::Up), None),
    named(
        "wipe_down",
        TransitionShape::Wipe(WipeDirection::Down),
        None,
    ),
    named("fade", TransitionShape::Fade, None),
    named("fade_in", TransitionShape::FadeIn, None),
    named("fade_out", TransitionShape::FadeOut, None),
    named(
        "fade_from_black",
        TransitionShape::FadeIn,
        Some(ScreenColour::BLACK),
    ),
    named(
        "fade_from_white",
        TransitionShape::FadeIn,
        Some(ScreenColour::WHITE),
    ),
    named(
        "fade_to_black",
        TransitionShape::FadeOut,
        Some(ScreenColour::BLACK),
    ),
    named(
        "fade_to_white",
        TransitionShape::FadeOut,
        Some(ScreenColour::WHITE),
    ),
    named("dip", TransitionShape::Dip, None),
    named("dip_to_color", TransitionShape::Dip, None),
    named(
        "dip_to_black",
        TransitionShape::Dip,
        Some(ScreenColour::BLACK),
    ),
    named(
        "dip_to_white",
        TransitionShape::Dip,
        Some(ScreenColour::WHITE),
    ),
];

impl TransitionShape {
    /// Returns the usual length in frames at 24 a second.
    const fn usual_frames(self) -> usize {
        match self {
            Self::Cut => 0,
            Self::Dissolve | Self::Wipe(_) | Self::Dip => 12,
            Self::Fade | Self::FadeIn | Self::FadeOut => 24,
        }
    }

    const fn has_colour(self) -> bool {
        matches!(self, Self::Fade | Self::FadeIn | Self::FadeOut | Self::Dip)
    }

    /// Returns the kind where `side` writes it. `None`: it does not belong there.
    const fn kind(self, side: TransitionSide, colour: ScreenColour) -> Option<TransitionKind> {
        match (self, side) {
            (Self::Cut, _) => Some(TransitionKind::Cut),
            (Self::Dissolve, _) => Some(TransitionKind::Dissolve),
            (Self::Wipe(direction), _) => Some(TransitionKind::Wipe { direction }),
            (Self::Dip, _) => Some(TransitionKind::Dip { colour }),
            // A fade belongs to one shot, so only the sides of a shot have it. Between two shots,
            // the same is a dip.
            (Self::Fade | Self::FadeIn, TransitionSide::In) => {
                Some(TransitionKind::FadeIn { colour })
            }
            (Self::Fade | Self::FadeOut, TransitionSide::Out) => {
                Some(TransitionKind::FadeOut { colour })
            }
            _ => None,
        }
    }
}

/// Returns the settings of `edit`.
pub(super) fn resolve_edit(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    rate: FrameRate,
) -> EditSettings {
    let Some(own) = &draft.edit else {
        return EditSettings::default();
    };
    let transition = own.transition.as_ref();
    let start = own.start_timecode.as_ref();
    let start = start.and_then(|text| parse_timecode(context, text, rate));
    let counting = start.map(|start| start.counting).unwrap_or_default();
    let start = start.map(|start| start.frames);
    let handles = context.in_range_opt("handles", &own.handles, value_ranges::HANDLES);
    EditSettings {
        transition: transition
            .and_then(|own| resolve_transition(context, own, TransitionSide::Default, rate)),
        has_start: start.is_some(),
        start: start.unwrap_or_default(),
        counting,
        handles: usize::try_from(handles.unwrap_or_default()).unwrap_or_default(),
    }
}

/// Gives files that a timeline refers to at least the frames that transitions show beyond a cut.
/// Without them, the timeline would refer to frames that are not in its files.
pub(super) fn fit_handles(edit: &mut EditSettings, shots: &[Shot]) {
    // One shot has no cut, so a default transition asks for no frames.
    if shots.len() < 2 {
        return;
    }
    let own = shots
        .iter()
        .flat_map(|shot| [&shot.transition_in, &shot.transition_out]);
    let needed = own
        .chain([&edit.transition])
        .flatten()
        // Fades and dips show one shot at a time.
        .filter(|transition| transition.kind.needs_handles())
        .map(ShotTransition::frames_after_cut)
        .max();
    edit.handles = edit.handles.max(needed.unwrap_or(0));
}

fn parse_timecode(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    rate: FrameRate,
) -> Option<Timecode> {
    if text.is_placeholder {
        return None;
    }
    let code = Timecode::parse(&text.value, rate);
    if code.is_none() {
        let message = format!(
            "{} is no timecode at {rate} frames a second",
            quote_value(&text.value)
        );
        let help = "write hours, minutes, seconds and frames, such as `01:00:00:00`".to_owned();
        context.report_error(
            "production::edit::bad_timecode",
            text.origin,
            message,
            Some(help),
        );
    }
    code
}

/// Returns the transition at one end of a shot. `None`: it is unset, or a mistake was reported.
pub(super) fn shot_transition(
    context: &mut ResolveContext<'_>,
    own: &ShotDraft,
    side: TransitionSide,
    rate: FrameRate,
) -> Option<ShotTransition> {
    let written = match side {
        TransitionSide::In => own.transition_in.as_ref(),
        TransitionSide::Out => own.transition_out.as_ref(),
        TransitionSide::Default => None,
    };
    resolve_transition(context, written?, side, rate)
}

/// The fields of a transition, with the place of the whole.
struct WrittenTransition<'a> {
    name: Spanned<String>,
    /// The name as the document has it.
    shown: &'a str,
    frames: Option<Spanned<String>>,
    colour: Option<&'a Spanned<String>>,
}

/// Returns a transition. `None`: it is unset, or a mistake was reported.
fn resolve_transition(
    context: &mut ResolveContext<'_>,
    written: &TextOr<TransitionDraft>,
    side: TransitionSide,
    rate: FrameRate,
) -> Option<ShotTransition> {
    let written = read_fields(context, written)?;
    let name = &written.name;
    let Some(known) = NAMES.iter().find(|known| known.name == name.value) else {
        report_unknown_name(context, &written);
        return None;
    };
    // `?` and not a default: a wrong colour is reported, and the shot must not fade to black for
    // it.
    let colour = match written.colour {
        Some(text) => transition_colour(context, text, known)?,
        None => known.colour.unwrap_or_default(),
    };
    let Some(kind) = known.shape.kind(side, colour) else {
        report_wrong_side(context, name, side);
        return None;
    };
    let frames = match &written.frames {
        Some(text) => read_frames(context, text, known, rate)?,
        // By time and not by frames: a dissolve of 12 frames would be too short to see at 60.
        None => rate.resampled_count(known.shape.usual_frames(), USUAL_RATE),
    };
    Some(ShotTransition {
        kind,
        frames,
        origin: name.origin,
    })
}

/// Returns the fields of a transition that is written as text or in full.
fn read_fields<'a>(
    context: &mut ResolveContext<'_>,
    written: &'a TextOr<TransitionDraft>,
) -> Option<WrittenTransition<'a>> {
    match written {
        TextOr::Text(text) if text.is_placeholder => None,
        TextOr::Text(text) => {
            let (name, frames) = split_length(&text.value);
            Some(WrittenTransition {
                name: Spanned::new(plain_name(name), text.origin),
                shown: name,
                frames: frames.map(|frames| Spanned::new(frames.to_owned(), text.origin)),
                colour: None,
            })
        }
        TextOr::Full(full) => {
            let Some(kind) = &full.kind else {
                // An empty map asks for nothing, and another type has a finding of its own.
                if let Some(origin) = full_origin(full) {
                    let help = "add `kind:`, such as `dissolve`".to_owned();
                    report_bad(
                        context,
                        origin,
                        "a transition without a kind".to_owned(),
                        help,
                    );
                }
                return None;
            };
            let name = plain_name(&kind.value);
            // A placeholder is a mistake that the reader has reported already.
            (!kind.is_placeholder).then(|| WrittenTransition {
                name: Spanned::new(name, kind.origin),
                shown: &kind.value,
                frames: full
                    .frames
                    .as_ref()
                    .filter(|frames| !frames.is_placeholder)
                    .map(|frames| frames.0.clone()),
                colour: full.colour.as_ref().filter(|text| !text.is_placeholder),
            })
        }
    }
}

fn full_origin(full: &TransitionDraft) -> Option<FileSpan> {
    let frames = full.frames.as_ref().map(|text| text.origin);
    let colour = full.colour.as_ref().map(|text| text.origin);
    frames.or(colour)
}

/// Splits `dissolve 12` into its name and its length.
fn split_length(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    match text.rsplit_once(char::is_whitespace) {
        // A word that does not begin as a number is a part of the name: `cross dissolve`.
        Some((name, last)) if last.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            (name, Some(last))
        }
        // A length that is mistyped is still meant as one: `dissolve -3`.
        Some((name, last)) if last.starts_with(['-', '+']) => (name, Some(last)),
        _ => (text, None),
    }
}

/// Returns a name as in [`NAMES`]: editors and people write `Cross Dissolve` and `fade-to-black`.
fn plain_name(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c == '-' || c == '_');
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    // One spelling, so that the table has each name once.
    words.join("_").replace("colour", "color")
}

fn report_unknown_name(context: &mut ResolveContext<'_>, written: &WrittenTransition<'_>) {
    let name = &written.name;
    let near = context
        .allowance
        .search(|| did_you_mean(&name.value, NAMES.iter().map(|known| known.name)));
    // A name that is near goes first: `fade_to_blck` is no `fade` with a length.
    let help = near.or_else(|| length_help(&name.value));
    let help = help.unwrap_or_else(|| {
        "write `cut`, `dissolve`, `wipe_left`, `fade_from_black`, `fade_to_black` or \
         `dip_to_black`, and a number of frames behind it if needed"
            .to_owned()
    });
    let message = format!("unknown transition {}", quote_value(written.shown));
    report_bad(context, name.origin, message, help);
}

/// Returns the help for a name that has a length in it, or is one.
fn length_help(name: &str) -> Option<String> {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return Some("write its kind before its length, such as `dissolve 12`".to_owned());
    }
    // The longest: `fade_in_half` is a fade in, and no fade.
    let known = NAMES.iter().filter(|known| {
        let rest = name.strip_prefix(known.name);
        rest.is_some_and(|rest| rest.starts_with('_'))
    });
    let known = known.max_by_key(|known| known.name.len())?;
    Some(format!(
        "write its length behind `{}` as a number of frames such as `12`, or of seconds such as \
         `0.5s`",
        known.name
    ))
}

fn report_wrong_side(
    context: &mut ResolveContext<'_>,
    name: &Spanned<String>,
    side: TransitionSide,
) {
    let text = &name.value;
    let (message, help) = match side {
        TransitionSide::In => (
            format!("`{text}` is how a shot ends"),
            "write it as `transition_out`, or `fade_from_black` here",
        ),
        TransitionSide::Out => (
            format!("`{text}` is how a shot begins"),
            "write it as `transition_in`, or `fade_to_black` here",
        ),
        TransitionSide::Default => (
            format!("`{text}` is about one shot and not about a cut"),
            "write `dip_to_black`, or the fade as `transition_in` or `transition_out` of a shot",
        ),
    };
    context.report_error(
        "production::edit::wrong_side",
        name.origin,
        message,
        Some(help.to_owned()),
    );
}

fn transition_colour(
    context: &mut ResolveContext<'_>,
    text: &Spanned<String>,
    known: &NamedTransition,
) -> Option<ScreenColour> {
    // A name such as `fade_to_black` has its colour, and a second one would contradict it.
    if !known.shape.has_colour() || known.colour.is_some() {
        let message = format!("`{}` takes no colour", known.name);
        let help = "leave `colour` out, or write the kind as `fade_in`, `fade_out` or `dip`";
        report_bad(context, text.origin, message, help.to_owned());
        return None;
    }
    read_colour(context, text).map(ScreenColour)
}

/// Returns the length of a transition in frames: a number of them, or seconds.
fn read_frames(
    context: &mut ResolveContext<'_>,
    text: &Spanned<String>,
    known: &NamedTransition,
    rate: FrameRate,
) -> Option<usize> {
    // A length of 0 says the same as a cut, so it is no mistake.
    if known.shape == TransitionShape::Cut && text.value.trim() != "0" {
        report_bad(
            context,
            text.origin,
            "a cut has no length".to_owned(),
            "write `cut` alone, or another transition such as `dissolve`".to_owned(),
        );
        return None;
    }
    let words = text.value.trim();
    let frames = match words.strip_suffix('s') {
        Some(seconds) => seconds
            .trim()
            .parse()
            .ok()
            .and_then(|seconds| seconds_to_frames(seconds, rate)),
        None => words.parse().ok(),
    };
    let frames = frames.filter(|frames| {
        known.shape == TransitionShape::Cut || (1..=MOST_TRANSITION_FRAMES).contains(frames)
    });
    if frames.is_none() {
        let message = format!("{} is no length of a transition", quote_value(words));
        let help = format!(
            "write frames from 1 to {MOST_TRANSITION_FRAMES} such as `12`, or seconds such as `0.5s`"
        );
        report_bad(context, text.origin, message, help);
    }
    frames
}

fn report_bad(context: &mut ResolveContext<'_>, origin: FileSpan, message: String, help: String) {
    context.report_error(
        "production::edit::bad_transition",
        origin,
        message,
        Some(help),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostics, SourceMap};
    use crate::library::Library;

    fn read(text: &str, side: TransitionSide) -> (Option<ShotTransition>, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let folder = std::path::Path::new("no-such-folder");
        let library = Library::read(folder, &mut SourceMap::default(), &mut diagnostics);
        let mut context = ResolveContext::new(&library, &mut diagnostics);
        let written = TextOr::Text(RawScalar(Spanned::new(
            text.to_owned(),
            FileSpan::default(),
        )));
        let rate = FrameRate::from_fps(24);
        let found = resolve_transition(&mut context, &written, side, rate);
        let messages = diagnostics.into_iter().map(|found| found.message);
        (found, messages.collect())
    }

    #[test]
    fn every_name_of_the_table_is_read_where_it_belongs() {
        for known in &NAMES {
            let sides = [TransitionSide::In, TransitionSide::Out];
            let found = sides.iter().filter_map(|side| read(known.name, *side).0);
            let found: Vec<ShotTransition> = found.collect();
            assert!(!found.is_empty(), "{}", known.name);
            assert!(
                found
                    .iter()
                    .all(|own| own.frames == known.shape.usual_frames())
            );
        }
    }

    #[test]
    fn names_are_read_as_people_and_editors_write_them() {
        for (text, name, frames) in [
            ("dissolve 12", "dissolve", 12),
            ("Cross Dissolve 6", "dissolve", 6),
            ("dissolve 0.5s", "dissolve", 12),
            ("fade-to-black", "fade_to_black", 24),
            ("fade", "fade_to_black", 24),
            ("dip to white 8", "dip_to_white", 8),
            ("wipe", "wipe_right", 12),
            ("CUT", "cut", 0),
        ] {
            let (found, messages) = read(text, TransitionSide::Out);
            let found = found.unwrap_or_else(|| panic!("{text}: {messages:?}"));
            assert_eq!((found.kind.name(), found.frames), (name, frames), "{text}");
        }
    }

    #[test]
    fn a_length_in_a_name_is_not_part_of_the_name() {
        let help = |name| length_help(name).unwrap_or_default();
        assert!(help("12").contains("before its length"));
        assert!(help("dissolve_twelve").contains("behind `dissolve`"));
        assert!(help("fade_in_half").contains("behind `fade_in`"));
        assert_eq!(length_help("disolve"), None);
        assert_eq!(length_help("cutaway"), None);
    }

    #[test]
    fn lengths_and_sides_that_mean_nothing_are_reported() {
        for (text, side, expected) in [
            (
                "disolve 12",
                TransitionSide::In,
                "unknown transition `disolve`",
            ),
            ("12", TransitionSide::In, "unknown transition `12`"),
            (
                "Dissolve twelve",
                TransitionSide::In,
                "unknown transition `Dissolve twelve`",
            ),
            ("", TransitionSide::In, "unknown transition"),
            ("dissolve 0", TransitionSide::In, "no length"),
            ("dissolve -3", TransitionSide::In, "no length"),
            ("dissolve 99999", TransitionSide::In, "no length"),
            ("dissolve 1e9s", TransitionSide::In, "no length"),
            ("cut 5", TransitionSide::In, "a cut has no length"),
            ("fade_out", TransitionSide::In, "is how a shot ends"),
            (
                "fade_from_black",
                TransitionSide::Out,
                "is how a shot begins",
            ),
            ("fade_in", TransitionSide::Default, "not about a cut"),
        ] {
            let (found, messages) = read(text, side);
            assert_eq!(found, None, "{text}");
            assert!(
                messages.len() == 1 && messages[0].contains(expected),
                "{text}: {messages:?}"
            );
        }
    }
}
