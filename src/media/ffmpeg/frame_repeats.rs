//! Pictures that are shown for several frames, given to ffmpeg once.
//!
//! A frame of 1080p is 12 MB on its way to ffmpeg, and is converted there to the colours of the
//! film. Of what stands still, both is done once: behind the conversion, a filter repeats the
//! picture itself, which copies nothing. The encoder sees the same frames, so the file has the same
//! bytes.

use crate::model::FrameRate;
use std::fmt::Write as _;

/// The most changes of pace that the filter is given.
// Each is a term of an expression that ffmpeg evaluates by recursion, for every picture.
const MOST_PACES: usize = 1000;

/// Which pictures are fed how often, and the filters that repeat them.
pub(super) struct FramePlan {
    /// How often each picture is fed.
    pub(super) feeds: Vec<usize>,
    /// Filters that follow the conversion of colours. `None`: ffmpeg sees every frame.
    pub(super) filters: Option<String>,
}

impl FramePlan {
    /// Plans for pictures that are each shown for so many frames, at least one.
    pub(super) fn for_repeats(repeats: &[usize], rate: FrameRate) -> Self {
        let paces = paces(repeats);
        if repeats.iter().all(|repeat| *repeat == 1) || paces.len() > MOST_PACES {
            return Self {
                feeds: repeats.to_vec(),
                filters: None,
            };
        }
        let mut place = "N".to_owned();
        for (index, change) in paces {
            // Writing to a `String` cannot fail.
            let _ = write!(place, "{change:+}*max(0,N-{index})");
        }
        let FrameRate { num, den } = rate;
        let count: usize = repeats.iter().sum();
        // The last picture is fed once more, for the frame after the end, which `trim` takes off:
        // releases of ffmpeg do not agree on how long the last frame of a filter lasts.
        let mut feeds = vec![1; repeats.len()];
        feeds.last_mut().into_iter().for_each(|last| *last = 2);
        Self {
            feeds,
            filters: Some(format!(
                "setpts='{place}',fps={num}/{den},trim=end_frame={count}"
            )),
        }
    }
}

/// Returns where the number of frames for each picture changes, and by how much. Before the first,
/// it is one.
fn paces(repeats: &[usize]) -> Vec<(usize, i128)> {
    let mut before = 1;
    let changes = repeats.iter().enumerate().filter_map(|(index, repeat)| {
        let now = *repeat as i128;
        let change = now - before;
        before = now;
        (change != 0).then_some((index, change))
    });
    changes.collect()
}

/// Yields each frame of `next` as often as it is fed.
pub(super) fn feed_frames<E>(
    feeds: Vec<usize>,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, E>,
) -> impl FnMut() -> Result<Option<Vec<u8>>, E> {
    let mut feeds = feeds.into_iter();
    let mut frame = Vec::new();
    let mut left = 0;
    move || {
        if left == 0 {
            let Some(fresh) = next()? else {
                return Ok(None);
            };
            frame = fresh;
            left = feeds.next().unwrap_or(1).max(1);
        }
        left -= 1;
        // The last time gives the bytes away.
        Ok(Some(if left == 0 {
            std::mem::take(&mut frame)
        } else {
            frame.clone()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: FrameRate = FrameRate {
        num: 30_000,
        den: 1001,
    };

    fn fed(feeds: Vec<usize>) -> Vec<u8> {
        let mut frames = (0..u8::try_from(feeds.len()).unwrap()).map(|value| vec![value]);
        let mut next = feed_frames(feeds, || Ok::<_, ()>(frames.next()));
        std::iter::from_fn(|| next().unwrap()).flatten().collect()
    }

    #[test]
    fn frames_that_all_differ_need_no_filter() {
        let plan = FramePlan::for_repeats(&[1, 1, 1], RATE);
        assert_eq!(plan.filters, None);
        assert_eq!(fed(plan.feeds), [0, 1, 2]);
        assert!(FramePlan::for_repeats(&[], RATE).feeds.is_empty());
    }

    #[test]
    fn a_filter_repeats_what_stands_still() {
        let plan = FramePlan::for_repeats(&[1, 1, 24, 24, 1, 5], RATE);
        assert_eq!(
            plan.filters.as_deref(),
            Some(
                "setpts='N+23*max(0,N-2)-23*max(0,N-4)+4*max(0,N-5)',fps=30000/1001,trim=end_frame=56"
            )
        );
        assert_eq!(fed(plan.feeds), [0, 1, 2, 3, 4, 5, 5]);
    }

    #[test]
    fn too_many_changes_are_fed_as_they_are() {
        let repeats: Vec<usize> = [1, 2].repeat(MOST_PACES);
        let plan = FramePlan::for_repeats(&repeats, RATE);
        assert_eq!(plan.filters, None);
        assert_eq!(fed([1, 3, 2].to_vec()), [0, 1, 1, 1, 2, 2]);
        assert_eq!(plan.feeds, repeats);
    }
}
