//! Where lines, effects and music are heard in a film, in samples from its start.

use crate::model::Production;
use crate::model::cut::{TimelineClip, TimelineCue, TimelineEffect, TimelineLine};
use crate::model::sound::sample_at_frame;

/// Samples at which shots begin: those of the film with all shots, of which music is a part.
#[derive(Debug)]
pub(super) struct ShotStarts {
    pub(super) sample_rate: u32,
    /// By index of the shot, and the end of the last.
    starts: Vec<u64>,
}

impl ShotStarts {
    pub(super) fn from_production(production: &Production, sample_rate: u32) -> Self {
        let rate = production.render.rate;
        let mut before = 0;
        let mut starts = vec![0];
        for shot in &production.shots {
            before += shot.frames.len();
            starts.push(sample_at_frame(before, rate, sample_rate));
        }
        Self {
            sample_rate,
            starts,
        }
    }

    /// Returns the length of a shot in samples. Its ends are rounded on the time of the whole film.
    fn length(&self, shot: usize) -> u64 {
        self.starts[shot + 1] - self.starts[shot]
    }
}

/// Sound of a film.
#[derive(Default)]
pub(super) struct SoundPlaces {
    pub(super) lines: Vec<TimelineLine>,
    pub(super) effects: Vec<TimelineEffect>,
    pub(super) cues: Vec<TimelineCue>,
}

impl SoundPlaces {
    pub(super) fn find(
        production: &Production,
        clips: &[TimelineClip],
        starts: &ShotStarts,
    ) -> Self {
        let mut places = Self::default();
        let mut sample = 0;
        for (index, clip) in clips.iter().enumerate() {
            let Some(shot) = clip.shot else {
                sample = sample_at_frame(clip.end(), production.render.rate, starts.sample_rate);
                continue;
            };
            places.add_shot(production, index, shot, sample);
            sample += starts.length(shot);
        }
        places.add_cues(production, clips, starts);
        places
    }

    fn add_shot(&mut self, production: &Production, clip: usize, shot: usize, start: u64) {
        let shot = &production.shots[shot];
        let lines = shot.lines.iter().enumerate();
        self.lines.extend(lines.map(|(line, spoken)| TimelineLine {
            clip,
            line,
            start: start + spoken.start,
            length: spoken.length,
        }));
        let sample_rate = production_sample_rate(production);
        let effects = shot.effects.iter().enumerate();
        self.effects
            .extend(effects.map(|(effect, heard)| TimelineEffect {
                clip,
                effect,
                start: start + sample_at_frame(heard.frame, production.render.rate, sample_rate),
            }));
    }

    /// Adds the parts of each cue that belong to the shots that are shown.
    fn add_cues(&mut self, production: &Production, clips: &[TimelineClip], starts: &ShotStarts) {
        let music = production.sound.iter().flat_map(|sound| &sound.music);
        for (cue, music) in music.enumerate() {
            let mut start = 0;
            let mut run: Option<TimelineCue> = None;
            let mut before = None;
            for shot in clips.iter().filter_map(|clip| clip.shot) {
                let length = starts.length(shot);
                if before.replace(shot) != shot.checked_sub(1) {
                    // A shot is left out before this one, and the music jumps with the picture.
                    self.cues.extend(run.take());
                }
                if (music.first_shot..=music.last_shot).contains(&shot) {
                    let part = run.get_or_insert_with(|| TimelineCue {
                        cue,
                        start,
                        length: 0,
                        skip: starts.starts[shot] - starts.starts[music.first_shot],
                    });
                    part.length += length;
                } else {
                    self.cues.extend(run.take());
                }
                start += length;
            }
            self.cues.extend(run);
        }
    }
}

/// Returns the samples a second of positions of sound.
pub(super) fn production_sample_rate(production: &Production) -> u32 {
    let sound = production.sound.as_ref();
    sound.map_or(crate::model::sound::DEFAULT_SAMPLE_RATE, |sound| {
        sound.sample_rate
    })
}
