//! Where lines, effects and music are heard in a film, in samples from its start.

use crate::model::Production;
use crate::model::cut::{TimelineClip, TimelineCue, TimelineEffect, TimelineLine};
use crate::model::production::Shot;
use crate::model::sound::sample_at_frame;

/// Samples at which shots begin in the film with all shots.
#[derive(Debug)]
pub(super) struct ShotStarts {
    pub(super) sample_rate: u32,
    /// By index of the shot, and the end of the last.
    starts: Vec<u64>,
}

impl ShotStarts {
    pub(super) fn from_production(production: &Production) -> Self {
        let rate = production.render.rate;
        let sample_rate = production_sample_rate(production);
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
        }
    }

    /// Returns the sample at which a shot begins; the end of the last for the shot behind it.
    pub(super) fn start(&self, shot: usize) -> u64 {
        self.starts.get(shot).copied().unwrap_or_default()
    }

    /// Returns the length of a shot in samples.
    pub(super) fn samples(&self, shot: usize) -> u64 {
        self.start(shot + 1).saturating_sub(self.start(shot))
    }
}

/// The sound of a film, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoundPlaces {
    /// What is said.
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
        let effects = effects.map(|(effect, heard)| TimelineEffect {
            clip,
            effect,
            start: start + sample_at(heard.frame),
        });
        self.effects.extend(effects);
    }

    fn add_cues(&mut self, production: &Production, clips: &[TimelineClip], starts: &ShotStarts) {
        let music = production.sound.iter().flat_map(|sound| &sound.music);
        for (cue, music) in music.enumerate() {
            let mut run: Option<TimelineCue> = None;
            let mut before = None;
            for clip in clips {
                let Some(shot) = clip.shot else {
                    // Music belongs to shots. Under a title between them it pauses, and goes on
                    // with the picture.
                    self.cues.extend(run.take());
                    continue;
                };
                if before.replace(shot) != shot.checked_sub(1) {
                    // A shot is left out before this one, and the music jumps with the picture.
                    self.cues.extend(run.take());
                }
                if (music.first_shot..=music.last_shot).contains(&shot) {
                    let part = run.get_or_insert_with(|| TimelineCue {
                        cue,
                        start: clip.start_sample,
                        length: 0,
                        skip: starts.start(shot) - starts.start(music.first_shot),
                    });
                    part.length = clip.start_sample + clip.samples - part.start;
                } else {
                    self.cues.extend(run.take());
                }
            }
            self.cues.extend(run);
        }
    }
}

/// Returns the samples a second of positions of sound.
fn production_sample_rate(production: &Production) -> u32 {
    let sound = production.sound.as_ref();
    sound.map_or(crate::model::sound::DEFAULT_SAMPLE_RATE, |sound| {
        sound.sample_rate
    })
}
