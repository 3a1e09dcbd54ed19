//! Jobs: one invocation of a producer each, with everything that it depends on.

use super::action_kind::{ActionKind, CountedUnits};
use super::artefact::Artefact;
use super::colour_grade::Grade;
use super::cut::{FrameTrim, TextExportWork, TransitionWork};
use super::engine::Engine;
use super::footage::FilmReading;
use super::frame_list::FrameList;
use super::frame_rate::{FrameRate, PixelSize};
use super::input_slot::InputSlot;
use super::job_limits::JobLimits;
use super::job_name::JobName;
use super::model_mend::ModelMend;
use super::output::{HdrTransfer, OutputFormat};
use super::pass::RenderPass;
use super::phase::Phase;
use super::price::{CostAmount, ProviderPrice};
use super::shot_staging::ShotStaging;
use super::sound::{
    AmbienceWork, EffectsWork, MixWork, MusicFileWork, MusicWork, SoundFormat, SpeechWork,
};
use super::sprites::{SpriteSheetWork, SpriteWork, TileMapWork};
use super::titles::FrameOverlay;
use crate::base::FileSpan;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Index of a job in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u32);

impl JobId {
    /// Returns the index as a `usize`.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What kind of file an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// A model that this program reads: glTF, OBJ, STL, PLY.
    Model,
    /// An equirectangular HDR or EXR picture.
    Environment,
    /// A Blender file.
    Blend,
    /// A model in another format that Blender reads, such as FBX.
    Foreign,
}

/// What a job does, with all its parameters. All of it is part of the job's identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
// The identity is a digest of this value as JSON. A renamed field or a new one that is always
// written would run the jobs of every store again, hence the attributes below.
pub enum JobAction {
    /// Import an asset: read it, check it, and pack it into one self-contained file.
    Import {
        /// Kind of the asset.
        kind: AssetKind,
        /// What is changed of a model.
        #[serde(default, skip_serializing_if = "ModelMend::is_empty")]
        mend: ModelMend,
    },
    /// Render one staging from several views, and all views together on one sheet.
    Sheet {
        /// The renderer.
        engine: Engine,
        /// What to render. Each view replaces the azimuth of the camera.
        staging: Arc<ShotStaging>,
        /// Names of views with their azimuth in degrees.
        views: Vec<(String, f32)>,
        /// Size of one view.
        size: PixelSize,
        /// Samples a pixel.
        samples: u32,
        /// Whether the denoiser is off.
        // Written only if set: jobs from before there was a choice keep their identity.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noisy: bool,
    },
    /// Render one picture of a location.
    Plate {
        /// The renderer.
        engine: Engine,
        /// What to render.
        staging: Arc<ShotStaging>,
        /// Size of the picture.
        size: PixelSize,
        /// Samples a pixel.
        samples: u32,
        /// Whether the denoiser is off.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noisy: bool,
    },
    /// Render a chunk of a shot's frames as scene-linear half-float EXR.
    Render {
        /// The renderer.
        engine: Engine,
        /// What to render.
        // Shared by all chunks of the shot, and so are the frames, passes and grade: copies for
        // each chunk would be most of a plan's memory.
        staging: Arc<ShotStaging>,
        /// The chunk: a slice of `shot_frames`.
        frames: FrameList,
        /// All frames of the shot. Moves and clips depend on where the chunk is in the shot.
        #[serde(rename = "of")]
        shot_frames: Arc<FrameList>,
        /// Frames a second.
        rate: FrameRate,
        /// Size of a frame.
        size: PixelSize,
        /// Samples a pixel.
        samples: u32,
        /// Whether the denoiser is off.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noisy: bool,
        /// Passes of every frame, in order, without duplicates.
        #[serde(
            default = "no_passes",
            skip_serializing_if = "<[RenderPass]>::is_empty"
        )]
        passes: Arc<[RenderPass]>,
    },
    /// Bring a chunk of a shot's footage in, as half-float EXR of linear light.
    Footage {
        /// The frames of the shot that are made, which name the outputs.
        frames: FrameList,
        /// The pictures of the film that they show. `None`: each input is the picture of a frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        film: Option<FilmPart>,
    },
    /// Grade a chunk of frames into 16-bit display PNG.
    Grade {
        /// The look.
        grade: Arc<Grade>,
        /// The chunk's frames, in order.
        frames: FrameList,
        /// Whether the frames were made for a screen, so that there is no tone curve.
        // Written only if set: jobs from before there was footage keep their identity.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        for_screen: bool,
        /// The high dynamic range that the pictures are encoded for, in BT.2020. `None`: they are
        /// for usual screens.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hdr: Option<HdrTransfer>,
    },
    /// Encode one shot for one output: a video segment, or numbered pictures.
    Encode {
        /// The deliverable's picture.
        format: OutputFormat,
        /// Rate of the input frames.
        source_rate: FrameRate,
        /// Number of input frames.
        source_frames: usize,
        /// Number of output frames.
        // Not derived from the two rates: segments are cut on the time of the whole film, so equal
        // shots can differ by a frame.
        count: usize,
        /// What is drawn on its frames, in order. If the first is a backdrop, there are no input
        /// frames.
        // Written only if set: jobs from before there were titles keep their identity.
        #[serde(
            default = "no_overlays",
            skip_serializing_if = "<[FrameOverlay]>::is_empty"
        )]
        overlays: Arc<[FrameOverlay]>,
        /// Frames of the inputs that belong to a transition, and not to this segment.
        // Written only if set: jobs from before there were transitions keep their identity.
        #[serde(default, skip_serializing_if = "FrameTrim::is_whole")]
        trim: FrameTrim,
    },
    /// Blend the graded frames of one transition.
    Transition(TransitionWork),
    /// Write a deliverable that is text.
    TextExport(TextExportWork),
    /// Draw one clip of a sprite sheet from one direction.
    Sprites(Box<SpriteWork>),
    /// Pack a sprite sheet.
    SpriteSheet(SpriteSheetWork),
    /// Make a tile map.
    TileMap(TileMapWork),
    /// Speak one line.
    Speech(SpeechWork),
    /// Compose and play one cue.
    Music(MusicWork),
    /// Fit a music file to a cue.
    MusicFile(MusicFileWork),
    /// Make the ambience of a location.
    Ambience(AmbienceWork),
    /// Make the effects of one shot.
    Effects(EffectsWork),
    /// Mix all sounds of a film.
    Mix(MixWork),
    /// Join all segments of one output, in order.
    Stitch {
        /// The deliverable's picture.
        format: OutputFormat,
        /// Number of frames of the whole film.
        count: usize,
        /// Its sound, which the slot `mix` has. `None`: it is silent.
        // Written only if set: jobs from before there was sound keep their identity.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sound: Option<SoundFormat>,
        /// Languages of its tracks of text, which the slots `captions.NN` have in this order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        captions: Vec<String>,
        /// Timecode of its first frame. `None`: the file has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timecode: Option<String>,
    },
    /// Decode and measure a deliverable.
    Verify {
        /// What it must be.
        format: OutputFormat,
        /// How many frames it must have.
        count: usize,
        /// The sound that it must have. `None`: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sound: Option<SoundFormat>,
        /// Timecode of its first frame. `None`: it has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timecode: Option<String>,
    },
}

