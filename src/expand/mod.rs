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
    AssetKind, Claim, Engine, InputSlot, InputSource, Job, JobAction, JobId, JobInput, JobName,
    Production, Provider,
};
use crate::validate::CheckedProduction;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most jobs one production may become.
const MOST_JOBS: usize = 5_000_000;
/// Mebibytes that a renderer of its own takes beside the scene: a process that this one only starts.
const RENDERER_MEMORY: u32 = 1536;
/// Mebibytes that Blender takes to open a file of its own.
const BLEND_IMPORT_MEMORY: u32 = 1024;

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
        slot: InputSlot::provider_file(name),
        from: InputSource::File(path.clone()),
    };
    let files: Vec<JobInput> = provider.files.iter().map(file).collect();
    job.inputs.extend(files);
}

/// Returns an input that takes all outputs of `job`.
fn job_input(slot: InputSlot, job: JobId) -> JobInput {
    JobInput {
        slot,
        from: InputSource::Job(job),
    }
}

/// Returns the job that does this to what `subjects` name, with nothing optional set.
fn new_job(subjects: &[&dyn Display], work: JobAction, origin: crate::base::FileSpan) -> Job {
    let kind = work.kind();
    Job {
        name: JobName::new(kind, subjects),
        phase: kind.spec().phase,
        claim: default_claim(&work),
        work,
        inputs: Vec::new(),
        shot: None,
        output: None,
        origin,
    }
}

/// Returns what a job holds while it runs, as far as nothing was measured: as the table of actions says, but for those whose
/// renderer or file decides it.
fn default_claim(work: &JobAction) -> Claim {
    let spec = work.kind().spec();
    let claim = Claim {
        cores: 1000,
        gpu: spec.gpu,
        memory: spec.memory,
        ..Claim::default()
    };
    match (work.engine(), work) {
        // Cycles draws on the processor, and a command on what it has.
        (Some(Engine::Cycles), _) => Claim {
            gpu: 0,
            memory: RENDERER_MEMORY,
            ..claim
        },
        (Some(Engine::Command(provider)), _) => Claim {
            cores: provider.cores.unwrap_or(claim.cores),
            gpu: 0,
            memory: RENDERER_MEMORY,
            tokens: provider.tokens.clone(),
            ..claim
        },
        (
            _,
            JobAction::Import {
                kind: AssetKind::Blend,
            },
        ) => Claim {
            memory: BLEND_IMPORT_MEMORY,
            ..claim
        },
        _ => claim,
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
