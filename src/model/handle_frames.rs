//! Frames before the first and behind the last of a list: the handles of a shot.
//!
//! A list may count by steps, downwards or in parts. The frames beyond it go on by the step of its
//! first and of its last part, so that a renderer that reads numbers sees time go on.

use super::frame_list::FrameList;
use super::frame_run::FrameRun;

/// Frames beyond the two ends of a list, each in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandleFrames {
    /// Those before the first.
    pub head: FrameList,
    /// Those behind the last.
    pub tail: FrameList,
}

/// How numbers go on beyond a list.
#[derive(Debug, Clone, Copy)]
struct ListEnds {
    first: i64,
    /// From the first frame to the one before it.
    back: i64,
    last: i64,
    /// From the last frame to the one behind it.
    on: i64,
}

impl ListEnds {
    fn from_list(frames: &FrameList) -> Option<Self> {
        let first_run = frames.runs().first()?;
        let last_run = frames.runs().last()?;
        let (low, high) = frames.bounds()?;
        let [low, high] = [low, high].map(i64::from);
        let natural = Self {
            first: i64::from(first_run.first),
            back: -i64::from(first_run.step()),
            last: i64::from(last_run.last()),
            on: i64::from(last_run.step()),
        };
        let before = natural.first + natural.back;
        let behind = natural.last + natural.on;
        let is_free = |frame: i64| frame < low || high < frame;
        if is_free(before) && is_free(behind) && (before < low) != (behind < low) {
            return Some(natural);
        }
        // Parts in another order than their numbers, such as `20,1-10`: what follows 10 there is
        // 11, and after ten frames it would be a frame of the list.
        Some(Self {
            first: low,
            back: -1,
            last: high,
            on: 1,
        })
    }

    /// Returns `count` frames from `start` on by `step`, without `start`. `None`: frame numbers end
    /// before.
    fn run(start: i64, step: i64, count: usize) -> Option<FrameList> {
        let count = i64::try_from(count).ok()?;
        if count == 0 {
            return Some(FrameList::default());
        }
        let first = i32::try_from(start.checked_add(step)?).ok()?;
        let last = i32::try_from(start.checked_add(step.checked_mul(count)?)?).ok()?;
        FrameRun::from_bounds(first, last, i32::try_from(step).ok()?).map(FrameList::from_run)
    }

    /// Returns how many steps lead from `start` to `frame`, at least one. `None`: none do.
    const fn steps(start: i64, step: i64, frame: i64) -> Option<i64> {
        let distance = frame - start;
        if distance % step == 0 && distance / step > 0 {
            Some(distance / step)
        } else {
            None
        }
    }
}

impl FrameList {
    /// Returns `head` frames before the first and `tail` frames behind the last. `None`: the list
    /// is empty, or frame numbers end before.
    #[must_use]
    pub fn frames_beyond(&self, head: usize, tail: usize) -> Option<HandleFrames> {
        let ends = ListEnds::from_list(self)?;
        let backwards = ListEnds::run(ends.first, ends.back, head)?;
        Some(HandleFrames {
            head: backwards.reversed(),
            tail: ListEnds::run(ends.last, ends.on, tail)?,
        })
    }

    /// Returns the place of a frame in time, in frames from the first: negative before it, the
    /// length of the list or more behind the last. `None`: the frame is none of them.
    #[must_use]
    pub fn place_in_time(&self, frame: i32) -> Option<i64> {
        if let Some(index) = self.iter().position(|other| other == frame) {
            return i64::try_from(index).ok();
        }
        let ends = ListEnds::from_list(self)?;
        let frame = i64::from(frame);
        let length = i64::try_from(self.len()).ok()?;
        let before = ListEnds::steps(ends.first, ends.back, frame).map(|steps| -steps);
        before
            .or_else(|| ListEnds::steps(ends.last, ends.on, frame).map(|steps| length - 1 + steps))
    }

    /// Returns the list in chunks of at most `size` frames, cut where a list of `length` frames is
    /// cut in which the first frame of this one has the place `first`: negative before it.
    #[must_use]
    pub fn chunks_along(&self, first: i64, length: usize, size: usize) -> Vec<Self> {
        let size = i64::try_from(size.max(1)).unwrap_or(i64::MAX);
        let end = i64::try_from(length).unwrap_or(i64::MAX);
        let mut chunks: Vec<Self> = Vec::new();
        let mut place = first;
        let mut left = self.len();
        let mut frames = self.iter();
        while left > 0 {
            // What is before and behind the other list is in chunks of its own.
            let next = place
                .div_euclid(size)
                .saturating_add(1)
                .saturating_mul(size);
            let edges = [0, end].into_iter().filter(|edge| *edge > place);
            let next = edges.fold(next, i64::min);
            let count = usize::try_from(next - place).unwrap_or(usize::MAX);
            chunks.push(frames.by_ref().take(count).collect());
            left = left.saturating_sub(count);
            place = next;
        }
        chunks
    }

