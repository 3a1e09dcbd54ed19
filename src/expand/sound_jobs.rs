//! The sound department: a job for each line, cue, ambience and shot, and a mix for each film.
//!
//! Every place in a film is counted in samples from its start, so that sound and picture of each
//! joint are within one sample.

use super::{JobBuilder, job_input, new_job};
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::model::camera::{MoveKind, ShotSize};
use crate::model::production::{Location, Output, Shot};
use crate::model::shot_staging::ShotStaging;
use crate::model::sound::{
    AmbienceLayer, AmbienceWork, DEFAULT_SAMPLE_RATE, EffectEvent, EffectSource, EffectsWork,
    LineDelivery, MixBus, MixTrack, MixWork, MusicCue, MusicFileWork, MusicSection, MusicShotFacts,
    MusicSource, MusicWork, RoomKind, ShotLine, SoundSettings, StepSurface, music_sections,
    sample_at_frame,
};
use crate::model::{InputSlot, InputSource, JobAction, JobId, JobInput, PixelSize};
use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

/// How much of a shot with lines is spoken, as far as music is concerned.
const SPOKEN_SHARE: f64 = 0.6;
/// Seconds of an ambience, whose end continues into its start. Constant, so that a longer shot
/// makes no ambience again.
const AMBIENCE_SECONDS: u32 = 20;
/// Seconds that an ambience takes to come and go where the place changes.
const AMBIENCE_FADE_SECONDS: f32 = 0.04;

/// The sound jobs of the production, by what they make.
pub(super) struct SoundJobs {
    sample_rate: u32,
    /// By index of the shot, in order of its lines.
    lines: Vec<Vec<JobId>>,
    /// By index of the shot. `None`: nothing is heard but lines and ambience.
    effects: Vec<Option<JobId>>,
    /// By index of the location.
    ambiences: HashMap<usize, Vec<AmbienceTrack>>,
    /// In order of the cues.
    music: Vec<JobId>,
    /// Sample at which each shot begins in the film with all shots, and the end of the last.
    starts: Vec<u64>,
    /// Mixes so far, by the digest of their work and inputs: outputs of one film share theirs.
    mixes: HashMap<Digest, JobId>,
}

/// The mix of an output.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutputMix {
    pub(super) job: JobId,
    /// In samples.
    pub(super) length: u64,
}

struct AmbienceTrack {
    job: JobId,
    gain: f32,
}

