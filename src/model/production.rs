//! A production with every reference looked up and every preset applied: concrete values, each with
//! its origin.
//!
//! An unknown name has `None` beside it. `validate` refuses those, so later stages can rely on a
//! value.

use super::camera::Camera;
use super::captions::CaptionSettings;
use super::colour_grade::Grade;
use super::costume_condition::CostumeCondition;
use super::cut::{EditSettings, ShotTransition, TextExport, Timecode};
use super::engine::Engine;
use super::footage::Footage;
use super::frame_list::FrameList;
use super::frame_rate::{FrameRate, PixelSize};
use super::graphics::ScreenGraphic;
use super::job_limits::{JobLimits, KindLimits};
use super::model_format::ModelFormat;
use super::model_mend::ModelMend;
use super::output::OutputFormat;
use super::pass::RenderPass;
use super::scene_number::{SceneNumber, SceneOrder, SceneRange};
use super::shot_staging::{
    DistanceHaze, FacingDirection, GroundMaterial, KeyLight, SceneEnvironment, StageMark,
};
use super::sound::{
    LineDelivery, LocationSound, MusicCue, OutputSound, ShotEffect, ShotLine, SoundSettings,
};
use super::sprites::{GameFiles, SpriteSheet, TileMap};
use super::titles::{OutputMarks, TitleSettings};
use crate::base::{FileSpan, Spanned};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The whole production.
#[derive(Debug, Clone)]
pub struct Production {
    /// Title, author and other facts for people.
    pub meta: ProductionMeta,
    /// The folder that relative paths start from.
    pub root: PathBuf,
    /// The screenplay, if it has one.
    pub script: Option<AssetRef>,
    /// Name of the style preset.
    pub style: String,
    /// The grade of all shots.
    pub grade: Grade,
    /// How frames are rendered.
    pub render: RenderSettings,
    /// Its characters.
    pub characters: Vec<Character>,
    /// Its locations.
    pub locations: Vec<Location>,
    /// Its props.
    pub props: Vec<Prop>,
    /// Scenes of the screenplay, in order, without those that it omits.
    pub scenes: Vec<Scene>,
    /// The order of the scenes, with those that the screenplay omits.
    pub scene_order: SceneOrder,
    /// Shots, in order.
    pub shots: Vec<Shot>,
    /// The beats that its shots came from, in order. Empty: they came from no beats.
    pub beats: Vec<super::beats::BeatInstance>,
    /// How the beats were planned.
    pub ad_origin: super::beats::AdOrigin,
    /// Its sound. `None`: it is silent.
    pub sound: Option<SoundSettings>,
    /// How its shots follow each other.
    pub edit: EditSettings,
    /// Its titles and credits.
    pub titles: TitleSettings,
    /// Graphics, in the order of the document.
    pub graphics: Vec<ScreenGraphic>,
    /// What left its sound out, if its document asks for some. `None`: nothing did.
    pub silence: Option<super::SilenceSource>,
    /// Its outputs, in order.
    pub outputs: Vec<Output>,
    /// Its deliverables that are text, in order.
    pub exports: Vec<TextExport>,
    /// How captions are made.
    pub captions: CaptionSettings,
    /// Its sprite sheets, in order.
    pub sprites: Vec<SpriteSheet>,
    /// Its tile maps, in order.
    pub tile_maps: Vec<TileMap>,
    /// The budget of a run.
    pub budget: Budget,
    /// Limits and resources of jobs, by kind of work.
    pub limits: KindLimits,
    /// How many jobs run at a time. `None`: unset.
    pub workers: Option<u16>,
    /// The place of the document's top key, for diagnostics about the whole.
    pub origin: FileSpan,
}

/// The budget of a run. `None`: no limit.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// Seconds of computing time.
    pub seconds: Option<Spanned<f64>>,
    /// Bytes on disk.
    pub bytes: Option<Spanned<f64>>,
}