/// The pictures of a film that a job takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilmPart {
    /// Index of the picture of each frame, from 0. A range of frames may be in any order.
    pub pictures: Vec<u64>,
    /// Pictures a second.
    pub rate: FrameRate,
    /// Size of a picture as it is shown.
    pub size: PixelSize,
    /// How its pictures are read.
    pub reading: FilmReading,
}

/// What the render time of a picture depends on.
#[derive(Debug, Clone, Copy)]
pub struct DrawingCost<'a> {
    /// The renderer.
    pub engine: &'a Engine,
    /// Its size.
    pub size: PixelSize,
    /// Samples a pixel.
    pub samples: u32,
}

fn seconds_of_sound(samples: u64, sample_rate: u32) -> usize {
    usize::try_from(samples.div_ceil(sample_rate.max(1).into())).unwrap_or(usize::MAX)
}

fn no_passes() -> Arc<[RenderPass]> {
    Arc::default()
}

fn no_overlays() -> Arc<[FrameOverlay]> {
    Arc::default()
}

impl JobAction {
    /// Returns the renderer. `None`: the action renders nothing.
    #[must_use]
    pub const fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Sheet { engine, .. }
            | Self::Plate { engine, .. }
            | Self::Render { engine, .. } => Some(engine),
            Self::Sprites(work) => Some(&work.engine),
            _ => None,
        }
    }

    /// Returns what the render time depends on. `None`: the action renders nothing.
    #[must_use]
    pub const fn drawing(&self) -> Option<DrawingCost<'_>> {
        match self {
            Self::Sheet {
                engine,
                size,
                samples,
                ..
            }
            | Self::Plate {
                engine,
                size,
                samples,
                ..
            }
            | Self::Render {
                engine,
                size,
                samples,
                ..
            } => Some(DrawingCost {
                engine,
                size: *size,
                samples: *samples,
            }),
            Self::Sprites(work) => Some(DrawingCost {
                engine: &work.engine,
                size: work.cell,
                samples: work.samples,
            }),
            _ => None,
        }
    }

    /// Returns the passes that it renders.
    #[must_use]
    pub fn passes(&self) -> &[RenderPass] {
        if let Self::Render { passes, .. } = self {
            passes
        } else {
            &[]
        }
    }

    /// Returns the provider's price, if it has one.
    #[must_use]
    pub fn price(&self) -> Option<&ProviderPrice> {
        match self.engine()? {
            Engine::Command(provider) => provider.price.as_ref(),
            _ => None,
        }
    }

    /// Returns the cost of the job after `seconds`, if it has a price.
    #[must_use]
    pub fn cost(&self, seconds: f64) -> Option<CostAmount> {
        self.price()
            .map(|price| price.job_cost(self.unit_count(), seconds))
    }

    /// Returns whether Blender imports an asset.
    #[must_use]
    pub const fn is_blender_import(&self) -> bool {
        matches!(
            self,
            Self::Import {
                kind: AssetKind::Blend | AssetKind::Foreign,
                ..
            }
        )
    }

    /// Returns its kind.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Import { .. } => ActionKind::Import,
            Self::Sheet { .. } => ActionKind::Sheet,
            Self::Plate { .. } => ActionKind::Plate,
            Self::Render { .. } => ActionKind::Render,
            Self::Footage { .. } => ActionKind::Footage,
            Self::Grade { .. } => ActionKind::Grade,
            Self::Encode { .. } => ActionKind::Encode,
            Self::Transition(_) => ActionKind::Transition,
            Self::TextExport(_) => ActionKind::TextExport,
            Self::Sprites(_) => ActionKind::Sprites,
            Self::SpriteSheet(_) => ActionKind::SpriteSheet,
            Self::TileMap(_) => ActionKind::TileMap,
            Self::Speech(_) => ActionKind::Speech,
            Self::Music(_) => ActionKind::Music,
            Self::MusicFile(_) => ActionKind::MusicFile,
            Self::Ambience(_) => ActionKind::Ambience,
            Self::Effects(_) => ActionKind::Effects,
            Self::Mix(_) => ActionKind::Mix,
            Self::Stitch { .. } => ActionKind::Stitch,
            Self::Verify { .. } => ActionKind::Verify,
        }
    }

    /// Returns the format of its deliverable, if it has one.
    #[must_use]
    pub const fn output_format(&self) -> Option<&OutputFormat> {
        match self {
            Self::Encode { format, .. }
            | Self::Stitch { format, .. }
            | Self::Verify { format, .. } => Some(format),
            _ => None,
        }
    }

    /// Returns the variant of its kind, if that decides duration and claim: the engine, or `blend`
    /// for an import.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        match self {
            work if work.is_blender_import() => Some("blend"),
            // Names of engines are stable; versions are left out, so that measurements survive an
            // update.
            work => work.engine().map(Engine::name),
        }
    }

    /// Returns the key of its measurements in past runs, such as `render.shot/cycles`.
    #[must_use]
    pub fn sample_key(&self) -> Cow<'static, str> {
        self.kind().sample_key(self.variant())
    }

    /// Returns the commands of the provider that the document names, if one does the work: that of
    /// the work, and that of the version.
    pub fn provider_commands(&self) -> impl Iterator<Item = &[String]> {
        let commands = match (self, self.engine()) {
            (Self::Speech(work), _) => work
                .voice
                .engine
                .command()
                .map(|own| [&own.command, &own.version]),
            (_, Some(Engine::Command(provider))) => Some([&provider.command, &provider.version]),
            _ => None,
        };
        commands.into_iter().flatten().map(Vec::as_slice)
    }

    /// Returns its number of units, such as frames, views or files.
    #[must_use]
    pub fn unit_count(&self) -> usize {
        match self {
            Self::Import { .. } | Self::Plate { .. } => 1,
            Self::Sheet { views, .. } => views.len(),
            Self::Render { frames, .. }
            | Self::Footage { frames, .. }
            | Self::Grade { frames, .. } => frames.len(),
            Self::Speech(_) | Self::TextExport(_) | Self::SpriteSheet(_) | Self::TileMap(_) => 1,
            Self::Sprites(work) => work.clip.expected_frames(),
            Self::Transition(work) => work.length(),
            // Seconds of sound, rounded up.
            Self::Music(work) => seconds_of_sound(work.length, work.sample_rate),
            Self::MusicFile(work) => seconds_of_sound(work.length, work.sample_rate),
            Self::Ambience(work) => seconds_of_sound(work.length, work.sample_rate),
            Self::Effects(work) => seconds_of_sound(work.length, work.sample_rate),
            Self::Mix(work) => seconds_of_sound(work.length, work.sample_rate),
            Self::Encode { count, .. }
            | Self::Stitch { count, .. }
            | Self::Verify { count, .. } => *count,
        }
    }

    /// Returns how many units progress counts; see [`CountedUnits`].
    #[must_use]
    pub fn counted_units(&self) -> usize {
        match self.kind().spec().counted_units {
            CountedUnits::All => self.unit_count(),
            CountedUnits::One => 1,
            CountedUnits::Nothing => 0,
        }
    }
}

