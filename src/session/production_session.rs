//! The session of one production: its store, machine and producers opened together, for everything
//! that plans or runs.

use super::farm::find_farm;
use super::machine_resources::MachineResources;
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::store_access::StoreLocation;
use crate::base::{CancelToken, Clock, SystemClock};
use crate::execute::ExecutorConfig;
use crate::expand::{SidecarFiles, expand_production};
use crate::gpu::AdapterChoice;
use crate::media::{FfmpegTools, blend, gltf};
use crate::model::farm_profile::FarmProfile;
use crate::model::{AssetKind, Engine, InputSource, Job, JobAction};
use crate::plan::{DurationModel, JobSelection, Plan, PlanningContext, assign_claims, build_plan};
use crate::process::ProcessReaper;
use crate::producers::{JobFailure, JobProducer, ProducerRegistry};
use crate::project::OpenedProduction;
use crate::store::provenance::ProvenanceArchive;
use crate::store::{BlobStore, FileSnapshot, RunHistory, StoreLayout};
use crate::validate::CheckedProduction;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use tracing::info_span;

/// Mebibytes that this program holds before a job begins, with a driver that draws on the
/// processor.
const PROCESS_MEMORY: u32 = 256;

/// What a session needs before it reads the store: commands that change the store lock it at this
/// point.
pub struct SessionSetup<'a> {
    pub(super) checked: &'a CheckedProduction,
    pub(super) location: StoreLocation,
    pub(super) farm: Option<FarmProfile>,
    resources: MachineResources,
    opened: &'a OpenedProduction,
    options: &'a SessionOptions,
    context: SessionContext<'a>,
}

/// Everything that a plan of one production is made and run with.
pub struct ProductionSession<'a> {
    pub(super) opened: &'a OpenedProduction,
    pub(super) checked: &'a CheckedProduction,
    pub(super) options: &'a SessionOptions,
    pub(super) context: SessionContext<'a>,
    pub(super) resources: MachineResources,
    pub(super) farm: Option<FarmProfile>,
    pub(super) layout: StoreLayout,
    pub(super) blobs: BlobStore,
    pub(super) history: RunHistory,
    pub(super) snapshot: FileSnapshot,
    pub(super) registry: ProducerRegistry,
    pub(super) tools: Option<FfmpegTools>,
    pub(super) cancel: CancelToken,
    pub(super) clock: SystemClock,
    pub(super) duration_model: DurationModel,
    pub(super) reaper: Option<ProcessReaper>,
}

impl<'a> SessionSetup<'a> {
    /// Finds the machine's resources, the farm and the store that `options` name. The store is not
    /// read yet.
    ///
    /// # Errors
    /// Fails when the production has mistakes, or a profile cannot be used.
    pub fn new(
        opened: &'a OpenedProduction,
        options: &'a SessionOptions,
        context: SessionContext<'a>,
    ) -> Result<Self, SessionError> {
        let checked = opened
            .checked
            .as_ref()
            .ok_or(SessionError::InvalidProduction)?;
        let resources = MachineResources::detect(options.machine_profile.as_deref(), context)?;
        let farm = options
            .farm
            .as_ref()
            .map(|name| find_farm(name, &checked.root, context))
            .transpose()?;
        let location = StoreLocation::in_folder(&checked.root, options.store.as_deref());
        Ok(Self {
            checked,
            location,
            farm,
            resources,
            opened,
            options,
            context,
        })
    }

    /// Opens the store as it is, and finds the producers. Returns the production's jobs beside the
    /// session, because a plan takes them by value: there may be a million.
    ///
    /// # Errors
    /// Fails when the production cannot be unrolled, or the store is damaged.
    pub fn open(self) -> Result<(ProductionSession<'a>, Vec<Job>), SessionError> {
        let Self {
            checked,
            location: StoreLocation { layout, .. },
            farm,
            resources,
            opened,
            options,
            context,
        } = self;
        let jobs = info_span!("stage", name = "expand")
            .in_scope(|| expand_production(checked, &collect_sidecars(checked)))?;
        let cancel = CancelToken::default();
        let clock = SystemClock::default();
        let tools = FfmpegTools::find_programs(&context.environment.search_path).ok();
        let history = info_span!("stage", name = "replay")
            .in_scope(|| RunHistory::replay_journals(&layout))?;
        let snapshot = FileSnapshot::hash_inputs(&checked.root, &input_paths(&jobs), &layout)?;
        let registry = ProducerRegistry::new(
            AdapterChoice::parse(&options.gpu),
            tools.clone(),
            cancel.clone(),
        )
        .with_renderers(
            context.environment.search_path.clone(),
            &resources.profile,
            resources.threads_per_job(options.parallel),
        )
        .with_environment(context.environment.variables.clone())
        .with_nodes(
            farm.as_ref()
                .map(|farm| farm.nodes.clone())
                .unwrap_or_default(),
        );
        let reaper_mark = format!("{}-{}", std::process::id(), clock.now().as_nanosecond());
        let session = ProductionSession {
            opened,
            checked,
            options,
            context,
            resources,
            farm,
            blobs: BlobStore::new(layout.clone()),
            layout,
            duration_model: DurationModel::from_samples(&history.samples),
            history,
            snapshot,
            registry,
            tools,
            cancel,
            clock,
            reaper: context.environment.process_reaper(reaper_mark),
        };
        Ok((session, jobs))
    }
}

