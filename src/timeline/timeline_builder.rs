//! Builds the timeline of one output.

use super::cut_points::{CutSides, cut_transitions};
use super::sound_places::{ShotStarts, SoundPlaces};
use super::title_places::{
    CREDITS_NAME, SLATE_NAME, TITLE_NAME, TakenNames, TitleCards, card_backdrop, graphic_places,
    title_places,
};
use crate::model::Production;
use crate::model::cut::{
    ClipCard, ShotTransition, Timeline, TimelineClip, TimelineGraphic, TimelineMarker,
    TimelineMarkerKind, TimelineTitle, TimelineTransition,
};
use crate::model::production::Output;
use crate::model::sound::{MusicCue, sample_at_frame};
use crate::model::titles::SlateFacts;

/// Makes timelines of one production.
///
/// Where shots begin is computed once: a production may have an output for every shot.
#[derive(Debug)]
pub struct TimelineMaker<'a> {
    production: &'a Production,
    starts: ShotStarts,
    taken: TakenNames<'a>,
}

impl<'a> TimelineMaker<'a> {
    /// Returns the maker of this production's timelines.
    #[must_use]
    pub fn new(production: &'a Production) -> Self {
        let mut maker = Self {
            production,
            starts: ShotStarts::from_production(production),
            taken: TakenNames::from_production(production),
        };
        let mut titles = production.titles.titles.iter();
        // Only titles that are clips of their own move what is behind them.
        if titles.any(|title| title.backdrop.is_some()) {
            let film = maker.film_pictures();
            maker.starts.add_cards(&film.clips);
        }
        maker
    }

    /// Returns where the shots of a cue begin in it, in samples from its first, and its length.
    /// `with_cards`: it continues under the titles between its shots.
    #[must_use]
    pub fn cue_shots(&self, cue: &MusicCue, with_cards: bool) -> CueShots {
        let from = self.starts.music_start(cue.first_shot, with_cards);
        let shots = cue.first_shot..=cue.last_shot;
        CueShots {
            starts: shots
                .map(|shot| self.starts.music_start(shot, with_cards) - from)
                .collect(),
            length: self.starts.cue_length(cue, with_cards),
        }
    }

    /// Returns the sample at which a shot begins in the film with all shots, or where the last one
    /// ends.
    #[must_use]
    pub fn shot_start(&self, shot: usize) -> u64 {
        self.starts.start(shot)
    }

    /// Returns the length of a shot in samples, the same in every film.
    #[must_use]
    pub fn shot_samples(&self, shot: usize) -> u64 {
        self.starts.samples(shot)
    }

    /// Returns the pictures of an output.
    #[must_use]
    pub fn output_pictures(&self, output: &Output) -> PictureTrack {
        let slate = output.marks.slate.as_ref();
        let cards = FilmCards {
            has_titles: output.has_titles(),
            // A timeline counts the frames of the shot from the first of its file.
            slate: slate
                .filter(|_| output.media_handles().is_none())
                .map(|slate| slate.value),
        };
        self.pictures(output.shown_shots(self.production.shots.len()), cards)
    }

    /// Returns how many frames the files of an output show, at the production's rate: all of its
    /// film, a single shot with its handles, or the one picture that a still is.
    #[must_use]
    pub fn output_length(&self, output: &Output) -> usize {
        if output.format.codec.still_format().is_some() {
            return 1;
        }
        let handles = output.shot_file.map_or(0, |file| file.handles);
        self.output_pictures(output).length + 2 * handles
    }

    /// Returns the sound of a film of these clips.
    #[must_use]
    pub fn sound_places(&self, clips: &[TimelineClip]) -> SoundPlaces {
        SoundPlaces::find(self.production, clips, &self.starts)
    }

