//! The frames of a transition: which pictures each is made of, and how much of each.

use crate::model::cut::{TransitionKind, TransitionWork};

/// One frame of a transition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TransitionFrame {
    /// Index of the picture of the shot that is left.
    pub(super) from: Option<usize>,
    /// Index of the picture of the shot that comes.
    pub(super) into: Option<usize>,
    /// With both: how much of the second is seen. With one: how much of it is seen over the colour.
    pub(super) share: f32,
}

/// Returns the frames of a transition, in order.
///
/// A dissolve has no frame that is one of its two shots alone: the frames before and behind it are.
/// A fade begins or ends with the colour alone, because a film that fades to black is expected to be
/// black.
pub(super) fn transition_frames(work: &TransitionWork) -> Vec<TransitionFrame> {
    (0..work.length())
        .map(|index| match work.kind {
            TransitionKind::FadeIn { .. } => TransitionFrame {
                from: None,
                into: Some(index),
                // The first frame is all colour, and the first frame behind the fade is all
                // picture: neither is shown twice.
                share: ratio(index, work.length()),
            },
            TransitionKind::FadeOut { .. } => TransitionFrame {
                from: Some(index),
                into: None,
                share: ratio(work.length() - 1 - index, work.length()),
            },
            TransitionKind::Dip { .. } => dip_frame(work, index),
            TransitionKind::Cut | TransitionKind::Dissolve | TransitionKind::Wipe { .. } => {
                TransitionFrame {
                    from: Some(index),
                    into: Some(index),
                    // Neither end is a picture of one shot alone, because the frames beside the
                    // transition show those.
                    share: ratio(index + 1, work.length() + 1),
                }
            }
        })
        .collect()
}

/// Returns a frame of a dip, which is a fade out and a fade in.
fn dip_frame(work: &TransitionWork, index: usize) -> TransitionFrame {
    match index.checked_sub(work.before) {
        None => TransitionFrame {
            from: Some(index),
            into: None,
            share: ratio(work.before - 1 - index, work.before),
        },
        Some(index) => TransitionFrame {
            from: None,
            into: Some(index),
            share: ratio(index, work.after),
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "transitions have few frames")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cut::{FrameTrim, ScreenColour};

    fn transition_work(kind: TransitionKind, before: usize, after: usize) -> TransitionWork {
        TransitionWork {
            kind,
            before,
            after,
            from: Some(FrameTrim::default()),
            into: Some(FrameTrim::default()),
            fitting: None,
            high_range: None,
        }
    }

    fn shares(work: &TransitionWork) -> Vec<f32> {
        let frames = transition_frames(work).into_iter();
        frames.map(|frame| frame.share).collect()
    }

    #[test]
    fn a_dissolve_is_even_and_never_one_shot_alone() {
        assert_eq!(
            shares(&transition_work(TransitionKind::Dissolve, 1, 2)),
            [0.25, 0.5, 0.75]
        );
        assert_eq!(
            shares(&transition_work(TransitionKind::Dissolve, 0, 1)),
            [0.5]
        );
    }

    #[test]
    fn a_fade_begins_or_ends_with_the_colour() {
        let colour = ScreenColour::BLACK;
        let fade_in = transition_work(TransitionKind::FadeIn { colour }, 0, 4);
        assert_eq!(shares(&fade_in), [0.0, 0.25, 0.5, 0.75]);
        let fade_out = transition_work(TransitionKind::FadeOut { colour }, 4, 0);
        assert_eq!(shares(&fade_out), [0.75, 0.5, 0.25, 0.0]);
    }

    #[test]
    fn a_dip_is_a_fade_out_and_a_fade_in() {
        let colour = ScreenColour::WHITE;
        let dip = transition_work(TransitionKind::Dip { colour }, 2, 3);
        assert_eq!(shares(&dip), [0.5, 0.0, 0.0, 1.0 / 3.0, 2.0 / 3.0]);
        let frames = transition_frames(&dip);
        let from: Vec<Option<usize>> = frames.iter().map(|frame| frame.from).collect();
        let into: Vec<Option<usize>> = frames.iter().map(|frame| frame.into).collect();
        assert_eq!(from, [Some(0), Some(1), None, None, None]);
        assert_eq!(into, [None, None, Some(0), Some(1), Some(2)]);
        // One frame has no first half.
        let short = transition_work(TransitionKind::Dip { colour }, 0, 1);
        assert_eq!(shares(&short), [0.0]);
    }
}