impl<'a> ProductionSession<'a> {
    /// Opens the store of a production as it is, without a lock: for plans and estimates, which
    /// change nothing.
    ///
    /// # Errors
    /// As for [`SessionSetup::new`] and [`SessionSetup::open`].
    pub fn open(
        opened: &'a OpenedProduction,
        options: &'a SessionOptions,
        context: SessionContext<'a>,
    ) -> Result<(Self, Vec<Job>), SessionError> {
        SessionSetup::new(opened, options, context)?.open()
    }

    /// Gives the jobs what they hold where they will run, and plans them against what the store
    /// holds.
    ///
    /// # Errors
    /// Fails when the jobs do not form a plan, or the selection names none of them.
    pub fn plan_with_claims(
        &self,
        jobs: Vec<Job>,
        selection: &JobSelection,
    ) -> Result<Plan, SessionError> {
        let claimed = match &self.farm {
            Some(_) => self.with_farm_claims(jobs),
            None => self.with_local_claims(jobs),
        };
        self.plan_jobs(claimed, selection)
    }

    /// Gives the jobs what they hold on this machine.
    fn with_local_claims(&self, mut jobs: Vec<Job>) -> Vec<Job> {
        for job in jobs
            .iter_mut()
            .filter(|job| job.claim.gpu == 0 && self.registry.uses_graphics_device(&job.work))
        {
            job.claim.gpu = 1000;
        }
        assign_claims(
            &mut jobs,
            &self.resources.profile.claims,
            &self.history,
            self.resources.memory_limit(),
        );
        jobs
    }

    /// Gives the jobs what they hold on machines of which nothing is known but the profile.
    fn with_farm_claims(&self, mut jobs: Vec<Job>) -> Vec<Job> {
        assign_claims(
            &mut jobs,
            &self.resources.profile.claims,
            &self.history,
            u32::MAX,
        );
        let has_profile_memory = |job: &Job| {
            self.resources
                .profile
                .claims
                .get(&job.work.kind())
                .is_some_and(|claim| claim.memory.is_some())
        };
        for job in jobs.iter_mut().filter(|job| !has_profile_memory(job)) {
            // Here jobs share one process, and hold what it grows by; there each has a process of
            // its own.
            job.claim.memory = job.claim.memory.saturating_add(PROCESS_MEMORY);
        }
        jobs
    }

    /// Returns how this machine runs the session's jobs.
    pub(super) fn executor_config(&self) -> ExecutorConfig {
        self.resources
            .executor_config(self.options.parallel, self.adapter_name())
    }

    /// Returns the name of the adapter that pictures are drawn on; empty when there is none.
    fn adapter_name(&self) -> &str {
        self.registry
            .open_gpu()
            .map_or("", |gpu| &gpu.adapter_facts().name)
    }

    /// Fails when a tool is missing that one of the jobs needs.
    pub(super) fn require_tools(&self, jobs: &[Job]) -> Result<(), SessionError> {
        let film = jobs
            .iter()
            .any(|job| crate::producers::needs_ffmpeg(&job.work));
        if film && !self.registry.has_ffmpeg() {
            let fix = "install it (`apt-get install ffmpeg`, `brew install ffmpeg`) or leave out film outputs";
            return Err(SessionError::MissingTool(format!(
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
                .map_err(|failure| SessionError::MissingTool(needs(failure)))?;
        }
        // One name is one program, whatever it is told.
        let mut engines: HashSet<&str> = HashSet::new();
        for engine in jobs.iter().filter_map(|job| job.work.engine()) {
            if engines.insert(engine.name()) {
                self.registry
                    .require_renderer(engine)
                    .map_err(|failure| SessionError::MissingTool(failure.message))?;
            }
        }
        Ok(())
    }

    /// Plans the jobs as they are against what the store holds: for questions about identity, where
    /// claims do not matter.
    pub(super) fn plan_jobs(
        &self,
        jobs: Vec<Job>,
        selection: &JobSelection,
    ) -> Result<Plan, SessionError> {
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

/// Returns the files that each glTF model and Blender file of the production refers to, relative to
/// its folder. What lies elsewhere is left out; whoever opens the model refuses it.
fn collect_sidecars(checked: &CheckedProduction) -> SidecarFiles {
    let inside = |file: PathBuf| path_inside(&file, &checked.root);
    let assets = crate::expand::asset_paths(checked).into_iter();
    let sidecars = assets.filter_map(|path| {
        let full_path = checked.root.join(&path);
        let has_extension = |known: &str| {
            path.extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case(known))
        };
        let files = if has_extension("gltf") {
            gltf::gltf_file_references(&full_path).unwrap_or_default()
        } else if has_extension("blend") {
            blend::blend_file_references(&full_path).unwrap_or_default()
        } else {
            return None;
        };
        Some((path, files.into_iter().filter_map(inside).collect()))
    });
    sidecars.collect()
}

/// Returns the path of a file relative to the production's folder, when it lies there, links
/// followed.
fn path_inside(file: &Path, root: &Path) -> Option<PathBuf> {
    let real = file.canonicalize().ok()?;
    let real_root = root.canonicalize().ok()?;
    let within = real.strip_prefix(&real_root).ok()?;
    Some(file.strip_prefix(root).unwrap_or(within).to_owned())
}
