//! A production with every reference looked up and every preset filled in: concrete values, each with its origin.
//!
//! Names that could not be found keep `None` beside them; `validate` refuses those, so later stages can rely on them.

use super::camera::Camera;
use super::colour_grade::Grade;
use super::costume_condition::CostumeCondition;
use super::engine::Engine;
use super::frame_list::FrameList;
use super::frame_rate::{FrameRate, PixelSize};
use super::output::OutputFormat;
use super::pass::RenderPass;
use super::shot_staging::{
    DistanceHaze, FacingDirection, GroundMaterial, KeyLight, SceneEnvironment, StageMark,
};
use crate::base::{FileSpan, Spanned};
use std::path::PathBuf;

/// The whole production.
#[derive(Debug, Clone)]
pub struct Production {
    /// What it is called, and by whom.
    pub meta: ProductionMeta,
    /// The folder that relative paths start from.
    pub root: PathBuf,
    /// The screenplay, if it names one.
    pub script: Option<AssetRef>,
    /// Name of the style preset.
    pub style: String,
    /// The grade of every shot.
    pub grade: Grade,
    /// How frames are rendered.
    pub render: RenderSettings,
    /// Who is in it.
    pub characters: Vec<Character>,
    /// Where it plays.
    pub locations: Vec<Location>,
    /// Things that shots can show.
    pub props: Vec<Prop>,
    /// Scenes of the script in order.
    pub scenes: Vec<Scene>,
    /// Shots in order.
    pub shots: Vec<Shot>,
    /// What is delivered.
    pub outputs: Vec<Output>,
    /// What a run may cost.
    pub budget: Budget,
    /// The place of the document's top key, for findings about the whole.
    pub origin: FileSpan,
}

/// What a run may cost; nothing where nothing says so.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// Seconds of computing.
    pub seconds: Option<Spanned<f64>>,
    /// Bytes on disk.
    pub bytes: Option<Spanned<f64>>,
}

/// What a production is called, and by whom.
#[derive(Debug, Clone, Default)]
pub struct ProductionMeta {
    /// Title, if given.
    pub title: Option<Spanned<String>>,
    /// The document's own version.
    pub version: Option<String>,
    /// Author, if given.
    pub author: Option<String>,
    /// Description, empty when not given.
    pub description: String,
    /// When it was begun, as written.
    pub created: Option<String>,
    /// When it was last changed, as written.
    pub modified: Option<String>,
}

impl Production {
    /// Returns every mention of a file, in the order of the document's sections.
    pub fn assets(&self) -> impl Iterator<Item = &AssetRef> {
        let characters = self.characters.iter().flat_map(Character::all_models);
        let locations = self.locations.iter().flat_map(Location::files);
        let props = self.props.iter().filter_map(|prop| prop.model.as_ref());
        self.script
            .iter()
            .chain(characters)
            .chain(locations)
            .chain(props)
    }

    /// Returns every renderer that is named, the production's first.
    pub fn renderers(&self) -> impl Iterator<Item = &RendererRef> {
        std::iter::once(&self.render.engine)
            .chain(self.shots.iter().filter_map(|shot| shot.engine.as_ref()))
    }

    /// Returns the scene of the script with this number, the first if there are several.
    #[must_use]
    pub fn scene_by_number(&self, number: u32) -> Option<&Scene> {
        // Nearly every script counts its scenes from 1, so the scene is where its number says.
        let usual = number
            .checked_sub(1)
            .and_then(|index| self.scenes.get(usize::try_from(index).ok()?));
        let usual = usual.filter(|scene| scene.number == number);
        usual.or_else(|| self.scenes.iter().find(|scene| scene.number == number))
    }
}

impl ProductionMeta {
    /// Returns the title shown to people.
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
}

impl AssetRef {
    /// Returns whether the path ends in this extension, whatever its case.
    #[must_use]
    pub fn has_extension(&self, extension: &str) -> bool {
        self.path
            .extension()
            .is_some_and(|actual| actual.eq_ignore_ascii_case(extension))
    }
}

