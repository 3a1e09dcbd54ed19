//! Opens the session of one production: its store, machine and producers, for everything that plans
//! or runs.

use super::farm::find_farm;
use super::folder_programs::FolderProgram;
use super::forecast::duration_model;
use super::machine_resources::MachineResources;
use super::program_access::{ProgramAccess, ProgramUse};
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::store_access::{StoreLocation, main_document_name};
use crate::base::{CancelToken, Clock, PausableClock, PauseSwitch};
use crate::execute::{ExecutorConfig, RunControl};
use crate::expand::{SidecarFiles, expand_production};
use crate::gpu::AdapterChoice;
use crate::media::{FfmpegTools, blend, gltf};
use crate::model::farm_profile::FarmProfile;
use crate::model::machine_profile::JobParallelism;
use crate::model::model_format::ModelFormat;
use crate::model::sound::Voice;
use crate::model::{Codec, Engine, InputSource, Job, JobAction, OutputFormat};
use crate::plan::{
    DurationModel, JobSelection, Plan, PlanningContext, RunReason, assign_claims, build_plan,
};
use crate::process::{ProcessReaper, SecretRedactor};
use crate::producers::{FolderProviders, JobFailure, JobProducer, ProducerRegistry};
use crate::project::{OpenedProduction, RunHooks};
use crate::store::probe_samples::{ProbeSamples, load_probe_samples};
use crate::store::provenance::ProvenanceArchive;
use crate::store::{BlobStore, FileSnapshot, RunHistory, SpeechMemory, StoreLayout};
use crate::validate::CheckedProduction;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tracing::info_span;

/// Mebibytes that this program uses before a job starts, with a driver that draws on the processor.
const PROCESS_MEMORY: u32 = 256;

/// The inputs of a session before the store is read. Commands that change the store lock it at this
/// point.
// A value of its own and not a flag of `open`: what can fail without the store fails before the
// lock is taken, and no command can read the history first and lock it later.
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
    pub(super) clock: PausableClock,
    /// Steers the run from outside.
    pub(super) control: Arc<RunControl>,
    pub(super) duration_model: DurationModel,
    /// What probes of this machine measured.
    pub(super) probe_samples: ProbeSamples,
    pub(super) reaper: Option<Arc<ProcessReaper>>,
    /// Programs of the folder that the run may start.
    pub(super) folder_programs: Vec<FolderProgram>,
    /// Hooks of the folder that the run may start.
    pub(super) folder_hooks: RunHooks,
}

