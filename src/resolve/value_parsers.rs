//! Parses values from text: rates, sizes, durations, frame and scene ranges, colours, marks.

use super::colours;
use super::context::ResolveContext;
use crate::base::suggestions::nearest_match;
use crate::base::{Diagnostic, DiagnosticCode, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::document::{RawScalar, ScalarOrList};
use crate::model::shot_staging::StageMark;
use crate::model::sound::sample_at_frame;
use crate::model::{
    FrameList, FrameRate, PixelSize, SceneNumber, UnclearRate, defaults, value_ranges,
};

/// Parses a frame rate from 1 to 240: `24`, `23.976` or `24000/1001`.
pub(super) fn parse_rate(context: &mut ResolveContext<'_>, text: &RawScalar) -> Option<FrameRate> {
    if text.is_placeholder {
        return None;
    }
    if let Some(unclear) = FrameRate::parse_unclear(&text.value) {
        report_unclear_rate(context, text, &unclear);
        return None;
    }
    let rate =
        FrameRate::parse(&text.value).filter(|rate| value_ranges::RATE.contains(rate.as_f64()));
    if rate.is_none() {
        let message = format!(
            "{} is not a frame rate from 1 to 240",
            quote_value(&text.value)
        );
        let help = "write `24`, `23.976` or `30000/1001`".to_owned();
        context.report_error(
            "production::value::bad_rate",
            text.origin,
            message,
            Some(help),
        );
    }
    rate
}

/// Reports a decimal that may stand for several rates.
fn report_unclear_rate(context: &mut ResolveContext<'_>, text: &RawScalar, unclear: &UnclearRate) {
    let UnclearRate {
        broadcast,
        whole,
        literal,
    } = unclear;
    let written = quote_value(&text.value);
    let (near, help) = match broadcast {
        Some(rate) => (
            format!("{rate}"),
            format!(
                "write `{rate}` ({:.3}), `{whole}`, or `{literal}` if you mean exactly {}",
                rate.as_f64(),
                text.value.trim()
            ),
        ),
        None => (
            format!("{whole}"),
            format!(
                "write `{whole}`, or `{literal}` if you mean exactly {}",
                text.value.trim()
            ),
        ),
    };
    // An error and no warning: a film at 2397/100 is off by a frame after three minutes, and no
    // player or broadcaster expects it.
    context.report_error(
        "production::value::unclear_rate",
        text.origin,
        format!("{written} is next to the frame rate {near} but is not it"),
        Some(help),
    );
}

/// Parses a picture size: `1920x1080` or `[1920, 1080]`.
pub(super) fn parse_size(
    context: &mut ResolveContext<'_>,
    written: &ScalarOrList,
) -> Option<PixelSize> {
    let (parts, origin, hole) = match written {
        ScalarOrList::One(text) => (
            text.value
                // The multiplication sign is what word processors make of an x.
                .split(['x', 'X', '×'])
                .map(str::to_owned)
                .collect(),
            text.origin,
            text.is_placeholder,
        ),
        ScalarOrList::List(list) => {
            let parts: Vec<String> = list.value.iter().map(|part| part.value.clone()).collect();
            (
                parts,
                list.origin,
                list.is_placeholder || list.value.iter().any(|part| part.is_placeholder),
            )
        }
    };
    let numbers: Vec<u32> = parts
        .iter()
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    match numbers.as_slice() {
        _ if hole => None,
        [width, height]
            // `1920xa` has one number and `1920x1080x3` has three parts; both are refused here.
            if parts.len() == 2
                && value_ranges::SIDE.contains(*width)
                && value_ranges::SIDE.contains(*height) =>
        {
            Some(PixelSize::new(*width, *height))
        }
        _ => {
            let help =
                "write width and height in pixels, each from 1 to 16384: `1920x1080` or `[1920, 1080]`"
                    .to_owned();
            context.report_error(
                "production::value::bad_size",
                origin,
                "this is not a picture size".to_owned(),
                Some(help),
            );
            None
        }
    }
}

/// Parses a duration in frames at `rate`: `96`, or seconds as in `4s`.
pub(super) fn parse_duration(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    rate: FrameRate,
) -> Option<Spanned<usize>> {
    if text.is_placeholder {
        return None;
    }
    let frames = match text.value.trim().strip_suffix('s') {
        Some(seconds) => seconds
            .trim()
            .parse()
            .ok()
            .and_then(|seconds| seconds_to_frames(seconds, rate)),
        None => text
            .value
            .trim()
            .parse()
            .ok()
            .filter(|frames| (1..=crate::model::frame_list::MAX_FRAMES).contains(frames)),
    };
    if frames.is_none() {
        let message = format!("{} is not a duration", quote_value(&text.value));
        let help =
            "write a number of frames such as `96`, or seconds such as `4s`; at least one frame"
                .to_owned();
        context.report_error(
            "production::value::bad_duration",
            text.origin,
            message,
            Some(help),
        );
    }
    frames.map(|frames| Spanned::new(frames, text.origin))
}

/// A moment within a shot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ShotMoment {
    /// Frames after the first.
    Frames(usize),
    /// Seconds after the start.
    Seconds(f64),
}