impl JobBuilder<'_> {
    /// Adds everything that is heard, except the mixes. `None`: the production is silent.
    pub(super) fn add_sound_jobs(&mut self) -> Option<SoundJobs> {
        let production = self.production;
        let sound = production.sound.as_ref()?;
        let starts = self.shot_starts(sound.sample_rate);
        Some(SoundJobs {
            sample_rate: sound.sample_rate,
            lines: self.add_speech_jobs(sound),
            music: self.add_music_jobs(sound, &starts),
            ambiences: self.add_ambience_jobs(sound),
            effects: self.add_effects_jobs(sound, &starts),
            starts,
            mixes: HashMap::new(),
        })
    }

    /// Returns the sample at which each shot begins, and the end of the last.
    fn shot_starts(&self, sample_rate: u32) -> Vec<u64> {
        let rate = self.production.render.rate;
        let mut before = 0;
        let mut starts = vec![0];
        for shot in &self.production.shots {
            before += shot.frames.len();
            // From the count of frames, and not by adding lengths: each start is rounded once, so
            // hours of shots do not drift.
            starts.push(sample_at_frame(before, rate, sample_rate));
        }
        starts
    }

    fn add_speech_jobs(&mut self, sound: &SoundSettings) -> Vec<Vec<JobId>> {
        let shots = &self.production.shots;
        shots
            .iter()
            .map(|shot| {
                let lines = shot.lines.iter();
                lines
                    .map(|line| {
                        let work = JobAction::Speech(line.speech_work(sound.sample_rate));
                        let subjects: [&dyn Display; 1] = [&line.name];
                        let mut job = new_job(&subjects, work, line.text.origin);
                        job.shot = Some(shot.name.value.clone());
                        self.add_job(job)
                    })
                    .collect()
            })
            .collect()
    }

    fn add_music_jobs(&mut self, sound: &SoundSettings, starts: &[u64]) -> Vec<JobId> {
        sound
            .music
            .iter()
            .map(|cue| {
                let start = starts[cue.first_shot];
                let length = starts[cue.last_shot + 1] - start;
                let (work, file) = match &cue.source {
                    MusicSource::Composed { mood, seed } => {
                        let work = MusicWork {
                            mood: mood.value.clone(),
                            seed: *seed,
                            sample_rate: sound.sample_rate,
                            length,
                            sections: self.music_sections(cue, starts),
                            own_font: false,
                        };
                        (JobAction::Music(work), None)
                    }
                    MusicSource::File {
                        file,
                        repeat,
                        on_beat,
                        skip,
                    } => {
                        let samples = |seconds| samples_of(seconds, sound.sample_rate);
                        let work = MusicFileWork {
                            sample_rate: sound.sample_rate,
                            length,
                            skip: samples(*skip),
                            repeat: *repeat,
                            on_beat: *on_beat,
                            fade_in: samples(cue.fade_in),
                            fade_out: samples(cue.fade_out),
                        };
                        (JobAction::MusicFile(work), Some(file.path.as_path()))
                    }
                };
                let subjects: [&dyn Display; 1] = [&cue.name.value];
                let mut job = new_job(&subjects, work, cue.name.origin);
                job.inputs = file.map(file_input).into_iter().collect();
                self.add_job(job)
            })
            .collect()
    }

    /// Returns what the music of a cue follows: its shots.
    fn music_sections(&self, cue: &MusicCue, starts: &[u64]) -> Vec<MusicSection> {
        let sample_rate = self
            .production
            .sound
            .as_ref()
            .map_or(DEFAULT_SAMPLE_RATE, |sound| sound.sample_rate);
        let mut scene = None;
        let shots = (cue.first_shot..=cue.last_shot).map(|index| {
            let shot = &self.production.shots[index];
            let length = starts[index + 1] - starts[index];
            let seconds = length as f64 / f64::from(sample_rate);
            MusicShotFacts {
                start: starts[index] - starts[cue.first_shot],
                length,
                begins_scene: scene.replace(&shot.scene.value) != Some(&shot.scene.value),
                // Not the length of the lines: another line in a shot of the same length would make
                // all of the music again.
                speech_seconds: if shot.lines.is_empty() {
                    0.0
                } else {
                    seconds * SPOKEN_SHARE
                },
                motion: shot_motion(shot),
                closeness: shot_closeness(shot),
            }
        });
        music_sections(&shots.collect::<Vec<_>>(), sample_rate)
    }

    fn add_ambience_jobs(&mut self, sound: &SoundSettings) -> HashMap<usize, Vec<AmbienceTrack>> {
        let production = self.production;
        // Only places that some shot shows: the others would be made and never mixed. Sorted, so
        // that jobs have one order.
        let used: std::collections::BTreeSet<usize> = production
            .shots
            .iter()
            .filter_map(|shot| shot.location.as_ref()?.index)
            .collect();
        let places = used.into_iter().map(|index| {
            let location = &production.locations[index];
            let layers = location.sound.ambience.iter().enumerate();
            let tracks = layers
                .map(|(number, layer)| AmbienceTrack {
                    job: self.add_ambience_job(location, number, layer, sound.sample_rate),
                    gain: layer.gain,
                })
                .collect();
            (index, tracks)
        });
        places.collect()
    }

    fn add_ambience_job(
        &mut self,
        location: &Location,
        number: usize,
        layer: &AmbienceLayer,
        sample_rate: u32,
    ) -> JobId {
        let name = &location.name.value;
        let (preset, file) = source_parts(&layer.source);
        let work = JobAction::Ambience(AmbienceWork {
            name: preset.map(str::to_owned),
            seed: seed_of(name),
            sample_rate,
            // A loop that the mix repeats.
            length: u64::from(AMBIENCE_SECONDS * sample_rate),
        });
        let number = number + 1;
        let subjects: [&dyn Display; 2] = [name, &number];
        let mut job = new_job(&subjects, work, location.name.origin);
        job.inputs = file.map(file_input).into_iter().collect();
        self.add_job(job)
    }

    fn add_effects_jobs(&mut self, sound: &SoundSettings, starts: &[u64]) -> Vec<Option<JobId>> {
        let shots = self.production.shots.iter().enumerate();
        shots
            .map(|(index, shot)| {
                // Footage has figures that nobody staged, so nothing is known of their feet.
                let steps = sound.footsteps && shot.is_drawn() && !shot.cast.is_empty();
                if !steps && shot.effects.is_empty() {
                    return None;
                }
                let length = starts[index + 1] - starts[index];
                Some(self.add_effects_job(shot, sound.sample_rate, length, steps))
            })
            .collect()
    }

    fn add_effects_job(
        &mut self,
        shot: &Shot,
        sample_rate: u32,
        length: u64,
        footsteps: bool,
    ) -> JobId {
        let staged = self.shot_staging(shot);
        let rate = self.production.render.rate;
        let mut inputs = staged.inputs;
        // Light is not heard: without its pictures, a new look makes no effect again.
        inputs.retain(|input| input.slot != InputSlot::hdri());
        let mut events = Vec::new();
        for (index, effect) in shot.effects.iter().enumerate() {
            let (name, file) = source_parts(&effect.source);
            let slot = InputSlot::new(format!("effect.{index}"));
            inputs.extend(file.map(|path| JobInput {
                slot: slot.clone(),
                from: InputSource::File(path.to_owned()),
            }));
            events.push(EffectEvent {
                name: name.map(str::to_owned),
                slot: file.is_some().then_some(slot),
                start: sample_at_frame(effect.frame, rate, sample_rate),
                gain: effect.gain,
                pan: effect.pan,
            });
        }
        let location = self.shot_location(shot);
        let work = JobAction::Effects(EffectsWork {
            staging: Arc::new(without_light(&staged.staging)),
            frames: Arc::new(shot.frames.clone()),
            rate,
            // Only the aspect: what is in the picture decides what is heard, and not how many
            // pixels it has.
            size: aspect_size(self.production.render.size),
            sample_rate,
            length,
            footsteps,
            surface: location.and_then(step_surface),
            room: location.map_or(RoomKind::default(), |location| location.sound.room),
            events,
            // By the name, so that a shot that moves in the film keeps its steps.
            seed: seed_of(&shot.name.value),
        });
        let subjects: [&dyn Display; 1] = [&shot.name.value];
        let mut job = new_job(&subjects, work, shot.origin);
        job.inputs = inputs;
        job.shot = Some(shot.name.value.clone());
        self.add_job(job)
    }

    fn shot_location(&self, shot: &Shot) -> Option<&Location> {
        let index = shot.location.as_ref()?.index?;
        self.production.locations.get(index)
    }

    /// Adds the mix of an output if no earlier output has the same, and returns it with the length
    /// of the film in samples. `None`: the output is silent.
    pub(super) fn mix_job(
        &mut self,
        output: &Output,
        jobs: Option<&mut SoundJobs>,
        count: usize,
    ) -> Option<OutputMix> {
        let jobs = jobs?;
        let sound = self.production.sound.as_ref()?;
        let own = output.sound.as_ref()?;
        // By the frames of the output, whose rate may differ: sound and picture must end together.
        let length = sample_at_frame(count, output.format.rate, jobs.sample_rate);
        let mut mix = MixInputs::default();
        let mut place = MixPosition::default();
        for index in output.shown_shots(self.production.shots.len()) {
            self.add_shot_tracks(jobs, index, &mut place, &mut mix);
        }
        self.add_music_tracks(sound, jobs, output, &mut mix);
        let work = MixWork {
            sample_rate: jobs.sample_rate,
            length,
            tracks: mix.tracks,
            ducking: sound.ducking,
            loudness: own
                .loudness
                .clone()
                .unwrap_or_else(|| sound.loudness.clone()),
            retro: own.retro,
        };
        // By content: outputs of one film in several formats have the same mix, which is made once.
        let key = Digest::hash_bytes(&to_json_bytes(&(&work, &mix.inputs)));
        if let Some(known) = jobs.mixes.get(&key) {
            return Some(OutputMix {
                job: *known,
                length,
            });
        }
        let subjects: [&dyn Display; 1] = [&output.name.value];
        let mut job = new_job(&subjects, JobAction::Mix(work), output.origin);
        job.inputs = mix.inputs;
        let id = self.add_job(job);
        jobs.mixes.insert(key, id);
        Some(OutputMix { job: id, length })
    }

    /// Adds what is heard of one shot: its lines, its effects and the ambience of its place.
    fn add_shot_tracks(
        &self,
        jobs: &SoundJobs,
        index: usize,
        place: &mut MixPosition,
        mix: &mut MixInputs,
    ) {
        let shot = &self.production.shots[index];
        let start = place.samples;
        let length = jobs.starts[index + 1] - jobs.starts[index];
        place.samples += length;
        let location = self.shot_location(shot);
        let room = location.map_or(RoomKind::default(), |location| location.sound.room);
        for (line, job) in shot.lines.iter().zip(&jobs.lines[index]) {
            mix.add(*job, line_track(line, start, room));
        }
        if let Some(job) = jobs.effects[index] {
            mix.add(job, whole_track(MixBus::Effects, start));
        }
        let at = shot.location.as_ref().and_then(|place| place.index);
        let fade = samples_of(AMBIENCE_FADE_SECONDS, jobs.sample_rate);
        // Only if no shot is left out between: there the ambience would be heard to jump.
        let goes_on = place.before == index.checked_sub(1) && place.location == at;
        place.before = Some(index);
        if goes_on && start > 0 {
            // The ambience of one place goes on over its cuts.
            for track in &place.ambience {
                mix.lengthen(*track, length);
            }
            return;
        }
        place.location = at;
        let layers = at.and_then(|at| jobs.ambiences.get(&at));
        place.ambience = layers
            .into_iter()
            .flatten()
            .map(|layer| {
                let track = MixTrack {
                    length: Some(length),
                    repeat: true,
                    gain: layer.gain,
                    fade_in: fade,
                    fade_out: fade,
                    ..whole_track(MixBus::Effects, start)
                };
                mix.add(layer.job, track)
            })
            .collect();
    }

    /// Adds the music of an output. A film of some shots has the parts of each cue that belong to
    /// them.
    fn add_music_tracks(
        &self,
        sound: &SoundSettings,
        jobs: &SoundJobs,
        output: &Output,
        mix: &mut MixInputs,
    ) {
        for (cue, job) in sound.music.iter().zip(&jobs.music) {
            let mut start = 0;
            let mut run: Option<MixTrack> = None;
            let mut runs = Vec::new();
            let mut before = None;
            for index in output.shown_shots(self.production.shots.len()) {
                let length = jobs.starts[index + 1] - jobs.starts[index];
                if before.replace(index) != index.checked_sub(1) {
                    // A shot is left out before this one, and the music jumps with the picture.
                    runs.extend(run.take());
                }
                if (cue.first_shot..=cue.last_shot).contains(&index) {
                    let track = run.get_or_insert_with(|| MixTrack {
                        skip: jobs.starts[index] - jobs.starts[cue.first_shot],
                        length: Some(0),
                        gain: cue.gain,
                        ..whole_track(MixBus::Music, start)
                    });
                    track.length = track.length.map(|before| before + length);
                } else {
                    runs.extend(run.take());
                }
                start += length;
            }
            runs.extend(run);
            for track in runs {
                mix.add(*job, track);
            }
        }
    }
}

