//! Where lines, effects and music are in a film, in samples from its start.

use crate::model::Production;
use crate::model::cut::{ClipCard, TimelineClip, TimelineCue, TimelineEffect, TimelineLine};
use crate::model::production::Shot;
use crate::model::sound::{MusicCue, sample_at_frame};

/// Samples at which shots begin in the film with all shots.
#[derive(Debug)]
pub(super) struct ShotStarts {
    pub(super) sample_rate: u32,
    /// By index of the shot, and the end of the last.
    starts: Vec<u64>,
    /// The same in the film with all shots and the titles between them, first and last sample.
    /// Empty: there are no such titles.
    carded: Vec<SampleSpan>,
}

/// Where a shot is in a film.
#[derive(Debug, Clone, Copy)]
struct SampleSpan {
    start: u64,
    end: u64,
}

impl ShotStarts {
    pub(super) fn from_production(production: &Production) -> Self {
        let rate = production.render.rate;
        let sample_rate = production_sample_rate(production);
        // Counted in frames and rounded once for each shot, so that every output agrees on each
        // start to the sample.
        let mut before = 0;
        let mut starts = vec![0];
        for shot in &production.shots {
            before += shot.frames.len();
            // From the count of frames, and not by adding lengths: each start is rounded once, so
            // hours of shots do not drift.
            starts.push(sample_at_frame(before, rate, sample_rate));
        }
        Self {
            sample_rate,
            starts,
            carded: Vec::new(),
        }
    }

    /// Takes over where shots are among titles, from the clips of the film with all of both.
    pub(super) fn add_cards(&mut self, clips: &[TimelineClip]) {
        let shots = clips.iter().filter(|clip| clip.shot.is_some());
        self.carded = shots
            .map(|clip| SampleSpan {
                start: clip.start_sample,
                end: clip.start_sample + clip.samples,
            })
            .collect();
    }

    /// Returns the sample at which a shot begins for music, which continues under titles between
    /// shots if the film has them.
    pub(super) fn music_start(&self, shot: usize, with_cards: bool) -> u64 {
        match self.carded.get(shot).filter(|_| with_cards) {
            Some(span) => span.start,
            None => self.start(shot),
        }
    }

    /// Returns the length of a cue in samples.
    pub(super) fn cue_length(&self, music: &MusicCue, with_cards: bool) -> u64 {
        let end = match self.carded.get(music.last_shot).filter(|_| with_cards) {
            Some(span) => span.end,
            None => self.start(music.last_shot + 1),
        };
        end.saturating_sub(self.music_start(music.first_shot, with_cards))
    }

    /// Returns the sample at which a shot begins; the end of the last for the shot behind it.
    pub(super) fn start(&self, shot: usize) -> u64 {
        self.starts.get(shot).copied().unwrap_or_default()
    }

    /// Returns the length of a shot in samples.
    pub(super) fn samples(&self, shot: usize) -> u64 {
        // A difference of starts, so that neighbours meet at one sample.
        self.start(shot + 1).saturating_sub(self.start(shot))
    }
}

/// The sound of a film, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoundPlaces {
    /// The spoken words.
    pub lines: Vec<TimelineLine>,
    /// Effects of shots.
    pub effects: Vec<TimelineEffect>,
    /// Music. A film of some shots has the parts of each cue that belong to them.
    pub cues: Vec<TimelineCue>,
}

impl SoundPlaces {
    pub(super) fn find(
        production: &Production,
        clips: &[TimelineClip],
        starts: &ShotStarts,
    ) -> Self {
        // In the order of the clips, so an output of chosen shots has its sound in the order in
        // which they are shown.
        let mut places = Self::default();
        for (index, clip) in clips.iter().enumerate() {
            if let Some(shot) = clip.shot.and_then(|shot| production.shots.get(shot)) {
                places.add_shot(shot, index, clip.start_sample, |frame| {
                    sample_at_frame(frame, production.render.rate, starts.sample_rate)
                });
            }
        }
        places.add_cues(production, clips, starts);
        places
    }

    fn add_shot(&mut self, shot: &Shot, clip: usize, start: u64, sample_at: impl Fn(usize) -> u64) {
        let lines = shot.lines.iter().enumerate();
        self.lines.extend(lines.map(|(line, spoken)| TimelineLine {
            clip,
            line,
            start: start + spoken.start,
            length: spoken.length,
        }));
        let effects = shot.effects.iter().enumerate();
        let effects = effects.map(|(effect, sound)| TimelineEffect {
            clip,
            effect,
            start: start + sample_at(sound.frame),
        });
        self.effects.extend(effects);
    }

