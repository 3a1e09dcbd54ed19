//! Builds the timeline of one output.

use super::cut_points::{CutSides, cut_transitions};
use super::sound_places::{SoundPlaces, production_sample_rate};
use crate::model::Production;
use crate::model::cut::{
    ShotTransition, Timeline, TimelineClip, TimelineMarker, TimelineMarkerKind, TimelineTransition,
};
use crate::model::production::Output;

/// Returns the timeline of an output: of the shots that it shows, at the production's rate.
#[must_use]
pub fn build_timeline(production: &Production, output: &Output) -> Timeline {
    timeline_of_shots(production, output.shown_shots(production.shots.len()))
}

/// Returns the timeline of the film with all shots.
#[must_use]
pub fn build_full_timeline(production: &Production) -> Timeline {
    timeline_of_shots(production, 0..production.shots.len())
}

fn timeline_of_shots(production: &Production, shots: impl Iterator<Item = usize>) -> Timeline {
    let mut builder = TimelineBuilder::default();
    let mut from = None;
    for shot in shots.filter(|shot| *shot < production.shots.len()) {
        let into = Some(shot);
        builder.add_cut(production, CutSides { from, into });
        builder.add_clip(production, shot);
        from = into;
    }
    builder.add_cut(production, CutSides { from, into: None });
    let clips = builder.clips;
    let sample_rate = production_sample_rate(production);
    let sound = SoundPlaces::find(production, &clips, sample_rate);
    let mut timeline = Timeline {
        rate: production.render.rate,
        start: production.edit.start,
        length: builder.length,
        sample_rate,
        transitions: builder.transitions,
        lines: sound.lines,
        effects: sound.effects,
        cues: sound.cues,
        titles: Vec::new(),
        markers: Vec::new(),
        clips,
    };
    set_handles(&mut timeline);
    timeline.markers = markers(production, &timeline);
    timeline
}

/// The clips and transitions so far.
#[derive(Default)]
struct TimelineBuilder {
    length: usize,
    clips: Vec<TimelineClip>,
    transitions: Vec<TimelineTransition>,
    /// First frame that no transition has yet.
    free: usize,
}

impl TimelineBuilder {
    fn add_clip(&mut self, production: &Production, index: usize) {
        let shot = &production.shots[index];
        self.clips.push(TimelineClip {
            shot: Some(index),
            name: shot.name.value.clone(),
            start: self.length,
            length: shot.frames.len(),
            head: 0,
            tail: 0,
        });
        self.length += shot.frames.len();
    }

    /// Adds the transitions at the end of the last clip, before the clip of `sides.into` is added.
    fn add_cut(&mut self, production: &Production, sides: CutSides) {
        let found = cut_transitions(production, sides);
        let last = self.clips.len().checked_sub(1);
        let next = sides.into.map(|_| self.clips.len());
        let next_length = sides
            .into
            .map_or(0, |shot| production.shots[shot].frames.len());
        if let Some(fade) = found.fade_out {
            self.add_transition(fade, fade.frames, 0, last, None);
        }
        if let Some(blend) = found.blend {
            let before = blend.frames_before_cut();
            let after = blend.frames_after_cut().min(next_length);
            self.add_transition(blend, before, after, last, next);
        }
        if let Some(fade) = found.fade_in {
            self.add_transition(fade, 0, fade.frames.min(next_length), None, next);
        }
    }

    /// Adds a transition with as many of its frames as no other transition has.
    // Rules refuse what does not fit. A timeline of a production with such mistakes is shown too,
    // and must not count a frame twice.
    fn add_transition(
        &mut self,
        written: ShotTransition,
        before: usize,
        after: usize,
        from: Option<usize>,
        into: Option<usize>,
    ) {
        let cut = self.length;
        let clip_start = self.clips.last().map_or(cut, |clip| clip.start);
        let before = before.min(cut - self.free.max(clip_start).min(cut));
        if before + after == 0 {
            return;
        }
        self.free = cut + after;
        self.transitions.push(TimelineTransition {
            kind: written.kind,
            cut,
            before,
            after,
            from,
            into,
            origin: written.origin,
        });
    }
}

/// Sets the frames that each clip shows beyond its cuts.
fn set_handles(timeline: &mut Timeline) {
    for transition in &timeline.transitions {
        if !transition.kind.needs_handles() {
            continue;
        }
        if let Some(clip) = transition
            .from
            .and_then(|from| timeline.clips.get_mut(from))
        {
            clip.tail = transition.after;
        }
        if let Some(clip) = transition
            .into
            .and_then(|into| timeline.clips.get_mut(into))
        {
            clip.head = transition.before;
        }
    }
}

/// Returns the markers of scenes, shots and lines, in order of their frames.
fn markers(production: &Production, timeline: &Timeline) -> Vec<TimelineMarker> {
    let mut markers = Vec::new();
    let mut scene = None;
    for clip in &timeline.clips {
        let Some(shot) = clip.shot.and_then(|index| production.shots.get(index)) else {
            continue;
        };
        if scene.replace(&shot.scene.value) != Some(&shot.scene.value) {
            let heading = production.scene_by_number(&shot.scene.value);
            markers.push(TimelineMarker {
                kind: TimelineMarkerKind::Scene,
                frame: clip.start,
                name: format!("scene {}", shot.scene.value),
                note: heading
                    .map(|scene| scene.heading.value.clone())
                    .unwrap_or_default(),
            });
        }
        markers.push(TimelineMarker {
            kind: TimelineMarkerKind::Shot,
            frame: clip.start,
            name: clip.name.clone(),
            note: shot.description.clone(),
        });
    }
    markers.extend(timeline.lines.iter().filter_map(|place| {
        let shot = timeline.clips.get(place.clip)?.shot?;
        let line = production.shots.get(shot)?.lines.get(place.line)?;
        Some(TimelineMarker {
            kind: TimelineMarkerKind::Line,
            frame: timeline.frame_at_sample(place.start),
            name: line.name.clone(),
            note: format!("{}: {}", line.speaker.value, line.text.value),
        })
    }));
    markers.sort_by_key(|marker| marker.frame);
    markers
}
