//! The report as data: what was produced, from what, by whom, in what time. `report.json` is this, and the HTML page and
//! the closing summary are drawn from it.

use crate::model::camera::{CameraAngle, MoveKind, ShotSize};
use crate::model::{Codec, CostTotals, ExecutionMode, FailureClass, FrameRate, Phase, RenderPass};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Version of the form of `report.json`.
pub const REPORT_VERSION: u32 = 1;

/// Everything a report tells.
#[derive(Debug, Clone, Serialize)]
pub struct ReportFacts {
    /// Version of this form.
    pub version: u32,
    /// What was produced.
    pub production: ProductionFacts,
    /// This run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Whether everything that was asked for was made.
    pub success: bool,
    /// Whether it was stopped on request.
    pub cancelled: bool,
    /// What was delivered, in document order; a deliverable that was not made is not here.
    pub deliverables: Vec<DeliverableFacts>,
    /// What was told of frames beside their pictures, if anything was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passes: Option<PassesFacts>,
    /// Every shot, in order.
    pub shots: Vec<ShotFacts>,
    /// Jobs that were asked for.
    pub jobs: JobCounts,
    /// Jobs that were kept on request as they were last made, whatever the document asks for now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<String>,
    /// Time by phase.
    pub phases: Vec<PhaseFacts>,
    /// Time by kind of job.
    pub kinds: Vec<KindFacts>,
    /// Who made it.
    pub providers: Vec<ProviderFacts>,
    /// What the jobs of this run cost, by currency, where who did them has a price.
    #[serde(skip_serializing_if = "CostTotals::is_empty")]
    pub costs: CostTotals,
    /// Findings that stopped nothing, without repeats.
    pub warnings: Vec<String>,
    /// What failed.
    pub errors: Vec<ErrorFacts>,
}

/// What was produced.
#[derive(Debug, Clone, Serialize)]
pub struct ProductionFacts {
    /// Title.
    pub title: String,
    /// The document's own version.
    pub version: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Description, empty when not given.
    pub description: String,
    /// When it was begun, as written.
    pub created: Option<String>,
    /// When it was last changed, as written.
    pub modified: Option<String>,
    /// Name of the style preset.
    pub style: String,
    /// The screenplay.
    pub script: Option<PathBuf>,
    /// Who renders.
    pub engine: String,
    /// Name of the quality tier.
    pub tier: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second.
    pub fps: f64,
    /// Frames a second, exact.
    pub rate: FrameRate,
    /// Samples a pixel.
    pub samples: u32,
    /// Frames of all shots together.
    pub frames: usize,
    /// Length of all shots together, in seconds.
    pub duration: f64,
    /// Names of the characters.
    pub characters: Vec<String>,
    /// Names of the locations.
    pub locations: Vec<String>,
}

/// What the plan and its outcome do not say about a run; given in.
#[derive(Debug, Clone, Serialize)]
pub struct RunFacts {
    /// The revision it made.
    pub revision: String,
    /// Digest of the document as loaded, if known.
    pub document: Option<String>,
    /// When it began.
    pub started: jiff::Timestamp,
    /// When it ended.
    pub ended: jiff::Timestamp,
    /// What it ran on.
    pub machine: MachineFacts,
    /// How long it was expected to take; none where nothing ran or it did not end by itself.
    pub expected: Option<ExpectedFacts>,
}

/// How long a run was expected to take, in seconds, and how wrong that was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExpectedFacts {
    /// If every job had been among the quickest tenth.
    pub low: f64,
    /// If every job had taken as long as usual.
    pub middle: f64,
    /// If every job had been among the slowest tenth.
    pub high: f64,
    /// Recorded jobs that it rested on; 0 for a rough guess.
    pub samples: usize,
    /// What it took beyond `middle`, as a share of it: 0.2 is a fifth longer, -0.5 half as long.
    pub off: f64,
}

impl ExpectedFacts {
    /// Returns the estimate beside the seconds that it took; none for an estimate of nothing.
    #[must_use]
    pub fn from_estimate(
        (low, middle, high): (f64, f64, f64),
        samples: usize,
        elapsed: f64,
    ) -> Option<Self> {
        (middle > 0.0).then(|| Self {
            low,
            middle,
            high,
            samples,
            off: elapsed / middle - 1.0,
        })
    }
}

/// What a run ran on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MachineFacts {
    /// Version of this program.
    pub program: String,
    /// Operating system and architecture.
    pub system: String,
    /// Processor cores.
    pub cores: usize,
    /// Name of the graphics adapter, if one was used.
    pub adapter: Option<String>,
    /// Whether that adapter is software.
    pub software: bool,
    /// Outside tools by name, with version.
    pub tools: BTreeMap<String, String>,
}