/// Where the next shot of an output begins, and which ambience goes on.
#[derive(Default)]
struct MixPosition {
    samples: u64,
    /// The shot before, by index.
    before: Option<usize>,
    /// Its location, by index.
    location: Option<usize>,
    /// The tracks of its ambience, by index.
    ambience: Vec<usize>,
}

/// The tracks of a mix and the jobs that make them.
#[derive(Default)]
struct MixInputs {
    tracks: Vec<MixTrack>,
    inputs: Vec<JobInput>,
}

impl MixInputs {
    /// Adds a track that plays what `job` makes, and returns its index.
    fn add(&mut self, job: JobId, mut track: MixTrack) -> usize {
        let index = self.tracks.len();
        // Padded, because slots are sorted as text.
        track.slot = InputSlot::new(format!("track.{index:06}"));
        self.inputs.push(job_input(track.slot.clone(), job));
        self.tracks.push(track);
        index
    }

    /// Lets a track be heard for `samples` more.
    fn lengthen(&mut self, track: usize, samples: u64) {
        let length = &mut self.tracks[track].length;
        *length = length.map(|before| before + samples);
    }
}

/// Returns a track that plays a whole file as it is.
fn whole_track(bus: MixBus, start: u64) -> MixTrack {
    MixTrack {
        slot: InputSlot::new(""),
        bus,
        start,
        skip: 0,
        length: None,
        repeat: false,
        gain: 0.0,
        pan: 0.0,
        fade_in: 0,
        fade_out: 0,
        room: RoomKind::Dry,
        muffled: false,
    }
}

