//! Frame ranges as text, in the grammar of visual effects.
//!
//! A range is a list of parts, each inclusive: `7`, `1001-1100`, `1-100x2` (every second), `1-10y3`
//! (all but every third), `10-1x-1` (backwards). Numbers may be negative: `-5--1`. A frame named
//! twice counts once, at its first place. The same texts mean the same frames in the Python package
//! `fileseq`. Two of its forms are refused here: `:`, which staggers in one tool and steps in
//! another, and `10-1`, which is nearly always a slip.

use super::frame_list::{FrameList, FrameListBuilder, MAX_FRAMES};
use super::frame_run::FrameRun;
use std::fmt;

/// Why a text is not a frame range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct FrameRangeError {
    /// What is wrong.
    pub why: String,
    /// Byte offset of the part within the text.
    pub offset: usize,
    /// Length of the part in bytes.
    pub len: usize,
}

impl FrameList {
    /// Parses a range; see the module for the grammar.
    ///
    /// # Errors
    /// Fails on a part of another form, a step of zero, a part that counts down without a negative
    /// step, or more than [`MAX_FRAMES`] frames.
    pub fn parse(text: &str) -> Result<Self, FrameRangeError> {
        let mut frames = FrameListBuilder::default();
        let mut offset = 0;
        let mut named = 0_usize;
        for part in text.split(',') {
            let skipped = part.len() - part.trim_start().len();
            let trimmed = part.trim();
            let start = offset + skipped;
            let fail = |why: String| FrameRangeError {
                why,
                offset: start,
                len: trimmed.len(),
            };
            let range_part = RangePart::parse(trimmed).map_err(fail)?;
            // Counted before frames are compared one by one, so that `1-2000000000` is refused at
            // once. Frames named twice count twice, which bounds the time.
            named = named.saturating_add(range_part.max_frames());
            if named > MAX_FRAMES {
                return Err(fail(format!(
                    "the range names more than {MAX_FRAMES} frames"
                )));
            }
            range_part.into_runs().for_each(|run| frames.add_run(run));
            offset += part.len() + 1;
        }
        Ok(frames.into_frames())
    }
}

/// One part between commas.
enum RangePart {
    /// These frames.
    Run(FrameRun),
    /// These frames without every `gap`th one, the first included.
    Fill { base: FrameRun, gap: usize },
}

impl RangePart {
    fn parse(part: &str) -> Result<Self, String> {
        if part.is_empty() {
            return Err("a part of the range is empty".to_owned());
        }
        if part.contains(':') {
            return Err(format!(
                "`{part}` uses `:`, which means different things to different tools; write the step with `x`"
            ));
        }
        let (span, mark, step) = match part.find(['x', 'y']) {
            Some(index) => (
                &part[..index],
                &part[index..=index],
                parse_number(&part[index + 1..])?,
            ),
            None => (part, "", 1),
        };
        let (first, last) = parse_ends(span)?;
        // `y` leaves frames out, and there is no backwards form of that.
        if mark == "y" && step < 1 || step == 0 {
            return Err(format!("the step of `{part}` must be at least 1"));
        }
        // A fill visits all frames; its step is the gap.
        let forward = if mark == "y" { 1 } else { step };
        let run = FrameRun::from_bounds(first, last, forward)
            .ok_or_else(|| direction_error(part, first, last, step))?;
        Ok(match usize::try_from(step) {
            Ok(gap) if mark == "y" => Self::Fill { base: run, gap },
            _ => Self::Run(run),
        })
    }

    /// Returns the most frames that it can name.
    const fn max_frames(&self) -> usize {
        match self {
            // For a fill this counts those left out as well, since they take time too.
            Self::Run(run) | Self::Fill { base: run, .. } => run.len(),
        }
    }

    fn into_runs(self) -> Box<dyn Iterator<Item = FrameRun>> {
        match self {
            Self::Run(run) => Box::new(std::iter::once(run)),
            Self::Fill { base, gap } => Box::new(fill_runs(base, gap)),
        }
    }
}

/// Returns the frames of `base` without every `gap`th one, as one run for each gap.
fn fill_runs(base: FrameRun, gap: usize) -> impl Iterator<Item = FrameRun> {
    let mut rest = Some(base);
    std::iter::from_fn(move || {
        let (block, tail) = rest?.split_at(gap);
        rest = tail;
        Some(block.split_at(1).1)
    })
    .flatten()
}

fn direction_error(part: &str, first: i32, last: i32, step: i32) -> String {
    if step < 0 {
        return format!("`{part}` counts down, but ends ({last}) above its start ({first})");
    }
    format!("`{part}` ends ({last}) before it starts ({first})")
}

/// Parses `a` or `a-b`.
fn parse_ends(span: &str) -> Result<(i32, i32), String> {
    let cut = span
        .char_indices()
        // The first minus belongs to the number.
        .skip(1)
        .find(|(_, c)| *c == '-')
        .map(|(index, _)| index);
    match cut {
        Some(index) => Ok((
            parse_number(&span[..index])?,
            parse_number(&span[index + 1..])?,
        )),
        None => parse_number(span).map(|only| (only, only)),
    }
}