/// One input of a job: the outputs of earlier jobs, or a file of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobInput {
    /// What the job calls it.
    pub slot: InputSlot,
    /// Its source.
    pub from: InputSource,
}

/// The source of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputSource {
    /// All outputs of one job.
    Job(JobId),
    /// A file of the project, relative to its folder.
    File(PathBuf),
}

/// What a job claims while it runs. Thousandths and not fractions, so that sums are exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Claim {
    /// Thousandths of a core.
    pub cores: u32,
    /// Thousandths of a GPU slot.
    pub gpu: u32,
    /// Memory in MiB.
    pub memory: u32,
    /// Memory of one graphics adapter in MiB.
    #[serde(default)]
    pub gpu_memory: u32,
    /// Thousandths of tokens, by name.
    #[serde(default)]
    pub tokens: BTreeMap<String, u32>,
}

/// Peak memory of a job, in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeakMemory {
    /// Growth of this process while the job ran.
    pub own: u32,
    /// Sum of its child processes.
    pub child: u32,
    /// Whether other jobs ran meanwhile. If so, `own` is an upper bound.
    pub shared: bool,
}

/// One invocation of a producer in a plan. Never changed.
///
/// The fields that the dispatcher reads are next to each other. In a plan of 100,000 jobs each
/// access comes from main memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// Rust is free to reorder the fields otherwise.
#[repr(C)]
pub struct Job {
    /// What it claims while it runs.
    pub claim: Claim,
    /// Its shot, if it has one.
    pub shot: Option<String>,
    /// Its inputs, in order.
    pub inputs: Vec<JobInput>,
    /// Its name, unique in a plan.
    pub name: JobName,
    /// Its phase, for people.
    pub phase: Phase,
    /// What it does.
    pub work: JobAction,
    /// Its output, if it has one.
    pub output: Option<String>,
    /// The size of the frames that it reads. `None`: it reads none, or a sender did not know it.
    // For estimates only: the frames that come are checked by what the action says.
    #[serde(skip)]
    pub source_size: Option<PixelSize>,
    /// What the document sets for it. `None`: nothing.
    // Behind a pointer: most jobs have none, and plans of 100,000 jobs are read from main memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Arc<JobLimits>>,
    /// The place in the document that asks for it.
    // A place refers to the documents that this process has parsed, which other machines have not.
    #[serde(skip)]
    pub origin: FileSpan,
}