/// Who renders, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct RendererRef {
    /// The name as written.
    pub name: Spanned<String>,
    /// The engine of that name; none when there is no such engine.
    pub engine: Option<Engine>,
    /// Files of the project that it draws from, each named where the engine is.
    pub files: Vec<AssetRef>,
}

/// How frames are rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderSettings {
    /// Who renders, unless a shot says otherwise.
    pub engine: RendererRef,
    /// Name of the quality tier.
    pub tier: String,
    /// Frames a second.
    pub rate: FrameRate,
    /// Size of a frame.
    pub size: PixelSize,
    /// Samples a pixel.
    pub samples: u32,
    /// Sensor width in millimetres.
    pub sensor_width: f32,
    /// Whether Cycles takes the noise away, where it can.
    pub denoise: bool,
    /// Frames in one render job.
    pub chunk: usize,
    /// Where passes are delivered, when any shot has some.
    pub passes_path: Spanned<PathBuf>,
}

/// One character.
#[derive(Debug, Clone)]
pub struct Character {
    /// What the document calls it.
    pub name: Spanned<String>,
    /// What it is, in words; empty when nothing is said.
    pub description: String,
    /// What the script calls it, in capitals.
    pub script_name: String,
    /// Its model, if it has one.
    pub model: Option<AssetRef>,
    /// Its costumes.
    pub costumes: Vec<CharacterCostume>,
    /// Alternative models, such as a stunt double's.
    pub variants: Vec<AssetRef>,
}

impl Character {
    /// Returns every model that it has, worn or not.
    pub fn all_models(&self) -> impl Iterator<Item = &AssetRef> {
        let costumes = self
            .costumes
            .iter()
            .filter_map(|costume| costume.model.as_ref());
        self.model.iter().chain(costumes).chain(&self.variants)
    }

    /// Returns the costume worn in `scene`: the first whose range holds it, else `default`.
    #[must_use]
    pub fn costume_in(&self, scene: u32) -> Option<&CharacterCostume> {
        let holds = |costume: &&CharacterCostume| matches!(costume.scenes, CostumeScenes::Range(first, last) if (first..=last).contains(&scene));
        let fallback = || {
            self.costumes
                .iter()
                .find(|costume| costume.scenes == CostumeScenes::Default)
        };
        self.costumes.iter().find(holds).or_else(fallback)
    }

    /// Returns the model worn in `scene`.
    #[must_use]
    pub fn model_in(&self, scene: u32) -> Option<&AssetRef> {
        self.costume_in(scene)
            .and_then(|costume| costume.model.as_ref())
            .or(self.model.as_ref())
    }
}

/// One costume.
#[derive(Debug, Clone)]
pub struct CharacterCostume {
    /// The key under `wardrobe`.
    pub key: Spanned<String>,
    /// When it is worn.
    pub scenes: CostumeScenes,
    /// What it is called.
    pub name: String,
    /// The model in this costume, when it differs.
    pub model: Option<AssetRef>,
    /// What state it is in; empty when nothing says so.
    pub condition: Vec<Spanned<CostumeCondition>>,
}

/// When a costume is worn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostumeScenes {
    /// When no other is.
    Default,
    /// In these scenes, both ends included.
    Range(u32, u32),
    /// The key could not be read as a scene range; reported by a rule.
    Unreadable,
}

/// One location.
#[derive(Debug, Clone)]
pub struct Location {
    /// What the document calls it.
    pub name: Spanned<String>,
    /// What it is, in words; empty when nothing is said.
    pub description: String,
    /// The set model, if it has one.
    pub set: Option<AssetRef>,
    /// A .blend file with the whole place.
    pub custom_setup: Option<AssetRef>,
    /// Whether a preset, a light or a set says what the place looks like.
    pub described: bool,
    /// Light and background from all around; its slot, if any, is `hdri`.
    pub environment: SceneEnvironment,
    /// The picture behind `environment`, if it is one.
    pub hdri: Option<AssetRef>,
    /// The sun or key light.
    pub key: Option<KeyLight>,
    /// The ground, for places without a set.
    pub ground: Option<GroundMaterial>,
    /// Distance haze.
    pub haze: Option<DistanceHaze>,
    /// Stops of exposure.
    pub exposure: f32,
}