    fn pictures(&self, shots: impl Iterator<Item = usize>, cards: FilmCards) -> PictureTrack {
        let mut builder = TrackBuilder {
            production: self.production,
            starts: &self.starts,
            taken: &self.taken,
            track: PictureTrack::default(),
            free: 0,
            samples: 0,
        };
        if let Some(length) = cards.slate {
            builder.add_card(SLATE_NAME.to_owned(), length, ClipCard::Slate);
        }
        let title_cards = TitleCards::find(self.production, cards.has_titles);
        let mut from = None;
        for shot in shots.filter(|shot| *shot < self.production.shots.len()) {
            let before = title_cards.before_shot(shot);
            // A title card ends the shot before it. A dissolve across the card would blend two
            // shots that do not meet.
            if !before.is_empty() {
                builder.add_cut(CutSides { from, into: None });
                from = None;
            }
            for title in before {
                builder.add_title_card(*title);
            }
            let into = Some(shot);
            builder.add_cut(CutSides { from, into });
            builder.add_clip(shot);
            from = into;
        }
        builder.add_cut(CutSides { from, into: None });
        // A loop or a poster of one shot is no film that ends.
        let has_end = from.is_some_and(|last| last + 1 == self.production.shots.len());
        if let Some(credits) = &self.production.titles.credits
            && cards.has_titles
            && has_end
        {
            builder.add_card(CREDITS_NAME.to_owned(), credits.length, ClipCard::Credits);
        }
        let mut track = builder.track;
        track.set_handles();
        if cards.has_titles {
            track.titles = title_places(self.production, &track);
            track.graphics = graphic_places(self.production, &track);
        }
        track
    }

    /// Returns the timeline of an output: of the shots that it shows, at the production's rate.
    #[must_use]
    pub fn output_timeline(&self, output: &Output) -> Timeline {
        self.timeline_of(self.output_pictures(output))
    }

    /// Returns the timeline of the film with all shots.
    #[must_use]
    pub fn full_timeline(&self) -> Timeline {
        self.timeline_of(self.film_pictures())
    }

    /// Returns where the shots are in the film with all shots and titles, and how long it is.
    #[must_use]
    pub fn film_places(&self) -> FilmPlaces {
        let film = self.film_pictures();
        let shots = film.clips.iter().filter(|clip| clip.shot.is_some());
        FilmPlaces {
            starts: shots.map(|clip| clip.start).collect(),
            length: film.length,
        }
    }

    /// Returns the pictures of the film with all shots and titles.
    fn film_pictures(&self) -> PictureTrack {
        let cards = FilmCards {
            has_titles: true,
            slate: None,
        };
        self.pictures(0..self.production.shots.len(), cards)
    }

    fn timeline_of(&self, track: PictureTrack) -> Timeline {
        let production = self.production;
        let sound = self.sound_places(&track.clips);
        let mut timeline = Timeline {
            rate: production.render.rate,
            // The first frame behind a slate has the timecode of the document. A list of events
            // that went over midnight would be read as one that goes backwards.
            start: production
                .edit
                .start
                .saturating_sub(track.slate_length() as u64),
            length: track.length,
            sample_rate: self.starts.sample_rate,
            transitions: track.transitions,
            lines: sound.lines,
            effects: sound.effects,
            cues: sound.cues,
            titles: track.titles,
            graphics: track.graphics,
            markers: Vec::new(),
            clips: track.clips,
        };
        timeline.markers = markers(production, &timeline);
        timeline
    }
}

/// Where the shots of a production are in the film with all of them, its title cards and its
/// credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmPlaces {
    /// The first frame of each shot, in order.
    pub starts: Vec<usize>,
    /// Frames of the film.
    pub length: usize,
}

impl FilmPlaces {
    /// Returns the first frame of a shot. The film ends where one behind the last would begin.
    #[must_use]
    pub fn start(&self, shot: usize) -> usize {
        self.starts.get(shot).copied().unwrap_or(self.length)
    }
}

/// The shots of a music cue, in its own time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CueShots {
    /// The sample at which each of its shots begins, in order. The first is 0.
    pub starts: Vec<u64>,
    /// Its length in samples.
    pub length: u64,
}

impl CueShots {
    /// Returns the sample at which the shot behind this one begins, or the cue ends.
    #[must_use]
    pub fn end(&self, index: usize) -> u64 {
        self.starts.get(index + 1).copied().unwrap_or(self.length)
    }
}

