//! Turns a checked production into jobs, phase by phase: imports, sheets, plates, chunks of shots,
//! grades, segments, joins, verification.
//!
//! Every list follows the order of the document, so the same document gives the same jobs. A chunk
//! is a slice of the ordered frames of a shot. The files that a model refers to come in as
//! [`SidecarFiles`]; nothing is read.

mod asset_jobs;
mod caption_jobs;
mod cut_jobs;
mod export_jobs;
mod reference_jobs;
mod segment_overlays;
mod shot_jobs;
mod shot_staging;
mod sound_jobs;
mod sprite_jobs;
mod still_frames;
mod text_jobs;

use crate::model::frame_sizes::FrameSizes;
use crate::model::production::{AssetRef, RendererRef};
use crate::model::{
    Claim, Engine, InputSlot, InputSource, Job, JobAction, JobId, JobInput, JobName, ModelMend,
    Production, Provider,
};
use crate::timeline::{PictureTrack, TimelineMaker};
use crate::validate::CheckedProduction;
use export_jobs::ExportSources;
use sound_jobs::SoundJobs;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

/// Maximum number of jobs of one production. It bounds the memory that planning needs.
const MOST_JOBS: usize = 5_000_000;
/// Mebibytes that a renderer claims that is a process of its own, if nothing was measured.
const RENDERER_MEMORY: u32 = 1536;
/// Mebibytes that Blender claims to open one of its files, if nothing was measured.
const BLEND_IMPORT_MEMORY: u32 = 1024;

/// The files that each model refers to. All paths are relative to the production's folder.
pub type SidecarFiles = BTreeMap<PathBuf, Vec<PathBuf>>;

/// Why a production cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// The production has more jobs than the limit.
    #[error(
        "expand the production: it would be {0} jobs, more than {MOST_JOBS}; raise `chunk_size` or split it"
    )]
    TooManyJobs(usize),
}

/// The jobs so far, with an index from assets to their import jobs.
struct JobBuilder<'a> {
    production: &'a Production,
    jobs: Vec<Job>,
    imports: HashMap<PathBuf, Vec<(ModelMend, JobId)>>,
}

/// Expands a checked production into jobs, in the order of the document.
///
/// # Errors
/// Fails when the production has too many jobs.
pub fn expand_production(
    checked: &CheckedProduction,
    sidecars: &SidecarFiles,
) -> Result<Vec<Job>, ExpandError> {
    let simple = simple_job_count(checked)?;
    let timelines = TimelineMaker::new(checked);
    let outputs = checked.outputs.iter();
    let tracks: Vec<PictureTrack> = outputs
        .map(|output| {
            let pictures = timelines.output_pictures(output);
            match output.media_handles() {
                Some(handles) => cut_jobs::shot_file_track(pictures, handles),
                None => pictures,
            }
        })
        .collect();
    let sizes = FrameSizes::from_production(checked);
    let expected = simple.with_cuts(checked, &tracks, &sizes)?;
    let mut builder = JobBuilder {
        production: checked,
        // The estimate leaves out imports, sheets, plates and joins, of which there are a few
        // dozen.
        jobs: Vec::with_capacity(expected + 64),
        imports: HashMap::new(),
    };
    // In the order of the phases: a job can only name jobs that have an id already, so a cycle
    // cannot arise here.
    builder.add_import_jobs(sidecars);
    builder.add_character_sheets();
    builder.add_location_plates();
    let graded = builder.add_frame_jobs(&sizes, &tracks);
    let sound = builder.add_sound_jobs(&timelines);
    let lines = sound.as_ref().map(SoundJobs::line_jobs).unwrap_or_default();
    let sources = ExportSources {
        graded: &graded,
        sizes: &sizes,
        tracks: &tracks,
        lines: &lines,
        timelines: &timelines,
    };
    let joined_outputs = builder.add_export_jobs(&sources, sound);
    builder.add_verify_jobs(&joined_outputs);
    builder.add_text_jobs(&timelines, &lines);
    builder.add_sprite_jobs();
    number_equal_names(&mut builder.jobs);
    Ok(builder.jobs)
}

/// Numbers jobs that have the name of an earlier one. Slashes in the names of shots and outputs can
/// make two names alike.
fn number_equal_names(jobs: &mut [Job]) {
    let mut names: HashSet<&str> = HashSet::with_capacity(jobs.len());
    let twins: Vec<usize> = (0..jobs.len())
        .filter(|index| !names.insert(jobs[*index].name.as_str()))
        .collect();
    let numbered: Vec<(usize, JobName)> = twins
        .into_iter()
        .enumerate()
        // The place among all of them makes each name unique.
        .map(|(place, index)| (index, jobs[index].name.numbered(place + 2)))
        .collect();
    for (index, name) in numbered {
        jobs[index].name = name;
    }
}

/// How many jobs a production has, roughly.
struct JobCount {
    /// Those that make graded frames, in one size.
    chunks: usize,
    /// Those that encode.
    segments: usize,
}

/// Returns the number of jobs without transitions and sizes.
fn simple_job_count(checked: &CheckedProduction) -> Result<JobCount, ExpandError> {
    // Counted before anything is built. A typo in a frame range could otherwise ask for billions of
    // jobs and use up the memory of the machine.
    let shots = checked.shots.iter();
    // Two jobs for each chunk: one renders it, one grades it.
    let chunks = shots.map(|shot| shot.frames.len().div_ceil(checked.render.chunk) * 2);
    let all = checked.shots.len();
    let outputs = checked.outputs.iter();
    let segments = outputs.map(|output| output.shots.as_ref().map_or(all, Vec::len));
    let count = JobCount {
        chunks: chunks.sum(),
        segments: segments.sum(),
    };
    // Bounded before the outputs are laid out: 5,000 outputs of 100,000 shots are refused here.
    bounded_count(count.chunks + count.segments)?;
    Ok(count)
}

