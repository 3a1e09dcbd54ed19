//! What `run` and `estimate` share: the store, the crew, the plan.

use super::machine::Means;
use crate::base::{CancelToken, Clock, SystemClock};
use crate::cli::exit::CliError;
use crate::cli::settings::{Settings, this_program};
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
const PROCESS: u32 = 256;

/// Everything a plan is made and run with.
pub(super) struct Workplace {
    pub(super) layout: StoreLayout,
    pub(super) blobs: BlobStore,
    pub(super) history: RunHistory,
    pub(super) snapshot: FileSnapshot,
    pub(super) crew: ProducerRegistry,
    pub(super) tools: Option<FfmpegTools>,
    pub(super) cancel: CancelToken,
    pub(super) clock: SystemClock,
    pub(super) pace: DurationModel,
    pub(super) keeper: ProcessReaper,
    pub(super) secrets: SecretRedactor,
}

/// Who draws here: the adapter that was asked for, and what the machine has for programs that draw.
pub(super) struct Hands<'a> {
    pub(super) gpu: &'a str,
    pub(super) means: &'a Means,
    pub(super) parallel: Option<JobParallelism>,
    /// What others have who do the work in place of this machine.
    pub(super) nodes: NodeCapabilities,
}

impl Hands<'_> {
    /// Returns those who plan for a farm.
    pub(super) fn on(self, farm: Option<&FarmProfile>) -> Self {
        Self {
            nodes: farm.map(|farm| farm.nodes.clone()).unwrap_or_default(),
            ..self
        }
    }

    fn crew(
        &self,
        tools: Option<FfmpegTools>,
        cancel: CancelToken,
        settings: &Settings,
    ) -> ProducerRegistry {
        let (profile, threads) = (&self.means.profile, self.means.threads(self.parallel));
        let crew = ProducerRegistry::new(AdapterChoice::parse(self.gpu), tools, cancel);
        let crew = crew.with_renderers(settings.search_path.clone(), profile, threads);
        crew.with_environment(settings.environment.clone())
            .with_nodes(self.nodes.clone())
    }
}

impl Workplace {
    /// Returns the store's layout for a production in `root`.
    pub(super) fn layout(root: &Path, store: Option<&PathBuf>) -> StoreLayout {
        StoreLayout::new(store.cloned().unwrap_or_else(|| root.join(".production")))
    }

    /// Opens the store as it is, and gathers the crew.
    pub(super) fn open(
        checked: &CheckedProduction,
        layout: StoreLayout,
        hands: &Hands<'_>,
        settings: &Settings,
    ) -> Result<(Self, Vec<Job>), CliError> {
        let jobs = info_span!("stage", name = "expand")
            .in_scope(|| expand_production(checked, &sidecars(checked)))?;
        let cancel = CancelToken::default();
        let tools = FfmpegTools::find_programs(&settings.search_path).ok();
        let history = info_span!("stage", name = "replay")
            .in_scope(|| RunHistory::replay_journals(&layout))?;
        let snapshot = FileSnapshot::hash_inputs(&checked.root, &files(&jobs), &layout)?;
        let crew = hands.crew(tools.clone(), cancel.clone(), settings);
        let pace = DurationModel::from_samples(&history.samples);
        let (blobs, clock) = (BlobStore::new(layout.clone()), SystemClock::default());
        let mark = format!("{}-{}", std::process::id(), clock.now().as_nanosecond());
        let (keeper, secrets) = (
            ProcessReaper::new(this_program(), mark),
            settings.secrets.clone(),
        );
        Ok((
            Self {
                layout,
                blobs,
                history,
                snapshot,
                crew,
                tools,
                cancel,
                clock,
                pace,
                keeper,
                secrets,
            },
            jobs,
        ))
    }

    /// Gives the jobs what they hold on this machine.
    pub(super) fn claimed(&self, mut jobs: Vec<Job>, means: &Means) -> Vec<Job> {
        for job in jobs
            .iter_mut()
            .filter(|job| job.claim.gpu == 0 && self.crew.uses_graphics_device(&job.work))
        {
            job.claim.gpu = 1000;
        }
        assign_claims(
            &mut jobs,
            &means.profile.claims,
            &self.history,
            means.memory(),
        );
        jobs
    }

