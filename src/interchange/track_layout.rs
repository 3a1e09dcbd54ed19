//! Several tracks of pictures as one: what is on a higher track covers what is below it.

use super::exchange_timeline::{ExchangeClip, ExchangeTransition};

/// One track of pictures.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ExchangeTrack {
    /// Its clips, in order, without overlaps.
    pub(super) clips: Vec<ExchangeClip>,
    /// Its transitions, in order.
    pub(super) transitions: Vec<ExchangeTransition>,
}

impl ExchangeTrack {
    /// Returns tracks as one, the lowest first. Neighbours are joined first, so that many tracks of
    /// few clips are not gone through once for each.
    pub(super) fn joined(mut tracks: Vec<Self>) -> Self {
        while tracks.len() > 1 {
            let mut pairs = tracks.into_iter();
            let mut joined = Vec::with_capacity(pairs.len().div_ceil(2));
            while let Some(below) = pairs.next() {
                joined.push(match pairs.next() {
                    Some(above) => below.covered_by(above),
                    None => below,
                });
            }
            tracks = joined;
        }
        tracks.pop().unwrap_or_default()
    }

    /// Returns this track under another one.
    pub(super) fn covered_by(self, above: Self) -> Self {
        if above.clips.is_empty() {
            return self;
        }
        let mut clips: Vec<ExchangeClip> = self
            .clips
            .into_iter()
            .flat_map(|clip| uncovered_parts(clip, &above.clips))
            .collect();
        let is_covered = |transition: &ExchangeTransition| {
            let first = transition.cut.saturating_sub(transition.before);
            let behind = above.clips.partition_point(|clip| clip.end() <= first);
            let next = above.clips.get(behind);
            next.is_some_and(|clip| clip.start < transition.cut + transition.after)
        };
        let mut transitions: Vec<ExchangeTransition> = self
            .transitions
            .into_iter()
            .filter(|transition| !is_covered(transition))
            .collect();
        clips.extend(above.clips);
        transitions.extend(above.transitions);
        clips.sort_by_key(|clip| clip.start);
        transitions.sort_by_key(|transition| transition.cut);
        Self { clips, transitions }
    }
}

/// Returns the parts of a clip that none of `above` covers.
fn uncovered_parts(clip: ExchangeClip, above: &[ExchangeClip]) -> Vec<ExchangeClip> {
    let first = above.partition_point(|other| other.end() <= clip.start);
    let mut parts = Vec::new();
    let mut rest = Some(clip);
    for other in &above[first..] {
        let Some(clip) = rest.take() else { break };
        if other.start >= clip.end() {
            rest = Some(clip);
            break;
        }
        if other.start > clip.start {
            parts.push(part_of(&clip, clip.start, other.start));
        }
        rest = (other.end() < clip.end()).then(|| part_of(&clip, other.end(), clip.end()));
    }
    parts.extend(rest);
    parts
}

/// Returns the frames `start..end` of the film of a clip.
fn part_of(clip: &ExchangeClip, start: usize, end: usize) -> ExchangeClip {
    let skipped = i64::try_from(start - clip.start).unwrap_or(i64::MAX);
    ExchangeClip {
        start,
        length: end - start,
        source_start: clip.source_start.saturating_add(skipped),
        ..clip.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::exchange_timeline::{ExchangeClipKind, ExchangePlace};

    fn clip(name: &str, start: usize, length: usize) -> ExchangeClip {
        ExchangeClip {
            kind: ExchangeClipKind::Pictures,
            name: name.to_owned(),
            other_names: Vec::new(),
            reel: String::new(),
            start,
            length,
            source_start: 1001,
            shot_offset: None,
            media: None,
            place: ExchangePlace::default(),
        }
    }

    fn track(clips: &[ExchangeClip]) -> ExchangeTrack {
        ExchangeTrack {
            clips: clips.to_vec(),
            transitions: Vec::new(),
        }
    }

    #[test]
    fn a_clip_above_leaves_both_ends_of_the_one_below() {
        let below = track(&[clip("a", 0, 20), clip("b", 20, 10)]);
        let above = track(&[clip("x", 5, 5), clip("y", 18, 4)]);
        let one = below.covered_by(above);
        let shown: Vec<(&str, usize, usize, i64)> = one
            .clips
            .iter()
            .map(|clip| {
                (
                    clip.name.as_str(),
                    clip.start,
                    clip.length,
                    clip.source_start,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("a", 0, 5, 1001),
                ("x", 5, 5, 1001),
                ("a", 10, 8, 1011),
                ("y", 18, 4, 1001),
                ("b", 22, 8, 1003),
            ]
        );
    }

    #[test]
    fn many_tracks_are_the_same_as_one_over_the_other() {
        let tracks: Vec<ExchangeTrack> = (0..9)
            .map(|number| track(&[clip(&format!("c{number}"), number * 3 % 7, 5)]))
            .collect();
        let one_by_one = tracks.iter().cloned().reduce(ExchangeTrack::covered_by);
        assert_eq!(Some(ExchangeTrack::joined(tracks)), one_by_one);
        assert_eq!(ExchangeTrack::joined(Vec::new()), ExchangeTrack::default());
    }

    #[test]
    fn a_clip_above_may_cover_everything() {
        let below = track(&[clip("a", 3, 4), clip("b", 7, 3)]);
        assert_eq!(
            below.clone().covered_by(track(&[clip("x", 0, 20)])),
            track(&[clip("x", 0, 20)])
        );
        assert_eq!(below.clone().covered_by(track(&[])), below);
        assert_eq!(track(&[]).covered_by(below.clone()), below);
    }
}
