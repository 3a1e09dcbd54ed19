//! Where a block is on each of its frames, and how much of it is seen.

use super::text_sprite::{OPAQUE, STEPS, SpriteShift};
use crate::model::PixelSize;
use crate::model::titles::{MotionKind, TextBlock, TitleMotion};

/// How far a block moves that comes or goes, as a share of the height of the picture.
const TRAVEL: f64 = 0.05;

/// How a block moves over its frames.
#[derive(Debug, Clone)]
pub(super) struct BlockMotion {
    enter: Option<TitleMotion>,
    leave: Option<TitleMotion>,
    opacity: f64,
    length: usize,
    rolls: bool,
    /// Steps of a pixel that it moves at a time: one, or a whole pixel if its edges are hard.
    stride: i32,
    /// Pixels that a block moves that comes or goes.
    travel: f64,
    /// Pixels from the place of a rolling block to below the picture.
    roll_start: f64,
    /// Pixels that a rolling block moves in a frame.
    roll_step: f64,
}

/// A block on one of its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockMoment {
    pub(super) shift: SpriteShift,
    /// 0 to [`OPAQUE`].
    pub(super) opacity: u32,
    /// Parts of its width, of [`COVER_PARTS`], that are covered on its left.
    pub(super) covered_left: u32,
    /// Parts of its width that are covered on its right.
    pub(super) covered_right: u32,
}

/// The parts that a width is divided into where it is uncovered.
pub(super) const COVER_PARTS: u32 = 16_000;

impl BlockMotion {
    /// Returns the motion of a block whose upper side is at `top`.
    pub(super) fn new(
        block: &TextBlock,
        length: usize,
        size: PixelSize,
        top: f64,
        height: f64,
        is_hard: bool,
    ) -> Self {
        let picture = f64::from(size.height);
        Self {
            enter: block.enter.filter(|motion| motion.frames > 0),
            leave: block.leave.filter(|motion| motion.frames > 0),
            opacity: f64::from(block.opacity).clamp(0.0, 1.0),
            length,
            rolls: block.rolls,
            stride: if is_hard { STEPS } else { 1 },
            travel: TRAVEL * picture,
            roll_start: picture - top,
            roll_step: roll_step((picture + height) * share(1, length + 1)),
        }
    }

    /// Returns where the block is on a frame of its own.
    pub(super) fn moment(&self, frame: usize) -> BlockMoment {
        let mut shift_x = 0.0;
        let mut shift_y = 0.0;
        let mut opacity = self.opacity;
        let mut covered_left = 0.0;
        let mut covered_right = 0.0;
        let last = self.length.saturating_sub(1);
        // A block that comes moves to its place, and one that goes moves on in the same direction.
        let phases = [
            (self.enter, frame, -1.0),
            (self.leave, last.saturating_sub(frame), 1.0),
        ];
        for (motion, distance, sign) in phases {
            let Some(motion) = motion.filter(|motion| distance < motion.frames) else {
                continue;
            };
            let shown = progress(motion, distance);
            let away = sign * (1.0 - shown) * self.travel;
            match motion.kind {
                MotionKind::Cut => continue,
                MotionKind::Fade => {}
                MotionKind::Rise => shift_y -= away,
                MotionKind::Sink => shift_y += away,
                MotionKind::SlideRight => shift_x += away,
                MotionKind::SlideLeft => shift_x -= away,
                MotionKind::Wipe if sign < 0.0 => covered_right = 1.0 - shown,
                MotionKind::Wipe => covered_left = 1.0 - shown,
            }
            if motion.kind != MotionKind::Wipe {
                opacity *= shown;
            }
        }
        if self.rolls {
            shift_y += self.roll_start - self.roll_step * count(frame + 1);
        }
        BlockMoment {
            shift: SpriteShift {
                x: self.steps(shift_x),
                y: self.steps(shift_y),
            },
            opacity: whole(opacity * f64::from(OPAQUE))
                .unsigned_abs()
                .min(OPAQUE),
            covered_left: whole(covered_left * f64::from(COVER_PARTS)).unsigned_abs(),
            covered_right: whole(covered_right * f64::from(COVER_PARTS)).unsigned_abs(),
        }
    }
}

impl BlockMotion {
    /// Returns the steps of a number of pixels, as fine as the block is moved.
    fn steps(&self, pixels: f64) -> i32 {
        let strides = STEPS / self.stride;
        whole(pixels * f64::from(strides)) * self.stride
    }
}

/// Returns how much is shown `distance` frames from the end of the block.
fn progress(motion: TitleMotion, distance: usize) -> f64 {
    // Neither nothing nor all on the frames of the motion: either would be a frame without motion.
    #[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
    let linear = share(distance + 1, motion.frames + 1) as f32;
    f64::from(motion.easing.apply(linear))
}

