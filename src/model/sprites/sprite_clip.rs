//! Clips of a sprite sheet, and the moments at which they are drawn.

use crate::model::frame_rate::FrameRate;
use serde::{Deserialize, Serialize};

/// The most frames of one clip of a sheet.
pub(super) const MAX_CLIP_FRAMES: usize = 1024;

/// One clip as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpriteClip {
    /// The name of the clip in the model. `None`: the model at rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
    /// How many frames it has.
    pub sampling: ClipSampling,
    /// Whether it repeats. The last frame of a clip that does not is the end of its motion.
    pub repeats: bool,
}

/// How a clip is divided into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClipSampling {
    /// So many frames, evenly over the clip.
    Frames(u32),
    /// So many frames a second.
    Rate(FrameRate),
    /// A turntable: the first moment of the clip, turned once around.
    Turn {
        /// Number of frames.
        frames: u32,
        /// Frames a second.
        rate: FrameRate,
    },
}

/// The moments of a clip that are drawn, and how long each is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ClipTiming {
    /// Seconds into the clip.
    pub moments: Vec<f32>,
    /// Milliseconds of each frame. Their sum is the length of the clip, rounded once.
    pub durations: Vec<u32>,
}

impl SpriteClip {
    /// Returns how many frames it has, if that is known without the model.
    #[must_use]
    pub const fn frame_count(&self) -> Option<usize> {
        match (&self.clip, self.sampling) {
            (_, ClipSampling::Turn { frames, .. }) => Some(frames as usize),
            (None, _) => Some(1),
            (Some(_), ClipSampling::Frames(count)) => Some(count as usize),
            (Some(_), ClipSampling::Rate(_)) => None,
        }
    }

    /// Returns how many frames it has as far as is known: at a rate, those of a second.
    #[must_use]
    pub fn expected_frames(&self) -> usize {
        self.frame_count().unwrap_or(match self.sampling {
            ClipSampling::Rate(rate) => rate.num.div_ceil(rate.den.max(1)).max(1) as usize,
            ClipSampling::Frames(frames) | ClipSampling::Turn { frames, .. } => frames as usize,
        })
    }

    /// Returns whether it is a turntable, which is drawn from one direction alone.
    #[must_use]
    pub const fn is_turntable(&self) -> bool {
        matches!(self.sampling, ClipSampling::Turn { .. })
    }

    /// Returns the degrees by which the model is turned in one of its frames beside its direction,
    /// counter-clockwise as seen from above.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "at most the limit of frames")]
    pub fn frame_turn(&self, index: usize) -> f32 {
        match self.sampling {
            // Clockwise, as the directions of a sheet are.
            ClipSampling::Turn { frames, .. } => -360.0 * (index as f32 / frames.max(1) as f32),
            ClipSampling::Frames(_) | ClipSampling::Rate(_) => 0.0,
        }
    }

    /// Returns the moments of a clip of `seconds`. `None`: there would be more than 1024.
    #[must_use]
    pub fn timing(&self, seconds: f32) -> Option<ClipTiming> {
        if let ClipSampling::Turn { frames, rate } = self.sampling {
            let count = frames as usize;
            return (1..=MAX_CLIP_FRAMES).contains(&count).then(|| ClipTiming {
                moments: vec![0.0; count],
                durations: spread_milliseconds(f64::from(frames) / rate.as_f64(), count),
            });
        }
        if self.clip.is_none() {
            return Some(ClipTiming {
                moments: vec![0.0],
                durations: vec![STILL_MILLISECONDS],
            });
        }
        let seconds = if seconds.is_finite() {
            seconds.max(0.0)
        } else {
            0.0
        };
        let length = f64::from(seconds);
        let (count, total) = match self.sampling {
            ClipSampling::Frames(count) => (count as usize, length),
            ClipSampling::Rate(rate) => rate_frames(length, rate)?,
            // Returned above.
            ClipSampling::Turn { .. } => return None,
        };
        if count == 0 || count > MAX_CLIP_FRAMES {
            return None;
        }
        // The end of a clip that repeats is its beginning, which is drawn already.
        let steps = if self.repeats || count == 1 {
            count
        } else {
            count - 1
        };
        let moments = (0..count).map(|index| moment_at(seconds, index, steps));
        Some(ClipTiming {
            moments: moments.collect(),
            durations: spread_milliseconds(total, count),
        })
    }
}

/// How long a frame of a clip without length is shown.
const STILL_MILLISECONDS: u32 = 100;