impl JobCount {
    /// Returns the number with transitions, and with the chunks of each size.
    fn with_cuts(
        &self,
        checked: &CheckedProduction,
        tracks: &[PictureTrack],
        sizes: &FrameSizes,
    ) -> Result<usize, ExpandError> {
        let chunk = checked.render.chunk;
        let handles = cut_jobs::needed_handles(checked, tracks.iter());
        let handles = handles
            .iter()
            .map(|handles| (handles.head.div_ceil(chunk) + handles.tail.div_ceil(chunk)) * 2);
        // A job that blends, and one that encodes.
        let transitions = tracks.iter().map(|track| track.transitions.len() * 2);
        let drawn = (self.chunks + handles.sum::<usize>()).saturating_mul(sizes.sizes().len());
        bounded_count(drawn.saturating_add(self.segments + transitions.sum::<usize>()))
    }
}

const fn bounded_count(count: usize) -> Result<usize, ExpandError> {
    if count > MOST_JOBS {
        Err(ExpandError::TooManyJobs(count))
    } else {
        Ok(count)
    }
}

impl JobBuilder<'_> {
    fn add_job(&mut self, mut job: Job) -> JobId {
        if let Some(limits) = self.production.limits.get(&job.work.kind()) {
            // Those of the shot were set before, and win field by field.
            let own = job.limits.take().map(|own| own.over(limits));
            job.limits = Some(Arc::new(own.unwrap_or_else(|| limits.clone())));
        }
        let id =
            JobId(u32::try_from(self.jobs.len()).expect("the number of jobs was limited before"));
        self.jobs.push(job);
        id
    }

    /// Returns the engine of a shot, or of the production if `own` is `None`.
    fn renderer_of<'r>(&'r self, own: Option<&'r RendererRef>) -> &'r Engine {
        let named = own.unwrap_or(&self.production.render.engine);
        named
            .engine
            .as_ref()
            // A `CheckedProduction` has passed that rule, so an error path here could never be
            // tested.
            .expect("a rule refuses engines that do not exist")
    }

    /// Returns the engine for a job with this description.
    fn described_engine(&self, own: Option<&RendererRef>, description: &str) -> Engine {
        match self.renderer_of(own).clone() {
            // Only a command that uses `{description}` gets it. The provider is part of the
            // identity, so a corrected word in a description would otherwise render every shot
            // again.
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

    /// Returns whether the picture keeps noise that the engine could remove.
    fn keeps_noise(&self, engine: &Engine) -> bool {
        // Only Cycles has a denoiser. For the others `noisy` stays false, or `denoise: false` would
        // change identities without changing a picture.
        *engine == Engine::Cycles && !self.production.render.denoise
    }

    /// Returns the import job of an asset. `None` if `used_assets` did not list it.
    fn import_job(&self, asset: &AssetRef) -> Option<JobId> {
        let imports = self.imports.get(&asset.path)?.iter();
        let mut same = imports.filter(|(mend, _)| *mend == asset.mend);
        same.next().map(|(_, id)| *id)
    }
}

/// Adds the files that a command provider names as inputs of the job.
fn add_renderer_files(job: &mut Job) {
    let Some(Engine::Command(provider)) = job.work.engine() else {
        return;
    };
    // As inputs, their content is part of the identity: a changed script of a renderer renders
    // again. A path in the arguments of the command would not be noticed.
    let files: Vec<JobInput> = provider
        .files
        .iter()
        .map(|(name, path)| JobInput {
            slot: InputSlot::provider_file(name),
            from: InputSource::File(path.clone()),
        })
        .collect();
    job.inputs.extend(files);
}

/// Returns an input with all outputs of `job`.
fn job_input(slot: InputSlot, job: JobId) -> JobInput {
    JobInput {
        slot,
        from: InputSource::Job(job),
    }
}

/// Returns a job for `work`, named after `subjects`, without inputs, shot or output.
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
        source_size: None,
        limits: None,
        origin,
    }
}

/// Returns the claim of a job before anything is measured.
fn default_claim(work: &JobAction) -> Claim {
    let spec = work.kind().spec();
    let claim = Claim {
        cores: 1000,
        gpu: spec.gpu,
        memory: spec.memory,
        ..Claim::default()
    };
    match (work.engine(), work) {
        // Cycles draws on the processor here. Where it uses a graphics device, the session claims
        // one, since only it knows the machine.
        (Some(Engine::Cycles), _) => Claim {
            gpu: 0,
            memory: RENDERER_MEMORY,
            ..claim
        },
        // A command is a black box: it claims what its provider declares. Tokens such as licences
        // are known to nobody else.
        (Some(Engine::Command(provider)), _) => Claim {
            cores: provider.cores.unwrap_or(claim.cores),
            gpu: 0,
            memory: RENDERER_MEMORY,
            tokens: provider.tokens.clone(),
            ..claim
        },
        (_, work) if work.is_blender_import() => Claim {
            memory: BLEND_IMPORT_MEMORY,
            ..claim
        },
        _ => claim,
    }
}

/// Returns every asset that jobs of the production read, each once, relative to its folder.
#[must_use]
pub fn asset_paths(production: &Production) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for asset in asset_jobs::used_assets(production) {
        if !paths.contains(&asset.path) {
            paths.push(asset.path.clone());
        }
    }
    paths
}