/// Title, author and other facts for people.
#[derive(Debug, Clone, Default)]
pub struct ProductionMeta {
    /// Title, if given.
    pub title: Option<Spanned<String>>,
    /// The document's own version.
    pub version: Option<String>,
    /// Author, if given.
    pub author: Option<String>,
    /// Description. Empty: unset.
    pub description: String,
    /// Its date of creation, as written.
    pub created: Option<String>,
    /// Its date of change, as written.
    pub modified: Option<String>,
}

impl Production {
    /// Returns whether the document asks for sound, also if it was left out.
    #[must_use]
    pub const fn asks_for_sound(&self) -> bool {
        self.sound.is_some() || self.silence.is_some()
    }

    /// Returns every mention of a file, in the order of the document. A file named twice comes
    /// twice.
    pub fn assets(&self) -> impl Iterator<Item = &AssetRef> {
        let characters = self.characters.iter().flat_map(Character::all_models);
        let locations = self.locations.iter().flat_map(Location::files);
        let props = self.props.iter().filter_map(|prop| prop.model.as_ref());
        self.script
            .iter()
            .chain(characters)
            .chain(locations)
            .chain(props)
            .chain(&self.captions.table)
            .chain(self.sound_files())
            .chain(self.font_files())
    }

    /// Returns every mention of a file of the project that text is drawn with.
    pub fn font_files(&self) -> impl Iterator<Item = &AssetRef> {
        let fonts = self.titles.fonts.iter();
        fonts.filter_map(|font| font.asset.as_ref())
    }

    /// Returns every mention of a sound file, or of a file that music or a voice is made with.
    pub fn sound_files(&self) -> impl Iterator<Item = &AssetRef> {
        let fonts = self.sound.iter().flat_map(|sound| &sound.sound_font);
        let voices = self.sound.iter().flat_map(|sound| &sound.files);
        let music = self.sound.iter().flat_map(|sound| &sound.music);
        let music = music.filter_map(MusicCue::file);
        let effects = self.shots.iter().flat_map(|shot| &shot.effects);
        let effects = effects.filter_map(|effect| effect.source.file());
        let layers = self
            .locations
            .iter()
            .flat_map(|location| &location.sound.ambience);
        let layers = layers.filter_map(|layer| layer.source.file());
        let played = fonts.chain(voices).chain(music);
        played.chain(layers).chain(effects)
    }

    /// Returns every file of the footage of its shots. A file that two shots show comes twice.
    pub fn footage_files(&self) -> impl Iterator<Item = &Path> {
        let footage = self.shots.iter().filter_map(|shot| shot.footage.as_ref());
        footage.flat_map(Footage::files)
    }

    /// Returns every renderer that is named, the production's first.
    pub fn renderers(&self) -> impl Iterator<Item = &RendererRef> {
        std::iter::once(&self.render.engine)
            .chain(self.shots.iter().filter_map(|shot| shot.engine.as_ref()))
    }

