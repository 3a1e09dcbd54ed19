//! Values of texts over pictures: colours, lengths, shots, motions.

use super::context::ResolveContext;
use super::document_shots::{TextStart, parts_between, report_cut_away, start_in_cut};
use super::value_parsers::{parse_duration, read_colour};
use crate::base::suggestions::did_you_mean;
use crate::base::{DiagnosticCode, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::document::titles_draft::TitleMotionDraft;
use crate::document::{RawScalar, TextOr};
use crate::model::FrameRate;
use crate::model::cut::ScreenColour;
use crate::model::production::Shot;
use crate::model::titles::{MotionKind, TitleMotion};
use serde::de::DeserializeOwned;

/// Seconds that a title takes to come or to go if nothing says otherwise.
const MOTION_SECONDS: f64 = 0.5;

/// Reports a value about titles that cannot be read.
pub(super) fn report_title_value(
    context: &mut ResolveContext<'_>,
    origin: FileSpan,
    message: String,
    help: String,
) {
    context.report_error("production::titles::bad_value", origin, message, Some(help));
}

/// Returns a colour. `None`: it is unset, or reported.
pub(super) fn read_screen_colour(
    context: &mut ResolveContext<'_>,
    written: Option<&Spanned<String>>,
) -> Option<ScreenColour> {
    read_colour(context, written?).map(ScreenColour)
}

/// Returns a colour that may be `off`. The outer `None`: it is unset, or reported.
pub(super) fn read_colour_or_off(
    context: &mut ResolveContext<'_>,
    written: Option<&Spanned<String>>,
) -> Option<Option<ScreenColour>> {
    let is_off = written.is_some_and(|word| word.value.trim().eq_ignore_ascii_case("off"));
    if is_off {
        return Some(None);
    }
    read_screen_colour(context, written).map(Some)
}

/// Returns a length in frames. `None`: it is unset, or reported.
pub(super) fn read_length(
    context: &mut ResolveContext<'_>,
    written: Option<&RawScalar>,
    rate: FrameRate,
) -> Option<usize> {
    parse_duration(context, written?, rate).map(|length| length.value)
}

/// Returns the frames in some seconds, at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds come from a table, and rates are limited"
)]
pub(super) fn frames_in(seconds: f64, rate: FrameRate) -> usize {
    ((seconds * rate.as_f64()).round() as usize).max(1)
}

/// Returns the index of a shot by name. `None`: there is none, which is reported.
fn find_text_shot(
    context: &mut ResolveContext<'_>,
    shots: &[Shot],
    name: &Spanned<String>,
    code: DiagnosticCode,
) -> Option<usize> {
    let wanted = name.value.trim();
    let names = || shots.iter().map(|shot| shot.name.value.as_str());
    let found = names().position(|shot| shot == wanted);
    if found.is_none() {
        let message = format!("{} is no shot", quote_value(&name.value));
        let help = context
            .allowance
            .search(|| did_you_mean(wanted, names()))
            .unwrap_or_else(|| "write the name of a shot".to_owned());
        context.report_error(code, name.origin, message, Some(help));
    }
    found
}

/// Where a text is to begin.
pub(super) struct TextRequest {
    /// What it is: `the title`.
    pub(super) noun: &'static str,
    /// The code of a shot that is none.
    pub(super) code: DiagnosticCode,
    /// The frame of the shot, if one is written.
    pub(super) start: Option<usize>,
    /// How many frames it lasts.
    pub(super) length: usize,
}

/// Where a text begins.
pub(super) enum FoundStart {
    /// In this shot.
    InCut(TextStart),
    /// In a shot of the document that the cut has not.
    Absent(Spanned<String>),
}

/// Returns where a text begins; without a shot, in the first. `None`: there is no such shot, or the
/// cut has not the frames that it is over, which is reported.
pub(super) fn find_text_start(
    context: &mut ResolveContext<'_>,
    shots: &[Shot],
    shot: Option<&Spanned<String>>,
    request: &TextRequest,
) -> Option<FoundStart> {
    let frame = request.start.unwrap_or(0);
    let Some(name) = shot else {
        return Some(FoundStart::InCut(TextStart { shot: 0, frame }));
    };
    if name.is_placeholder {
        return None;
    }
    if let Some(document) = context.document_shot(&name.value) {
        if parts_between(shots, document..=document).next().is_none() {
            return Some(FoundStart::Absent(name.clone()));
        }
        let found = start_in_cut(shots, document, request.start, request.length);
        if found.is_none() {
            report_cut_away(context, name, request.noun);
        }
        return found.map(FoundStart::InCut);
    }
    let shot = find_text_shot(context, shots, name, request.code)?;
    Some(FoundStart::InCut(TextStart { shot, frame }))
}

/// Returns how a title comes or goes. `None`: at once.
pub(super) fn read_motion(
    context: &mut ResolveContext<'_>,
    written: Option<&TextOr<TitleMotionDraft>>,
    usual: MotionKind,
    rate: FrameRate,
) -> Option<TitleMotion> {
    let empty = TitleMotionDraft::default();
    let own = match written {
        Some(TextOr::Full(own)) => own,
        Some(TextOr::Text(_)) | None => &empty,
    };
    let named = match written {
        Some(TextOr::Text(word)) => read_word(context, &word.0, "motion", &MOTION_NAMES),
        _ => own.kind.map(|kind| kind.value),
    };
    let kind = named.unwrap_or(usual);
    let frames = read_length(context, own.lasts.as_ref(), rate);
    (kind != MotionKind::Cut).then(|| TitleMotion {
        kind,
        frames: frames.unwrap_or_else(|| frames_in(MOTION_SECONDS, rate)),
        easing: own.easing.map(|easing| easing.value).unwrap_or_default(),
    })
}

const MOTION_NAMES: [&str; 7] = [
    "cut",
    "fade",
    "rise",
    "sink",
    "slide_right",
    "slide_left",
    "wipe",
];

/// Returns the value of a word that a document may write in place of fields. `None`: there is none
/// of this name, which is reported.
pub(super) fn read_word<T: DeserializeOwned>(
    context: &mut ResolveContext<'_>,
    word: &Spanned<String>,
    noun: &str,
    names: &[&'static str],
) -> Option<T> {
    if word.is_placeholder {
        return None;
    }
    let name = word.value.trim().to_ascii_lowercase();
    let value = serde_json::from_value(serde_json::Value::String(name.clone())).ok();
    if value.is_none() {
        let message = format!("{} is no {noun}", quote_value(&word.value));
        let near = context
            .allowance
            .search(|| did_you_mean(&name, names.iter().copied()));
        let help = near.unwrap_or_else(|| format!("known are {}", names.join(", ")));
        report_title_value(context, word.origin, message, help);
    }
    value
}