/// Returns the timeline of an output.
#[must_use]
pub fn build_timeline(production: &Production, output: &Output) -> Timeline {
    TimelineMaker::new(production).output_timeline(output)
}

/// Returns the timeline of the film with all shots.
#[must_use]
pub fn build_full_timeline(production: &Production) -> Timeline {
    TimelineMaker::new(production).full_timeline()
}

/// The pictures of a film: its clips and its transitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureTrack {
    /// Number of frames.
    pub length: usize,
    /// Clips in order, without gaps.
    pub clips: Vec<TimelineClip>,
    /// Transitions, in order of their first frame. No two share a frame.
    pub transitions: Vec<TimelineTransition>,
    /// Titles, in the order of the document.
    pub titles: Vec<TimelineTitle>,
    /// Graphics, in the order of the document.
    pub graphics: Vec<TimelineGraphic>,
}

/// Which clips without a shot a film has.
#[derive(Debug, Clone, Copy)]
struct FilmCards {
    has_titles: bool,
    /// The length of the slate. `None`: there is none.
    slate: Option<usize>,
}

/// The clips and transitions so far.
struct TrackBuilder<'a> {
    production: &'a Production,
    starts: &'a ShotStarts,
    taken: &'a TakenNames<'a>,
    track: PictureTrack,
    /// First frame that no transition has yet.
    free: usize,
    /// Where the last clip ends in samples.
    samples: u64,
}