    /// Returns the files of its deliverables for games: those of sprite sheets, then those of maps.
    pub fn game_files(&self) -> impl Iterator<Item = GameFiles<'_>> {
        let sheets = self.sprites.iter().map(SpriteSheet::files);
        sheets.chain(self.tile_maps.iter().map(TileMap::files))
    }

    /// Returns the outputs with the first of each entry alone. Those of one file a shot differ in
    /// name, path and shots.
    pub fn distinct_outputs(&self) -> impl Iterator<Item = &Output> {
        // Outputs of one entry follow each other, so the last entry is enough to know.
        let mut last = None;
        self.outputs
            .iter()
            .filter(move |output| last.replace(output.entry) != Some(output.entry))
    }

    /// Returns the shots that an output shows, in order.
    pub fn output_shots<'a>(&'a self, output: &'a Output) -> impl Iterator<Item = &'a Shot> {
        output
            .shown_shots(self.shots.len())
            .filter_map(|index| self.shots.get(index))
    }

    /// Returns the timecode of a frame of the film, counted from 0.
    #[must_use]
    pub fn timecode(&self, frame: usize) -> Timecode {
        let frame = u64::try_from(frame).unwrap_or(u64::MAX);
        let start = self.edit.start;
        self.edit
            .counted(start.saturating_add(frame), self.render.rate)
    }

    /// Returns the number of frames of the shots that an output shows, at the production's rate.
    #[must_use]
    pub fn output_frames(&self, output: &Output) -> usize {
        self.output_shots(output)
            .map(|shot| shot.frames.len())
            .sum()
    }

    /// Returns the scene with this number, the first if there are several.
    #[must_use]
    pub fn scene_by_number(&self, number: &SceneNumber) -> Option<&Scene> {
        // By halves: a search through all for each of 100,000 shots would be quadratic.
        let position = self.scene_order.position(number);
        let index = self
            .scenes
            .partition_point(|scene| self.scene_order.position(&scene.number) < position);
        self.scenes
            .get(index)
            .filter(|scene| scene.number == *number)
    }
}

impl ProductionMeta {
    /// Returns the title, or `Untitled Production`.
    #[must_use]
    pub fn display_title(&self) -> &str {
        self.title
            .as_ref()
            .map(|title| title.value.trim())
            .filter(|title| !title.is_empty())
            .unwrap_or("Untitled Production")
    }
}

/// A file that the document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRef {
    /// Path as written, with forward slashes, relative to the production's folder.
    pub path: PathBuf,
    /// Where the document names it.
    pub origin: FileSpan,
    /// What is changed of it, if it is a model.
    pub mend: ModelMend,
}

impl AssetRef {
    /// Returns how many times as large as its file says it is used.
    #[must_use]
    pub fn size_factor(&self) -> f32 {
        let format = ModelFormat::from_path(&self.path);
        let usual = format.map_or(1.0, |format| format.usual_mend().factor());
        self.mend.scale.map_or(1.0, |scale| scale / usual)
    }

    /// Returns the same file with these changes.
    #[must_use]
    pub fn with_mend(self, mend: ModelMend) -> Self {
        Self { mend, ..self }
    }

    /// Returns whether both are one file with the same changes.
    #[must_use]
    pub fn is_same_import(&self, other: &Self) -> bool {
        self.path == other.path && self.mend == other.mend
    }

    /// Returns whether the path has this extension, in any case.
    #[must_use]
    pub fn has_extension(&self, extension: &str) -> bool {
        self.path
            .extension()
            .is_some_and(|actual| actual.eq_ignore_ascii_case(extension))
    }
}

/// A renderer by name.
#[derive(Debug, Clone, PartialEq)]
pub struct RendererRef {
    /// The name as written.
    pub name: Spanned<String>,
    /// The engine of that name. `None`: the name is unknown.
    pub engine: Option<Engine>,
    /// Files of the project that it reads, with the place that names the renderer.
    pub files: Vec<AssetRef>,
}

/// How frames are rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderSettings {
    /// The renderer of all shots that name no other.
    pub engine: RendererRef,
    /// Name of the quality tier.
    pub tier: String,
    /// What chose that tier.
    pub tier_source: super::TierSource,
    /// Name of the tier that the document asks for.
    pub document_tier: String,
    /// Frames a second.
    pub rate: FrameRate,
    /// Size of a frame.
    pub size: PixelSize,
    /// The place of that size in the document. `None` if it follows from the outputs.
    pub size_origin: Option<FileSpan>,
    /// Samples a pixel.
    pub samples: u32,
    /// Sensor width in millimetres.
    pub sensor_width: f32,
    /// Whether Cycles denoises, if it can.
    pub denoise: bool,
    /// Frames in one render job.
    pub chunk: usize,
    /// Folder that passes are delivered to.
    pub passes_path: Spanned<PathBuf>,
}