impl Job {
    /// Returns the job that made the first of the frames that it encodes, which stands for all of
    /// them. `None`: it encodes none.
    #[must_use]
    pub fn encoded_frames(&self) -> Option<JobId> {
        if self.work.kind() != ActionKind::Encode {
            return None;
        }
        match self.inputs.first()?.from {
            InputSource::Job(id) => Some(id),
            InputSource::File(_) => None,
        }
    }
}

/// The input files of a job, by slot. Each slot's files are in order and have the names that they
/// were made with.
#[derive(Debug, Clone, Default)]
pub struct InputFiles {
    /// Slot to files.
    pub files: BTreeMap<InputSlot, Vec<InputFile>>,
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Its name when it was made, such as `0001.exr`.
    // Blobs are named by digest, so the path does not have it.
    pub name: String,
    /// Its path now. Read-only.
    pub path: PathBuf,
}

impl InputFile {
    /// Returns the file at `path` of the project in `root`, under its own name.
    #[must_use]
    pub fn in_project(root: &Path, path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            path: root.join(path),
        }
    }

    /// Returns an output of another job, which has its content at `path`.
    #[must_use]
    pub fn made_as(output: &Artefact, path: PathBuf) -> Self {
        Self {
            name: output.name.clone(),
            path,
        }
    }
}

impl InputFiles {
    /// Returns the files in `slot`. Empty: the job has no such slot.
    #[must_use]
    pub fn files_in(&self, slot: &InputSlot) -> &[InputFile] {
        self.files.get(slot).map_or(&[], Vec::as_slice)
    }

    /// Returns the first file in `slot`, for slots with one file.
    #[must_use]
    pub fn single_file(&self, slot: &InputSlot) -> Option<&InputFile> {
        self.files_in(slot).first()
    }

    /// Returns every file of every slot, in slot order.
    pub fn all_files(&self) -> impl Iterator<Item = &InputFile> {
        self.files.values().flatten()
    }
}