impl Location {
    /// Returns every file that it is made from.
    pub fn files(&self) -> impl Iterator<Item = &AssetRef> {
        [&self.hdri, &self.set, &self.custom_setup]
            .into_iter()
            .flatten()
    }
}

/// One prop.
#[derive(Debug, Clone)]
pub struct Prop {
    /// What the document calls it.
    pub name: Spanned<String>,
    /// Its model, if it has one.
    pub model: Option<AssetRef>,
}

/// One scene of the script.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Its number.
    pub number: u32,
    /// Its heading as written.
    pub heading: Spanned<String>,
    /// Where it plays, as an index of `locations`, if one matches.
    pub location: Option<usize>,
    /// Names of those who speak, as the script writes them, in order of first speech, each with its first cue.
    pub speakers: Vec<Spanned<String>>,
    /// What is said, in order.
    pub speeches: Vec<SceneSpeech>,
}

/// What one character says at a time.
#[derive(Debug, Clone)]
pub struct SceneSpeech {
    /// Who, as the script writes it.
    pub speaker: Spanned<String>,
    /// How many words.
    pub words: usize,
    /// How long it takes at an easy pace.
    pub seconds: f64,
    /// Whether the script says that the voice comes from outside the picture.
    pub off_screen: bool,
}

/// A name and the entry that it was found to mean.
#[derive(Debug, Clone)]
pub struct EntryRef {
    /// The name as written.
    pub name: Spanned<String>,
    /// Index of the entry; none when there is no such name.
    pub index: Option<usize>,
}

/// One shot.
#[derive(Debug, Clone)]
pub struct Shot {
    /// What it is called; unique.
    pub name: Spanned<String>,
    /// What it shows, in words, or what is said in it; empty when nothing is.
    pub description: String,
    /// The whole entry.
    pub origin: FileSpan,
    /// The scene it belongs to.
    pub scene: Spanned<u32>,
    /// The template it was made from.
    pub template: Option<Spanned<String>>,
    /// Whether coverage made it from the script.
    pub automatic: bool,
    /// The camera.
    pub camera: Camera,
    /// Where it says how far the lens is open, when it does.
    pub aperture_origin: Option<FileSpan>,
    /// Who is in it; the first is the subject.
    pub cast: Vec<CastRole>,
    /// Props in view.
    pub props: Vec<PropRole>,
    /// Where it plays; none when nothing says so.
    pub location: Option<EntryRef>,
    /// What the camera frames.
    pub subject: ShotSubject,
    /// Its frames: as its frame range says, else counted from 1001.
    pub frames: FrameList,
    /// Frames asked for by `duration`, when it was written, and where.
    pub duration: Option<Spanned<usize>>,
    /// Where `frame_range` was written, if it was.
    pub range_origin: Option<FileSpan>,
    /// Stops of exposure on top of the location's.
    pub exposure: f32,
    /// Who renders it, when not who renders the others.
    pub engine: Option<RendererRef>,
    /// What else is told of every frame, in order, each once.
    pub passes: Vec<Spanned<RenderPass>>,
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
    /// The place.
    Place,
}

/// One character in a shot.
#[derive(Debug, Clone)]
pub struct CastRole {
    /// Who.
    pub character: EntryRef,
    /// Where it stands.
    pub mark: StageMark,
    /// What it does: an animation clip.
    pub action: String,
    /// Where the action was asked for, when the document did.
    pub action_origin: Option<FileSpan>,
    /// Where it looks.
    pub facing: FacingDirection,
    /// Metres a second walked.
    pub speed: f32,
}

/// One prop in a shot.
#[derive(Debug, Clone)]
pub struct PropRole {
    /// Which.
    pub prop: EntryRef,
    /// Where it stands.
    pub mark: StageMark,
}

/// One deliverable.
#[derive(Debug, Clone)]
pub struct Output {
    /// What it is called; unique.
    pub name: Spanned<String>,
    /// Where it goes, relative to the production's folder.
    pub path: Spanned<PathBuf>,
    /// Its picture.
    pub format: OutputFormat,
    /// The whole entry.
    pub origin: FileSpan,
}