/// One character.
#[derive(Debug, Clone)]
pub struct Character {
    /// Its name in the document.
    pub name: Spanned<String>,
    /// Its name for people, if it differs.
    pub display_name: Option<String>,
    /// Its description. Empty: unset.
    pub description: String,
    /// Its name in the screenplay, in capitals.
    pub script_name: String,
    /// Its model, if it has one.
    pub model: Option<AssetRef>,
    /// Its costumes.
    pub costumes: Vec<CharacterCostume>,
    /// Alternative models, such as that of a stunt double.
    pub variants: Vec<AssetRef>,
}

impl Character {
    /// Returns every model that it has, in use or not.
    pub fn all_models(&self) -> impl Iterator<Item = &AssetRef> {
        let costumes = self
            .costumes
            .iter()
            .filter_map(|costume| costume.model.as_ref());
        self.model.iter().chain(costumes).chain(&self.variants)
    }

    /// Returns the costume in `scene`: the first whose range contains it, else `default`. `None`:
    /// neither exists.
    #[must_use]
    pub fn costume_in(&self, scene: &SceneNumber) -> Option<&CharacterCostume> {
        let holds = |costume: &&CharacterCostume| matches!(&costume.scenes, CostumeScenes::Range(range) if range.contains(scene));
        // A range goes before `default`, wherever the two are written.
        self.costumes.iter().find(holds).or_else(|| {
            self.costumes
                .iter()
                .find(|costume| costume.scenes == CostumeScenes::Default)
        })
    }

    /// Returns the model in `scene`: that of the costume, else the character's own.
    #[must_use]
    pub fn model_in(&self, scene: &SceneNumber) -> Option<&AssetRef> {
        self.costume_in(scene)
            .and_then(|costume| costume.model.as_ref())
            .or(self.model.as_ref())
    }
}

/// One costume.
#[derive(Debug, Clone)]
pub struct CharacterCostume {
    /// Its key under `wardrobe`.
    pub key: Spanned<String>,
    /// The scenes that it is worn in.
    pub scenes: CostumeScenes,
    /// Its name.
    pub name: String,
    /// The model in this costume. `None`: the character's own.
    pub model: Option<AssetRef>,
    /// Its conditions. Empty: unset.
    pub condition: Vec<Spanned<CostumeCondition>>,
}

/// The scenes that a costume is worn in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CostumeScenes {
    /// All scenes without another costume.
    Default,
    /// These scenes, both ends included.
    Range(SceneRange),
    /// The key is not a scene range.
    // The entry stays, so that the rule `bad_scene_range` can point at it.
    Unreadable,
}

/// One location.
#[derive(Debug, Clone)]
pub struct Location {
    /// Its name in the document.
    pub name: Spanned<String>,
    /// Its name for people, if it differs.
    pub display_name: Option<String>,
    /// Its description. Empty: unset.
    pub description: String,
    /// The set model, if it has one.
    pub set: Option<AssetRef>,
    /// A Blender file with the whole location.
    pub custom_setup: Option<AssetRef>,
    /// Whether a preset, a light or a set describes the look. If not, a rule reports it.
    pub described: bool,
    /// The environment. Its slot, if it has one, is `hdri`.
    pub environment: SceneEnvironment,
    /// The picture of `environment`, if it has one.
    pub hdri: Option<AssetRef>,
    /// The sun or key light.
    pub key: Option<KeyLight>,
    /// The ground, for locations without a set.
    pub ground: Option<GroundMaterial>,
    /// Distance haze.
    pub haze: Option<DistanceHaze>,
    /// Stops of exposure.
    pub exposure: f32,
    /// Its ambience and reverberation.
    pub sound: LocationSound,
}

impl Location {
    /// Returns every file that it refers to.
    pub fn files(&self) -> impl Iterator<Item = &AssetRef> {
        [&self.hdri, &self.set, &self.custom_setup]
            .into_iter()
            .flatten()
    }
}

