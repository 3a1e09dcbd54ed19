//! From a proven production to jobs: shots cut into chunks, assets, sheets, plates, grades, exports, phase by phase.
//!
//! Every list here follows the document's order, so the same document gives the same jobs. Chunks are slices of a shot's
//! ordered frames. What files a model refers to comes in as [`SidecarFiles`]; nothing is read.

mod asset_jobs;
mod export_jobs;
mod reference_jobs;
mod shot_jobs;
mod shot_staging;

use crate::model::production::RendererRef;
use crate::model::{
    Engine, InputSlot, InputSource, Job, JobAction, JobId, JobInput, Phase, Production, Provider,
};
use crate::validate::CheckedProduction;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most jobs one production may become.
const MOST_JOBS: usize = 5_000_000;

/// Files that a model refers to beside itself, by model, relative to the production's folder.
pub type SidecarFiles = BTreeMap<PathBuf, Vec<PathBuf>>;

/// Why a production cannot become jobs here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// More jobs than can be planned.
    #[error(
        "expand the production: it would be {0} jobs, more than {MOST_JOBS}; raise `chunk_size` or split it"
    )]
    TooManyJobs(usize),
}

/// Jobs in the making, with the index from assets to their import jobs.
struct JobBuilder<'a> {
    production: &'a Production,
    jobs: Vec<Job>,
    imports: HashMap<PathBuf, JobId>,
}

/// Unrolls a proven production into jobs, in document order.
///
/// # Errors
/// Fails when it is too large.
pub fn expand_production(
    checked: &CheckedProduction,
    sidecars: &SidecarFiles,
) -> Result<Vec<Job>, ExpandError> {
    let frames: usize = checked
        .shots
        .iter()
        .map(|shot| shot.frames.len().div_ceil(checked.render.chunk) * 2)
        .sum();
    let expected = frames + checked.shots.len() * checked.outputs.len();
    if expected > MOST_JOBS {
        return Err(ExpandError::TooManyJobs(expected));
    }
    let mut builder = JobBuilder {
        production: checked,
        jobs: Vec::with_capacity(expected + 64),
        imports: HashMap::new(),
    };
    builder.add_import_jobs(sidecars);
    builder.add_character_sheets();
    builder.add_location_plates();
    let rendered = builder.add_render_jobs();
    let graded = builder.add_grade_jobs(&rendered);
    let joined_outputs = builder.add_export_jobs(&graded);
    builder.add_verify_jobs(&joined_outputs);
    Ok(builder.jobs)
}

impl JobBuilder<'_> {
    fn add_job(&mut self, job: Job) -> JobId {
        let id =
            JobId(u32::try_from(self.jobs.len()).expect("the number of jobs was limited before"));
        self.jobs.push(job);
        id
    }

    /// Returns who draws a shot that names this renderer, or none.
    fn renderer_of<'r>(&'r self, own: Option<&'r RendererRef>) -> &'r Engine {
        let named = own.unwrap_or(&self.production.render.engine);
        named
            .engine
            .as_ref()
            .expect("a rule refuses engines that do not exist")
    }

    /// Returns who draws what is described so: a command that asks for the words is told them.
    fn described_engine(&self, own: Option<&RendererRef>, description: &str) -> Engine {
        match self.renderer_of(own).clone() {
            Engine::Command(provider) if provider.uses_placeholder("description") => {
                let description = Some(description.to_owned());
                Engine::Command(Arc::new(Provider {
                    description,
                    ..Provider::clone(&provider)
                }))
            }
            engine => engine,
        }
    }

    /// Returns whether noise stays that this engine could take away.
    fn keeps_noise(&self, engine: &Engine) -> bool {
        *engine == Engine::Cycles && !self.production.render.denoise
    }

    /// Returns the import job of an asset that `used` listed.
    fn import_job(&self, path: &Path) -> Option<JobId> {
        self.imports.get(path).copied()
    }
}

/// Adds the files that the renderer of a job names.
fn add_renderer_files(job: &mut Job) {
    let Some(Engine::Command(provider)) = job.work.engine() else {
        return;
    };
    let file = |(name, path): (&String, &PathBuf)| JobInput {
        slot: InputSlot::new(format!("file.{name}")),
        from: InputSource::File(path.clone()),
    };
    let files: Vec<JobInput> = provider.files.iter().map(file).collect();
    job.inputs.extend(files);
}

/// Returns an input that takes all outputs of `job`.
fn job_input(slot: impl Into<String>, job: JobId) -> JobInput {
    JobInput {
        slot: InputSlot::new(slot),
        from: InputSource::Job(job),
    }
}

/// Returns a job of this phase with nothing optional set.
fn new_job(name: String, phase: Phase, work: JobAction, origin: crate::base::FileSpan) -> Job {
    let claim = claims::default_claim(&work);
    Job {
        name,
        phase,
        work,
        inputs: Vec::new(),
        claim,
        shot: None,
        output: None,
        origin,
    }
}

/// What each kind of work holds while it runs.
mod claims {
    use crate::model::{AssetKind, Claim, Engine, JobAction};

    /// Memory is a guess that gives way to what was measured; see `plan`.
    pub(super) fn default_claim(work: &JobAction) -> Claim {
        let (gpu, memory) = match work {
            // Cycles draws on the processor, and a command on what it has.
            work if matches!(work.engine(), Some(Engine::Cycles | Engine::Command(_))) => (0, 1536),
            JobAction::Import {
                kind: AssetKind::Blend,
            } => (0, 1024),
            JobAction::Import { .. } => (0, 256),
            JobAction::Sheet { .. } | JobAction::Plate { .. } | JobAction::Render { .. } => {
                (1000, 1024)
            }
            JobAction::Grade { .. } => (0, 512),
            JobAction::Encode { .. } | JobAction::Stitch { .. } | JobAction::Verify { .. } => {
                (0, 768)
            }
        };
        let provider = match work.engine() {
            Some(Engine::Command(provider)) => Some(provider),
            _ => None,
        };
        let cores = provider.and_then(|provider| provider.cores).unwrap_or(1000);
        let tokens = provider
            .map(|provider| provider.tokens.clone())
            .unwrap_or_default();
        Claim {
            cores,
            gpu,
            memory,
            tokens,
            ..Claim::default()
        }
    }
}

/// Returns every file that the jobs of a production read as an asset, each once, relative to its folder.
#[must_use]
pub fn asset_paths(production: &Production) -> Vec<PathBuf> {
    asset_jobs::used_assets(production)
        .into_iter()
        .map(|(path, _)| path)
        .collect()
}
