//! Fades, as programs write them that have none: a dissolve at the end of a track, or beside black.

use super::exchange_timeline::{ExchangeClip, ExchangeTimeline, ExchangeTransition};
use crate::model::cut::{ScreenColour, TransitionKind};

/// What a transition has at its cut.
struct ClipsAtCut {
    /// Index of the clip that ends there.
    from: Option<usize>,
    /// Index of the clip that begins there.
    into: Option<usize>,
}

/// Makes fades of transitions that have a clip on one side alone. The clip is seen for as long as the
/// transition lasts. A fade out and a fade in at one frame are a dip. Returns the transitions with a
/// clip on neither side, which are taken out.
pub(super) fn fade_at_gaps(timeline: &mut ExchangeTimeline) -> Vec<ExchangeTransition> {
    let mut lost = Vec::new();
    let sides: Vec<ClipsAtCut> = timeline
        .transitions
        .iter()
        .map(|transition| cut_sides(&timeline.clips, transition.cut))
        .collect();
    let mut fades: Vec<ExchangeTransition> = Vec::with_capacity(sides.len());
    for (transition, sides) in timeline.transitions.drain(..).zip(sides) {
        let fade = match (sides.from, sides.into) {
            (Some(_), Some(_)) => transition,
            (None, None) => {
                lost.push(transition);
                continue;
            }
            (Some(from), None) => fade_out(transition, &mut timeline.clips[from]),
            (None, Some(into)) => fade_in(transition, &mut timeline.clips[into]),
        };
        match fades.last_mut().and_then(|last| dip_colour(last, &fade)) {
            Some(colour) => {
                if let Some(last) = fades.last_mut() {
                    last.kind = TransitionKind::Dip { colour };
                    last.after = fade.after;
                }
            }
            None => fades.push(fade),
        }
    }
    timeline.transitions = fades;
    lost
}

fn cut_sides(clips: &[ExchangeClip], cut: usize) -> ClipsAtCut {
    let behind = clips.partition_point(|clip| clip.start < cut);
    let begins = clips.get(behind).is_some_and(|clip| clip.start == cut);
    ClipsAtCut {
        from: behind
            .checked_sub(1)
            .filter(|index| clips[*index].end() == cut),
        into: begins.then_some(behind),
    }
}

fn fade_out(transition: ExchangeTransition, from: &mut ExchangeClip) -> ExchangeTransition {
    // Our own writers keep the kind in metadata, and such a fade is complete already.
    if matches!(transition.kind, TransitionKind::FadeOut { .. }) {
        return transition;
    }
    // The clip is seen up to the end of the transition, while it gives way to nothing.
    from.length += transition.after;
    ExchangeTransition {
        kind: TransitionKind::FadeOut {
            colour: screen_colour(transition.kind),
        },
        cut: transition.cut + transition.after,
        before: transition.length(),
        after: 0,
        place: transition.place,
    }
}

fn fade_in(transition: ExchangeTransition, into: &mut ExchangeClip) -> ExchangeTransition {
    if matches!(transition.kind, TransitionKind::FadeIn { .. }) {
        return transition;
    }
    // A transition that begins before the film shows what is in the film.
    let before = transition.before.min(into.start);
    into.start -= before;
    into.length += before;
    let early = i64::try_from(before).unwrap_or(i64::MAX);
    into.source_start = into.source_start.saturating_sub(early);
    ExchangeTransition {
        kind: TransitionKind::FadeIn {
            colour: screen_colour(transition.kind),
        },
        cut: transition.cut - before,
        before: 0,
        after: before + transition.after,
        place: transition.place,
    }
}

fn screen_colour(kind: TransitionKind) -> ScreenColour {
    kind.colour().unwrap_or_default()
}

/// Returns the colour between a fade out and a fade in at the same frame. `None`: they are no such
/// pair.
fn dip_colour(last: &ExchangeTransition, next: &ExchangeTransition) -> Option<ScreenColour> {
    match (last.kind, next.kind) {
        (TransitionKind::FadeOut { colour }, TransitionKind::FadeIn { colour: other })
            if last.cut == next.cut && colour == other =>
        {
            Some(colour)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::tests::dissolve;
    use crate::interchange::{ExchangeClipKind, ExchangeMediaKind, ExchangePlace};
    use crate::model::FrameRate;

    fn clip(start: usize, length: usize) -> ExchangeClip {
        ExchangeClip {
            kind: ExchangeClipKind::Pictures,
            name: "sh010".to_owned(),
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

    fn timeline(
        clips: Vec<ExchangeClip>,
        transitions: Vec<ExchangeTransition>,
    ) -> ExchangeTimeline {
        ExchangeTimeline {
            name: String::new(),
            rate: FrameRate::from_fps(24),
            start: 0,
            is_drop_frame: false,
            size: None,
            media_kind: ExchangeMediaKind::Shots,
            clips,
            transitions,
            sounds: Vec::new(),
            markers: Vec::new(),
        }
    }

    fn shown(timeline: &ExchangeTimeline) -> Vec<(TransitionKind, usize, usize, usize)> {
        let transitions = timeline.transitions.iter();
        transitions
            .map(|each| (each.kind, each.cut, each.before, each.after))
            .collect()
    }

    #[test]
    fn dissolves_at_the_ends_of_a_film_are_fades() {
        let colour = ScreenColour::BLACK;
        let mut film = timeline(
            vec![clip(0, 20), clip(20, 20)],
            vec![dissolve(0, 0, 6), dissolve(20, 3, 3), dissolve(40, 8, 0)],
        );
        assert_eq!(fade_at_gaps(&mut film), []);
        assert_eq!(
            shown(&film),
            [
                (TransitionKind::FadeIn { colour }, 0, 0, 6),
                (TransitionKind::Dissolve, 20, 3, 3),
                (TransitionKind::FadeOut { colour }, 40, 8, 0),
            ]
        );
        assert_eq!((film.clips[0].start, film.clips[1].length), (0, 20));
    }

    #[test]
    fn dissolves_into_black_and_out_of_it_are_a_dip() {
        let colour = ScreenColour::BLACK;
        // Black from 20 to 28, and the clip behind it is seen 2 frames before its cut.
        let mut film = timeline(
            vec![clip(0, 20), clip(30, 20)],
            vec![dissolve(20, 0, 8), dissolve(30, 2, 6), dissolve(99, 1, 1)],
        );
        assert_eq!(fade_at_gaps(&mut film), [dissolve(99, 1, 1)]);
        assert_eq!(shown(&film), [(TransitionKind::Dip { colour }, 28, 8, 8)]);
        assert_eq!(film.clips[0].end(), 28);
        let behind = &film.clips[1];
        assert_eq!(
            (behind.start, behind.length, behind.source_start),
            (28, 22, 999)
        );
    }
}