/// One prop.
#[derive(Debug, Clone)]
pub struct Prop {
    /// Its name in the document.
    pub name: Spanned<String>,
    /// Its name for people, if it differs.
    pub display_name: Option<String>,
    /// Its model, if it has one.
    pub model: Option<AssetRef>,
}

/// One scene of the screenplay.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Its number. Unique.
    pub number: SceneNumber,
    /// Its heading as written.
    pub heading: Spanned<String>,
    /// Its location as an index of `locations`. `None`: no location matches the heading.
    pub location: Option<usize>,
    /// Names of the speakers as the screenplay writes them, in order of first speech, each with its
    /// first cue.
    pub speakers: Vec<Spanned<String>>,
    /// Its speeches, in order.
    pub speeches: Vec<SceneSpeech>,
}

/// One speech of one character.
#[derive(Debug, Clone)]
pub struct SceneSpeech {
    /// The speaker, as the screenplay writes the name.
    pub speaker: Spanned<String>,
    /// Number of words between spaces.
    pub words: usize,
    /// Number of characters of languages that write no spaces.
    pub characters: usize,
    /// Seconds to speak these words and characters as fast as a listener can follow.
    pub least_seconds: f64,
    /// Seconds at an easy pace.
    pub seconds: f64,
    /// Whether the screenplay marks the voice as off-screen.
    pub delivery: LineDelivery,
    /// The spoken words, with the place of their first line.
    pub text: Spanned<String>,
    /// Seconds of directions such as `beat`.
    pub direction_seconds: f64,
    /// Whether it is spoken at the same time as the speech before it.
    pub dual: bool,
}

/// A name with the entry that it refers to.
#[derive(Debug, Clone)]
pub struct EntryRef {
    /// The name as written.
    pub name: Spanned<String>,
    /// Index of the entry. `None`: there is no such name.
    pub index: Option<usize>,
}

/// One shot.
#[derive(Debug, Clone)]
pub struct Shot {
    /// Its name. Unique.
    pub name: Spanned<String>,
    /// Its description, or its dialogue. Empty: it has neither.
    pub description: String,
    /// Place of the whole entry.
    pub origin: FileSpan,
    /// Number of its scene.
    pub scene: Spanned<SceneNumber>,
    /// Its template, if it has one.
    pub template: Option<Spanned<String>>,
    /// Whether coverage derived it from the screenplay.
    pub automatic: bool,
    /// The camera.
    pub camera: Camera,
    /// A camera of a model that is used in place of its own.
    pub model_camera: Option<ShotModelCamera>,
    /// Place of its aperture, if it has one.
    pub aperture_origin: Option<FileSpan>,
    /// Its characters. The first is the subject.
    pub cast: Vec<CastRole>,
    /// Props in view.
    pub props: Vec<PropRole>,
    /// Its location. `None`: nothing names one.
    pub location: Option<EntryRef>,
    /// What the camera frames.
    pub subject: ShotSubject,
    /// Its frames: its frame range, else counted from 1001.
    pub frames: FrameList,
    /// The length in frames by `duration`, if that is written.
    // Stored besides `frames`, so that a rule can compare the two if both are written.
    pub duration: Option<Spanned<usize>>,
    /// Place of `frame_range`, if it is written.
    pub range_origin: Option<FileSpan>,
    /// Stops of exposure on top of the location's.
    pub exposure: f32,
    /// Its renderer, if it differs from the production's.
    pub engine: Option<RendererRef>,
    /// Passes of every frame, in order, without duplicates.
    pub passes: Vec<Spanned<RenderPass>>,
    /// The pictures or the film that it shows. `None`: its frames are drawn.
    pub footage: Option<Footage>,
    /// The name of its take, if it has takes.
    pub take: Option<String>,
    /// Limits and resources of the jobs that make its frames.
    pub limits: JobLimits,
    /// Lines that are spoken in it, in order.
    pub lines: Vec<ShotLine>,
    /// Effects of its own, in order.
    pub effects: Vec<ShotEffect>,
    /// The transition with which it begins, as written.
    pub transition_in: Option<ShotTransition>,
    /// The transition with which it ends, as written.
    pub transition_out: Option<ShotTransition>,
    /// What it is a part of, if a timeline of another program changed the cut.
    pub recut: Option<ShotRecut>,
}

