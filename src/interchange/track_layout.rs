//! Several tracks of pictures as one: what is on a higher track covers what is below it.

use super::exchange_timeline::{ExchangeClip, ExchangeTransition};

/// One track of pictures.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ExchangeTrack {
    /// Its clips, in order, without overlaps.
    pub(super) clips: Vec<ExchangeClip>,
    /// Its transitions, in order.
    pub(super) transitions: Vec<ExchangeTransition>,
    /// Transitions of lower tracks that a clip of a higher one covers in part, and which are lost.
    pub(super) half_covered: Vec<ExchangeTransition>,
    /// Its length in frames, with the black at its end.
    pub(super) length: usize,
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
        let length = self.length.max(above.length);
        // A track of black covers nothing, and may still be the longer one.
        if above.clips.is_empty() {
            return Self { length, ..self };
        }
        let mut half_covered = self.half_covered;
        half_covered.extend(above.half_covered);
        let mut clips: Vec<ExchangeClip> = self
            .clips
            .into_iter()
            .flat_map(|clip| uncovered_parts(clip, &above.clips))
            .collect();
        let mut transitions = Vec::with_capacity(self.transitions.len());
        for transition in self.transitions {
            let first = transition.cut.saturating_sub(transition.before);
            let end = transition.cut + transition.after;
            let behind = above.clips.partition_point(|clip| clip.end() <= first);
            match above.clips.get(behind).filter(|clip| clip.start < end) {
                None => transitions.push(transition),
                // Nothing of it is seen.
                Some(clip) if clip.start <= first && clip.end() >= end => {}
                Some(_) => half_covered.push(transition),
            }
        }
        clips.extend(above.clips);
        transitions.extend(above.transitions);
        clips.sort_by_key(|clip| clip.start);
        transitions.sort_by_key(|transition| transition.cut);
        Self {
            clips,
            transitions,
            half_covered,
            length,
        }
    }

    /// Returns the frames `first..first + length` of the track, as a track that begins with them.
    /// Transitions that are not whole within them are among the half covered ones.
    pub(super) fn trimmed(self, first: usize, length: usize) -> Self {
        let end = first.saturating_add(length);
        let clips = self.clips.into_iter().filter_map(|clip| {
            let from = clip.start.max(first);
            let to = clip.end().min(end);
            (from < to).then(|| ExchangeClip {
                start: from - first,
                ..part_of(&clip, from, to)
            })
        });
        let (whole, cut): (Vec<_>, Vec<_>) = self.transitions.into_iter().partition(|transition| {
            transition.cut.saturating_sub(transition.before) >= first
                && transition.cut + transition.after <= end
        });
        let mut half_covered = self.half_covered;
        // One that is all outside was cut away on purpose.
        half_covered.extend(cut.into_iter().filter(|transition| {
            transition.cut.saturating_sub(transition.before) < end
                && transition.cut + transition.after > first
        }));
        let moved = whole.into_iter().map(|transition| ExchangeTransition {
            cut: transition.cut - first,
            ..transition
        });
        Self {
            clips: clips.collect(),
            transitions: moved.collect(),
            half_covered,
            length: self.length.min(end).saturating_sub(first),
        }
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
    use crate::interchange::tests::dissolve;

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
            length: clips.iter().map(ExchangeClip::end).max().unwrap_or(0),
            ..ExchangeTrack::default()
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
    fn a_transition_that_is_covered_in_part_is_noted_and_one_that_is_hidden_is_not() {
        let below = || ExchangeTrack {
            transitions: vec![dissolve(20, 4, 4)],
            ..track(&[clip("a", 0, 20), clip("b", 20, 10)])
        };
        let under = |start, length| below().covered_by(track(&[clip("x", start, length)]));
        assert_eq!(under(18, 3).half_covered, [dissolve(20, 4, 4)]);
        assert_eq!(under(16, 8).half_covered, []);
        assert_eq!(under(16, 8).transitions, []);
        assert_eq!(under(0, 16).transitions, [dissolve(20, 4, 4)]);
    }

    #[test]
    fn a_trimmed_track_begins_with_its_range() {
        let whole = ExchangeTrack {
            transitions: vec![dissolve(20, 4, 4), dissolve(5, 2, 2)],
            ..track(&[clip("a", 0, 20), clip("b", 20, 10)])
        };
        let part = whole.trimmed(4, 22);
        let shown: Vec<(usize, usize, i64)> = part
            .clips
            .iter()
            .map(|clip| (clip.start, clip.length, clip.source_start))
            .collect();
        assert_eq!(shown, [(0, 16, 1005), (16, 6, 1001)]);
        assert_eq!(part.transitions, [dissolve(16, 4, 4)]);
        assert_eq!(part.half_covered, [dissolve(5, 2, 2)]);
        assert_eq!(part.length, 22);
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
