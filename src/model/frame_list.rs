//! Ordered lists of distinct frame numbers.
//!
//! A list is stored as runs of equal steps, so that a shot of a day takes no more memory than one
//! of a second. `frame_range` reads and writes ranges as text.

use super::frame_run::FrameRun;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashSet;

/// The most frames of one range: 24 hours at 60 frames a second.
// A slip such as `1-10000000` would make jobs until memory runs out.
pub const MAX_FRAMES: usize = 24 * 3600 * 60;

/// An ordered list of distinct frame numbers.
#[derive(Debug, Clone, Default)]
pub struct FrameList {
    runs: Vec<FrameRun>,
    // The sum over `runs`, stored because it is read far more often than it changes.
    count: usize,
}

impl FrameList {
    /// Returns frames `first..=last`, or an empty list if `last` is lower.
    #[must_use]
    pub fn from_bounds(first: i32, last: i32) -> Self {
        FrameRun::from_bounds(first, last, 1).map_or_else(Self::default, Self::from_run)
    }

    /// Returns `count` frames from `first` on, or fewer at the end of `i32`.
    #[must_use]
    pub fn count_from(first: i32, count: u32) -> Self {
        let last = first.saturating_add_unsigned(count.saturating_sub(1));
        if count == 0 {
            Self::default()
        } else {
            Self::from_bounds(first, last)
        }
    }

    pub(super) fn from_run(run: FrameRun) -> Self {
        Self {
            count: run.len(),
            runs: vec![run],
        }
    }

    /// Returns the frames in the other order.
    pub(super) fn reversed(&self) -> Self {
        let mut frames: Vec<i32> = self.iter().collect();
        frames.reverse();
        frames.into_iter().collect()
    }

    /// Appends a frame that is not in the list yet.
    fn push(&mut self, frame: i32) {
        self.count += 1;
        let mut next = FrameRun::single(frame);
        if let Some(run) = self.runs.last_mut() {
            if run.try_extend(frame) {
                return;
            }
            // Any two frames form a run, so the second was taken without a reason. Here a third
            // does not continue it, and the second is free to begin a better run: `1,5,6,7` is 1
            // and 5-7.
            if run.len() == 2 && run.step() != 1 {
                next = FrameRun::single(run.pop_last());
                next.try_extend(frame);
            }
        }
        self.runs.push(next);
    }

    /// Returns how many frames there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Returns whether there are no frames.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the first frame in list order. `None`: the list is empty.
    #[must_use]
    pub fn first(&self) -> Option<i32> {
        self.runs.first().map(|run| run.first)
    }

    /// Returns the last frame in list order. `None`: the list is empty.
    #[must_use]
    pub fn last(&self) -> Option<i32> {
        self.runs.last().map(FrameRun::last)
    }

    /// Returns the lowest and the highest frame. `None`: the list is empty.
    #[must_use]
    pub fn bounds(&self) -> Option<(i32, i32)> {
        let bounds = self.runs.iter().map(FrameRun::bounds);
        bounds.reduce(|(low, high), (first, last)| (low.min(first), high.max(last)))
    }

    /// Returns the lowest and the highest frame that both lists have. `None`: they share none.
    #[must_use]
    pub fn shared_bounds(&self, other: &Self) -> Option<(i32, i32)> {
        // Runs are compared and not frames: rules compare every pair of shots of a scene, and shots
        // can be long.
        let pairs = self
            .runs
            .iter()
            .flat_map(|mine| other.runs.iter().map(move |run| (mine, run)));
        let shared = pairs.filter_map(|(mine, run)| mine.shared_bounds(run));
        shared.reduce(|(low, high), (first, last)| (low.min(first), high.max(last)))
    }

    /// Returns about how many steps [`Self::shared_bounds`] takes at most.
    #[must_use]
    pub fn comparison_steps(&self, other: &Self) -> usize {
        let is_stepped = |list: &Self| list.runs.iter().any(FrameRun::is_stepped);
        // Two runs with steps are compared frame by frame.
        let each = if is_stepped(self) && is_stepped(other) {
            1024
        } else {
            1
        };
        self.runs
            .len()
            .saturating_mul(other.runs.len())
            .saturating_mul(each)
    }

