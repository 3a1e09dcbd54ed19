//! What `run` and `estimate` share: the store, the crew, the plan.

use super::machine_resources::MachineResources;
use crate::base::paths::{LocatedPath, locate_inside};
use crate::base::{CancelToken, Clock, SystemClock};
use crate::cli::cli_settings::{CliSettings, current_program};
use crate::cli::exit_codes::CliError;
use crate::expand::{SidecarFiles, expand_production};
use crate::gpu::AdapterChoice;
use crate::media::{FfmpegTools, blend, gltf};
use crate::model::farm_profile::{FarmProfile, NodeCapabilities};
use crate::model::machine_profile::JobParallelism;
use crate::model::{AssetKind, Engine, InputSource, Job, JobAction};
use crate::plan::{DurationModel, JobSelection, Plan, PlanningContext, assign_claims, build_plan};
use crate::process::{ProcessReaper, SecretRedactor};
use crate::producers::{JobFailure, JobProducer, ProducerRegistry};
use crate::store::provenance::ProvenanceArchive;
use crate::store::{BlobStore, FileSnapshot, RunHistory, StoreLayout};
use crate::validate::CheckedProduction;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use tracing::info_span;

/// Mebibytes that this program holds before a job begins, with a driver that draws on the processor.
const PROCESS_MEMORY: u32 = 256;

/// Everything a plan is made and run with.
pub(super) struct ProductionSession {
    pub(super) layout: StoreLayout,
    pub(super) blobs: BlobStore,
    pub(super) history: RunHistory,
    pub(super) snapshot: FileSnapshot,
    pub(super) registry: ProducerRegistry,
    pub(super) tools: Option<FfmpegTools>,
    pub(super) cancel: CancelToken,
    pub(super) clock: SystemClock,
    pub(super) duration_model: DurationModel,
    pub(super) reaper: ProcessReaper,
    pub(super) secrets: SecretRedactor,
}

/// Who draws here: the adapter that was asked for, and what the machine has for programs that draw.
pub(super) struct RendererOptions<'a> {
    pub(super) gpu: &'a str,
    pub(super) resources: &'a MachineResources,
    pub(super) parallel: Option<JobParallelism>,
    /// What others have who do the work in place of this machine.
    pub(super) nodes: NodeCapabilities,
}

impl RendererOptions<'_> {
    /// Returns those who plan for a farm.
    pub(super) fn for_farm(self, farm: Option<&FarmProfile>) -> Self {
        Self {
            nodes: farm.map(|farm| farm.nodes.clone()).unwrap_or_default(),
            ..self
        }
    }

    fn build_registry(
        &self,
        tools: Option<FfmpegTools>,
        cancel: CancelToken,
        settings: &CliSettings,
    ) -> ProducerRegistry {
        let (profile, threads) = (
            &self.resources.profile,
            self.resources.threads_per_job(self.parallel),
        );
        let registry = ProducerRegistry::new(AdapterChoice::parse(self.gpu), tools, cancel);
        let registry = registry.with_renderers(settings.search_path.clone(), profile, threads);
        registry
            .with_environment(settings.environment.clone())
            .with_nodes(self.nodes.clone())
    }
}

impl ProductionSession {
    /// Returns the store's layout for a production in `root`.
    pub(super) fn store_layout(root: &Path, store: Option<&PathBuf>) -> StoreLayout {
        StoreLayout::new(store.cloned().unwrap_or_else(|| root.join(".production")))
    }

    /// Opens the store as it is, and gathers the crew.
    pub(super) fn open(
        checked: &CheckedProduction,
        layout: StoreLayout,
        renderer_options: &RendererOptions<'_>,
        settings: &CliSettings,
    ) -> Result<(Self, Vec<Job>), CliError> {
        let jobs = info_span!("stage", name = "expand")
            .in_scope(|| expand_production(checked, &collect_sidecars(checked)))?;
        let cancel = CancelToken::default();
        let tools = FfmpegTools::find_programs(&settings.search_path).ok();
        let history = info_span!("stage", name = "replay")
            .in_scope(|| RunHistory::replay_journals(&layout))?;
        let snapshot = FileSnapshot::hash_inputs(&checked.root, &input_paths(&jobs), &layout)?;
        let registry = renderer_options.build_registry(tools.clone(), cancel.clone(), settings);
        let duration_model = DurationModel::from_samples(&history.samples);
        let (blobs, clock) = (BlobStore::new(layout.clone()), SystemClock::default());
        let reaper_mark = format!("{}-{}", std::process::id(), clock.now().as_nanosecond());
        let (reaper, secrets) = (
            ProcessReaper::new(current_program(), reaper_mark),
            settings.secrets.clone(),
        );
        Ok((
            Self {
                layout,
                blobs,
                history,
                snapshot,
                registry,
                tools,
                cancel,
                clock,
                duration_model,
                reaper,
                secrets,
            },
            jobs,
        ))
    }

    /// Gives the jobs what they hold on this machine.
    pub(super) fn with_local_claims(
        &self,
        mut jobs: Vec<Job>,
        resources: &MachineResources,
    ) -> Vec<Job> {
        for job in jobs
            .iter_mut()
            .filter(|job| job.claim.gpu == 0 && self.registry.uses_graphics_device(&job.work))
        {
            job.claim.gpu = 1000;
        }
        assign_claims(
            &mut jobs,
            &resources.profile.claims,
            &self.history,
            resources.memory_limit(),
        );
        jobs
    }

