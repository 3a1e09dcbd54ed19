//! The report as data: what was produced, from what, by which tools, in what time. It is serialised
//! as `report.json`; the HTML page and the closing summary are made from it.

use crate::model::camera::{CameraAngle, MoveKind, ShotSize};
use crate::model::sound::{MixFacts, SoundBesideKind, SoundCodec};
use crate::model::{
    Codec, CostTotals, ExecutionMode, FailureClass, FrameRate, Phase, RenderPass, SceneNumber,
};
use crate::report::ad_facts::AdFacts;
use crate::report::plan_facts::EstimateRange;
use crate::report::text_format::format_count;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Version of the format of `report.json`.
// Raised when a field changes its meaning or disappears. A new field leaves it, because readers
// skip what they do not know.
pub const REPORT_VERSION: u32 = 1;

/// All facts of a report.
#[derive(Debug, Clone, Serialize)]
// Field names and their order are public: `docs/json.md` describes them. A renamed field needs a
// serde attribute that keeps its key.
pub struct ReportFacts {
    /// Version of this format.
    pub version: u32,
    /// The production.
    pub production: ProductionFacts,
    /// This run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// Length of the run in seconds.
    pub seconds: f64,
    /// Whether every wanted job was made.
    pub success: bool,
    /// Whether the user stopped it.
    pub cancelled: bool,
    /// Complete deliverables, in document order. An incomplete one is not listed.
    pub deliverables: Vec<DeliverableFacts>,
    /// The delivered render passes; `None` if no shot has passes or some are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passes: Option<PassesFacts>,
    /// The record of an ad; `None` if the production has no beats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad: Option<AdFacts>,
    /// Complete deliverables that are neither films nor frames: texts, sprite sheets and tile maps,
    /// each with what is beside it. Left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<OtherFileFacts>,
    /// Every shot, in document order.
    pub shots: Vec<ShotFacts>,
    /// Wanted jobs by state.
    pub jobs: JobCounts,
    /// Names of pinned jobs: their last results were reused although they may no longer fit the
    /// document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<String>,
    /// Seconds of work by phase.
    pub phases: Vec<PhaseFacts>,
    /// Seconds of work by kind of job.
    pub kinds: Vec<KindFacts>,
    /// Providers of all results, also of those that were reused.
    pub providers: Vec<ProviderFacts>,
    /// Costs of this run by currency, for providers with a price.
    #[serde(skip_serializing_if = "CostTotals::is_empty")]
    pub costs: CostTotals,
    /// Warnings of jobs, without repeats.
    pub warnings: Vec<String>,
    /// Failed jobs.
    pub errors: Vec<ErrorFacts>,
}

/// Facts of the production as the document has them.
#[derive(Debug, Clone, Serialize)]
pub struct ProductionFacts {
    /// Title.
    pub title: String,
    /// The document's own version.
    pub version: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Description; empty if unset.
    pub description: String,
    /// Date of its creation, as written.
    pub created: Option<String>,
    /// Date of its last change, as written.
    pub modified: Option<String>,
    /// Name of the style preset.
    pub style: String,
    /// Path of the screenplay.
    pub script: Option<PathBuf>,
    /// Name of the renderer.
    pub engine: String,
    /// Name of the quality tier.
    pub tier: String,
    /// Whether the sound that the document asks for was left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_sound: bool,
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
    /// Frames of the film with all shots, title cards and credits.
    pub frames: usize,
    /// Its length in seconds.
    pub duration: f64,
    /// Timecodes at the quarters of all shots together, for the page.
    #[serde(skip)]
    pub ruler: Vec<String>,
    /// Names of the characters.
    pub characters: Vec<String>,
    /// Names of the locations.
    pub locations: Vec<String>,
}

/// Facts of a run that neither its plan nor its outcome has.
#[derive(Debug, Clone, Serialize)]
// The clock, the machine and the revision are arguments. Gathering a report therefore does no I/O,
// and the same outcome gives the same report in a test.
pub struct RunFacts {
    /// Name of the revision.
    pub revision: String,
    /// Digest of all files that the production was read from, in hexadecimal; `None` if unknown.
    pub document: Option<String>,
    /// Wall time of its start.
    pub started: jiff::Timestamp,
    /// Wall time of its end.
    pub ended: jiff::Timestamp,
    /// The machine.
    pub machine: MachineFacts,
    /// The estimate beside the real time; `None` if no job ran or the run was stopped.
    pub expected: Option<ExpectedFacts>,
}

/// The estimate of a run in seconds, and its error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExpectedFacts {
    /// Low estimate: every job as fast as the fastest tenth of those recorded.
    pub low: f64,
    /// Middle estimate: every job at its usual time.
    pub middle: f64,
    /// High estimate: every job as slow as the slowest tenth of those recorded.
    pub high: f64,
    /// Recorded jobs that it is based on; 0 for a rough guess.
    pub samples: usize,
    /// Deviation from `middle` as a share of it: 0.2 is a fifth longer, -0.5 is half as long.
    pub off: f64,
}