impl TrackBuilder<'_> {
    fn add_clip(&mut self, index: usize) {
        let shot = &self.production.shots[index];
        let samples = self.starts.samples(index);
        self.track.clips.push(TimelineClip {
            shot: Some(index),
            backdrop: None,
            card: None,
            name: shot.name.value.clone(),
            start: self.track.length,
            length: shot.frames.len(),
            start_sample: self.samples,
            samples,
            head: 0,
            tail: 0,
        });
        self.track.length += shot.frames.len();
        self.samples += samples;
    }

    fn add_title_card(&mut self, index: usize) {
        let Some(title) = self.production.titles.titles.get(index) else {
            return;
        };
        let name = format!("{TITLE_NAME}{}", title.number);
        self.add_card(name, title.length, ClipCard::Title(index));
    }

    /// Adds a clip without a shot.
    fn add_card(&mut self, name: String, length: usize, card: ClipCard) {
        // A clip without frames would be an encode without input.
        if length == 0 {
            return;
        }
        let end = self.track.length + length;
        let sample_at =
            |frame| sample_at_frame(frame, self.production.render.rate, self.starts.sample_rate);
        // A difference of two positions, as for shots: lengths that are each rounded would drift
        // apart.
        let samples = sample_at(end) - sample_at(self.track.length);
        self.track.clips.push(TimelineClip {
            shot: None,
            backdrop: Some(card_backdrop(self.production, card)),
            card: Some(card),
            name: self.taken.free_name(name),
            start: self.track.length,
            length,
            start_sample: self.samples,
            samples,
            head: 0,
            tail: 0,
        });
        self.track.length = end;
        self.samples += samples;
        // A transition must not reach into a card, whose frames belong to no shot.
        self.free = self.free.max(end);
    }

    /// Adds the transitions at the end of the last clip, before the clip of `sides.into` is added.
    fn add_cut(&mut self, sides: CutSides) {
        let found = cut_transitions(self.production, sides);
        let last = self.track.clips.len().checked_sub(1);
        let next = sides.into.map(|_| self.track.clips.len());
        let next_length = sides
            .into
            .map_or(0, |shot| self.production.shots[shot].frames.len());
        if let Some(fade) = found.fade_out {
            self.add_transition(fade, fade.frames, 0, last, None);
        }
        if let Some(blend) = found.blend {
            // The fade before it has its frames already, if there is one; `add_transition` gives
            // each frame away once.
            let before = blend.frames_before_cut();
            // A shot shorter than half of the transition has no more to give.
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
        let cut = self.track.length;
        let clip_start = self.track.clips.last().map_or(cut, |clip| clip.start);
        let before = before.min(cut - self.free.max(clip_start).min(cut));
        if before + after == 0 {
            return;
        }
        self.free = cut + after;
        self.track.transitions.push(TimelineTransition {
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

impl PictureTrack {
    /// Sets the frames that each clip shows beyond its cuts.
    fn set_handles(&mut self) {
        let blends = self.transitions.iter();
        for transition in blends.filter(|transition| transition.kind.needs_handles()) {
            if let Some(clip) = transition.from.and_then(|from| self.clips.get_mut(from)) {
                clip.tail = transition.after;
            }
            if let Some(clip) = transition.into.and_then(|into| self.clips.get_mut(into)) {
                clip.head = transition.before;
            }
        }
    }

    /// Returns the length of the slate before the film.
    #[must_use]
    pub fn slate_length(&self) -> usize {
        let first = self.clips.first();
        let slate = first.filter(|clip| clip.card == Some(ClipCard::Slate));
        slate.map_or(0, |slate| slate.length)
    }

    /// Returns what a slate says of the film, of which it is no part itself.
    #[must_use]
    pub fn slate_facts(&self) -> SlateFacts {
        SlateFacts {
            shots: self.clips.iter().filter(|clip| clip.shot.is_some()).count(),
            frames: self.length - self.slate_length(),
        }
    }

    /// Returns the frame in the middle of all that shows shots. Titles between them and credits do
    /// not count, unless there is nothing else.
    #[must_use]
    pub fn middle_frame(&self) -> usize {
        let is_shot = |clip: &&TimelineClip| clip.shot.is_some();
        let shown: usize = self
            .clips
            .iter()
            .filter(is_shot)
            .map(|clip| clip.length)
            .sum();
        // Counted through the shots alone, so a long title before the film does not move its poster
        // to the beginning.
        let mut left = shown / 2;
        for clip in self.clips.iter().filter(is_shot) {
            if left < clip.length {
                return clip.start + left;
            }
            left -= clip.length;
        }
        self.length / 2
    }

    /// Returns the parts of the film in order: each frame is in exactly one.
    #[must_use]
    pub fn parts(&self) -> Vec<TrackPart> {
        let mut parts = Vec::new();
        let mut transitions = self.transitions.iter().enumerate().peekable();
        // The first frame that no part has yet.
        let mut taken = 0;
        for (clip, place) in self.clips.iter().enumerate() {
            // A transition that began in the clip before may reach into this one.
            let mut start = place.start.max(taken);
            while let Some((index, transition)) = transitions.peek()
                && transition.start() < place.end()
            {
                parts.extend(TrackPart::of_clip(clip, start, transition.start()));
                parts.push(TrackPart {
                    source: PartSource::Transition(*index),
                    start: transition.start(),
                    length: transition.length(),
                });
                start = transition.end();
                transitions.next();
            }
            parts.extend(TrackPart::of_clip(clip, start, place.end()));
            taken = start;
        }
        parts
    }
}

/// A part of a film that is made as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackPart {
    /// What it shows.
    pub source: PartSource,
    /// Its first frame in the film.
    pub start: usize,
    /// Its length in frames, at least one.
    pub length: usize,
}

/// What a part of a film shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartSource {
    /// Frames of a clip, by index.
    Clip(usize),
    /// A whole transition, by index.
    Transition(usize),
}

impl TrackPart {
    /// Returns the part of a clip between two frames. `None`: there is nothing between them.
    const fn of_clip(clip: usize, start: usize, end: usize) -> Option<Self> {
        if start < end {
            Some(Self {
                source: PartSource::Clip(clip),
                start,
                length: end - start,
            })
        } else {
            None
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
        // A scene that is interrupted by another is marked again where it continues.
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
            // The frame in which the first sample sounds, and not the nearest: a marker must not be
            // before its word.
            frame: timeline.frame_at_sample(place.start),
            name: line.name.clone(),
            note: format!("{}: {}", line.speaker.value, line.text.value),
        })
    }));
    // A stable sort: a scene stays before its first shot, and a shot before its first line.
    markers.sort_by_key(|marker| marker.frame);
    markers
}
