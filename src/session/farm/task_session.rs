//! One machine of a farm at work on a run: the run's manifest found, the production's folder
//! located here, and attempts at single tasks.

use crate::base::{CancelToken, SystemClock};
use crate::farm::{
    FarmRunFolder, PathMap, PollUntil, TaskContext, TaskId, TaskManifest, TaskManifestHeader,
    TaskRunOutcome, run_task,
};
use crate::gpu::AdapterChoice;
use crate::media::FfmpegTools;
use crate::process::{ProcessReaper, host_name};
use crate::producers::ProducerRegistry;
use crate::session::machine_resources::{MachineResources, PROC_FOLDER};
use crate::session::session_context::SessionContext;
use crate::session::session_error::SessionError;
use crate::store::StoreLayout;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the manifest is waited for. How long for the rest is written in it.
const MANIFEST_LAG: Duration = Duration::from_secs(60);

/// Which run of which store, and where its folders are on this machine.
#[derive(Debug)]
pub struct TaskSessionOptions {
    /// The store, as this machine or the one that planned the run knows it.
    pub store: PathBuf,
    /// The revision that the tasks belong to.
    pub revision: String,
    /// The production's folder here, where it is neither the same as there nor as far from the
    /// store.
    pub root: Option<PathBuf>,
    /// Where folders of the machine that planned the run are here.
    pub path_map: PathMap,
    /// The first task that is to be done: renderers get as many threads as it claims cores.
    pub first_task: TaskId,
    /// What the scheduler calls the job that started this process; empty when a person did.
    pub scheduler_job: String,
}

/// A run's manifest with the producers of this machine.
pub struct TaskSession<'a> {
    context: SessionContext<'a>,
    scheduler_job: &'a str,
    manifest: TaskManifest,
    root: PathBuf,
    registry: ProducerRegistry,
    reaper: Option<ProcessReaper>,
    cancel: CancelToken,
    clock: SystemClock,
}

impl<'a> TaskSession<'a> {
    /// Finds the run and the producers of this machine.
    ///
    /// # Errors
    /// Fails when the store has no such farm run, its manifest is damaged or the machine profile
    /// cannot be used.
    pub fn open(
        options: &'a TaskSessionOptions,
        context: SessionContext<'a>,
    ) -> Result<Self, SessionError> {
        let clock = SystemClock::default();
        let cancel = CancelToken::default();
        let map = &options.path_map;
        let folder = FarmRunFolder::new(
            StoreLayout::new(map.map_path(&options.store)),
            &options.revision,
        );
        // A scheduler may be faster than the file system; a person is not.
        let by_person = options.scheduler_job.is_empty();
        let patience = PollUntil {
            timeout: if by_person {
                Duration::ZERO
            } else {
                MANIFEST_LAG
            },
            clock: &clock,
            cancel: &cancel,
        };
        // Whether it is there at all is asked patiently; what is wrong with one that is there is
        // said at once.
        if patience
            .wait_for(|| folder.header_path().is_file().then_some(()))
            .is_none()
        {
            return Err(missing_run_error(&folder, &options.revision));
        }
        let manifest = TaskManifest::open(folder)?;
        let root = match &options.root {
            Some(root) => map.map_path(root),
            None => production_root(&manifest.header, map, manifest.folder.layout.root()),
        };
        let tools = FfmpegTools::find_programs(&context.environment.search_path).ok();
        let cores = manifest.read_record(options.first_task)?.claim.cores;
        let profile = MachineResources::detect(None, context)?.profile;
        let registry = ProducerRegistry::new(
            AdapterChoice::parse(&manifest.header.gpu),
            tools,
            cancel.clone(),
        )
        .with_renderers(
            context.environment.search_path.clone(),
            &profile,
            usize::try_from(cores / 1000).unwrap_or(1),
        )
        .with_environment(context.environment.variables.clone());
        let reaper_mark = format!("{}-{}", manifest.header.token, std::process::id());
        Ok(Self {
            context,
            scheduler_job: &options.scheduler_job,
            manifest,
            root,
            registry,
            reaper: context.environment.process_reaper(reaper_mark),
            cancel,
            clock,
        })
    }

    /// Returns the token that stops the attempt: a scheduler that takes a task back wants no
    /// result.
    #[must_use]
    pub const fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// Makes one attempt at a task, the next one unless `attempt` says which. `progress` hears of
    /// done and total units.
    ///
    /// # Errors
    /// Fails when there is no such task, or the store cannot be read or written. A job that fails
    /// is an outcome.
    pub fn attempt_task(
        &self,
        task: TaskId,
        attempt: Option<u32>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<TaskRunOutcome, SessionError> {
        let task_context = TaskContext {
            manifest: &self.manifest,
            root: &self.root,
            producer: &self.registry,
            cancel: &self.cancel,
            clock: &self.clock,
            reaper: self.reaper.as_ref(),
            secrets: &self.context.environment.secrets,
            host: &host_name(),
            scheduler_job: self.scheduler_job,
            proc_folder: Path::new(PROC_FOLDER),
        };
        Ok(run_task(&task_context, task, attempt, progress)?)
    }
}

fn missing_run_error(folder: &FarmRunFolder, revision: &str) -> SessionError {
    let store = folder.layout.root();
    if !store.is_dir() {
        return SessionError::StoreNotFound(store.to_owned());
    }
    SessionError::UnknownFarmRun {
        revision: revision.to_owned(),
        known: FarmRunFolder::farm_revisions(&folder.layout),
    }
}

/// Returns the production's folder here: where the rules lead, or else as far from the store as it
/// was there.
fn production_root(header: &TaskManifestHeader, map: &PathMap, store: &Path) -> PathBuf {
    let mapped = map.map_path(&header.root);
    let beside = header.store.strip_prefix(&header.root).ok();
    let beside = beside.and_then(|below| store.ancestors().nth(below.components().count()));
    match beside {
        Some(beside) if !mapped.is_dir() => beside.to_owned(),
        _ => mapped,
    }
}
