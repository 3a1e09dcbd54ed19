//! Values of texts over pictures: colours, lengths, shots, motions.

use super::context::ResolveContext;
use super::document_shots::{
    TextStart, last_shot_in_cut, parts_between, place_in_document, report_cut_away, start_in_cut,
};
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
    // `off` is a value here and no missing one: it removes what the style has.
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

/// Where a text is to begin, and where it ends at the latest.
pub(super) struct TextRequest<'a> {
    /// What it is: `the title`.
    pub(super) noun: &'static str,
    /// The code of a shot that is none.
    pub(super) code: DiagnosticCode,
    /// The code of a shot with which it cannot end.
    pub(super) bad_value: DiagnosticCode,
    /// The name of the last shot over which it may be seen. `None`: that in which it begins.
    pub(super) until: Option<&'a Spanned<String>>,
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

/// Returns where a text begins, without a shot in the first, and the last shot that it is over.
/// `None`: there is no such shot, or the cut has not the frames that it is over, which is reported.
pub(super) fn find_text_start(
    context: &mut ResolveContext<'_>,
    shots: &[Shot],
    shot: Option<&Spanned<String>>,
    request: &TextRequest<'_>,
) -> Option<FoundStart> {
    let found = find_own_start(context, shots, shot, request)?;
    let FoundStart::InCut(start) = found else {
        return Some(found);
    };
    let begins = place_in_document(shots, start.shot);
    let until = request
        .until
        .and_then(|name| find_until(context, shots, name, begins, request));
    // By places in the document: a timeline of another program may have moved or removed the shots
    // between.
    let last = last_shot_in_cut(shots, start.shot, until.unwrap_or(begins));
    Some(FoundStart::InCut(TextStart { last, ..start }))
}

/// Returns the place in the document of the shot that `until` names. `None`: it is unset, or
/// reported.
fn find_until(
    context: &mut ResolveContext<'_>,
    shots: &[Shot],
    name: &Spanned<String>,
    begins: usize,
    request: &TextRequest<'_>,
) -> Option<usize> {
    if name.is_placeholder {
        return None;
    }
    // The document first: the cut may be without this shot.
    let until = match context.document_shot(&name.value) {
        Some(until) => until,
        None => {
            let shot = find_text_shot(context, shots, name, request.code)?;
            place_in_document(shots, shot)
        }
    };
    if until >= begins {
        return Some(until);
    }
    let shot = quote_value(name.value.trim());
    let message = format!("{shot} is before the shot in which {} begins", request.noun);
    let help = "name its own shot or a later one, or leave `until` out".to_owned();
    context.report_error(request.bad_value, name.origin, message, Some(help));
    None
}

fn find_own_start(
    context: &mut ResolveContext<'_>,
    shots: &[Shot],
    shot: Option<&Spanned<String>>,
    request: &TextRequest<'_>,
) -> Option<FoundStart> {
    let frame = request.start.unwrap_or(0);
    let Some(name) = shot else {
        return Some(FoundStart::InCut(TextStart::within(0, frame)));
    };
    if name.is_placeholder {
        return None;
    }
    if let Some(document) = context.document_shot(&name.value) {
        // The document has the shot and the cut has not. That is the choice of an editor, and no
        // mistake in a name.
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
    Some(FoundStart::InCut(TextStart::within(shot, frame)))
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
    // Read for a cut too, so that a mistake in it is reported.
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