    /// Returns the frames in order.
    pub fn iter(&self) -> impl Iterator<Item = i32> + '_ {
        self.runs.iter().flat_map(FrameRun::iter)
    }

    /// Returns the runs in order.
    pub(super) fn runs(&self) -> &[FrameRun] {
        &self.runs
    }

    /// Splits the list into slices of at most `size` frames. Together they are exactly this list,
    /// in order.
    #[must_use]
    pub fn chunks(&self, size: usize) -> Vec<Self> {
        let mut chunks: Vec<Self> = Vec::with_capacity(self.count.div_ceil(size.max(1)));
        for run in &self.runs {
            let mut rest = Some(*run);
            while let Some(run) = rest {
                // A chunk may take parts of several runs, and a run may span several chunks.
                let room = chunks.last().map_or(0, |chunk| size.max(1) - chunk.count);
                if room == 0 {
                    chunks.push(Self::default());
                    continue;
                }
                let (head, tail) = run.split_at(room);
                rest = tail;
                let Some(chunk) = chunks.last_mut() else {
                    break;
                };
                chunk.count += head.len();
                chunk.runs.push(head);
            }
        }
        chunks
    }
}

/// Builds a list run by run, in time proportional to the frames named.
#[derive(Debug, Default)]
pub(super) struct FrameListBuilder {
    frames: FrameList,
    // Most ranges name each frame once. Bounds show that for one comparison, and only a range that
    // overlaps pays for a set of all frames.
    bounds: Option<(i32, i32)>,
    seen: Option<HashSet<i32>>,
    comparisons: usize,
}

impl FrameListBuilder {
    /// Appends the frames of a run that are not there yet.
    pub(super) fn add_run(&mut self, run: FrameRun) {
        let (low, high) = run.bounds();
        let beyond = self
            .bounds
            .is_none_or(|(lowest, highest)| high < lowest || highest < low);
        self.bounds = Some(self.bounds.map_or((low, high), |(lowest, highest)| {
            (lowest.min(low), highest.max(high))
        }));
        if beyond || self.bounds_disjoint(&run) {
            // The set, once it exists, must have every frame, or a later run would repeat one.
            self.seen
                .iter_mut()
                .for_each(|seen| seen.extend(run.iter()));
            self.frames.count += run.len();
            return self.frames.runs.push(run);
        }
        let frames = &mut self.frames;
        // Duplicates must be dropped one by one. The first mention of a frame decides its place.
        let seen = self.seen.get_or_insert_with(|| frames.iter().collect());
        run.iter()
            .filter(|frame| seen.insert(*frame))
            .for_each(|frame| frames.push(frame));
    }

    fn bounds_disjoint(&mut self, run: &FrameRun) -> bool {
        // Comparing every run with every other is quadratic, as fuzzing found. It stops when it has
        // cost as much as the set would.
        self.comparisons += self.frames.runs.len();
        self.comparisons <= self.frames.count
            && self
                .frames
                .runs
                .iter()
                .all(|other| other.bounds_disjoint(run))
    }

    /// Returns the list in its canonical form.
    pub(super) fn into_frames(self) -> FrameList {
        if self.frames.runs.len() < 2 {
            return self.frames;
        }
        // The runs are made anew from the frames alone. The text of a list is part of a job's
        // identity, and `1-10` and `1-5,6-10` must be the same job.
        let mut list = FrameList::default();
        self.frames.iter().for_each(|frame| list.push(frame));
        list
    }
}

impl FromIterator<i32> for FrameList {
    /// Keeps the first of each frame.
    fn from_iter<I: IntoIterator<Item = i32>>(frames: I) -> Self {
        let mut list = Self::default();
        let mut seen = HashSet::new();
        frames
            .into_iter()
            .filter(|frame| seen.insert(*frame))
            .for_each(|frame| list.push(frame));
        list
    }
}

impl PartialEq for FrameList {
    /// Compares frame by frame: one list can be cut into runs in several ways, since a chunk begins
    /// in the middle of one.
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && (self.runs == other.runs || self.iter().eq(other.iter()))
    }
}

impl Eq for FrameList {}