/// Returns the track of a line in a shot that begins at `shot_start`.
fn line_track(line: &ShotLine, shot_start: u64, room: RoomKind) -> MixTrack {
    // A voice-over is in no place, so it has no room.
    let is_there = line.delivery != LineDelivery::VoiceOver;
    MixTrack {
        gain: line.voice.gain,
        room: if is_there { room } else { RoomKind::Dry },
        muffled: line.delivery == LineDelivery::OffScreen,
        ..whole_track(MixBus::Dialogue, shot_start + line.start)
    }
}

/// Returns a staging without what is seen and not heard.
fn without_light(staging: &ShotStaging) -> ShotStaging {
    ShotStaging {
        environment: super::shot_staging::STUDIO_ENVIRONMENT,
        key: None,
        ground: None,
        haze: None,
        exposure: 0.0,
        ..staging.clone()
    }
}

/// Returns the smallest size of this aspect. Another quality tier has other pictures and the same
/// sound.
fn aspect_size(size: PixelSize) -> PixelSize {
    let mut divisor = size.width;
    let mut rest = size.height;
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let divisor = divisor.max(1);
    PixelSize::new(size.width / divisor, size.height / divisor)
}

/// Returns what people walk on, if the location tells.
fn step_surface(location: &Location) -> Option<StepSurface> {
    let set = location.set.as_ref().map(|set| set.path.to_string_lossy());
    StepSurface::from_texts(&[
        &location.name.value,
        location.display_name.as_deref().unwrap_or_default(),
        &location.description,
        set.as_deref().unwrap_or_default(),
    ])
}