impl ShotMoment {
    /// Returns the samples from the start of the shot.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "moments are not negative and at most a day"
    )]
    pub(super) fn samples(self, rate: FrameRate, sample_rate: u32) -> u64 {
        match self {
            Self::Frames(frames) => sample_at_frame(frames, rate, sample_rate),
            Self::Seconds(seconds) => (seconds * f64::from(sample_rate)).round() as u64,
        }
    }

    /// Returns the frame, rounded to the nearest.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "moments are not negative and at most a day"
    )]
    pub(super) fn frame(self, rate: FrameRate) -> usize {
        match self {
            Self::Frames(frames) => frames,
            Self::Seconds(seconds) => (seconds * rate.as_f64()).round() as usize,
        }
    }
}

/// Longest moment in seconds: a day.
const MOST_SECONDS: f64 = 86_400.0;

/// Parses a moment within a shot: a frame counted from 0, or seconds as in `1.5s`.
pub(super) fn parse_moment(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
) -> Option<ShotMoment> {
    parse_moment_with_code(context, text, "production::sound::bad_value")
}

/// As [`parse_moment`], with the code of the finding.
pub(super) fn parse_moment_with_code(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    code: DiagnosticCode,
) -> Option<ShotMoment> {
    if text.is_placeholder {
        return None;
    }
    let written = text.value.trim();
    let moment = match written.strip_suffix('s') {
        Some(seconds) => seconds
            .trim()
            .parse()
            .ok()
            .filter(|seconds| (0.0..=MOST_SECONDS).contains(seconds))
            .map(ShotMoment::Seconds),
        None => written
            .parse()
            .ok()
            .filter(|frames| *frames <= crate::model::frame_list::MAX_FRAMES)
            .map(ShotMoment::Frames),
    };
    if moment.is_none() {
        let message = format!("{} is no moment of a shot", quote_value(&text.value));
        let help = "write a frame counted from 0 such as `48`, or seconds such as `2s`".to_owned();
        context.report_error(code, text.origin, message, Some(help));
    }
    moment
}

/// Returns the frames in `seconds`, rounded. `None`: less than one frame, or more than a day at 60
/// frames a second.
pub(super) fn seconds_to_frames(seconds: f64, rate: FrameRate) -> Option<usize> {
    let frames = (seconds * rate.as_f64()).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "range-checked on the same line"
    )]
    // A limit here turns a slip such as `4000000s` into an error instead of a plan that fills the
    // memory.
    (1.0..=5_184_000.0)
        .contains(&frames)
        .then_some(frames as usize)
}

/// Parses a frame range in the grammar of visual effects, or as a list of first and last frame.
/// Returns its origin too.
pub(super) fn parse_frames(
    context: &mut ResolveContext<'_>,
    written: &ScalarOrList,
) -> Option<(FrameList, FileSpan)> {
    match written {
        ScalarOrList::One(text) if text.is_placeholder => None,
        ScalarOrList::One(text) => parse_range_text(context, text),
        ScalarOrList::List(list)
            if list.is_placeholder || list.value.iter().any(|part| part.is_placeholder) =>
        {
            None
        }
        ScalarOrList::List(list) => parse_range_ends(context, list),
    }
}

