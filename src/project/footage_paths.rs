//! The paths of the footage that shots name, as they are written.

use crate::document::TextOr;
use crate::document::draft::{FootageDraft, ProductionDraft, ShotDraft};
use std::collections::BTreeSet;

/// Returns every path of footage, each once.
pub(super) fn footage_paths(draft: &ProductionDraft) -> BTreeSet<String> {
    let listed = match &draft.shots {
        Some(TextOr::Full(shots)) => shots.as_slice(),
        _ => &[],
    };
    let of_beats = draft.beats.iter().flatten().filter_map(|beat| match beat {
        TextOr::Full(beat) => beat.shot.as_ref(),
        TextOr::Text(_) => None,
    });
    listed
        .iter()
        .chain(of_beats)
        .chain(&draft.defaults)
        .flat_map(|shot| {
            let takes = shot.takes.iter().flatten().map(|(_, take)| take);
            std::iter::once(shot).chain(takes)
        })
        .filter_map(written_path)
        .collect()
}

fn written_path(shot: &ShotDraft) -> Option<String> {
    let written = match shot.frames.as_ref()? {
        TextOr::Text(text) => &text.0,
        TextOr::Full(FootageDraft { path, .. }) => path.as_ref()?,
    };
    (!written.is_placeholder).then(|| written.value.clone())
}