/// Returns how many frames a clip has at a rate, and how long they are shown in seconds.
fn rate_frames(length: f64, rate: FrameRate) -> Option<(usize, f64)> {
    let exact = (length * rate.as_f64()).round().max(1.0);
    #[expect(clippy::cast_precision_loss, reason = "a small limit")]
    let most = MAX_CLIP_FRAMES as f64;
    if exact > most {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 1 to the limit"
    )]
    let count = exact as usize;
    Some((count, exact / rate.as_f64()))
}

#[expect(clippy::cast_precision_loss, reason = "at most the limit of frames")]
fn moment_at(seconds: f32, index: usize, steps: usize) -> f32 {
    let moment = seconds * (index as f32 / steps as f32);
    // A clip starts again at its very end.
    moment.min(seconds.next_down()).max(0.0)
}

/// Returns whole milliseconds for `count` frames of `seconds` together.
fn spread_milliseconds(seconds: f64, count: usize) -> Vec<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an hour is the most"
    )]
    let total = (seconds * 1000.0).round().clamp(0.0, 3_600_000.0) as u64;
    if total == 0 {
        return vec![STILL_MILLISECONDS; count];
    }
    let frames = count as u64;
    let end = |index: u64| total * index / frames;
    (0..frames)
        // No program shows a frame for no time.
        .map(|index| u32::try_from(end(index + 1) - end(index)).map_or(1, |own| own.max(1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(sampling: ClipSampling, repeats: bool) -> SpriteClip {
        SpriteClip {
            clip: Some("walk".to_owned()),
            sampling,
            repeats,
        }
    }

    #[test]
    fn a_loop_does_not_show_its_beginning_twice() {
        let timing = clip(ClipSampling::Frames(4), true).timing(1.0).unwrap();
        assert_eq!(timing.moments, [0.0, 0.25, 0.5, 0.75]);
        assert_eq!(timing.durations, [250; 4]);
    }

    #[test]
    fn a_clip_that_ends_shows_its_end() {
        let timing = clip(ClipSampling::Frames(3), false).timing(1.0).unwrap();
        assert_eq!(timing.moments[0], 0.0);
        assert_eq!(timing.moments[1], 0.5);
        assert!(timing.moments[2] < 1.0 && timing.moments[2] > 0.999);
    }

    #[test]
    fn milliseconds_add_up_to_the_clip() {
        let timing = clip(ClipSampling::Frames(7), true).timing(1.0).unwrap();
        assert_eq!(timing.durations.iter().sum::<u32>(), 1000);
        let rate = FrameRate::from_fps(12);
        let timing = clip(ClipSampling::Rate(rate), true).timing(1.0).unwrap();
        assert_eq!(timing.moments.len(), 12);
        assert_eq!(timing.durations.iter().sum::<u32>(), 1000);
    }

    #[test]
    fn odd_lengths_give_a_picture_or_none_and_never_a_panic() {
        for seconds in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e-9] {
            let frames = clip(ClipSampling::Frames(2), true).timing(seconds).unwrap();
            assert_eq!(frames.moments.len(), 2, "{seconds}");
            let rate = ClipSampling::Rate(FrameRate::from_fps(12));
            assert_eq!(clip(rate, true).timing(seconds).unwrap().moments.len(), 1);
        }
        let fast = ClipSampling::Rate(FrameRate::from_fps(60));
        assert_eq!(clip(fast, true).timing(1e6), None);
        assert_eq!(clip(ClipSampling::Frames(0), true).timing(1.0), None);
    }

    #[test]
    fn a_turntable_turns_once_around() {
        let rate = FrameRate::from_fps(12);
        let turn = clip(ClipSampling::Turn { frames: 4, rate }, true);
        let timing = turn.timing(3.0).unwrap();
        assert_eq!(timing.moments, [0.0; 4]);
        assert_eq!(timing.durations.iter().sum::<u32>(), 333);
        let turns: Vec<f32> = (0..4).map(|index| turn.frame_turn(index)).collect();
        assert_eq!(turns, [0.0, -90.0, -180.0, -270.0]);
        assert_eq!(turn.frame_count(), Some(4));
        let none = clip(ClipSampling::Turn { frames: 0, rate }, true);
        assert_eq!(none.timing(1.0), None);
    }

    #[test]
    fn a_model_at_rest_is_one_frame() {
        let still = SpriteClip {
            clip: None,
            ..clip(ClipSampling::Frames(8), true)
        };
        assert_eq!(still.timing(0.0).unwrap().moments, [0.0]);
        assert_eq!(still.frame_count(), Some(1));
    }
}
