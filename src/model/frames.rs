//! Frame ranges in the visual-effects grammar, and the ordered lists they stand for.
//!
//! A range is text such as `1001-1100`, `1-100x2` or `1-10,20`: inclusive, with `x` for the step. Inside, frames are an
//! ordered list that is cut into chunks by slicing; nothing here adds a size to a start.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The most frames one range may name: 24 hours at 60 frames a second.
pub const MOST_FRAMES: usize = 24 * 3600 * 60;

/// An ordered list of distinct frame numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frames(Vec<i32>);

/// Why a text is not a frame range; `at` is the byte offset of the offending part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct RangeError {
    /// What is wrong.
    pub why: String,
    /// Byte offset of the part within the text.
    pub at: usize,
    /// Length of the part in bytes.
    pub len: usize,
}

impl Frames {
    /// Returns frames `first..=last`, or an empty list when `last` comes first.
    #[must_use]
    pub fn span(first: i32, last: i32) -> Self {
        Self((first..=last).collect())
    }

    /// Returns `count` frames from `first` on.
    #[must_use]
    pub fn count_from(first: i32, count: u32) -> Self {
        Self((0..count).map(|step| first.saturating_add_unsigned(step)).collect())
    }

    /// Reads a range: parts joined by commas, each `a`, `a-b` or `a-bxN`.
    ///
    /// # Errors
    /// Fails on a part that is not of that form, a step of zero, a reversed part, or more than [`MOST_FRAMES`].
    pub fn parse(text: &str) -> Result<Self, RangeError> {
        let mut frames = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut at = 0;
        for part in text.split(',') {
            let skipped = part.len() - part.trim_start().len();
            let (trimmed, start) = (part.trim(), at + skipped);
            let fail = |why: String| RangeError { why, at: start, len: trimmed.len() };
            let (first, last, step) = read_part(trimmed).map_err(fail)?;
            let length = usize::try_from((i64::from(last) - i64::from(first)) / i64::from(step) + 1)
                .unwrap_or(usize::MAX);
            if frames.len().saturating_add(length) > MOST_FRAMES {
                return Err(fail(format!("the range names more than {MOST_FRAMES} frames")));
            }
            let step = usize::try_from(step).unwrap_or(1);
            frames.extend((first..=last).step_by(step).filter(|frame| seen.insert(*frame)));
            at += part.len() + 1;
        }
        Ok(Self(frames))
    }

    /// Returns how many frames there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no frames.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first frame in order.
    #[must_use]
    pub fn first(&self) -> Option<i32> {
        self.0.first().copied()
    }

    /// Returns the last frame in order.
    #[must_use]
    pub fn last(&self) -> Option<i32> {
        self.0.last().copied()
    }

    /// Returns the frames in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = i32> + '_ {
        self.0.iter().copied()
    }

    /// Cuts the list into slices of at most `size` frames; together they are exactly this list, in order.
    #[must_use]
    pub fn chunks(&self, size: usize) -> Vec<Self> {
        self.0.chunks(size.max(1)).map(|slice| Self(slice.to_vec())).collect()
    }
}

impl fmt::Display for Frames {
    /// Writes the shortest text that [`Frames::parse`] reads back as the same list.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_slice();
        let mut comma = "";
        while let Some((&first, _)) = rest.split_first() {
            let run = run_length(rest);
            write!(f, "{comma}{}", run_text(first, &rest[..run]))?;
            rest = &rest[run..];
            comma = ",";
        }
        Ok(())
    }
}

/// Returns how many leading frames share one positive step; two frames make a run only when adjacent.
fn run_length(frames: &[i32]) -> usize {
    let Some(step) = frames.get(1).map(|second| i64::from(*second) - i64::from(frames[0])) else { return 1 };
    if step < 1 {
        return 1;
    }
    let same =
        frames.windows(2).take_while(|pair| i64::from(pair[1]) - i64::from(pair[0]) == step).count() + 1;
    if step > 1 && same < 3 { 1 } else { same }
}

fn run_text(first: i32, run: &[i32]) -> String {
    match run {
        [_] => first.to_string(),
        [_, second, ..] => {
            let (last, step) = (run[run.len() - 1], second - first);
            if step == 1 { format!("{first}-{last}") } else { format!("{first}-{last}x{step}") }
        }
        [] => String::new(),
    }
}

fn read_part(part: &str) -> Result<(i32, i32, i32), String> {
    if part.is_empty() {
        return Err("a part of the range is empty".to_owned());
    }
    if part.contains(':') {
        return Err(format!(
            "`{part}` uses `:`, which means different things to different tools; write the step with `x`"
        ));
    }
    let (span, step) = match part.split_once('x') {
        Some((span, step)) => (span, number(step)?),
        None => (part, 1),
    };
    if step < 1 {
        return Err(format!("the step of `{part}` must be at least 1"));
    }
    let cut = span.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
    let (first, last) = match cut {
        Some(at) => (number(&span[..at])?, number(&span[at + 1..])?),
        None => (number(span)?, number(span)?),
    };
    if last < first {
        return Err(format!("`{part}` ends ({last}) before it starts ({first})"));
    }
    Ok((first, last, step))
}

fn number(text: &str) -> Result<i32, String> {
    text.trim().parse().map_err(|_| format!("`{}` is not a frame number", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_step_keeps_every_nth_frame() {
        assert_eq!(Frames::parse("1-10x3,20").map(|f| f.0), Ok(vec![1, 4, 7, 10, 20]));
    }

    #[test]
    fn negative_frames_are_read() {
        assert_eq!(Frames::parse("-5--3").map(|f| f.0), Ok(vec![-5, -4, -3]));
    }

    #[test]
    fn a_colon_is_refused_with_the_reason() {
        assert!(Frames::parse("1-10:2").is_err_and(|error| error.why.contains('x')));
    }

    #[test]
    fn a_huge_range_is_refused_before_it_is_built() {
        assert!(Frames::parse("-2147483648-2147483647").is_err());
    }

    proptest! {
        #[test]
        fn a_written_range_reads_back_the_same(list in prop::collection::vec(-500i32..500, 0..60)) {
            let mut seen = std::collections::HashSet::new();
            let frames = Frames(list.into_iter().filter(|frame| seen.insert(*frame)).collect());
            prop_assume!(!frames.is_empty());
            prop_assert_eq!(Frames::parse(&frames.to_string()), Ok(frames));
        }

        #[test]
        fn chunks_cover_each_frame_once_in_order(count in 0u32..500, size in 0usize..60) {
            let frames = Frames::count_from(1001, count);
            let joined: Vec<i32> = frames.chunks(size).iter().flat_map(|c| c.iter().collect::<Vec<_>>()).collect();
            prop_assert_eq!(joined, frames.0);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,20}") {
            let _ = Frames::parse(&text);
        }
    }
}