impl Serialize for FrameList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // As text: a list of a million frames is a few bytes in journals and plans.
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FrameList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A range in a document must name a frame, so `parse` refuses the empty text.
        if text.is_empty() {
            return Ok(Self::default());
        }
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_frames() -> impl Strategy<Value = Vec<i32>> {
        prop::collection::vec(-60i32..60, 0..60)
    }

    #[test]
    fn a_day_of_frames_is_one_run() {
        let frames = FrameList::count_from(1, 5_184_000);
        assert_eq!(
            (frames.len(), frames.runs.len(), frames.last()),
            (5_184_000, 1, Some(5_184_000))
        );
    }

    #[test]
    fn counting_stops_where_frame_numbers_end() {
        assert_eq!(FrameList::count_from(i32::MAX - 1, 10).len(), 2);
        assert!(FrameList::count_from(7, 0).is_empty());
        assert!(FrameList::from_bounds(2, 1).is_empty());
    }

    #[test]
    fn equality_does_not_see_how_runs_are_cut() {
        let whole = FrameList::from_bounds(1, 4);
        let joined: FrameList = [1, 2, 3, 4].into_iter().collect();
        let mut parts = FrameListBuilder::default();
        parts.add_run(FrameRun::single(1));
        parts.add_run(FrameRun::from_bounds(2, 4, 1).unwrap());
        assert_eq!((&whole, &whole), (&joined, &parts.into_frames()));
        assert_ne!(whole, FrameList::from_bounds(1, 5));
    }

    #[test]
    fn frames_travel_as_a_range() {
        let text = serde_json::to_string(&FrameList::from_bounds(1, 3)).unwrap();
        assert_eq!(text, "\"1-3\"");
        assert_eq!(
            serde_json::from_str::<FrameList>(&text).unwrap(),
            FrameList::from_bounds(1, 3)
        );
        assert_eq!(
            serde_json::from_str::<FrameList>("\"\"").unwrap(),
            FrameList::default()
        );
        assert!(serde_json::from_str::<FrameList>("\"3-1\"").is_err());
    }

    #[test]
    fn a_list_is_written_the_same_whichever_way_it_was_given() {
        let read = |text: &str| FrameList::parse(text).unwrap().to_string();
        assert_eq!(read("1-2,3-4,10,12,14"), read("1,2,3,4,10-14x2"));
    }

    proptest! {
        #[test]
        fn a_collected_list_keeps_each_frame_once_in_order(list in any_frames()) {
            let mut seen = HashSet::new();
            let expected: Vec<i32> = list.iter().copied().filter(|frame| seen.insert(*frame)).collect();
            let frames: FrameList = list.into_iter().collect();
            prop_assert_eq!(frames.len(), expected.len());
            prop_assert_eq!(frames.first(), expected.first().copied());
            prop_assert_eq!(frames.last(), expected.last().copied());
            let bounds = expected.iter().min().copied().zip(expected.iter().max().copied());
            prop_assert_eq!(frames.bounds(), bounds);
            prop_assert_eq!(frames.iter().collect::<Vec<_>>(), expected);
        }

        #[test]
        fn chunks_cover_each_frame_once_in_order(list in any_frames(), size in 0usize..20) {
            let frames: FrameList = list.into_iter().collect();
            let chunks = frames.chunks(size);
            prop_assert!(chunks.iter().all(|chunk| (1..=size.max(1)).contains(&chunk.len())));
            let lengths_but_last = chunks.iter().rev().skip(1).all(|chunk| chunk.len() == size.max(1));
            prop_assert!(lengths_but_last);
            let joined: Vec<i32> = chunks.iter().flat_map(FrameList::iter).collect();
            prop_assert_eq!(joined, frames.iter().collect::<Vec<_>>());
        }

        #[test]
        fn shared_bounds_are_those_of_the_intersection(one in any_frames(), other in any_frames()) {
            let both: Vec<i32> = one.iter().copied().filter(|frame| other.contains(frame)).collect();
            let expected = both.iter().min().copied().zip(both.iter().max().copied());
            let [one, other] = [one, other].map(|list| list.into_iter().collect::<FrameList>());
            prop_assert_eq!(one.shared_bounds(&other), expected);
        }
    }
}
