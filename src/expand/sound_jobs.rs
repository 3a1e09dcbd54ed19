//! The sound department: a job for each line, cue, ambience and shot, and a mix for each film.
//!
//! Every place in a film is counted in samples from its start, so that sound and picture of each
//! joint are within one sample.

use super::{JobBuilder, job_input, new_job};
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::base::seeded_random::SeededRandom;
use crate::model::camera::{MoveKind, ShotSize};
use crate::model::cut::{TimelineClip, TimelineCue, TimelineLine};
use crate::model::production::{AssetRef, Location, Output, Shot};
use crate::model::shot_staging::ShotStaging;
use crate::model::sound::{
    AmbienceLayer, AmbienceWork, DEFAULT_SAMPLE_RATE, EffectEvent, EffectSource, EffectsWork,
    LineDelivery, MixBus, MixTrack, MixWork, MusicCue, MusicFileWork, MusicSection, MusicShotFacts,
    MusicSource, MusicWork, RoomKind, ShotLine, SoundSettings, StepSurface, music_sections,
    sample_at_frame,
};
use crate::model::{InputSlot, InputSource, JobAction, JobId, JobInput, PixelSize};
use crate::timeline::{CueShots, PictureTrack, TimelineMaker};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

/// How much of a shot with lines is spoken, as far as music is concerned.
const SPOKEN_SHARE: f64 = 0.6;
/// Seconds of an ambience, whose end continues into its start. Constant, so that a longer shot
/// makes no ambience again.
const AMBIENCE_SECONDS: u32 = 20;
/// Seconds that an ambience takes to come and go where the place changes.
// Without it, the joint of two noises would click.
const AMBIENCE_FADE_SECONDS: f32 = 0.04;

/// The sound jobs of the production, by what they make.
pub(super) struct SoundJobs<'a> {
    sample_rate: u32,
    /// By index of the shot, in order of its lines.
    lines: Vec<Vec<JobId>>,
    /// By index of the shot. `None`: the shot has no sounds but lines and ambience.
    effects: Vec<Option<JobId>>,
    /// By index of the location.
    ambiences: HashMap<usize, Vec<AmbienceTrack>>,
    music: HashMap<CueVersion, JobId>,
    timelines: &'a TimelineMaker<'a>,
    /// Mixes so far, by the digest of their work and inputs: outputs of one film share theirs.
    mixes: HashMap<Digest, JobId>,
}

impl SoundJobs<'_> {
    /// Returns the jobs that speak: by index of the shot, in order of its lines.
    pub(super) fn line_jobs(&self) -> Vec<Vec<JobId>> {
        self.lines.clone()
    }
}

/// A cue as some films have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct CueVersion {
    /// Its index.
    cue: usize,
    /// Whether it continues under the titles between its shots.
    with_cards: bool,
}