fn parse_range_text(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
) -> Option<(FrameList, FileSpan)> {
    let error = match FrameList::parse(&text.value) {
        Ok(frames) => return Some((frames, text.origin)),
        Err(error) => error,
    };
    let diagnostic = Diagnostic::error(
        "production::frames::bad_range",
        error_origin(text, &error),
        error.why,
    );
    let diagnostic = diagnostic.with_optional_help(range_help(&text.value));
    // A fix replaces text, so it needs the exact place of the content in the file.
    let meant =
        correct_step_syntax(&text.value).and_then(|meant| Some((content_origin(text)?, meant)));
    context.diagnostics.push(match meant {
        Some((place, meant)) => diagnostic.with_fix(place, meant),
        None => diagnostic,
    });
    None
}

fn parse_range_ends(
    context: &mut ResolveContext<'_>,
    list: &Spanned<Vec<RawScalar>>,
) -> Option<(FrameList, FileSpan)> {
    let ends: Vec<i32> = list
        .value
        .iter()
        .filter_map(|part| part.value.trim().parse().ok())
        .collect();
    let (message, help) = match ends.as_slice() {
        [first, last]
            if list.value.len() == 2
                && first <= last
                && i64::from(*last) - i64::from(*first) < 5_184_000 =>
        {
            return Some((FrameList::from_bounds(*first, *last), list.origin));
        }
        // A reversed range has its own message, which gives the corrected one.
        [first, last] if last < first => (
            format!("the range ends ({last}) before it starts ({first})"),
            format!("write `{last}-{first}`"),
        ),
        _ => (
            "this is not a frame range".to_owned(),
            "write first and last frame: `[1, 120]` or `1-120`".to_owned(),
        ),
    };
    let code = "production::frames::bad_range";
    context.report_error(code, list.origin, message, Some(help));
    None
}

/// Returns the span of the offending part, or of the whole value if its text was quoted or escaped.
fn error_origin(text: &RawScalar, error: &crate::model::frame_range::FrameRangeError) -> FileSpan {
    // Equal lengths mean that no quote or escape changed the text, so offsets are valid in the
    // file.
    let plain = text.origin.len() == text.value.len() && error.len > 0;
    let part = |n: usize| u32::try_from(n).unwrap_or(0);
    if plain {
        text.origin.sub_span(part(error.offset), part(error.len))
    } else {
        text.origin
    }
}

/// Returns the span of the text without its quotes. `None`: the text has escapes.
pub(super) fn content_origin(text: &Spanned<String>) -> Option<FileSpan> {
    let len = u32::try_from(text.value.len()).ok()?;
    match text.origin.len().checked_sub(text.value.len())? {
        0 => Some(text.origin),
        2 => Some(text.origin.sub_span(1, len)),
        _ => None,
    }
}

/// Returns the range with `x` in place of `:` before its steps, if every `:` stands for a step.
fn correct_step_syntax(text: &str) -> Option<String> {
    // `1-100:2` clearly means a step, and some programs write it so. `1:100` is a range in others
    // and a frame with a step in ours; guessing would be wrong for half of the readers.
    let has_span = |part: &str| {
        part.split_once(':')
            .is_none_or(|(span, _)| span.trim().get(1..).is_some_and(|rest| rest.contains('-')))
    };
    let stepped = text.replace(':', "x");
    (text.contains(':') && text.split(',').all(has_span) && FrameList::parse(&stepped).is_ok())
        .then_some(stepped)
}

// The most specific help first: a corrected text, a swapped range, the grammar.
fn range_help(text: &str) -> Option<String> {
    if let Some(stepped) = correct_step_syntax(text) {
        return Some(format!("write `{stepped}`"));
    }
    let (first, last) = text.split_once('-')?;
    let swapped = format!("{}-{}", last.trim(), first.trim());
    Some(if FrameList::parse(&swapped).is_ok() {
        format!("write `{swapped}`")
    } else {
        "ranges look like `1001-1100`, `1-100x2` or `1-10,20`".to_owned()
    })
}

/// Parses the number of a scene. If it is none, that is reported, and a placeholder is returned.
pub(super) fn parse_scene(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
) -> Spanned<SceneNumber> {
    let number = SceneNumber::parse(&text.value).filter(|_| !text.is_placeholder);
    if number.is_none() && !text.is_placeholder {
        let message = format!("{} is not the number of a scene", quote_value(&text.value));
        let help = "write it as the script does, such as `5`, `5A` or `1-3`: letters, digits, `-` \
            and `.`, at most 32"
            .to_owned();
        context.report_error(
            "production::value::bad_scene",
            text.origin,
            message,
            Some(help),
        );
    }
    Spanned {
        is_placeholder: number.is_none(),
        ..Spanned::new(
            number.unwrap_or_else(|| SceneNumber::from_count(defaults::SCENE)),
            text.origin,
        )
    }
}

