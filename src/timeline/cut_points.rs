//! The transitions at one cut: what both of its shots ask for, or the default.

use crate::model::Production;
use crate::model::cut::{ShotTransition, TransitionKind};

/// The two sides of a cut, as indices of shots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutSides {
    /// The shot that ends. `None`: the film begins here.
    pub from: Option<usize>,
    /// The shot that begins. `None`: the film ends here.
    pub into: Option<usize>,
}

/// The transitions at one cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CutTransitions {
    /// The shot that ends goes into a colour.
    pub fade_out: Option<ShotTransition>,
    /// The shots give way to each other.
    pub blend: Option<ShotTransition>,
    /// The shot that begins comes out of a colour.
    pub fade_in: Option<ShotTransition>,
}

/// Frames of a shot that transitions show beyond its cuts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShotHandles {
    /// Before its first frame.
    pub head: usize,
    /// Behind its last frame.
    pub tail: usize,
}

impl CutSides {
    /// Returns whether the two shots follow each other in the production too. A film of some shots
    /// has cuts at which others are left out.
    #[must_use]
    pub fn are_neighbours(self) -> bool {
        self.from
            .zip(self.into)
            .is_some_and(|(from, into)| from + 1 == into)
    }
}

impl CutTransitions {
    /// Returns how many frames of the shot that ends are not shown as they are.
    #[must_use]
    pub fn frames_before(&self) -> usize {
        let blend = self.blend.map_or(0, |blend| blend.frames_before_cut());
        self.fade_out.map_or(0, |fade| fade.frames).max(blend)
    }

    /// Returns how many frames of the shot that begins are not shown as they are.
    #[must_use]
    pub fn frames_after(&self) -> usize {
        let blend = self.blend.map_or(0, |blend| blend.frames_after_cut());
        self.fade_in.map_or(0, |fade| fade.frames).max(blend)
    }
}

/// Returns the transitions at a cut.
///
/// A fade belongs to one shot and stays wherever that shot is shown. What is between two shots is
/// there only if both are shown, one behind the other: a dissolve into a shot that is left out would
/// show a shot that is not in the film.
#[must_use]
pub fn cut_transitions(production: &Production, sides: CutSides) -> CutTransitions {
    let shot = |index: Option<usize>| index.and_then(|index| production.shots.get(index));
    let written_out = shot(sides.from).and_then(|shot| shot.transition_out);
    let written_in = shot(sides.into).and_then(|shot| shot.transition_in);
    let fade_out =
        written_out.filter(|written| matches!(written.kind, TransitionKind::FadeOut { .. }));
    let fade_in =
        written_in.filter(|written| matches!(written.kind, TransitionKind::FadeIn { .. }));
    // What is between two shots was written for these two. Where one is left out, the cut is
    // another.
    let blend = if !sides.are_neighbours() || fade_out.is_some() || fade_in.is_some() {
        // Beside a fade nothing is left for a blend: its frames are those of the fade.
        None
    } else {
        // The shot that ends comes first. If both name one, a rule compares them.
        written_out.or(written_in).or(production.edit.transition)
    };
    CutTransitions {
        fade_out: fade_out.filter(|fade| fade.frames > 0),
        fade_in: fade_in.filter(|fade| fade.frames > 0),
        blend: blend.filter(|blend| {
            blend.frames > 0 && blend.kind != TransitionKind::Cut && !blend.kind.is_fade()
        }),
    }
}

/// Returns the frames beyond its cuts that each shot has in files that a timeline refers to.
fn file_handles(production: &Production) -> usize {
    let exports = &production.exports;
    let has_media = exports.iter().any(|export| export.media.is_some());
    if has_media {
        production.edit.handles
    } else {
        0
    }
}

/// Returns the frames that a shot needs beyond its cuts, in the film with all shots and in files
/// that a timeline refers to. A film of some shots needs these or fewer.
#[must_use]
pub fn shot_handles(production: &Production, index: usize) -> ShotHandles {
    let into = CutSides {
        from: index.checked_sub(1),
        into: Some(index),
    };
    let out = CutSides {
        from: Some(index),
        into: Some(index + 1).filter(|next| *next < production.shots.len()),
    };
    let needed = |sides| {
        let blend = cut_transitions(production, sides).blend;
        // A dip to a colour shows one shot at a time, so it needs no frames beyond the cut.
        blend.filter(|blend| blend.kind.needs_handles())
    };
    let of_files = file_handles(production);
    ShotHandles {
        head: needed(into)
            .map_or(0, |blend| blend.frames_before_cut())
            .max(of_files),
        tail: needed(out)
            .map_or(0, |blend| blend.frames_after_cut())
            .max(of_files),
    }
}