    /// Gives the jobs what they hold on machines of which nothing is known but the profile.
    pub(super) fn with_farm_claims(
        &self,
        mut jobs: Vec<Job>,
        resources: &MachineResources,
    ) -> Vec<Job> {
        assign_claims(
            &mut jobs,
            &resources.profile.claims,
            &self.history,
            u32::MAX,
        );
        let has_profile_memory = |job: &Job| {
            resources
                .profile
                .claims
                .get(job.work.producer())
                .is_some_and(|claim| claim.memory.is_some())
        };
        for job in jobs.iter_mut().filter(|job| !has_profile_memory(job)) {
            // Here jobs share one process, and hold what it grows by; there each has a process of its own.
            job.claim.memory = job.claim.memory.saturating_add(PROCESS_MEMORY);
        }
        jobs
    }

    /// Returns the name of the adapter that pictures are drawn on; empty when there is none.
    pub(super) fn adapter_name(&self) -> &str {
        self.registry
            .open_gpu()
            .map_or("", |gpu| &gpu.adapter_facts().name)
    }

    /// Fails when a tool is missing that one of the jobs needs.
    pub(super) fn require_tools(&self, jobs: &[Job]) -> Result<(), CliError> {
        let film = jobs
            .iter()
            .any(|job| crate::producers::needs_ffmpeg(&job.work));
        if film && !self.registry.has_ffmpeg() {
            let fix = "install it (`apt-get install ffmpeg`, `brew install ffmpeg`) or leave out film outputs";
            return Err(CliError::Missing(format!(
                "find ffmpeg and ffprobe, which film outputs need: {fix}"
            )));
        }
        if let Some(job) = jobs.iter().find(|job| {
            job.work
                == JobAction::Import {
                    kind: AssetKind::Blend,
                }
        }) {
            let needs = |failure: JobFailure| format!("{}; {} needs it", failure.message, job.name);
            self.registry
                .require_renderer(&Engine::Cycles)
                .map_err(|failure| CliError::Missing(needs(failure)))?;
        }
        // One name is one program, whatever it is told.
        let mut engines: HashSet<&str> = HashSet::new();
        for engine in jobs.iter().filter_map(|job| job.work.engine()) {
            if engines.insert(engine.name()) {
                self.registry
                    .require_renderer(engine)
                    .map_err(|failure| CliError::Missing(failure.message))?;
            }
        }
        Ok(())
    }

    /// Plans the jobs against what the store holds.
    pub(super) fn plan_jobs(
        &self,
        jobs: Vec<Job>,
        selection: &JobSelection,
    ) -> Result<Plan, CliError> {
        let archive = OnceCell::new();
        let archive = || archive.get_or_init(|| ProvenanceArchive::read_all(&self.layout));
        let world = PlanningContext {
            history: &self.history,
            provenance: &|identity| archive().find_provenance(identity),
            has_artefact: &|artefact| self.blobs.is_intact(artefact),
            file_digest: &|path| self.snapshot.file_digest(path),
            provider: &|work| self.registry.provider_identity(work),
            durations: &self.duration_model,
        };
        Ok(info_span!("stage", name = "plan").in_scope(|| build_plan(jobs, selection, &world))?)
    }
}

fn input_paths(jobs: &[Job]) -> Vec<PathBuf> {
    let feeds = jobs
        .iter()
        .flat_map(|job| &job.inputs)
        .filter_map(|input| match &input.from {
            InputSource::File(path) => Some(path.clone()),
            InputSource::Job(_) => None,
        });
    let mut files: Vec<PathBuf> = feeds.collect();
    files.sort();
    files.dedup();
    files
}

/// Returns the files that each glTF model and Blender file of the production refers to, relative to its folder. What lies
/// elsewhere is left out; whoever opens the model refuses it.
fn collect_sidecars(checked: &CheckedProduction) -> SidecarFiles {
    let inside = |file: PathBuf| path_inside(&file, &checked.root);
    let assets = crate::expand::asset_paths(checked).into_iter();
    let sidecars = assets.filter_map(|path| {
        let (full_path, has_extension) = (checked.root.join(&path), |known| {
            path.extension()
                .is_some_and(|e| e.eq_ignore_ascii_case(known))
        });
        let files = match () {
            () if has_extension("gltf") => {
                gltf::gltf_file_references(&full_path).unwrap_or_default()
            }
            () if has_extension("blend") => {
                blend::blend_file_references(&full_path).unwrap_or_default()
            }
            () => return None,
        };
        Some((path, files.into_iter().filter_map(inside).collect()))
    });
    sidecars.collect()
}

/// Returns the path of a file relative to the production's folder, when it lies there, links followed.
fn path_inside(file: &Path, root: &Path) -> Option<PathBuf> {
    let LocatedPath::Inside { relative, .. } = locate_inside(root, file).ok()? else {
        return None;
    };
    // Where links are followed only outside of the folder, the path stays as it is written.
    Some(file.strip_prefix(root).map_or(relative, Path::to_owned))
}