/// Returns the pixels that a rolling block moves in a frame, of those that it needs to be through in
/// time.
// Between pixels letters are softer, and at whole steps they never are. They are then through a
// little earlier; a tenth of the time is the most that nothing may be seen of them.
fn roll_step(needed: f64) -> f64 {
    let next = (needed - 1e-9).ceil();
    if next <= needed * 1.1 { next } else { needed }
}

fn share(part: usize, whole: usize) -> f64 {
    count(part) / count(whole.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "frame counts are below 2^52")]
fn count(frames: usize) -> f64 {
    frames as f64
}

#[expect(clippy::cast_possible_truncation, reason = "the value is clamped")]
fn whole(value: f64) -> i32 {
    value
        .round()
        .clamp(f64::from(i32::MIN / 64), f64::from(i32::MAX / 64)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::camera::Easing;
    use crate::model::titles::{TextAlign, TextPlace};

    const SIZE: PixelSize = PixelSize::new(1920, 1000);

    fn block(kind: MotionKind) -> TextBlock {
        let motion = TitleMotion {
            kind,
            frames: 4,
            easing: Easing::Linear,
        };
        TextBlock {
            lines: Vec::new(),
            fonts: Vec::new(),
            place: TextPlace::Centre,
            align: TextAlign::Centre,
            margin: 0.05,
            edge: None,
            shadow: 0.0,
            panel: None,
            opacity: 1.0,
            smallest: 0.0,
            rolls: false,
            turns: false,
            enter: Some(motion),
            leave: Some(motion),
        }
    }

    fn moments(block: &TextBlock, length: usize) -> Vec<BlockMoment> {
        let motion = BlockMotion::new(block, length, SIZE, 480.0, 40.0, false);
        (0..length).map(|frame| motion.moment(frame)).collect()
    }

    #[test]
    fn a_fade_is_the_same_forwards_and_backwards() {
        let opacities: Vec<u32> = moments(&block(MotionKind::Fade), 10)
            .iter()
            .map(|moment| moment.opacity)
            .collect();
        assert_eq!(opacities, [51, 102, 154, 205, 256, 256, 205, 154, 102, 51]);
    }

    #[test]
    fn a_block_that_rises_comes_from_below_and_leaves_upwards() {
        let shifts: Vec<i32> = moments(&block(MotionKind::Rise), 10)
            .iter()
            .map(|moment| moment.shift.y)
            .collect();
        assert!(shifts[0] > 0 && shifts[3] > 0, "{shifts:?}");
        assert_eq!(shifts[4..6], [0, 0]);
        assert!(
            shifts.windows(2).all(|pair| pair[1] <= pair[0]),
            "{shifts:?}"
        );
    }

    #[test]
    fn a_roll_goes_from_below_the_picture_to_above_it() {
        let rolling = TextBlock {
            rolls: true,
            enter: None,
            leave: None,
            ..block(MotionKind::Cut)
        };
        let shown = moments(&rolling, 103);
        let top = |moment: &BlockMoment| 480 + moment.shift.y / STEPS;
        assert_eq!(top(&shown[0]), 990, "a hundredth of its way is behind it");
        assert_eq!(top(&shown[102]), -30);
        let steps = shown
            .windows(2)
            .map(|pair| pair[0].shift.y - pair[1].shift.y);
        assert!(
            steps.into_iter().all(|step| step == 10 * STEPS),
            "at one speed"
        );
    }

    #[test]
    fn a_roll_moves_by_whole_pixels_where_that_takes_little_of_its_time() {
        assert_eq!(roll_step(9.5), 10.0);
        assert_eq!(roll_step(10.0), 10.0);
        assert_eq!(roll_step(1.2), 1.2, "a fifth faster would be too much");
        assert_eq!(roll_step(0.0), 0.0);
    }

    #[test]
    fn a_wipe_uncovers_from_the_left() {
        let shown = moments(&block(MotionKind::Wipe), 10);
        assert_eq!(shown[0].covered_right, 12_800);
        assert_eq!(shown[0].covered_left, 0);
        assert_eq!(shown[9].covered_left, 12_800);
        assert_eq!(shown[5].covered_left + shown[5].covered_right, 0);
        assert!(shown.iter().all(|moment| moment.opacity == OPAQUE));
    }

    #[test]
    fn no_length_is_too_short() {
        for length in 0..6 {
            let shown = moments(&block(MotionKind::Rise), length);
            assert!(shown.iter().all(|moment| moment.opacity <= OPAQUE));
        }
    }
}