impl<'a> SessionSetup<'a> {
    /// Finds the machine's resources, the farm and the store that `options` name. The store is not
    /// read yet.
    ///
    /// # Errors
    /// Fails when the production has mistakes, a profile cannot be used, or the store belongs to
    /// another production.
    pub fn new(
        opened: &'a OpenedProduction,
        options: &'a SessionOptions,
        context: SessionContext<'a>,
    ) -> Result<Self, SessionError> {
        let checked = opened
            .checked
            .as_ref()
            .ok_or(SessionError::InvalidProduction)?;
        let mut resources = MachineResources::detect(options.machine_profile.as_deref(), context)?;
        // The machine's profile knows best how much it can do; without it, the document decides.
        resources.profile.parallel = resources
            .profile
            .parallel
            .or(checked.workers.map(JobParallelism::Jobs));
        let farm = options
            .farm
            .as_ref()
            .map(|name| find_farm(name, &checked.root, context))
            .transpose()?;
        let document = main_document_name(&opened.sources);
        let location = StoreLocation::in_folder(&checked.root, document, options.store.as_deref())?;
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

    /// Opens the store and finds the producers. Returns the jobs of the production beside the
    /// session, because a plan takes them by value: there may be a million.
    ///
    /// # Errors
    /// Fails when the production cannot be expanded, the store is damaged, or the reporter does not
    /// allow programs that a run would start.
    pub fn open(
        self,
        program_use: ProgramUse,
    ) -> Result<(ProductionSession<'a>, Vec<Job>), SessionError> {
        let checked = self.checked;
        let layout = &self.location.layout;
        let jobs = info_span!("stage", name = "expand")
            .in_scope(|| expand_production(checked, &collect_sidecars(checked)))?;
        learn_secret_options(&self.context.environment.secrets, &jobs);
        let cancel = CancelToken::default();
        let pause = PauseSwitch::default();
        let clock = PausableClock::new(pause.clone());
        let history = replay_history(layout, &jobs)?;
        let access = ProgramAccess {
            program_use,
            farm: self.options.farm.as_deref(),
            context: self.context,
        };
        let access = access.decide(&checked.root, &jobs, &history)?;
        // A missing ffmpeg is no error here: plans and explanations need none, and `require_tools`
        // checks it before a run.
        let tools = FfmpegTools::find_programs(&access.search_path).ok();
        // One snapshot of the inputs for the plan and the run, so both see the same digests.
        let snapshot = FileSnapshot::hash_inputs(&checked.root, &input_paths(&jobs), layout)?;
        let reaper = self.process_reaper(&clock);
        let adapter = AdapterChoice::parse(&self.options.gpu);
        let registry = ProducerRegistry::new(adapter, tools.clone(), cancel.clone());
        let registry = self
            .configure_registry(registry, access.search_path, access.providers)
            .with_reaper(reaper.clone());
        let layout = self.location.layout;
        let probe_samples = load_probe_samples(&layout);
        let session = ProductionSession {
            opened: self.opened,
            checked,
            options: self.options,
            context: self.context,
            resources: self.resources,
            farm: self.farm,
            blobs: BlobStore::new(layout.clone()),
            layout,
            duration_model: duration_model(&history.samples, &probe_samples),
            probe_samples,
            history,
            snapshot,
            registry,
            tools,
            cancel,
            clock,
            control: Arc::new(RunControl::new(pause)),
            reaper,
            folder_programs: access.started,
            folder_hooks: access.hooks,
        };
        Ok((session, jobs))
    }

    /// Returns what ends the processes of this session, if the environment has it.
    fn process_reaper(&self, clock: &PausableClock) -> Option<Arc<ProcessReaper>> {
        // Process ids are used again, so the time is added: a reaper must never end processes of a
        // later run.
        let mark = format!("{}-{}", std::process::id(), clock.now().as_nanosecond());
        self.context.environment.process_reaper(mark).map(Arc::new)
    }

    /// Adds what the producers find on this machine, in its profile and in the folder.
    fn configure_registry(
        &self,
        registry: ProducerRegistry,
        search_path: OsString,
        folder_providers: FolderProviders,
    ) -> ProducerRegistry {
        let resources = &self.resources;
        let threads = resources.threads_per_job(self.options.parallel);
        // A farm plans for the renderers of its nodes, since the provider is part of the identity
        // and this machine may have none of them.
        let nodes = self.farm.as_ref().map(|farm| farm.nodes.clone());
        registry
            .with_renderers(search_path, &resources.profile, threads)
            .with_environment(self.context.environment.variables.clone())
            .with_nodes(nodes.unwrap_or_default())
            .with_folder_providers(folder_providers)
    }
}

/// Reads what earlier runs recorded, with the lines that were spoken but belong to no run yet.
fn replay_history(layout: &StoreLayout, jobs: &[Job]) -> Result<RunHistory, SessionError> {
    let mut history =
        info_span!("stage", name = "replay").in_scope(|| RunHistory::replay_journals(layout))?;
    let has_speech = jobs
        .iter()
        .any(|job| matches!(job.work, JobAction::Speech(_)));
    // Only then: a silent production does not read the file.
    if has_speech {
        SpeechMemory::load(layout).complete_history(&mut history);
    }
    Ok(history)
}

impl<'a> ProductionSession<'a> {
    /// Opens the store without a lock, for plans and estimates, which change nothing.
    ///
    /// # Errors
    /// As for [`SessionSetup::new`] and [`SessionSetup::open`].
    pub fn open(
        opened: &'a OpenedProduction,
        options: &'a SessionOptions,
        context: SessionContext<'a>,
    ) -> Result<(Self, Vec<Job>), SessionError> {
        SessionSetup::new(opened, options, context)?.open(ProgramUse::Look)
    }

    /// Sets the claims of the jobs for the machine or farm that will run them, and plans them.
    ///
    /// # Errors
    /// Fails when the jobs do not form a plan, or the selection names none of them.
    pub fn plan_with_claims(
        &self,
        jobs: Vec<Job>,
        selection: &JobSelection,
    ) -> Result<Plan, SessionError> {
        // Claims are set before planning, because they are fields of the jobs that a plan owns and
        // never changes. They are not in the identity: a job that needed more memory is still the
        // same job.
        let claimed = match &self.farm {
            Some(_) => self.with_farm_claims(jobs),
            None => self.with_local_claims(jobs),
        };
        self.plan_jobs(claimed, selection)
    }

    /// Sets the claims for this machine.
    fn with_local_claims(&self, mut jobs: Vec<Job>) -> Vec<Job> {
        for job in jobs
            .iter_mut()
            .filter(|job| job.claim.gpu == 0 && self.registry.uses_graphics_device(&job.work))
        {
            // Cycles draws on the processor or on a device, and only the machine knows which.
            // Without this claim it would share the adapter with other jobs and could run out of
            // its memory.
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

    /// Sets the claims for machines of which only the profile is known.
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
            // On this machine jobs share one process, and a measured job has what the process grew
            // by. On a farm each job has a process of its own.
            job.claim.memory = job.claim.memory.saturating_add(PROCESS_MEMORY);
        }
        jobs
    }

