//! How long a shot is: by its frame range, its duration, its footage or its template.

use super::context::ResolveContext;
use super::footage::WrittenFootage;
use super::value_parsers::{parse_duration, parse_frames};
use crate::base::{FileSpan, Spanned};
use crate::document::ScalarOrList;
use crate::document::draft::ShotDraft;
use crate::model::{FrameList, FrameRate, defaults};

/// Frame rate in which templates count their durations.
// Templates are shared by productions of all rates. Their durations are converted, so that a
// close-up lasts as long at 60 frames a second as at 24.
const TEMPLATE_RATE: FrameRate = FrameRate::from_fps(24);

/// First frame of a shot without a frame range.
// 1001 is the custom in visual effects: handles before it stay positive. Each shot counts for
// itself, so a new length of one shot changes no frame number, and no cached frame, of another.
pub(super) const FIRST_FRAME: i32 = 1001;

/// The frames of a shot, and the fields that say how many.
pub(super) struct ShotLength {
    pub(super) frames: FrameList,
    /// The place of the frame range, if one is written.
    pub(super) range_origin: Option<FileSpan>,
    /// The length by `duration`, if one is written.
    pub(super) duration: Option<Spanned<usize>>,
    /// Whether the shot says how long it is, or its footage does.
    pub(super) is_written: bool,
}

/// Returns the length that the shot or else its template `base` gives.
pub(super) fn resolve_length(
    context: &mut ResolveContext<'_>,
    own: &ShotDraft,
    base: &ShotDraft,
    rate: FrameRate,
    footage: Option<&WrittenFootage>,
) -> ShotLength {
    // A written duration is in frames of the production's rate, a template's in frames of
    // `TEMPLATE_RATE`.
    let duration = own
        .duration
        .as_ref()
        .and_then(|text| parse_duration(context, text, rate));
    let range = own
        .frame_range
        .as_ref()
        .and_then(|written| parse_frames(context, written));
    let template_duration = base
        .duration
        .as_ref()
        .and_then(|text| parse_duration(context, text, TEMPLATE_RATE));
    // A frame range takes precedence over a duration. A rule reports the two if they disagree.
    if let Some((mut frames, origin)) = range {
        // One number beside a length is where the shot begins.
        if let (Some(first), Some(length)) = (only_frame(own), duration.as_ref()) {
            frames = FrameList::count_from(first, u32::try_from(length.value).unwrap_or(u32::MAX));
        }
        return ShotLength {
            frames,
            range_origin: Some(origin),
            duration,
            is_written: true,
        };
    }
    // A shot of footage is as long as its footage, and its frames have the numbers of the pictures.
    let own_length = footage.and_then(|footage| footage.own_length(rate));
    let count = duration.map_or_else(
        || {
            let frames = template_duration.map_or(defaults::FRAMES, |frames| frames.value);
            let usual = || rate.resampled_count(frames, TEMPLATE_RATE);
            own_length.map_or_else(usual, |(_, count)| count)
        },
        |frames| frames.value,
    );
    let first = own_length.map_or(FIRST_FRAME, |(first, _)| first.unwrap_or(FIRST_FRAME));
    ShotLength {
        frames: FrameList::count_from(first, u32::try_from(count).unwrap_or(u32::MAX)),
        range_origin: None,
        is_written: duration.is_some() || own_length.is_some(),
        duration,
    }
}

/// Returns the frame of a range that is one number. `None`: it is written as a range.
fn only_frame(own: &ShotDraft) -> Option<i32> {
    match &own.frame_range {
        Some(ScalarOrList::One(text)) => text.value.trim().parse().ok(),
        _ => None,
    }
}