/// Returns how much moves in a shot, 0 to 1: the camera, and the figures that walk.
fn shot_motion(shot: &Shot) -> f32 {
    let camera = if shot.camera.travel.kind == MoveKind::Static {
        0.0
    } else {
        0.3
    };
    let fastest = shot
        .cast
        .iter()
        .fold(0.0, |most: f32, role| most.max(role.speed));
    // A run of four metres a second is as lively as it gets.
    (camera + fastest / 4.0).clamp(0.0, 1.0)
}

/// Returns how close the picture of a shot is, 0 (the widest) to 1.
fn shot_closeness(shot: &Shot) -> f32 {
    match shot.camera.size {
        ShotSize::ExtremeCloseUp => 1.0,
        ShotSize::CloseUp => 0.85,
        ShotSize::MediumCloseUp => 0.7,
        ShotSize::Medium => 0.55,
        _ => 0.25,
    }
}

/// Returns the name of a preset, or the file.
fn source_parts(source: &EffectSource) -> (Option<&str>, Option<&Path>) {
    match source {
        EffectSource::Named(name) => (Some(&name.value), None),
        EffectSource::File(file) => (None, Some(&file.path)),
    }
}

fn file_input(path: &Path) -> JobInput {
    JobInput {
        slot: InputSlot::file(),
        from: InputSource::File(path.to_owned()),
    }
}

/// Returns the seed of what is named so: another name sounds different, and the order does not
/// matter.
fn seed_of(name: &str) -> u64 {
    let digest = Digest::hash_bytes(name.as_bytes()).hex_string();
    u64::from_str_radix(&digest[..16], 16).unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths in documents are limited to hours, and negative ones become 0"
)]
fn samples_of(seconds: f32, sample_rate: u32) -> u64 {
    (f64::from(seconds) * f64::from(sample_rate)).round() as u64
}