/// One deliverable.
#[derive(Debug, Clone, Serialize)]
pub struct DeliverableFacts {
    /// Name of the output.
    pub output: String,
    /// Where it lies, relative to the production's folder.
    pub path: PathBuf,
    /// How it is encoded.
    pub codec: Codec,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second.
    pub fps: f64,
    /// How many frames it has.
    pub frames: usize,
    /// Its length in seconds.
    pub duration: f64,
    /// Digest of the file; of all files together for a sequence.
    pub digest: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Frames a second, exact.
    pub rate: FrameRate,
}

/// The frames of shots with passes as they were drawn, and their passes, all in one folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PassesFacts {
    /// Where it lies, relative to the production's folder.
    pub path: PathBuf,
    /// Every pass that some shot has, in order.
    pub passes: Vec<RenderPass>,
    /// How many shots have some.
    pub shots: usize,
    /// How many frames they have.
    pub frames: usize,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes on disk.
    pub bytes: u64,
}

impl PassesFacts {
    /// Returns the passes in words, such as `depth, ambient occlusion`.
    #[must_use]
    pub fn pass_names(&self) -> String {
        self.passes
            .iter()
            .map(|pass| pass.id().replace('_', " "))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What became of a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShotState {
    /// Every job of it succeeded.
    Complete,
    /// Some job of it failed, or could not start because of one that failed.
    Failed,
    /// It was not asked for, or the run stopped before it.
    Pending,
}

/// One shot.
#[derive(Debug, Clone, Serialize)]
pub struct ShotFacts {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: ShotState,
    /// Number of its scene.
    pub scene: u32,
    /// Heading of its scene in the script.
    pub heading: Option<String>,
    /// The template it was made from.
    pub template: Option<String>,
    /// How many frames it has.
    pub frames: usize,
    /// First frame, in the production's numbering.
    pub first: Option<i32>,
    /// Last frame, in the production's numbering.
    pub last: Option<i32>,
    /// Its length in seconds.
    pub duration: f64,
    /// Seconds its jobs took.
    pub seconds: f64,
    /// Number of its first frame in the cut, from 0.
    pub starts: usize,
    /// Timecode of its first frame in the cut.
    pub timecode_in: String,
    /// Timecode of the frame after its last.
    pub timecode_out: String,
    /// Focal length in millimetres.
    pub lens_mm: f32,
    /// How much of the subject the frame holds.
    pub size: ShotSize,
    /// Where the camera stands.
    pub angle: CameraAngle,
    /// What the camera does.
    pub travel: MoveKind,
    /// Where it plays.
    pub location: Option<String>,
    /// Who is in it.
    pub cast: Vec<String>,
    /// A picture of it, relative to the report, when one was written.
    pub thumbnail: Option<PathBuf>,
}

/// How the jobs that were asked for ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct JobCounts {
    /// All of them.
    pub total: usize,
    /// Ran to their end in this run.
    pub run: usize,
    /// Were in the store already.
    pub reused: usize,
    /// Failed.
    pub failed: usize,
}

/// Work in one phase.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseFacts {
    /// The phase.
    pub phase: Phase,
    /// Jobs asked for.
    pub jobs: usize,
    /// Seconds of work in this run, over all its jobs.
    pub seconds: f64,
    /// Of `jobs`, those that were in the store already.
    pub reused: usize,
}

/// Work of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct KindFacts {
    /// The producer.
    pub producer: String,
    /// Jobs that ran in this run.
    pub jobs: usize,
    /// Units (frames, views, files) of those.
    pub units: usize,
    /// Seconds of work, over all of those.
    pub seconds: f64,
}

/// One that made something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderFacts {
    /// Provider, adapter or tool with version.
    pub provider: String,
    /// How real what it made is.
    pub mode: ExecutionMode,
    /// How many jobs it made.
    pub jobs: usize,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorFacts {
    /// The job.
    pub job: String,
    /// For the retry policy.
    pub class: FailureClass,
    /// For people.
    pub message: String,
    /// The last lines a tool printed.
    pub evidence: String,
    /// `file:line:column` of the place that asked for it, empty when unknown.
    pub place: String,
    /// The log of its last attempt, relative to the store's folder.
    pub log: Option<PathBuf>,
}

impl ReportFacts {
    /// Returns how many shots ended this way.
    #[must_use]
    pub fn count_shots_in(&self, state: ShotState) -> usize {
        self.shots.iter().filter(|shot| shot.state == state).count()
    }
}
