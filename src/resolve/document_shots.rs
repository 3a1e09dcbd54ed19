//! The shots of the document where a timeline of another program has another cut of them: what is
//! of a shot that the cut leaves out, and where a frame of a shot is in the cut.
//!
//! An editor who drops a shot makes no mistake. What the document has for it goes with it, and a
//! warning says so.

use super::context::ResolveContext;
use crate::base::{Diagnostic, DiagnosticCode, Spanned};
use crate::document::quote::quote_value;
use crate::model::SceneNumber;
use crate::model::production::Shot;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Something is of a shot, or of frames of one, that the cut has not.
const LOST_PART: DiagnosticCode = "production::recut::lost_part";

/// The shots of the document, in its order.
#[derive(Debug, Default)]
pub(super) struct DocumentShots {
    shots: Vec<(String, SceneNumber)>,
    indices: HashMap<String, usize>,
}

/// Where a title or a graphic begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextStart {
    /// Index of the shot.
    pub(super) shot: usize,
    /// The frame of the shot.
    pub(super) frame: usize,
    /// Index of the last shot over which it may be seen.
    pub(super) last: usize,
}

impl TextStart {
    /// Returns the start of what is over one shot alone.
    pub(super) const fn within(shot: usize, frame: usize) -> Self {
        Self {
            shot,
            frame,
            last: shot,
        }
    }

    /// Returns the frames from the start to the end of the last shot.
    pub(super) fn frames_left(self, shots: &[Shot]) -> usize {
        let shown = shots.get(self.shot..=self.last).unwrap_or_default();
        let frames: usize = shown.iter().map(|shot| shot.frames.len()).sum();
        frames.saturating_sub(self.frame)
    }
}

impl DocumentShots {
    pub(super) fn new(shots: &[Shot]) -> Self {
        let mut indices = HashMap::new();
        for (index, shot) in shots.iter().enumerate() {
            // The first of two with one name; a rule reports the second.
            indices.entry(shot.name.value.clone()).or_insert(index);
        }
        let names = shots.iter();
        Self {
            shots: names
                .map(|shot| (shot.name.value.clone(), shot.scene.value.clone()))
                .collect(),
            indices,
        }
    }

    /// Returns the place of a shot in the document.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.indices.get(name.trim()).copied()
    }

    /// Returns the name in the document of a shot of the cut. `None`: it has no shot at this place.
    pub(super) fn name(&self, index: usize) -> Option<&str> {
        self.shots.get(index).map(|(name, _)| name.as_str())
    }

    /// Returns whether the document has a shot that fits.
    pub(super) fn any(&self, mut is_wanted: impl FnMut(&str, &SceneNumber) -> bool) -> bool {
        self.shots
            .iter()
            .any(|(name, scene)| is_wanted(name, scene))
    }
}

/// Returns the place in the document of a shot of the cut; without a timeline of another program,
/// both are the same.
pub(super) fn place_in_document(shots: &[Shot], index: usize) -> usize {
    let recut = shots.get(index).and_then(|shot| shot.recut.as_ref());
    recut.map_or(index, |recut| recut.shot)
}

/// Returns the last shot of the cut over which something may be seen that begins in shot `first`,
/// if it may be over the shots of the document up to `until`. It ends where another shot follows.
pub(super) fn last_shot_in_cut(shots: &[Shot], first: usize, until: usize) -> usize {
    let wanted = place_in_document(shots, first)..=until;
    let is_other = |index: &usize| !wanted.contains(&place_in_document(shots, *index));
    let mut behind = first + 1..shots.len();
    // At least the first shot: a text is over the shot in which it begins.
    behind.find(is_other).unwrap_or(shots.len()).max(first + 1) - 1
}

/// Returns the shots of the cut that are parts of shots of the document, by their places in it.
pub(super) fn parts_between(
    shots: &[Shot],
    wanted: RangeInclusive<usize>,
) -> impl Iterator<Item = usize> {
    let parts = shots.iter().enumerate();
    parts
        .filter(move |(_, shot)| {
            let origin = shot.recut.as_ref().map(|recut| recut.shot);
            origin.is_some_and(|origin| wanted.contains(&origin))
        })
        .map(|(index, _)| index)
}

/// Returns where frames of a shot of the document begin in the cut. `frame`: the first that is
/// wanted, `None` if any will do; `length`: how many are. `None`: the cut has none of them.
pub(super) fn start_in_cut(
    shots: &[Shot],
    document: usize,
    frame: Option<usize>,
    length: usize,
) -> Option<TextStart> {
    let parts = || {
        parts_between(shots, document..=document).filter_map(|shot| {
            let first = shots[shot].recut.as_ref()?.first;
            Some((shot, first, shots[shot].frames.len()))
        })
    };
    let Some(frame) = frame.and_then(|frame| i64::try_from(frame).ok()) else {
        return parts().next().map(|(shot, ..)| TextStart::within(shot, 0));
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let holding = parts().find_map(|(shot, first, frames)| {
        // A negative number is a frame before this part.
        let own = usize::try_from(frame.saturating_sub(first)).ok()?;
        (own < frames).then_some(TextStart::within(shot, own))
    });
    // What begins in frames that were cut away, and continues behind them, begins with the part.
    let later = || {
        let mut later =
            parts().filter(|(_, first, _)| frame < *first && frame.saturating_add(length) > *first);
        later.next().map(|(shot, ..)| TextStart::within(shot, 0))
    };
    holding.or_else(later)
}

/// Reports what becomes of something that is of a shot that the cut has not: `the title goes with
/// it`.
pub(super) fn report_absent(context: &mut ResolveContext<'_>, name: &Spanned<String>, what: &str) {
    let shot = quote_value(name.value.trim());
    let message = format!("{shot} is not in the cut, so {what}");
    let help = "put the shot into the timeline to bring both back, or name another shot";
    report_lost(context, name, message, help);
}

/// Reports that something goes with frames of a shot that the cut has not.
pub(super) fn report_cut_away(
    context: &mut ResolveContext<'_>,
    name: &Spanned<String>,
    noun: &str,
) {
    let shot = quote_value(name.value.trim());
    let message =
        format!("{noun} is over frames of {shot} that the cut has not, and goes with them");
    let help = "lengthen the clip to where it begins, or write another `at`";
    report_lost(context, name, message, help);
}

/// Reports uses of shots of music that are apart from the others in the cut, and have none.
pub(super) fn report_apart(
    context: &mut ResolveContext<'_>,
    name: &Spanned<String>,
    first: &str,
    more: usize,
) {
    let first = quote_value(first);
    let message = match more {
        0 => format!("{first} is apart from the other shots of the music, and is without it"),
        more => format!(
            "{first} and {more} more are apart from the other shots of the music, and are without \
             it"
        ),
    };
    let help = format!("add a cue from {first}, if music shall play there too");
    report_lost(context, name, message, &help);
}

fn report_lost(
    context: &mut ResolveContext<'_>,
    name: &Spanned<String>,
    message: String,
    help: &str,
) {
    let diagnostic = Diagnostic::warning(LOST_PART, name.origin, message);
    context.diagnostics.push(diagnostic.with_help(help));
}
