//! Resolves the footage of shots: what its path says, how long it is, and which picture each frame
//! shows.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use super::value_parsers::parse_rate;
use crate::base::Spanned;
use crate::document::draft::FootageDraft;
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::footage::{Footage, FootageFacts, FootagePace, FootageProblem, FootageSurvey};
use crate::model::production::AssetRef;
use crate::model::{FrameList, FrameRate};
use std::sync::Arc;

/// Footage as the document asks for it.
pub(super) struct WrittenFootage {
    source: AssetRef,
    facts: Arc<FootageFacts>,
    start: Option<i64>,
    rate: Option<FrameRate>,
    graded: bool,
}

impl WrittenFootage {
    /// Returns the footage of a shot. `None`: its frames are drawn, or a mistake was reported.
    pub(super) fn resolve(
        context: &mut ResolveContext<'_>,
        written: Option<&TextOr<FootageDraft>>,
        survey: &FootageSurvey,
    ) -> Option<Self> {
        let unset = FootageDraft::default();
        let (path, full) = match written? {
            TextOr::Text(text) => (&text.0, &unset),
            TextOr::Full(full) => (full.path.as_ref()?, full),
        };
        if path.is_placeholder {
            return None;
        }
        if is_number_or_range(&path.value) {
            report_number(context, path);
            return None;
        }
        let rate = full
            .frame_rate
            .as_ref()
            .and_then(|text: &RawScalar| parse_rate(context, text));
        let facts = survey.facts_at(&path.value).cloned();
        Some(Self {
            source: asset_from_path(path)?,
            facts: facts.unwrap_or_else(|| {
                Arc::new(FootageFacts::Unusable(FootageProblem::Missing {
                    near: None,
                }))
            }),
            start: full
                .start
                .as_ref()
                .filter(|start| !start.is_placeholder)
                .map(|start| i64::from(start.value)),
            rate,
            graded: full.graded.as_ref().is_some_and(|graded| graded.value),
        })
    }

    /// Returns the pictures a second.
    fn source_rate(&self, rate: FrameRate) -> FrameRate {
        let of_film = self.facts.film().map(|film| film.rate);
        of_film.or(self.rate).unwrap_or(rate)
    }

    /// Returns how many frames of the production's rate the footage lasts, and the number of the
    /// first frame. `None`: it is held for any length, or not known.
    pub(super) fn own_length(&self, rate: FrameRate) -> Option<(Option<i32>, usize)> {
        let (first, count) = self.facts.own_length()?;
        // Pictures before the start are not shown.
        let skipped = self.first_pick(first) - first;
        let left = count.saturating_sub(usize::try_from(skipped).unwrap_or(0));
        // Numbers of frames are those of the pictures, as long as one is one of the other.
        let is_numbered = self.facts.pictures().is_some() && self.source_rate(rate) == rate;
        let number = i32::try_from(first + skipped).ok().filter(|_| is_numbered);
        let frames = rate.resampled_count(left, self.source_rate(rate));
        Some((number, frames.max(1)))
    }

    /// Returns the picture that the first frame shows. `first` is the first there is.
    fn first_pick(&self, first: i64) -> i64 {
        match (self.start, self.facts.film()) {
            // People count the pictures of a film from 1.
            (Some(start), Some(_)) => start - 1,
            (Some(start), None) => start,
            (None, _) => first,
        }
    }

    /// Returns the footage with the picture that each of these frames shows.
    pub(super) fn for_frames(self, frames: &FrameList, rate: FrameRate) -> Footage {
        let source_rate = self.source_rate(rate);
        // The lowest, since a range may be in any order.
        let first_frame = frames.bounds().map_or(0, |(lowest, _)| i64::from(lowest));
        let first_there = self.facts.own_length().map_or(0, |(first, _)| first);
        let is_still = self.facts.pictures().is_some_and(|run| run.is_still);
        // Frames of the production's rate show the picture of their own number. With a start or
        // another rate they are counted from the first frame.
        let is_numbered =
            self.facts.film().is_none() && self.start.is_none() && source_rate == rate;
        let base = if is_numbered {
            first_frame
        } else {
            self.first_pick(first_there)
        };
        let pace = FootagePace {
            first_frame,
            first_pick: base,
            rate,
            source_rate,
            is_still,
        };
        Footage {
            picks: frames.iter().map(|frame| pace.pick(frame)).collect(),
            pace,
            source: self.source,
            facts: self.facts,
            graded: self.graded,
        }
    }
}

/// Returns whether a text is a count or a range of frames, and no path.
pub(super) fn is_number_or_range(text: &str) -> bool {
    let text = text.trim();
    text.chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | ',' | 'x' | ':' | ' ' | 's' | '.'))
        && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

fn report_number(context: &mut ResolveContext<'_>, path: &Spanned<String>) {
    let text = path.value.trim();
    let field = if text.trim_start_matches('-').contains(['-', ',', 'x', ':']) {
        "frame_range"
    } else {
        "duration"
    };
    let message = format!("{} is no path of pictures or a film", quote_value(text));
    let help =
        format!("write `{field}: {text}`; `frames` names pictures or a film that the shot shows");
    context.report_error(
        "production::footage::not_a_path",
        path.origin,
        message,
        Some(help),
    );
}
