//! Jobs: one producer invocation each, with everything it needs to know, and what it must have made.

use super::action_kind::{ActionKind, CountedUnits};
use super::artefact::Artefact;
use super::colour_grade::Grade;
use super::engine::Engine;
use super::frame_list::FrameList;
use super::frame_rate::{FrameRate, PixelSize};
use super::input_slot::InputSlot;
use super::job_name::JobName;
use super::output::OutputFormat;
use super::pass::RenderPass;
use super::phase::Phase;
use super::price::{CostAmount, ProviderPrice};
use super::shot_staging::ShotStaging;
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
    /// A glTF or GLB model.
    Model,
    /// An equirectangular HDR or EXR picture.
    Environment,
    /// A Blender file.
    Blend,
}

/// What a job does, with all its parameters. Everything here is part of the job's identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobAction {
    /// Bring one asset in: read it, check it, and make it one self-contained file.
    Import {
        /// What it is.
        kind: AssetKind,
    },
    /// Draw one staging once for each view, and all views together on one sheet.
    Sheet {
        /// Who draws it.
        engine: Engine,
        /// What to draw; the camera's azimuth is replaced by each view's.
        staging: Arc<ShotStaging>,
        /// View names with their azimuth in degrees.
        views: Vec<(String, f32)>,
        /// Size of one view.
        size: PixelSize,
        /// Samples a pixel.
        samples: u32,
        /// Whether noise that a denoiser could take away stays.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noisy: bool,
    },
    /// Draw one picture of a place.
    Plate {
        /// Who draws it.
        engine: Engine,
        /// What to draw.
        staging: Arc<ShotStaging>,
        /// Size of the picture.
        size: PixelSize,
        /// Samples a pixel.
        samples: u32,
        /// Whether noise that a denoiser could take away stays.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noisy: bool,
    },
    /// Render a chunk of a shot's frames as scene-linear half-float EXR.
    Render {
        /// Who draws it.
        engine: Engine,
        /// What to draw.
        staging: Arc<ShotStaging>,
        /// The chunk, a slice of `of`.
        frames: FrameList,
        /// All frames of the shot, so that moves and clips know where the chunk lies.
        #[serde(rename = "of")]
        shot_frames: Arc<FrameList>,
        /// Frames a second.
        rate: FrameRate,
        /// Size of a frame.
        size: PixelSize,
        /// Samples a pixel.
        samples: u32,
        /// Whether noise that a denoiser could take away stays.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noisy: bool,
        /// What else is told of every frame, in order, each once.
        #[serde(
            default = "no_passes",
            skip_serializing_if = "<[RenderPass]>::is_empty"
        )]
        passes: Arc<[RenderPass]>,
    },
    /// Grade a chunk of frames into 16-bit display PNG.
    Grade {
        /// The look.
        grade: Arc<Grade>,
        /// The chunk's frames, in order.
        frames: FrameList,
    },
    /// Encode one shot for one output: a video segment, or numbered pictures.
    Encode {
        /// The deliverable's picture.
        format: OutputFormat,
        /// Rate of the frames that come in.
        source_rate: FrameRate,
        /// How many frames come in.
        source_frames: usize,
        /// How many frames go out.
        count: usize,
    },
    /// Join all segments of one output, in order.
    Stitch {
        /// The deliverable's picture.
        format: OutputFormat,
        /// How many frames the whole has.
        count: usize,
    },
    /// Decode a deliverable and measure it.
    Verify {
        /// What it must be.
        format: OutputFormat,
        /// How many frames it must have.
        count: usize,
    },
}

/// What decides how long one picture takes.
#[derive(Debug, Clone, Copy)]
pub struct DrawingCost<'a> {
    /// Who draws it.
    pub engine: &'a Engine,
    /// Its size.
    pub size: PixelSize,
    /// Samples a pixel.
    pub samples: u32,
}

fn no_passes() -> Arc<[RenderPass]> {
    Arc::default()
}

