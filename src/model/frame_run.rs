//! Runs: frame numbers at equal steps, upwards or downwards.

/// At least one frame number, each `step` after the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameRun {
    pub(super) first: i32,
    /// Never zero. A negative step counts down. A single frame has a step of 1.
    // The step of a single frame is fixed, so that equal runs are equal values.
    step: i32,
    /// Steps taken after the first frame.
    steps: u32,
}

impl FrameRun {
    pub(super) const fn single(frame: i32) -> Self {
        Self {
            first: frame,
            step: 1,
            steps: 0,
        }
    }

    /// Returns the frames from `first` towards `last`. `None`: `step` is zero or leads away from
    /// `last`.
    pub(super) fn from_bounds(first: i32, last: i32, step: i32) -> Option<Self> {
        // In 64 bits: the distance of two frame numbers can exceed 32 bits.
        let distance = i64::from(last) - i64::from(first);
        let steps = distance.checked_div(i64::from(step))?;
        // Division truncates, so a step that leads away would give a plausible count.
        let away = distance != 0 && (distance > 0) != (step > 0);
        let steps = u32::try_from(steps).ok().filter(|_| !away)?;
        Some(Self {
            first,
            step: if steps == 0 { 1 } else { step },
            steps,
        })
    }

    pub(super) const fn len(&self) -> usize {
        self.steps as usize + 1
    }

    pub(super) const fn step(&self) -> i32 {
        self.step
    }

    pub(super) fn last(&self) -> i32 {
        self.frame_at(self.steps)
    }

    /// Returns the lowest and the highest frame.
    pub(super) fn bounds(&self) -> (i32, i32) {
        let last = self.last();
        (self.first.min(last), self.first.max(last))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = i32> + use<> {
        let run = *self;
        (0..=run.steps).map(move |step| run.frame_at(step))
    }

    /// Returns whether the bounds of both runs are disjoint.
    pub(super) fn bounds_disjoint(&self, other: &Self) -> bool {
        let (low, high) = self.bounds();
        let (first, last) = other.bounds();
        high < first || last < low
    }

    /// Appends a frame if it continues the run. A single frame accepts any other one.
    pub(super) fn try_extend(&mut self, frame: i32) -> bool {
        let step = i64::from(frame) - i64::from(self.last());
        let fits = if self.steps == 0 {
            step != 0
        } else {
            step == i64::from(self.step)
        };
        let Some(step) = i32::try_from(step)
            .ok()
            .filter(|_| fits && self.steps < u32::MAX)
        else {
            return false;
        };
        (self.step, self.steps) = (step, self.steps + 1);
        true
    }

    /// Removes and returns the second of two frames.
    pub(super) fn pop_last(&mut self) -> i32 {
        let last = self.last();
        *self = Self::single(self.first);
        last
    }

    /// Splits off the first `count` frames, at least one.
    pub(super) fn split_at(&self, count: usize) -> (Self, Option<Self>) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count > self.steps {
            return (*self, None);
        }
        let head = Self {
            steps: count.saturating_sub(1),
            ..*self
        };
        let tail = Self {
            first: self.frame_at(count),
            steps: self.steps - count,
            ..*self
        };
        (head, Some(tail))
    }

    /// Returns the lowest and the highest frame that both runs have. `None`: they share none.
    pub(super) fn shared_bounds(&self, other: &Self) -> Option<(i32, i32)> {
        let (low, high) = self.bounds();
        let (first, last) = other.bounds();
        let low = low.max(first);
        let high = high.min(last);
        // Trying the frames of the coarser run needs fewer tries.
        let (coarse, fine) = if self.stride() >= other.stride() {
            (self, other)
        } else {
            (other, self)
        };
        let lowest = coarse.first_shared(fine, low, high, true)?;
        Some((lowest, coarse.first_shared(fine, low, high, false)?))
    }

    /// Searches `low..=high` for a frame of both runs, from below or from above.
    fn first_shared(&self, fine: &Self, low: i32, high: i32, upwards: bool) -> Option<i32> {
        let stride = self.stride();
        let offset = (i64::from(low) - i64::from(self.first)).rem_euclid(stride);
        let lowest = i64::from(low) + (stride - offset) % stride;
        let highest =
            i64::from(high) - (i64::from(high) - i64::from(self.first)).rem_euclid(stride);
        let from = if upwards { lowest } else { highest };
        let towards = if upwards { stride } else { -stride };
        // Shared frames repeat after the product of both steps at most. As many tries as the finer
        // step therefore decide, for runs of any length.
        let tries = (0..fine.stride()).map(|step_index| from + step_index * towards);
        let inside = tries.take_while(|frame| (i64::from(low)..=i64::from(high)).contains(frame));
        let mut inside = inside.filter_map(|frame| i32::try_from(frame).ok());
        inside.find(|frame| (i64::from(*frame) - i64::from(fine.first)) % fine.stride() == 0)
    }

    /// Returns whether frames between the first and the last are left out.
    pub(super) fn is_stepped(&self) -> bool {
        self.stride() > 1
    }

    fn stride(&self) -> i64 {
        i64::from(self.step).abs()
    }

    fn frame_at(&self, step: u32) -> i32 {
        let frame = i64::from(self.first) + i64::from(self.step) * i64::from(step);
        i32::try_from(frame).expect("a run ends within the numbers that it was made of")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_the_last_step_before_its_bound() {
        let frames = |first, last, step| {
            FrameRun::from_bounds(first, last, step).map(|run| run.iter().collect::<Vec<_>>())
        };
        assert_eq!(frames(1, 10, 4), Some(vec![1, 5, 9]));
        assert_eq!(frames(10, 1, -4), Some(vec![10, 6, 2]));
        assert_eq!(frames(3, 3, -9), Some(vec![3]));
        assert_eq!(frames(1, 10, -1), None);
        assert_eq!(frames(10, 1, 4), None);
        assert_eq!(frames(1, 10, 0), None);
    }

    #[test]
    fn the_widest_run_does_not_overflow() {
        let run = FrameRun::from_bounds(i32::MIN, i32::MAX, 1).unwrap();
        assert_eq!((run.len(), run.last()), (1 << 32, i32::MAX));
        assert_eq!(run.shared_bounds(&run), Some((i32::MIN, i32::MAX)));
    }

    #[test]
    fn runs_of_other_steps_share_what_both_step_on() {
        let run = |first, last, step| FrameRun::from_bounds(first, last, step).unwrap();
        assert_eq!(run(1, 99, 2).shared_bounds(&run(0, 100, 3)), Some((3, 99)));
        assert_eq!(run(1, 99, 2).shared_bounds(&run(2, 100, 2)), None);
        assert_eq!(run(9, 1, -3).shared_bounds(&run(0, 100, 2)), Some((6, 6)));
    }
}
