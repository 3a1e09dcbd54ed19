//! Resolves the clips and the cell of a sprite sheet.

use super::context::ResolveContext;
use super::value_parsers::{parse_rate, parse_size};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::OutputDraft;
use crate::document::sprite_draft::{SpriteClipDraft, SpritesDraft};
use crate::document::{RawScalar, ScalarOrList, TextOr};
use crate::model::sprites::{ClipSampling, SheetClip, SpriteClip};
use crate::model::{FrameRate, PixelSize, value_ranges};
use std::collections::HashSet;

/// Frames a second, if none are written: animation on twos.
const RATE: FrameRate = FrameRate::from_fps(12);
/// Size of a frame, if none is written.
const CELL: PixelSize = PixelSize::new(64, 64);
/// The tag of a model at rest.
const STILL: &str = "still";
/// The tag of a turntable of a model at rest.
const TURNTABLE: &str = "turntable";

/// Returns the frames a second of clips that say nothing about their frames.
pub(super) fn sheet_rate(context: &mut ResolveContext<'_>, own: &OutputDraft) -> FrameRate {
    let written = own.frame_rate.as_ref();
    written
        .and_then(|text| parse_rate(context, text))
        .unwrap_or(RATE)
}

/// Returns the size of a frame.
pub(super) fn cell_size(
    context: &mut ResolveContext<'_>,
    sprites: &SpritesDraft,
    origin: FileSpan,
) -> Spanned<PixelSize> {
    let Some(written) = &sprites.cell else {
        return Spanned::new(CELL, origin);
    };
    let origin = match written {
        ScalarOrList::One(text) => text.origin,
        ScalarOrList::List(list) => list.origin,
    };
    Spanned::new(parse_size(context, written).unwrap_or(CELL), origin)
}

/// Returns the clips of a sheet. Without any it shows the model at rest.
pub(super) fn resolve_clips(
    context: &mut ResolveContext<'_>,
    sprites: &SpritesDraft,
    subject: &Spanned<String>,
    rate: FrameRate,
) -> Vec<SheetClip> {
    let written = sprites.clips.as_ref().filter(|clips| !clips.is_empty());
    let Some(written) = written else {
        return vec![still_clip(subject)];
    };
    let mut tags = HashSet::new();
    let clips = written.iter().filter_map(|written| {
        let draft = match written {
            TextOr::Text(name) => SpriteClipDraft {
                clip: Some(name.0.clone()),
                ..SpriteClipDraft::default()
            },
            TextOr::Full(draft) => draft.clone(),
        };
        resolve_clip(context, &draft, subject, rate, &mut tags)
    });
    clips.collect()
}

fn still_clip(subject: &Spanned<String>) -> SheetClip {
    SheetClip {
        name: subject.clone(),
        tag: STILL.to_owned(),
        drawn: SpriteClip {
            clip: None,
            sampling: ClipSampling::Frames(1),
            repeats: true,
        },
    }
}

fn resolve_clip(
    context: &mut ResolveContext<'_>,
    draft: &SpriteClipDraft,
    subject: &Spanned<String>,
    rate: FrameRate,
    tags: &mut HashSet<String>,
) -> Option<SheetClip> {
    let name = match (&draft.clip, &draft.turn) {
        (Some(name), _) => name.clone(),
        (None, Some(turn)) => Spanned::new(TURNTABLE.to_owned(), turn.origin),
        (None, None) => {
            let message = "this entry of `clips` names no clip".to_owned();
            let help = "write `clip:` with the name of a clip of the model";
            report_clip(context, entry_origin(draft, subject), message, help);
            return None;
        }
    };
    if name.is_placeholder {
        return None;
    }
    // Blender exports a clip as `Armature|walk`, and a game asks for `walk`.
    let short = name.value.rsplit('|').next().unwrap_or_default().trim();
    let tag = draft.tag.as_ref().map_or(short, |tag| tag.value.trim());
    let tag_origin = draft.tag.as_ref().map_or(name.origin, |tag| tag.origin);
    if tag.is_empty() {
        let message = "a clip of a sprite sheet has a name".to_owned();
        report_clip(context, tag_origin, message, "write the name of a clip");
        return None;
    }
    // A game asks for a clip by its tag, and would get one of the two.
    if !tags.insert(tag.to_owned()) {
        let message = format!("two clips of this sprite sheet are called `{tag}`");
        report_clip(
            context,
            tag_origin,
            message,
            "give one of them a `tag` of its own",
        );
    }
    Some(SheetClip {
        tag: tag.to_owned(),
        drawn: SpriteClip {
            clip: draft.clip.as_ref().map(|clip| clip.value.clone()),
            sampling: resolve_sampling(context, draft, rate),
            repeats: draft.repeat.is_none_or(|repeat| repeat.value),
        },
        name,
    })
}

fn resolve_sampling(
    context: &mut ResolveContext<'_>,
    draft: &SpriteClipDraft,
    rate: FrameRate,
) -> ClipSampling {
    let range = value_ranges::SPRITE_FRAMES;
    let frames = context.in_range_opt("frames", &draft.frames, range);
    let turn = context.in_range_opt("turn", &draft.turn, range);
    let own = draft.rate.as_ref();
    let rate = own
        .and_then(|text| parse_rate(context, text))
        .unwrap_or(rate);
    // A turn has a number of frames and is shown at a rate. A clip has a length, so one of both is
    // enough.
    let rivals = match (&draft.turn, &draft.rate, &draft.frames) {
        (Some(_), _, Some(frames)) => Some((frames.origin, "`turn` or `frames`")),
        (None, Some(RawScalar(rate)), Some(_)) => Some((rate.origin, "`frames` or a `rate`")),
        _ => None,
    };
    if let Some((origin, names)) = rivals {
        let message = format!("a clip has {names}, not both");
        report_clip(context, origin, message, "leave one of them out");
    }
    match (turn, frames) {
        (Some(frames), _) => ClipSampling::Turn { frames, rate },
        (None, Some(frames)) => ClipSampling::Frames(frames),
        (None, None) => ClipSampling::Rate(rate),
    }
}

/// Returns a place in an entry without a name.
fn entry_origin(draft: &SpriteClipDraft, subject: &Spanned<String>) -> FileSpan {
    let tag = draft.tag.as_ref().map(|tag| tag.origin);
    let frames = draft.frames.as_ref().map(|frames| frames.origin);
    let rate = draft.rate.as_ref().map(|rate| rate.origin);
    let repeat = draft.repeat.as_ref().map(|repeat| repeat.origin);
    let written = tag.or(frames).or(rate).or(repeat);
    written.unwrap_or(subject.origin)
}

fn report_clip(context: &mut ResolveContext<'_>, origin: FileSpan, message: String, help: &str) {
    let code = "production::sprites::bad_clip";
    context.report_error(code, origin, message, Some(help.to_owned()));
}