fn parse_number(text: &str) -> Result<i32, String> {
    let text = text.trim();
    // Rust parses `+5`, which the grammar does not have.
    let signed = text.strip_prefix('+').is_some();
    text.parse()
        .ok()
        .filter(|_| !signed)
        .ok_or_else(|| format!("`{text}` is not a frame number"))
}

impl fmt::Display for FrameList {
    /// Writes a text that [`FrameList::parse`] reads as the same list.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for run in self.runs() {
            write!(f, "{comma}")?;
            write_run(f, run)?;
            comma = ",";
        }
        Ok(())
    }
}

/// Writes a run.
fn write_run(f: &mut fmt::Formatter<'_>, run: &FrameRun) -> fmt::Result {
    let first = run.first;
    let last = run.last();
    match (run.len(), run.step()) {
        (1, _) => write!(f, "{first}"),
        (_, 1) => write!(f, "{first}-{last}"),
        // `1,5` is shorter than `1-5x4` and easier to read.
        (2, _) => write!(f, "{first},{last}"),
        (_, step) => write!(f, "{first}-{last}x{step}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn read(text: &str) -> Result<Vec<i32>, String> {
        FrameList::parse(text)
            .map(|frames| frames.iter().collect())
            .map_err(|error| error.why)
    }

    #[test]
    fn a_step_keeps_every_nth_frame() {
        assert_eq!(read("1-10x3,20"), Ok(vec![1, 4, 7, 10, 20]));
    }

    #[test]
    fn a_fill_leaves_out_every_nth_frame() {
        assert_eq!(read("1-10y3"), Ok(vec![2, 3, 5, 6, 8, 9]));
        assert_eq!(read("1-10y1"), Ok(vec![]));
        assert_eq!(read("7y9"), Ok(vec![]));
    }

    #[test]
    fn negative_frames_are_read() {
        assert_eq!(read("-5--3"), Ok(vec![-5, -4, -3]));
    }

    #[test]
    fn a_descending_range_needs_a_negative_step() {
        assert_eq!(read("10-1x-4"), Ok(vec![10, 6, 2]));
        assert_eq!(
            read("10-1"),
            Err("`10-1` ends (1) before it starts (10)".to_owned())
        );
        assert_eq!(
            read("1-5x-1"),
            Err("`1-5x-1` counts down, but ends (5) above its start (1)".to_owned())
        );
    }

    #[test]
    fn a_frame_named_twice_counts_at_its_first_place() {
        assert_eq!(read("5,1-6x2,4-7"), Ok(vec![5, 1, 3, 4, 6, 7]));
    }

    #[test]
    fn a_colon_is_refused_with_the_reason() {
        assert!(FrameList::parse("1-10:2").is_err_and(|error| error.why.contains('x')));
    }

    #[test]
    fn a_huge_range_is_refused_before_it_is_built() {
        assert!(FrameList::parse("-2147483648-2147483647").is_err());
        assert!(FrameList::parse("1-5000000,1-5000000").is_err());
    }

    #[test]
    fn a_fill_of_many_runs_and_frames_named_again_are_read_in_one_go() {
        let again: String = (0..3000).map(|at| format!(",{}", at * 7)).collect();
        let frames = FrameList::parse(&format!("1-3000000y3{again},9000000,1-9x2")).unwrap();
        assert_eq!((frames.len(), frames.last()), (2_001_003, Some(1)));
    }

    #[test]
    fn the_wrong_part_is_named_by_its_bytes() {
        let error = FrameList::parse("1-10, é ,20").unwrap_err();
        assert_eq!((error.offset, error.len), (6, "é".len()));
    }

    proptest! {
        #[test]
        fn a_written_range_reads_back_the_same(list in prop::collection::vec(-500i32..500, 1..60)) {
            let mut seen = HashSet::new();
            let frames: FrameList = list.into_iter().filter(|frame| seen.insert(*frame)).collect();
            prop_assert_eq!(FrameList::parse(&frames.to_string()), Ok(frames));
        }

        #[test]
        fn a_read_range_is_written_and_read_back_the_same(
            parts in prop::collection::vec((-90i32..90, -90i32..90, 1i32..9, "[xy]"), 1..6)
        ) {
            let text = parts.iter().map(|(a, b, step, mark)| match mark.as_str() {
                "x" if a > b => format!("{a}-{b}x-{step}"),
                mark => format!("{}-{}{mark}{step}", a.min(b), a.max(b)),
            }).collect::<Vec<_>>().join(",");
            let frames = FrameList::parse(&text).unwrap();
            prop_assume!(!frames.is_empty());
            prop_assert_eq!(FrameList::parse(&frames.to_string()), Ok(frames));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,20}") {
            let _ = FrameList::parse(&text);
        }
    }
}