impl ExpectedFacts {
    /// Returns the estimate and its error after `elapsed` seconds; `None` if nothing was to be
    /// done.
    #[must_use]
    pub fn from_estimate(estimate: EstimateRange, samples: usize, elapsed: f64) -> Option<Self> {
        let EstimateRange { low, middle, high } = estimate;
        // A run that reuses everything has an estimate of 0, and no share of it exists.
        (middle > 0.0).then(|| Self {
            low,
            middle,
            high,
            samples,
            off: elapsed / middle - 1.0,
        })
    }
}

/// The machine and the tools of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MachineFacts {
    /// Version of this program.
    pub program: String,
    /// Operating system and architecture.
    pub system: String,
    /// Processor cores.
    pub cores: usize,
    /// Name of the graphics adapter; `None` if no job used one.
    pub adapter: Option<String>,
    /// Whether the adapter is software. Its pictures differ slightly from those of a GPU.
    pub software: bool,
    /// Versions of external tools by name.
    pub tools: BTreeMap<String, String>,
}

/// One deliverable.
#[derive(Debug, Clone, Serialize)]
pub struct DeliverableFacts {
    /// Name of the output.
    pub output: String,
    /// Path relative to the production's folder.
    pub path: PathBuf,
    /// Its codec.
    pub codec: Codec,
    /// The name for people of the codec, with its variant.
    #[serde(skip)]
    pub codec_name: &'static str,
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
    /// Digest of the file in hexadecimal; for a sequence that of all its files together.
    pub digest: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Frames a second, exact.
    pub rate: FrameRate,
    /// Its sound. Left out for silent deliverables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<SoundReport>,
    /// How long each picture of an animation is shown, in words. Left out for what is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timing: Option<String>,
}

impl DeliverableFacts {
    /// Returns whether it is one picture, which has no rate and no length.
    #[must_use]
    pub fn is_still(&self) -> bool {
        self.codec.still_format().is_some()
    }
}

/// The sound of a deliverable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SoundReport {
    /// How it is encoded in the film. `null`: it is only beside the pictures.
    pub codec: Option<SoundCodec>,
    /// The WAV files and the folder of stems beside it.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "paths_beside")]
    pub beside: Vec<SoundBesideFacts>,
    /// Name of the job that mixed it. Outputs of one film share theirs.
    #[serde(skip)]
    pub mix_job: String,
    /// What was measured of the mix.
    #[serde(flatten)]
    pub mix: MixFacts,
}

/// Sound that is delivered as files of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundBesideFacts {
    /// Path relative to the production's folder.
    pub path: PathBuf,
    /// What it is.
    pub kind: SoundBesideKind,
    /// Bytes on disk.
    pub bytes: u64,
}

impl SoundBesideFacts {
    /// Returns what it is, for people: `WAV`, or `stems` with the number of their files.
    #[must_use]
    pub fn kind_name(&self) -> String {
        match self.kind {
            SoundBesideKind::Wav => "WAV".to_owned(),
            SoundBesideKind::Stems => {
                let count = format_count(self.kind.files().len(), "file");
                format!("stems, {count} of WAV")
            }
        }
    }
}

/// Writes the paths alone, as reports have always had them.
fn paths_beside<S: Serializer>(
    beside: &[SoundBesideFacts],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(beside.iter().map(|beside| &beside.path))
}

/// A deliverable that is neither a film nor frames, or what is beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherFileFacts {
    /// Name of the output.
    pub output: String,
    /// Path relative to the production's folder.
    pub path: PathBuf,
    /// The `format` of its output.
    pub kind: &'static str,
    /// What it is, for people.
    #[serde(skip)]
    pub kind_name: &'static str,
    /// Digest of the file in hexadecimal.
    pub digest: String,
    /// Bytes on disk.
    pub bytes: u64,
}

/// The folder with the render passes of all shots that have some.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PassesFacts {
    /// Path relative to the production's folder.
    pub path: PathBuf,
    /// Passes of all shots, each once.
    pub passes: Vec<RenderPass>,
    /// Number of shots with passes.
    pub shots: usize,
    /// Number of their frames.
    pub frames: usize,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes on disk.
    pub bytes: u64,
}