    fn add_cues(&mut self, production: &Production, clips: &[TimelineClip], starts: &ShotStarts) {
        let music = production.sound.iter().flat_map(|sound| &sound.music);
        for (cue, music) in music.enumerate() {
            let mut parts = CueParts::new(cue, music, clips, production, starts);
            for clip in clips {
                parts.add_clip(clip, production);
            }
            self.cues.extend(parts.into_parts());
        }
    }
}

/// The parts of one cue that a film has.
struct CueParts<'a> {
    cue: usize,
    music: &'a MusicCue,
    starts: &'a ShotStarts,
    /// Whether it continues under titles between its shots.
    with_cards: bool,
    /// The shot of the clip before.
    before: Option<usize>,
    run: Option<TimelineCue>,
    parts: Vec<TimelineCue>,
}

impl<'a> CueParts<'a> {
    fn new(
        cue: usize,
        music: &'a MusicCue,
        clips: &[TimelineClip],
        production: &Production,
        starts: &'a ShotStarts,
    ) -> Self {
        let mut cards = clips.iter().filter_map(|clip| card_shot(clip, production));
        Self {
            cue,
            music,
            starts,
            // One card inside is enough: the cue is made for a film with its cards, or for one
            // without.
            with_cards: cards.any(|shot| has_inside(music, shot)),
            before: None,
            run: None,
            parts: Vec::new(),
        }
    }

    fn add_clip(&mut self, clip: &TimelineClip, production: &Production) {
        let Some(shot) = clip.shot else {
            self.add_card(clip, production);
            return;
        };
        if self.before.replace(shot) != shot.checked_sub(1) {
            // A shot is left out before this one, and the music jumps with the picture.
            self.end_run();
        }
        if !(self.music.first_shot..=self.music.last_shot).contains(&shot) {
            self.end_run();
            return;
        }
        // Where in the cue this film begins to play it: the picture decides, and the music does not
        // start anew.
        let from = self.music.first_shot;
        let skip = self.starts.music_start(shot, self.with_cards)
            - self.starts.music_start(from, self.with_cards);
        let run = self.run.get_or_insert(TimelineCue {
            cue: self.cue,
            start: clip.start_sample,
            length: 0,
            skip,
            with_cards: self.with_cards,
        });
        run.length = clip.start_sample + clip.samples - run.start;
    }

    /// Music continues under a title between two of its shots. Under any other clip without a shot
    /// there is none.
    fn add_card(&mut self, clip: &TimelineClip, production: &Production) {
        let shot = card_shot(clip, production).filter(|shot| has_inside(self.music, *shot));
        let follows = shot.is_some_and(|shot| self.before == shot.checked_sub(1));
        match &mut self.run {
            Some(run) if follows => run.length = clip.start_sample + clip.samples - run.start,
            _ => self.end_run(),
        }
    }

    fn end_run(&mut self) {
        self.parts.extend(self.run.take());
    }

    fn into_parts(mut self) -> Vec<TimelineCue> {
        self.end_run();
        // The length of a title in samples is rounded where it is in each film.
        let whole = self.starts.cue_length(self.music, self.with_cards);
        for part in &mut self.parts {
            part.length = part.length.min(whole.saturating_sub(part.skip));
        }
        self.parts
    }
}

/// Returns whether the place before a shot is within a cue.
fn has_inside(music: &MusicCue, shot: usize) -> bool {
    music.first_shot < shot && shot <= music.last_shot
}

/// Returns the shot before which a title card is. `None`: the clip is none.
fn card_shot(clip: &TimelineClip, production: &Production) -> Option<usize> {
    match clip.card? {
        ClipCard::Title(index) => Some(production.titles.titles.get(index)?.shot),
        ClipCard::Credits | ClipCard::Slate => None,
    }
}

/// Returns the samples a second of positions of sound.
fn production_sample_rate(production: &Production) -> u32 {
    let sound = production.sound.as_ref();
    sound.map_or(crate::model::sound::DEFAULT_SAMPLE_RATE, |sound| {
        sound.sample_rate
    })
}