impl Shot {
    /// Returns the number of its first frame, from which sources of it are counted in timecode.
    #[must_use]
    pub fn first_number(&self) -> i64 {
        self.frames.first().map_or(0, i64::from)
    }

    /// Returns whether its frames are drawn, and do not exist already.
    #[must_use]
    pub const fn is_drawn(&self) -> bool {
        self.footage.is_none()
    }
}

/// A camera of a model that a shot uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShotModelCamera {
    /// The prop of the shot that has it, as written. `None`: it is the set's.
    pub from: Option<Spanned<String>>,
    /// Its name in the file.
    pub name: Spanned<String>,
}

impl ShotModelCamera {
    /// Returns the index of its prop in a list of those of the shot. `None`: it is none of them.
    #[must_use]
    pub fn prop_index(&self, props: &[PropRole]) -> Option<usize> {
        let from = self.from.as_ref()?;
        props
            .iter()
            .position(|role| role.prop.name.value == from.value)
    }
}

/// The shot that a part of it was before a timeline of another program changed the cut.
#[derive(Debug, Clone, PartialEq)]
pub struct ShotRecut {
    /// Its index among the shots before.
    pub shot: usize,
    /// Its frames, over which the moves of its camera and of its clips run.
    pub frames: Arc<FrameList>,
    /// The place of the first frame of the part among these: negative before them.
    pub first: i64,
}

/// What the camera of a shot frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShotSubject {
    /// The first of the cast.
    Character,
    /// All of the cast.
    Everyone,
    /// The first prop.
    Prop,
    /// The location.
    Place,
}

/// One character in a shot.
#[derive(Debug, Clone)]
pub struct CastRole {
    /// The character.
    pub character: EntryRef,
    /// Its mark.
    pub mark: StageMark,
    /// Its action: the name of an animation clip.
    pub action: String,
    /// The expression of its face. `None`: as the model is at rest.
    pub expression: Option<Spanned<String>>,
    /// Place of the action, if the document has one.
    pub action_origin: Option<FileSpan>,
    /// The direction that it faces.
    pub facing: FacingDirection,
    /// Walking speed in metres a second.
    pub speed: f32,
}

impl CastRole {
    /// Returns a model of its character with its expression.
    #[must_use]
    pub fn with_expression(&self, model: &AssetRef) -> AssetRef {
        let mut shown = model.clone();
        shown.mend.expression = self.expression.as_ref().map(|name| name.value.clone());
        shown
    }
}

/// One prop in a shot.
#[derive(Debug, Clone)]
pub struct PropRole {
    /// The prop.
    pub prop: EntryRef,
    /// Its mark.
    pub mark: StageMark,
}

/// What a path of an output has in place of the revision until it is published.
pub const PATH_REVISION: &str = "${revision}";
/// What a path of an output has in place of the date until it is published.
pub const PATH_DATE: &str = "${date}";

/// One deliverable.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name. Unique.
    pub name: Spanned<String>,
    /// Its name for people, if it differs.
    pub display_name: Option<String>,
    /// Its path, relative to the production's folder. It may contain [`PATH_REVISION`] and
    /// [`PATH_DATE`], which are filled in when it is published.
    pub path: Spanned<PathBuf>,
    /// Number of its entry in the document. Outputs of one file a shot share theirs.
    pub entry: usize,
    /// Indices of the shots that it shows, in order. `None`: all.
    pub shots: Option<Vec<usize>>,
    /// Whether files at the path that no run put there may be replaced.
    pub replace: bool,
    /// Its format.
    pub format: OutputFormat,
    /// Its sound. `None`: it is silent.
    pub sound: Option<OutputSound>,
    /// What it shows on top of its film.
    pub marks: OutputMarks,
    /// How it is made, if it is the file of one shot of an output with one for each.
    pub shot_file: Option<ShotFile>,
    /// The captions within it.
    pub captions: OutputCaptions,
    /// Place of the whole entry.
    pub origin: FileSpan,
}

