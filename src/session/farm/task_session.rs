//! Works on a farm run on one of its machines: finds the manifest and the folder of the production,
//! and makes attempts at single tasks.

use crate::base::{CancelToken, SystemClock};
use crate::farm::{
    FarmRunFolder, PathMap, PollUntil, TaskContext, TaskId, TaskManifest, TaskManifestHeader,
    TaskRunOutcome, run_task,
};
use crate::gpu::AdapterChoice;
use crate::media::FfmpegTools;
use crate::process::{ProcessReaper, host_name};
use crate::producers::{FolderProviders, ProducerRegistry};
use crate::session::machine_resources::{MachineResources, PROC_FOLDER};
use crate::session::session_context::SessionContext;
use crate::session::session_error::SessionError;
use crate::store::StoreLayout;
use crate::store::store_owner::require_store;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long to wait for the manifest. Other waits are in the manifest itself.
const MANIFEST_LAG: Duration = Duration::from_secs(60);

/// The run, and its folders on this machine.
#[derive(Debug)]
pub struct TaskSessionOptions {
    /// The store, as a path of this machine or of the one that planned the run.
    pub store: PathBuf,
    /// The revision that the tasks belong to.
    pub revision: String,
    /// The folder of the production on this machine. `None` if it is at the same path as there, or
    /// at the same place relative to the store.
    pub root: Option<PathBuf>,
    /// Maps paths of the machine that planned the run to paths of this one.
    pub path_map: PathMap,
    /// The first task to run. Renderers get as many threads as it claims cores.
    pub first_task: TaskId,
    /// The id of the job in the scheduler. Empty if a person started this process.
    pub scheduler_job: String,
}

/// The manifest of a run with the producers of this machine.
pub struct TaskSession<'a> {
    context: SessionContext<'a>,
    scheduler_job: &'a str,
    manifest: TaskManifest,
    root: PathBuf,
    registry: ProducerRegistry,
    reaper: Option<Arc<ProcessReaper>>,
    cancel: CancelToken,
    clock: SystemClock,
}

/// Returns the producers of this machine for a task that claims `cores`, in thousandths.
fn task_producers(
    header: &TaskManifestHeader,
    context: SessionContext<'_>,
    cores: u32,
    cancel: &CancelToken,
) -> Result<ProducerRegistry, SessionError> {
    let environment = context.environment;
    // A machine without ffmpeg can still render. Only a task that encodes fails there, and names
    // what is missing.
    let tools = FfmpegTools::find_programs(&environment.search_path).ok();
    // The profile of this machine, and not of the one that planned the run.
    let profile = MachineResources::detect(None, context)?.profile;
    let registry = ProducerRegistry::new(AdapterChoice::parse(&header.gpu), tools, cancel.clone())
        .with_renderers(
            environment.search_path.clone(),
            &profile,
            usize::try_from(cores / 1000).unwrap_or(1),
        )
        .with_environment(environment.variables.clone());
    Ok(registry)
}

impl<'a> TaskSession<'a> {
    /// Opens the run and finds the producers of this machine.
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
        wait_for_manifest(&folder, options, &clock, &cancel)?;
        // The store belongs to a production on another machine, under another path, so only its
        // shape is looked at.
        require_store(&folder.layout)?;
        let manifest = TaskManifest::open(folder)?;
        let root = match &options.root {
            Some(root) => map.map_path(root),
            None => production_root(&manifest.header, map, manifest.folder.layout.root()),
        };
        // The mark has the token of the run and this process, so that the reaper of one task never
        // ends processes of another task on the same node.
        let reaper_mark = format!("{}-{}", manifest.header.token, std::process::id());
        let reaper = context
            .environment
            .process_reaper(reaper_mark)
            .map(Arc::new);
        // The claim decides, and not the cores of the machine: the scheduler gives the task only
        // the cores that it claims.
        let cores = manifest.read_record(options.first_task)?.claim.cores;
        let registry = task_producers(&manifest.header, context, cores, &cancel)?
            .with_folder_providers(FolderProviders {
                folder: root.clone(),
                ..FolderProviders::default()
            })
            .with_reaper(reaper.clone());
        Ok(Self {
            context,
            scheduler_job: &options.scheduler_job,
            manifest,
            root,
            registry,
            reaper,
            cancel,
            clock,
        })
    }

    /// Returns the token that stops the attempt. The scheduler cancels a task through it, and then
    /// wants no result.
    #[must_use]
    pub const fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// Makes one attempt at a task. `attempt` is its number, and `None` is the next one. `progress`
    /// receives done and total units.
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
            reaper: self.reaper.as_deref(),
            secrets: &self.context.environment.secrets,
            host: &host_name(),
            scheduler_job: self.scheduler_job,
            proc_folder: Path::new(PROC_FOLDER),
        };
        Ok(run_task(&task_context, task, attempt, progress)?)
    }
}

fn missing_run_error(folder: &FarmRunFolder, revision: &str) -> SessionError {
    // A store that is not mounted and a wrong revision have different remedies, so they are
    // different errors.
    let store = folder.layout.root();
    if !store.is_dir() {
        return SessionError::StoreNotFound(store.to_owned());
    }
    SessionError::UnknownFarmRun {
        revision: revision.to_owned(),
        known: FarmRunFolder::farm_revisions(&folder.layout),
    }
}

/// Returns the folder of the production on this machine.
fn production_root(header: &TaskManifestHeader, map: &PathMap, store: &Path) -> PathBuf {
    // First by the rules for paths. Without a fitting rule, the production is as far from the store
    // as it was there: a farm often mounts one volume at another path.
    let mapped = map.map_path(&header.root);
    let beside = header.store.strip_prefix(&header.root).ok();
    let beside = beside.and_then(|below| store.ancestors().nth(below.components().count()));
    match beside {
        // The mapped path wins if it exists, since a store may be far from its production.
        Some(beside) if !mapped.is_dir() => beside.to_owned(),
        _ => mapped,
    }
}

/// Waits until the manifest of a run is there, if a scheduler started the task.
fn wait_for_manifest(
    folder: &FarmRunFolder,
    options: &TaskSessionOptions,
    clock: &SystemClock,
    cancel: &CancelToken,
) -> Result<(), SessionError> {
    // A scheduler may start a task before a shared file system shows its files. A person who
    // types the command wants the error at once.
    let by_person = options.scheduler_job.is_empty();
    let patience = PollUntil {
        timeout: if by_person {
            Duration::ZERO
        } else {
            MANIFEST_LAG
        },
        clock,
        cancel,
    };
    // Only a missing file is waited for. A damaged manifest does not get better and is reported
    // at once.
    if patience
        .wait_for(|| folder.header_path().is_file().then_some(()))
        .is_none()
    {
        return Err(missing_run_error(folder, &options.revision));
    }
    Ok(())
}