impl PassesFacts {
    /// Returns the passes as people read them, such as `depth, ambient occlusion`.
    #[must_use]
    pub fn pass_names(&self) -> String {
        self.passes
            .iter()
            .map(|pass| pass.id().replace('_', " "))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// How a shot ended in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShotState {
    /// All its jobs succeeded or were reused.
    Complete,
    /// A job failed, or was skipped because of one that failed.
    Failed,
    /// Not selected, or the run was stopped before it.
    Pending,
}

/// One shot.
#[derive(Debug, Clone, Serialize)]
pub struct ShotFacts {
    /// Its name.
    pub name: String,
    /// How it ended.
    pub state: ShotState,
    /// Number of its scene.
    pub scene: SceneNumber,
    /// Heading of its scene in the script.
    pub heading: Option<String>,
    /// Name of its template.
    pub template: Option<String>,
    /// How many frames it has.
    pub frames: usize,
    /// First frame, in the production's numbering.
    pub first: Option<i32>,
    /// Last frame, in the production's numbering.
    pub last: Option<i32>,
    /// Its length in seconds.
    pub duration: f64,
    /// Seconds of work of its jobs in this run.
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
    /// Height, tilt and roll of the camera.
    pub angle: CameraAngle,
    /// Move of the camera.
    pub travel: MoveKind,
    /// Name of the location.
    pub location: Option<String>,
    /// Names of the characters.
    pub cast: Vec<String>,
    /// Path of its thumbnail relative to the report; `None` if none was written.
    pub thumbnail: Option<PathBuf>,
}

/// Number of wanted jobs by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
// Skipped and unreached jobs are what is left of `total`. They have no field of their own because
// they need no action by themselves.
pub struct JobCounts {
    /// All of them.
    pub total: usize,
    /// Succeeded in this run.
    pub run: usize,
    /// Reused from the store.
    pub reused: usize,
    /// Failed.
    pub failed: usize,
}

/// Work in one phase.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseFacts {
    /// The phase.
    pub phase: Phase,
    /// Wanted jobs.
    pub jobs: usize,
    /// Seconds of work in this run: the sum over its jobs, which can exceed the length of the run.
    pub seconds: f64,
    /// Jobs of `jobs` that were reused.
    pub reused: usize,
}

/// Work of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct KindFacts {
    /// The producer.
    pub producer: String,
    /// Jobs that succeeded in this run.
    pub jobs: usize,
    /// Units (frames, views, files) of those.
    pub units: usize,
    /// Seconds of work, over all of those.
    pub seconds: f64,
}

/// A provider and how much it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderFacts {
    /// Name and version of the provider, adapter or tool.
    pub provider: String,
    /// Whether its results are real or simulated.
    pub mode: ExecutionMode,
    /// Number of its jobs.
    pub jobs: usize,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorFacts {
    /// The job.
    pub job: String,
    /// Class, which the retry policy uses.
    pub class: FailureClass,
    /// Message for people.
    pub message: String,
    /// Last lines that the tool printed, as it printed them.
    // Not escaped here: JSON escapes by itself, and every text form escapes when it prints.
    pub evidence: String,
    /// `file:line:column` of what requests the job; empty if unknown.
    pub place: String,
    /// Path of the log of the last attempt, relative to the store's folder.
    pub log: Option<PathBuf>,
}

impl ReportFacts {
    /// Returns the number of shots that ended in `state`.
    #[must_use]
    pub fn count_shots_in(&self, state: ShotState) -> usize {
        self.shots.iter().filter(|shot| shot.state == state).count()
    }

    /// Returns the files and folders of sound beside films, each with its film, in the order of
    /// the outputs.
    pub fn sounds_beside(&self) -> impl Iterator<Item = (&DeliverableFacts, &SoundBesideFacts)> {
        let films = self.deliverables.iter();
        films.flat_map(|made| {
            let sound = made.sound.iter();
            sound.flat_map(move |sound| sound.beside.iter().map(move |beside| (made, beside)))
        })
    }

    /// Returns the path of everything that was delivered, in the order of the tables: films and
    /// frames, passes, sound beside films, and other files.
    pub fn delivered_paths(&self) -> impl Iterator<Item = &Path> {
        let films = self.deliverables.iter().map(|made| &made.path);
        let passes = self.passes.iter().map(|made| &made.path);
        let sounds = self.sounds_beside().map(|(_, beside)| &beside.path);
        let files = self.files.iter().map(|made| &made.path);
        let all = films.chain(passes).chain(sounds).chain(files);
        all.map(PathBuf::as_path)
    }

    /// Calls `change` with the path of everything that may have the number of the run in it.
    pub fn change_paths(&mut self, mut change: impl FnMut(&mut PathBuf)) {
        for made in &mut self.deliverables {
            change(&mut made.path);
            let beside = made.sound.iter_mut().flat_map(|sound| &mut sound.beside);
            beside.for_each(|beside| change(&mut beside.path));
        }
        for made in &mut self.files {
            change(&mut made.path);
        }
    }

    /// Forgets everything that was delivered: nothing was published.
    pub fn clear_delivered(&mut self) {
        self.deliverables.clear();
        self.passes = None;
        self.files.clear();
    }

    /// Returns each mix once, with the deliverables that share it.
    #[must_use]
    pub fn mixes(&self) -> Vec<(&SoundReport, Vec<&DeliverableFacts>)> {
        let mut mixes: Vec<(&SoundReport, Vec<&DeliverableFacts>)> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for made in &self.deliverables {
            let Some(sound) = &made.sound else {
                continue;
            };
            // By the job and not by the output, because outputs may share one mix.
            let index = *known.entry(&sound.mix_job).or_insert(mixes.len());
            match mixes.get_mut(index) {
                Some((_, sharing)) => sharing.push(made),
                None => mixes.push((sound, vec![made])),
            }
        }
        mixes
    }
}

impl SoundReport {
    /// Returns its rate for people, such as `48 kHz`.
    #[must_use]
    pub fn rate_text(&self) -> String {
        format!("{} kHz", f64::from(self.mix.sample_rate) / 1000.0)
    }
}