/// The file of one shot, of an output that has one for each. If a timeline for other programs
/// refers to it, it has no transitions, which are in the timeline, and may have handles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShotFile {
    /// Frames beyond its cuts at each end.
    pub handles: usize,
    /// Whether a timeline refers to it.
    pub is_media: bool,
}

/// The captions within a film.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputCaptions {
    /// Languages that are tracks of text, in order.
    pub tracks: Vec<Spanned<String>>,
    /// The language that is drawn on the pictures. `None`: none is.
    pub burned: Option<Spanned<String>>,
}

impl OutputCaptions {
    /// Returns all languages that it has.
    pub fn languages(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.tracks.iter().chain(&self.burned)
    }
}

impl Production {
    /// Returns the number of entries of `outputs`: one that has a file for each shot counts once,
    /// and texts, sheets and maps count as films do.
    #[must_use]
    pub fn output_entries(&self) -> usize {
        let films = self.outputs.iter().map(|output| output.entry);
        let texts = self.exports.iter().map(|export| export.entry);
        let games = self.game_files().map(|files| files.entry);
        films
            .chain(texts)
            .chain(games)
            .collect::<BTreeSet<_>>()
            .len()
    }
}

/// Returns the index of the output that stands for the production: the first film, else the first
/// output that is no file of a single shot. `None`: all are, so that the film with all shots does.
#[must_use]
pub fn main_output(outputs: &[Output]) -> Option<usize> {
    let entry_at = |index: usize| outputs.get(index).map(|output| output.entry);
    let film = outputs.iter().enumerate().position(|(index, output)| {
        let own = Some(output.entry);
        // Outputs of one entry follow each other.
        let is_split = entry_at(index + 1) == own || (index > 0 && entry_at(index - 1) == own);
        let codec = output.format.codec;
        let is_whole = !is_split && output.shot_file.is_none();
        is_whole && !codec.is_sequence() && codec.still_format().is_none()
    });
    film.or_else(|| outputs.iter().position(|output| output.shot_file.is_none()))
}

impl Output {
    /// Returns whether titles and graphics are drawn on it. A film of a single shot is material, and
    /// has none; a picture of one shows what is seen there.
    #[must_use]
    pub fn has_titles(&self) -> bool {
        let is_still = self.format.codec.still_format().is_some();
        !self.marks.is_textless && (is_still || self.shot_file.is_none())
    }

    /// Returns how many frames beyond its cuts it has at each end, if a timeline refers to it.
    /// `None`: none does.
    #[must_use]
    pub fn media_handles(&self) -> Option<usize> {
        let file = self.shot_file.filter(|file| file.is_media);
        file.map(|file| file.handles)
    }

    /// Returns the number of the first frame of the file of one shot: that of the shot, less the
    /// frames before its cut. Timelines for other programs count from it.
    #[must_use]
    pub fn shot_file_start(&self, shot: &Shot) -> i64 {
        let handles = self.shot_file.map_or(0, |file| file.handles);
        let handles = i64::try_from(handles).unwrap_or(i64::MAX);
        shot.first_number().saturating_sub(handles)
    }

    /// Returns the indices of the shots that it shows, of `count` shots, in order.
    pub fn shown_shots(&self, count: usize) -> impl Iterator<Item = usize> + '_ {
        let chosen = self.shots.as_deref();
        (0..chosen.map_or(count, <[usize]>::len)).filter_map(move |place| {
            chosen.map_or(Some(place), |chosen| chosen.get(place).copied())
        })
    }
}