    /// Returns the configuration for running the jobs on this machine.
    pub(super) fn executor_config(&self) -> ExecutorConfig {
        self.resources
            .executor_config(self.options.parallel, self.adapter_name())
    }

    /// Returns the name of the adapter. Empty if there is none.
    fn adapter_name(&self) -> &str {
        self.registry
            .open_gpu()
            .map_or("", |gpu| &gpu.adapter_facts().name)
    }

    /// Fails when a tool is missing that a job needs.
    pub(super) fn require_tools(&self, jobs: &[Job]) -> Result<(), SessionError> {
        self.require_tools_of(&jobs.iter().collect::<Vec<_>>())
    }

    /// Fails when a tool is missing that one of these jobs needs.
    pub(super) fn require_tools_of(&self, jobs: &[&Job]) -> Result<(), SessionError> {
        // Looked up in the jobs and not in the document, so that a production without film outputs
        // runs without ffmpeg.
        let film = jobs
            .iter()
            .any(|job| crate::producers::needs_ffmpeg(&job.work));
        if film && !self.registry.has_ffmpeg() {
            let fix = "install it (`apt-get install ffmpeg`, `brew install ffmpeg`) or leave out film outputs";
            return Err(SessionError::MissingTool(format!(
                "find ffmpeg and ffprobe, which film outputs need: {fix}"
            )));
        }
        if film {
            self.registry
                .require_ffmpeg()
                .map_err(|failure| SessionError::MissingTool(failure.message))?;
        }
        // Cycles represents every engine of Blender, because an import draws nothing.
        if let Some(job) = jobs.iter().find(|job| job.work.is_blender_import()) {
            let needs = |failure: JobFailure| format!("{}; {} needs it", failure.message, job.name);
            self.registry
                .require_renderer(&Engine::Cycles)
                .map_err(|failure| SessionError::MissingTool(needs(failure)))?;
        }
        // Engines of one name start the same program with other arguments, so each is looked up
        // once.
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

    /// Fails when a speech engine or a voice is missing that a line needs which must be spoken.
    // After planning, like encoders: a store may have every line from another machine.
    pub(super) fn require_voices(&self, plan: &Plan) -> Result<(), SessionError> {
        let mut probed: Vec<&Voice> = Vec::new();
        for (_, planned) in plan.jobs() {
            let JobAction::Speech(work) = &planned.job.work else {
                continue;
            };
            let is_same =
                |voice: &&Voice| voice.engine == work.voice.engine && voice.name == work.voice.name;
            if !planned.wanted || !planned.reason.is_dirty() || probed.iter().any(is_same) {
                continue;
            }
            probed.push(&work.voice);
            self.registry
                .require_voice(&work.voice)
                .map_err(|failure| {
                    SessionError::MissingTool(format!(
                        "{}; `{}` needs it",
                        failure.message, planned.job.name
                    ))
                })?;
        }
        Ok(())
    }

    /// Fails when ffmpeg lacks an encoder that a job of this plan needs.
    // After planning and not with the other tools: to try an encoder costs as much as to plan a
    // thousand jobs, and a run that encodes nothing must not pay for it.
    pub(super) fn require_encoders(&self, plan: &Plan) -> Result<(), SessionError> {
        // Machines of a farm encode there, with an ffmpeg of their own.
        if self.farm.is_some() {
            return Ok(());
        }
        let encodes = || {
            plan.jobs()
                .filter_map(|(_, planned)| match &planned.job.work {
                    JobAction::Encode { format, .. } => Some((format, planned)),
                    _ => None,
                })
        };
        // This ffmpeg made the segments that are reused: its version is a part of their identity.
        let reused = encodes().filter(|(_, planned)| planned.reason == RunReason::Reused);
        let mut tried: HashSet<_> = reused.map(|(format, _)| encoder_variant(format)).collect();
        for (format, planned) in encodes().filter(|(_, planned)| planned.reason.is_dirty()) {
            if tried.insert(encoder_variant(format)) {
                self.registry
                    .try_codec(format.codec, &format.encoding)
                    .map_err(|why| {
                        SessionError::MissingTool(format!("{why}; `{}` needs it", planned.job.name))
                    })?;
            }
        }
        Ok(())
    }

    /// Plans the jobs with the claims that they have, for questions about identity and reuse.
    pub(super) fn plan_jobs(
        &self,
        jobs: Vec<Job>,
        selection: &JobSelection,
    ) -> Result<Plan, SessionError> {
        // The archive is read when the first changed job needs it. A plan that reuses everything
        // never reads it.
        let archive = OnceCell::new();
        let archive = || archive.get_or_init(|| ProvenanceArchive::read_all(&self.layout));
        let planning_context = PlanningContext {
            history: &self.history,
            provenance: &|identity| archive().find_provenance(identity),
            has_artefact: &|artefact| self.blobs.is_intact(artefact),
            file_digest: &|path| self.snapshot.file_digest(path),
            redact: &|parameters| self.context.environment.secrets.redact_json(parameters),
            provider: &|work| self.registry.provider_identity(work),
            durations: &self.duration_model,
        };
        Ok(info_span!("stage", name = "plan")
            .in_scope(|| build_plan(jobs, selection, &planning_context))?)
    }
}

fn input_paths(jobs: &[Job]) -> Vec<PathBuf> {
    let input_files =
        jobs.iter()
            .flat_map(|job| &job.inputs)
            .filter_map(|input| match &input.from {
                InputSource::File(path) => Some(path.clone()),
                InputSource::Job(_) => None,
            });
    let mut files: Vec<PathBuf> = input_files.collect();
    files.sort();
    files.dedup();
    files
}

/// Returns what an encoder of an output must be able to do.
fn encoder_variant(format: &OutputFormat) -> (Codec, Option<&str>, Option<&str>) {
    // An encoder may be built without some of its variants, such as those of 10 bits.
    let choice = &format.encoding;
    let profile = choice.profile.as_deref();
    (format.codec, profile, choice.pixel_format.as_deref())
}

/// Returns the files that each glTF model and Blender file refers to, relative to the folder of the
/// production.
fn collect_sidecars(checked: &CheckedProduction) -> SidecarFiles {
    // A file outside of the folder is left out here, and the import of the model refuses it with a
    // message. An unreadable model is handled in the same way.
    let inside = |file: PathBuf| path_inside(&file, &checked.root);
    let assets = crate::expand::asset_paths(checked).into_iter();
    let sidecars = assets.filter_map(|path| {
        let full_path = checked.root.join(&path);
        let files = asset_references(&full_path);
        if files.is_empty() {
            return None;
        }
        Some((path, files.into_iter().filter_map(inside).collect()))
    });
    sidecars.collect()
}

/// Returns the files that an asset refers to. One that cannot be read has a finding of its own.
pub(super) fn asset_references(path: &Path) -> Vec<PathBuf> {
    match ModelFormat::from_path(path) {
        Some(ModelFormat::Blend) => blend::blend_file_references(path).unwrap_or_default(),
        Some(format) if format.needs_blender() => nearby_pictures(path),
        Some(_) => gltf::model_file_references(path),
        None => Vec::new(),
    }
}

/// Endings of files that a model may refer to which only Blender reads.
const REFERRED_ENDINGS: [&str; 13] = [
    "png", "jpg", "jpeg", "webp", "tga", "bmp", "tif", "tiff", "exr", "hdr", "usda", "usdc", "usd",
];

/// Returns what a model may refer to that only Blender reads: pictures and layers in its folder, and
/// in those folders beside it that programs write pictures to.
// Not every folder: a run writes pictures too, and would change its own inputs.
fn nearby_pictures(model: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(stem)) = (model.parent(), model.file_stem()) else {
        return Vec::new();
    };
    let own_folder = format!("{}.fbm", stem.to_string_lossy());
    let folders = [
        "textures",
        "Textures",
        "tex",
        "maps",
        "images",
        own_folder.as_str(),
    ];
    let folders = folders.map(|name| folder.join(name));
    let mut files = Vec::new();
    for folder in std::iter::once(folder.to_owned()).chain(folders) {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| folder.join(entry.file_name()));
        files.extend(paths.filter(|path| is_referred(path) && path != model));
    }
    files.sort();
    files
}

fn is_referred(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| REFERRED_ENDINGS.contains(&ending.as_str())) && path.is_file()
}

/// Returns the path of a file relative to the folder of the production. `None` if it is outside of
/// the folder once links are followed.
fn path_inside(file: &Path, root: &Path) -> Option<PathBuf> {
    let real = file.canonicalize().ok()?;
    let real_root = root.canonicalize().ok()?;
    let within = real.strip_prefix(&real_root).ok()?;
    // The path as written, if possible: through a link, the real path would name another file than
    // the model does.
    Some(file.strip_prefix(root).unwrap_or(within).to_owned())
}

/// Makes the values of secret options in the commands of providers known to what prints and writes.
fn learn_secret_options(secrets: &SecretRedactor, jobs: &[Job]) {
    // A set, because a production may have a million jobs of one provider.
    let commands: HashSet<&[String]> = jobs
        .iter()
        .flat_map(|job| job.work.provider_commands())
        .collect();
    for words in commands {
        secrets.learn_option_values(words);
    }
}