    /// Returns the last `count` frames, or all if there are fewer.
    #[must_use]
    pub fn last_frames(&self, count: usize) -> Self {
        self.slice(self.len().saturating_sub(count), count)
    }

    /// Returns at most `count` frames from index `start` on.
    #[must_use]
    pub fn slice(&self, start: usize, count: usize) -> Self {
        self.iter().skip(start).take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn beyond(range: &str, head: usize, tail: usize) -> (String, String) {
        let frames = FrameList::parse(range).unwrap();
        let found = frames.frames_beyond(head, tail).unwrap();
        (found.head.to_string(), found.tail.to_string())
    }

    #[test]
    fn numbers_go_on_as_the_list_counts() {
        let pair = |head: &str, tail: &str| (head.to_owned(), tail.to_owned());
        assert_eq!(beyond("1001-1048", 3, 2), pair("998-1000", "1049-1050"));
        assert_eq!(beyond("1-99x2", 3, 2), pair("-5--1x2", "101,103"));
        assert_eq!(beyond("7", 1, 1), pair("6", "8"));
        assert_eq!(beyond("20,1-10", 2, 2), pair("-1-0", "21-22"));
        assert_eq!(beyond("1-10,20", 0, 2), pair("", "21-22"));
    }

    #[test]
    fn chunks_of_a_part_begin_where_those_of_the_whole_do() {
        let whole = FrameList::from_bounds(1, 100);
        let shown = |frames: &FrameList, first| -> Vec<String> {
            let chunks = frames.chunks_along(first, 100, 24);
            chunks.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            shown(&whole, 0),
            ["1-24", "25-48", "49-72", "73-96", "97-100"]
        );
        let part = FrameList::from_bounds(10, 60);
        assert_eq!(shown(&part, 9), ["10-24", "25-48", "49-60"]);
        let longer = FrameList::from_bounds(-2, 110);
        assert_eq!(
            shown(&longer, -3),
            [
                "-2-0", "1-24", "25-48", "49-72", "73-96", "97-100", "101-110"
            ]
        );
        assert!(FrameList::default().chunks_along(0, 0, 0).is_empty());
    }

    #[test]
    fn there_are_no_frames_behind_the_last_number() {
        let end = FrameList::from_bounds(i32::MAX - 3, i32::MAX - 1);
        assert!(end.frames_beyond(2, 1).is_some());
        assert_eq!(end.frames_beyond(2, 2), None);
        assert_eq!(FrameList::default().frames_beyond(1, 1), None);
        assert_eq!(
            FrameList::from_bounds(i32::MIN, 0).frames_beyond(1, 0),
            None
        );
    }

    #[test]
    fn a_frame_that_no_step_leads_to_has_no_place() {
        let odd = FrameList::parse("1-9x2").unwrap();
        assert_eq!(odd.place_in_time(9), Some(4));
        assert_eq!(odd.place_in_time(11), Some(5));
        assert_eq!(odd.place_in_time(-1), Some(-1));
        for none in [2, 10, 0] {
            assert_eq!(odd.place_in_time(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn handles_share_no_frame_with_the_shot_and_each_has_its_place(
            list in prop::collection::vec(-60i32..60, 1..40),
            head in 0usize..30,
            tail in 0usize..30,
        ) {
            let frames: FrameList = list.into_iter().collect();
            let found = frames.frames_beyond(head, tail).unwrap();
            prop_assert_eq!((found.head.len(), found.tail.len()), (head, tail));
            let all: Vec<i32> = found.head.iter().chain(frames.iter()).chain(found.tail.iter()).collect();
            let distinct: std::collections::BTreeSet<i32> = all.iter().copied().collect();
            prop_assert_eq!(distinct.len(), all.len());
            let first = -i64::try_from(head).unwrap();
            for (place, frame) in (first..).zip(all) {
                prop_assert_eq!(frames.place_in_time(frame), Some(place));
            }
        }
    }
}