/// Parses `rrggbb`, with or without `#`, or a CSS colour name.
pub(super) fn parse_colour(text: &str) -> Option<[u8; 3]> {
    // Names come first; no name has six hexadecimal digits.
    if let Some(colour) = colours::named_colour(text.trim()) {
        return Some(colour);
    }
    let hex = text.trim().trim_start_matches('#');
    let channel = |offset: usize| u8::from_str_radix(hex.get(offset..offset + 2)?, 16).ok();
    // Three digits and alpha are refused: palettes are exact, and CSS's short forms are rarely
    // meant here.
    if hex.len() == 6 {
        Some([channel(0)?, channel(2)?, channel(4)?])
    } else {
        None
    }
}

/// Returns the colour that a text is. `None`: it is none, which is reported.
pub(super) fn read_colour(
    context: &mut ResolveContext<'_>,
    text: &Spanned<String>,
) -> Option<[u8; 3]> {
    let parsed = parse_colour(&text.value);
    if parsed.is_none() && !text.is_placeholder {
        let message = format!("{} is not a colour", quote_value(&text.value));
        context.report_error(
            "production::value::bad_colour",
            text.origin,
            message,
            Some(colour_help(&text.value)),
        );
    }
    parsed
}

/// Suggests the nearest colour name, or else shows both forms.
fn colour_help(text: &str) -> String {
    // Digits are near no name, so a bad hexadecimal number gets the second text.
    match nearest_match(text, colours::colour_names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write six hexadecimal digits such as `\"9bbc0f\"`, or a name such as `olive`"
            .to_owned(),
    }
}

/// Parses a mark: a name, or `[x, y, z]` in metres. `position` serves if the set has no such node.
pub(super) fn parse_mark(
    context: &mut ResolveContext<'_>,
    written: &ScalarOrList,
    position: [f32; 3],
) -> StageMark {
    match written {
        ScalarOrList::One(text) => StageMark {
            // The set is opened by the renderer. Until then the usual position stands for the node.
            position: default_mark_position(&text.value).unwrap_or(position),
            node: Some(text.value.clone()),
        },
        ScalarOrList::List(list) => {
            let numbers: Vec<f32> = list
                .value
                .iter()
                .filter_map(|part| part.value.trim().parse().ok())
                .collect();
            let metres = <[f32; 3]>::try_from(numbers).ok().filter(|point| {
                point
                    .iter()
                    .all(|metres| value_ranges::METRES.contains(*metres))
            });
            if metres.is_none() && !list.is_placeholder {
                let help =
                    "write a mark of the set by name, or `[x, y, z]` in metres, each within 1000"
                        .to_owned();
                context.report_error(
                    "production::value::bad_mark",
                    list.origin,
                    "this is not a mark".to_owned(),
                    Some(help),
                );
            }
            StageMark {
                node: None,
                position: metres.unwrap_or(position),
            }
        }
    }
}

/// Returns the position, in metres, of a mark that the built-in sets share. `None`: no such mark.
pub(super) fn default_mark_position(mark: &str) -> Option<[f32; 3]> {
    match mark {
        "mark_a" => Some([-0.65, 0.0, 0.0]),
        "mark_b" => Some([0.65, 0.0, 0.0]),
        "mark_c" => Some([0.0, 0.0, -0.6]),
        "mark_enter" => Some([-0.3, 0.0, -4.0]),
        "mark_prop" => Some([0.0, 0.0, 0.4]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_is_a_step_only_after_a_range() {
        assert_eq!(
            correct_step_syntax("1-100:2, 200-300:5").as_deref(),
            Some("1-100x2, 200-300x5")
        );
        assert_eq!(correct_step_syntax("1:100"), None);
        assert_eq!(correct_step_syntax("-5:2"), None);
    }

    #[test]
    fn colours_need_six_digits() {
        assert_eq!(parse_colour("#9bbc0f"), Some([0x9b, 0xbc, 0x0f]));
        assert_eq!(parse_colour("#9bc"), None);
        assert_eq!(parse_colour("ä9bbc"), None);
    }
}