impl JobAction {
    /// Returns who draws its pictures, for work that draws any.
    #[must_use]
    pub const fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Sheet { engine, .. }
            | Self::Plate { engine, .. }
            | Self::Render { engine, .. } => Some(engine),
            _ => None,
        }
    }

    /// Returns what decides how long its pictures take, for work that draws any.
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
            _ => None,
        }
    }

    /// Returns what is told of every frame that it draws.
    #[must_use]
    pub fn passes(&self) -> &[RenderPass] {
        if let Self::Render { passes, .. } = self {
            passes
        } else {
            &[]
        }
    }

    /// Returns what who does it asks for it, if they have a price.
    #[must_use]
    pub fn price(&self) -> Option<&ProviderPrice> {
        match self.engine()? {
            Engine::Command(provider) => provider.price.as_ref(),
            _ => None,
        }
    }

    /// Returns what it costs when it takes so long, if it has a price.
    #[must_use]
    pub fn cost(&self, seconds: f64) -> Option<CostAmount> {
        self.price()
            .map(|price| price.job_cost(self.unit_count(), seconds))
    }

    /// Returns its kind, which the table of [`ActionKind`] says the rest of.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Import { .. } => ActionKind::Import,
            Self::Sheet { .. } => ActionKind::Sheet,
            Self::Plate { .. } => ActionKind::Plate,
            Self::Render { .. } => ActionKind::Render,
            Self::Grade { .. } => ActionKind::Grade,
            Self::Encode { .. } => ActionKind::Encode,
            Self::Stitch { .. } => ActionKind::Stitch,
            Self::Verify { .. } => ActionKind::Verify,
        }
    }

    /// Returns the format of the deliverable that it is about, if it is about one.
    #[must_use]
    pub const fn output_format(&self) -> Option<&OutputFormat> {
        match self {
            Self::Encode { format, .. }
            | Self::Stitch { format, .. }
            | Self::Verify { format, .. } => Some(format),
            _ => None,
        }
    }

    /// Returns which variety of its kind it is, where that decides how long it takes and what it holds: who draws, or the
    /// kind of file that Blender must open.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        match self {
            Self::Import {
                kind: AssetKind::Blend,
            } => Some("blend"),
            work => work.engine().map(Engine::name),
        }
    }

    /// Returns its kind with its variant, such as `render.shot/cycles`: what past runs are remembered by.
    #[must_use]
    pub fn sample_key(&self) -> Cow<'static, str> {
        self.kind().sample_key(self.variant())
    }

    /// Returns how many units (frames, views, files) the work is, for progress and estimates.
    #[must_use]
    pub fn unit_count(&self) -> usize {
        match self {
            Self::Import { .. } | Self::Plate { .. } => 1,
            Self::Sheet { views, .. } => views.len(),
            Self::Render { frames, .. } | Self::Grade { frames, .. } => frames.len(),
            Self::Encode { count, .. }
            | Self::Stitch { count, .. }
            | Self::Verify { count, .. } => *count,
        }
    }

    /// Returns how many units people count of it while it runs; see [`CountedUnits`].
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
    /// Where it comes from.
    pub from: InputSource,
}

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputSource {
    /// All outputs of one job.
    Job(JobId),
    /// A file of the project, relative to its folder.
    File(PathBuf),
}

/// Amounts a job holds while it runs, in thousandths (so that sums are exact).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Claim {
    /// Thousandths of a core.
    pub cores: u32,
    /// Thousandths of a GPU slot.
    pub gpu: u32,
    /// Mebibytes of memory.
    pub memory: u32,
    /// Mebibytes of the memory of one graphics adapter.
    #[serde(default)]
    pub gpu_memory: u32,
    /// Thousandths of tokens, by name.
    #[serde(default)]
    pub tokens: BTreeMap<String, u32>,
}

/// The most memory that a job was seen to hold, in mebibytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeakMemory {
    /// What this process grew by while it ran.
    pub own: u32,
    /// What its child processes held together.
    pub child: u32,
    /// Whether other jobs ran beside it, so that `own` is what all of them held, at most.
    pub shared: bool,
}

/// One producer invocation in a plan. Never changes once made.
///
/// What the dispatcher asks for lies together: of a hundred thousand jobs it comes to each from far away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[repr(C)]
pub struct Job {
    /// What it holds while it runs.
    pub claim: Claim,
    /// The shot it belongs to, if it belongs to one.
    pub shot: Option<String>,
    /// What it needs, in order.
    pub inputs: Vec<JobInput>,
    /// Stable readable name; unique in a plan.
    pub name: JobName,
    /// The label for people.
    pub phase: Phase,
    /// What it does.
    pub work: JobAction,
    /// The output it belongs to, if it belongs to one.
    pub output: Option<String>,
    /// Where the document asked for it.
    #[serde(skip)]
    pub origin: FileSpan,
}

/// The files a producer works from, by slot, each slot's files in order with the names they were made under.
#[derive(Debug, Clone, Default)]
pub struct InputFiles {
    /// Slot to files.
    pub files: BTreeMap<InputSlot, Vec<InputFile>>,
}

/// One file a producer works from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// The name it was made under, such as `0001.exr`.
    pub name: String,
    /// Where it lies now; read only.
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
    /// Returns the files in `slot`, none when it is not filled.
    #[must_use]
    pub fn files_in(&self, slot: &InputSlot) -> &[InputFile] {
        self.files.get(slot).map_or(&[], Vec::as_slice)
    }

    /// Returns the only file in `slot`.
    #[must_use]
    pub fn single_file(&self, slot: &InputSlot) -> Option<&InputFile> {
        self.files_in(slot).first()
    }

    /// Returns every file of every slot, in slot order.
    pub fn all_files(&self) -> impl Iterator<Item = &InputFile> {
        self.files.values().flatten()
    }
}