    /// Gives the jobs what they hold on machines of which nothing is known but the profile.
    pub(super) fn claimed_elsewhere(&self, mut jobs: Vec<Job>, means: &Means) -> Vec<Job> {
        assign_claims(&mut jobs, &means.profile.claims, &self.history, u32::MAX);
        let said = |job: &Job| {
            means
                .profile
                .claims
                .get(job.work.producer())
                .is_some_and(|claim| claim.memory.is_some())
        };
        for job in jobs.iter_mut().filter(|job| !said(job)) {
            // Here jobs share one process, and hold what it grows by; there each has a process of its own.
            job.claim.memory = job.claim.memory.saturating_add(PROCESS);
        }
        jobs
    }

    /// Returns the name of the adapter that pictures are drawn on; empty when there is none.
    pub(super) fn adapter(&self) -> &str {
        self.crew
            .open_gpu()
            .map_or("", |gpu| &gpu.adapter_facts().name)
    }

    /// Fails when a tool is missing that one of the jobs needs.
    pub(super) fn require_tools(&self, jobs: &[Job]) -> Result<(), CliError> {
        let film = jobs
            .iter()
            .any(|job| crate::producers::needs_ffmpeg(&job.work));
        if film && !self.crew.has_ffmpeg() {
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
            self.crew
                .require_renderer(&Engine::Cycles)
                .map_err(|failure| CliError::Missing(needs(failure)))?;
        }
        // One name is one program, whatever it is told.
        let mut engines: HashSet<&str> = HashSet::new();
        for engine in jobs.iter().filter_map(|job| job.work.engine()) {
            if engines.insert(engine.name()) {
                self.crew
                    .require_renderer(engine)
                    .map_err(|failure| CliError::Missing(failure.message))?;
            }
        }
        Ok(())
    }

    /// Plans the jobs against what the store holds.
    pub(super) fn plan(&self, jobs: Vec<Job>, selection: &JobSelection) -> Result<Plan, CliError> {
        let archive = OnceCell::new();
        let archive = || archive.get_or_init(|| ProvenanceArchive::read_all(&self.layout));
        let world = PlanningContext {
            history: &self.history,
            provenance: &|identity| archive().find_provenance(identity),
            has_artefact: &|artefact| self.blobs.is_intact(artefact),
            file_digest: &|path| self.snapshot.file_digest(path),
            provider: &|work| self.crew.provider_identity(work),
            durations: &self.pace,
        };
        Ok(info_span!("stage", name = "plan").in_scope(|| build_plan(jobs, selection, &world))?)
    }
}

fn files(jobs: &[Job]) -> Vec<PathBuf> {
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
fn sidecars(checked: &CheckedProduction) -> SidecarFiles {
    let inside = |file: PathBuf| inside(&file, &checked.root);
    let assets = crate::expand::asset_paths(checked).into_iter();
    let sidecars = assets.filter_map(|path| {
        let (whole, is) = (checked.root.join(&path), |known| {
            path.extension()
                .is_some_and(|e| e.eq_ignore_ascii_case(known))
        });
        let files = match () {
            () if is("gltf") => gltf::gltf_file_references(&whole).unwrap_or_default(),
            () if is("blend") => blend::blend_file_references(&whole).unwrap_or_default(),
            () => return None,
        };
        Some((path, files.into_iter().filter_map(inside).collect()))
    });
    sidecars.collect()
}

/// Returns the path of a file relative to the production's folder, when it lies there, links followed.
fn inside(file: &Path, root: &Path) -> Option<PathBuf> {
    let (real, real_root) = (file.canonicalize().ok()?, root.canonicalize().ok()?);
    let within = real.strip_prefix(&real_root).ok()?;
    Some(file.strip_prefix(root).unwrap_or(within).to_owned())
}