impl From<&TimelineCue> for CueVersion {
    fn from(place: &TimelineCue) -> Self {
        Self {
            cue: place.cue,
            with_cards: place.with_cards,
        }
    }
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
    /// Adds the jobs of all sounds, except the mixes. `None`: the production is silent.
    pub(super) fn add_sound_jobs<'t>(
        &mut self,
        timelines: &'t TimelineMaker<'t>,
    ) -> Option<SoundJobs<'t>> {
        let production = self.production;
        // Without sound in the document no job is made, not even one of silence.
        let sound = production.sound.as_ref()?;
        Some(SoundJobs {
            sample_rate: sound.sample_rate,
            lines: self.add_speech_jobs(sound),
            music: self.add_music_jobs(sound, timelines),
            ambiences: self.add_ambience_jobs(sound),
            effects: self.add_effects_jobs(sound, timelines),
            timelines,
            mixes: HashMap::new(),
        })
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
                        // The name and not the text: a corrected line stays the same job, so a plan
                        // can say what changed.
                        let subjects: [&dyn Display; 1] = [&line.name];
                        let mut job = new_job(&subjects, work, line.text.origin);
                        job.shot = Some(shot.name.value.clone());
                        self.add_job(job)
                    })
                    .collect()
            })
            .collect()
    }

    fn add_music_jobs(
        &mut self,
        sound: &SoundSettings,
        timelines: &TimelineMaker<'_>,
    ) -> HashMap<CueVersion, JobId> {
        let versions = self.cue_versions(sound, timelines);
        let add = |version: &CueVersion| {
            let cue = &sound.music[version.cue];
            let shots = timelines.cue_shots(cue, version.with_cards);
            let (work, input) = self.cue_work(sound, cue, &shots);
            // The same cue in a film with cards and in one without.
            let other = CueVersion {
                with_cards: !version.with_cards,
                ..*version
            };
            let mut subjects: Vec<&dyn Display> = vec![&cue.name.value];
            if !version.with_cards && versions.contains(&other) {
                // Only if both versions are made, so that in most films a cue keeps its plain name.
                subjects.push(&"without_titles");
            }
            let mut job = new_job(&subjects, work, cue.name.origin);
            job.inputs = input.into_iter().collect();
            (*version, self.add_job(job))
        };
        versions.iter().map(add).collect()
    }

    /// Returns the versions of each cue that films have, in order.
    fn cue_versions(
        &self,
        sound: &SoundSettings,
        timelines: &TimelineMaker<'_>,
    ) -> BTreeSet<CueVersion> {
        let plain = (0..sound.music.len()).map(|cue| CueVersion {
            cue,
            with_cards: false,
        });
        let mut titles = self.production.titles.titles.iter();
        // Without titles between shots, both versions are the same music.
        if !titles.any(|title| title.backdrop.is_some()) {
            return plain.collect();
        }
        let outputs = self.production.outputs.iter();
        let with_sound = outputs.filter(|output| output.sound.is_some());
        // Found by what films play, because only their clips say whether the cue continues under
        // titles.
        let mut versions: BTreeSet<CueVersion> = with_sound
            .flat_map(|output| {
                let track = timelines.output_pictures(output);
                timelines.sound_places(&track.clips).cues
            })
            .map(|place| CueVersion::from(&place))
            .collect();
        // A cue that no film has is made all the same, as it is where there are no titles.
        for version in plain {
            let is_made = versions.iter().any(|made| made.cue == version.cue);
            if !is_made {
                versions.insert(version);
            }
        }
        versions
    }

    /// Returns the work that makes a cue, and its input.
    fn cue_work(
        &self,
        sound: &SoundSettings,
        cue: &MusicCue,
        shots: &CueShots,
    ) -> (JobAction, Option<JobInput>) {
        match &cue.source {
            MusicSource::Composed { mood, seed } => {
                let work = MusicWork {
                    mood: mood.value.clone(),
                    seed: *seed,
                    sample_rate: sound.sample_rate,
                    length: shots.length,
                    sections: self.music_sections(cue, shots),
                    own_font: sound.sound_font.is_some(),
                };
                let font = sound.sound_font.as_ref().map(font_input);
                (JobAction::Music(work), font)
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
                    length: shots.length,
                    skip: samples(skip.value),
                    repeat: *repeat,
                    on_beat: *on_beat,
                    fade_in: samples(cue.fade_in),
                    fade_out: samples(cue.fade_out),
                };
                (JobAction::MusicFile(work), Some(file_input(&file.path)))
            }
        }
    }

    /// Returns what the music of a cue follows: its shots. A title behind a shot is a part of it.
    fn music_sections(&self, cue: &MusicCue, places: &CueShots) -> Vec<MusicSection> {
        let sample_rate = self
            .production
            .sound
            .as_ref()
            .map_or(DEFAULT_SAMPLE_RATE, |sound| sound.sample_rate);
        let mut scene = None;
        let shots = &self.production.shots[cue.first_shot..=cue.last_shot];
        let facts = shots.iter().zip(&places.starts).enumerate();
        let facts = facts.map(|(index, (shot, start))| {
            let length = places.end(index) - start;
            let seconds = length as f64 / f64::from(sample_rate);
            MusicShotFacts {
                start: *start,
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
        music_sections(&facts.collect::<Vec<_>>(), sample_rate)
    }

    fn add_ambience_jobs(&mut self, sound: &SoundSettings) -> HashMap<usize, Vec<AmbienceTrack>> {
        let production = self.production;
        // Only places that some shot shows: the others would be made and never mixed. Sorted, so
        // that jobs have one order.
        let used: BTreeSet<usize> = production
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
            // By the name of the place, so that it sounds the same in every shot and in every run.
            seed: SeededRandom::seed_from_name(name),
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

    fn add_effects_jobs(
        &mut self,
        sound: &SoundSettings,
        timelines: &TimelineMaker<'_>,
    ) -> Vec<Option<JobId>> {
        let shots = self.production.shots.iter().enumerate();
        shots
            .map(|(index, shot)| {
                // Footage has figures that nobody staged, so nothing is known of their feet.
                let steps = sound.footsteps && shot.is_drawn() && !shot.cast.is_empty();
                if !steps && shot.effects.is_empty() {
                    return None;
                }
                let length = timelines.shot_samples(index);
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
        // Steps need to know where the figures go and where the camera is.
        let staged = self.shot_staging(shot);
        let rate = self.production.render.rate;
        let mut inputs = staged.inputs;
        // Light has no sound: without its pictures, a new look makes no effect again.
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
            // A new light would otherwise make all effects of the shot again.
            staging: Arc::new(without_light(&staged.staging)),
            frames: Arc::new(shot.frames.clone()),
            rate,
            // Only the aspect: what is in the picture decides how it sounds, and not how many
            // pixels it has.
            size: aspect_size(self.production.render.size),
            sample_rate,
            length,
            footsteps,
            surface: location.and_then(step_surface),
            room: location.map_or(RoomKind::default(), |location| location.sound.room),
            events,
            // By the name, so that a shot that moves in the film keeps its steps.
            seed: SeededRandom::seed_from_name(&shot.name.value),
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
        jobs: Option<&mut SoundJobs<'_>>,
        track: &PictureTrack,
        count: usize,
    ) -> Option<OutputMix> {
        let jobs = jobs?;
        let sound = self.production.sound.as_ref()?;
        let own = output.sound.as_ref()?;
        // By the frames of the output, whose rate may differ: sound and picture must end together.
        let length = sample_at_frame(count, output.format.rate, jobs.sample_rate);
        let mut mix = MixInputs::default();
        let places = jobs.timelines.sound_places(&track.clips);
        let mut position = MixPosition::default();
        let mut lines = places.lines.as_slice();
        for (index, clip) in track.clips.iter().enumerate() {
            // Lines are sorted by clip, so each clip takes the next ones. A search for each clip
            // would be quadratic.
            let count = lines.partition_point(|line| line.clip <= index);
            let (own, rest) = lines.split_at(count);
            lines = rest;
            // Lines and effects first, ambience behind them: the order of tracks is part of the
            // identity, and must be the same in every run.
            self.add_clip_tracks(jobs, clip, own, &mut mix);
            let blend = self.blend_samples(track, index, jobs.sample_rate);
            self.add_ambience_tracks(jobs, clip, blend, &mut position, &mut mix);
        }
        add_music_tracks(sound, jobs, &places.cues, &mut mix);
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

    /// Adds the sounds of one clip: its lines and its effects.
    fn add_clip_tracks(
        &self,
        jobs: &SoundJobs<'_>,
        clip: &TimelineClip,
        lines: &[TimelineLine],
        mix: &mut MixInputs,
    ) {
        let Some(index) = clip.shot else {
            return;
        };
        let shot = &self.production.shots[index];
        let location = self.shot_location(shot);
        let room = location.map_or(RoomKind::default(), |location| location.sound.room);
        for place in lines {
            let line = &shot.lines[place.line];
            mix.add(
                jobs.lines[index][place.line],
                line_track(line, place.start, room),
            );
        }
        if let Some(job) = jobs.effects[index] {
            mix.add(job, whole_track(MixBus::Effects, clip.start_sample));
        }
    }

    /// Adds the ambience of the place of a clip, or lets it go on. `blend` is how the clip before
    /// gives way to this one.
    fn add_ambience_tracks(
        &self,
        jobs: &SoundJobs<'_>,
        clip: &TimelineClip,
        blend: Option<BlendSamples>,
        position: &mut MixPosition,
        mix: &mut MixInputs,
    ) {
        let shot = clip.shot.map(|index| &self.production.shots[index]);
        let at = shot.and_then(|shot| shot.location.as_ref()?.index);
        let index = clip.shot;
        let is_next =
            index.is_some() && position.before == index.and_then(|index| index.checked_sub(1));
        // Only if no shot is left out between: there the ambience would audibly jump.
        let goes_on = is_next && position.location == at;
        position.before = index;
        if goes_on && clip.start_sample > 0 {
            // The ambience of one place continues over its cuts.
            for track in &position.ambience {
                mix.lengthen(*track, clip.samples);
            }
            return;
        }
        position.location = at;
        let usual = samples_of(AMBIENCE_FADE_SECONDS, jobs.sample_rate);
        let blend = blend.unwrap_or_default();
        // Where pictures dissolve, their places do too: one comes while the other goes.
        for track in position.ambience.drain(..).filter(|_| blend.length() > 0) {
            mix.lengthen(track, blend.after);
            mix.tracks[track].fade_out = blend.length();
        }
        let layers = at.and_then(|at| jobs.ambiences.get(&at));
        for layer in layers.into_iter().flatten() {
            let track = MixTrack {
                // It begins with the dissolve and not with the cut.
                length: Some(clip.samples + blend.before),
                repeat: true,
                gain: layer.gain,
                // A dissolve of few samples would click.
                fade_in: usual.max(blend.length()),
                fade_out: usual,
                ..whole_track(
                    MixBus::Effects,
                    clip.start_sample.saturating_sub(blend.before),
                )
            };
            position.ambience.push(mix.add(layer.job, track));
        }
    }

    /// Returns the dissolve or wipe into a clip, in samples. `None`: there is none.
    fn blend_samples(
        &self,
        track: &PictureTrack,
        clip: usize,
        sample_rate: u32,
    ) -> Option<BlendSamples> {
        let rate = self.production.render.rate;
        // Transitions are sorted, and so are the clips that they lead to.
        let first = track
            .transitions
            .partition_point(|found| found.cut < track.clips[clip].start);
        let mut here = track.transitions[first..].iter();
        let found = here.find(|found| found.into == Some(clip))?;
        // Only where both pictures are seen at once.
        found.kind.needs_handles().then(|| BlendSamples {
            before: sample_at_frame(found.before, rate, sample_rate),
            after: sample_at_frame(found.after, rate, sample_rate),
        })
    }
}

/// A dissolve or a wipe, in samples.
#[derive(Debug, Clone, Copy, Default)]
struct BlendSamples {
    before: u64,
    after: u64,
}

impl BlendSamples {
    const fn length(self) -> u64 {
        self.before + self.after
    }
}

/// Adds the music of a film.
fn add_music_tracks(
    sound: &SoundSettings,
    jobs: &SoundJobs<'_>,
    cues: &[TimelineCue],
    mix: &mut MixInputs,
) {
    for place in cues {
        let track = MixTrack {
            skip: place.skip,
            length: Some(place.length),
            gain: sound.music[place.cue].gain,
            ..whole_track(MixBus::Music, place.start)
        };
        // Every version that a film has is made.
        if let Some(job) = jobs.music.get(&CueVersion::from(place)) {
            mix.add(*job, track);
        }
    }
}

/// Which ambience continues.
#[derive(Default)]
struct MixPosition {
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

    /// Lets a track play `samples` longer.
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

/// Returns the track of a line that begins at sample `start` of the film.
fn line_track(line: &ShotLine, start: u64, room: RoomKind) -> MixTrack {
    // A voice-over is in no place, so it has no room.
    let is_there = line.delivery != LineDelivery::VoiceOver;
    MixTrack {
        gain: line.voice.gain,
        room: if is_there { room } else { RoomKind::Dry },
        muffled: line.delivery == LineDelivery::OffScreen,
        ..whole_track(MixBus::Dialogue, start)
    }
}

/// Returns a staging without the parts that only the picture shows.
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
    // The greatest common divisor, by Euclid.
    let mut divisor = size.width;
    let mut rest = size.height;
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let divisor = divisor.max(1);
    PixelSize::new(size.width / divisor, size.height / divisor)
}

/// Returns what people walk on, if the location says.
fn step_surface(location: &Location) -> Option<StepSurface> {
    // The file name of a set often says what it is, such as `gravel_yard.glb`.
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

fn font_input(font: &AssetRef) -> JobInput {
    JobInput {
        slot: InputSlot::sound_font(),
        from: InputSource::File(font.path.clone()),
    }
}

fn file_input(path: &Path) -> JobInput {
    JobInput {
        slot: InputSlot::file(),
        from: InputSource::File(path.to_owned()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths in documents are limited to hours, and negative ones become 0"
)]
fn samples_of(seconds: f32, sample_rate: u32) -> u64 {
    (f64::from(seconds) * f64::from(sample_rate)).round() as u64
}
