//! A run written out as a job that other farms take.
//!
//! The run has begun then, as one that was sent and left: its results are taken in by a run that
//! resumes it.

use super::farm::{
    ManifestSpec, build_manifest, check_shared_storage, farm_slots_config, remote_paths,
    require_idle, write_manifest,
};
use super::forecast::forecast_run;
use super::production_session::{ProductionSession, SessionSetup};
use super::saved_plan::{plan_facts, report_idle_controls, save_plan};
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::store_access::StoreAccess;
use crate::base::Clock;
use crate::event::{EVENT_FORMAT_VERSION, Event};
use crate::execute::{JobTimeLimits, RetryPolicy};
use crate::farm::openjd::{JobBundle, build_bundle};
use crate::farm::{ActiveRun, TaskManifest, TaskMap, TaskPolicy};
use crate::model::InputSource;
use crate::model::farm_profile::FarmProfile;
use crate::plan::{JobSelection, Plan};
use crate::project::OpenedProduction;
use crate::store::{Journal, StoreLayout};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a tool that is asked to end gets before it is killed.
const TERMINATION_GRACE: Duration = Duration::from_secs(5);

/// What is to be written out.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// Where and with what the run is planned; the farm must be set.
    pub session: SessionOptions,
    /// Which jobs, and what was decided about single ones.
    pub selection: JobSelection,
    /// Folder to write the bundle into.
    pub out: PathBuf,
    /// Whether extensions of the specification may be used, such as chunks of tasks.
    pub extensions: bool,
    /// Tries after the first, where the scheduler is asked for them.
    pub max_retries: u32,
    /// Whether to wait while another process holds the store.
    pub wait_for_store: bool,
}

/// A run that was written out.
#[derive(Debug)]
pub struct ExportedRun {
    /// Its revision.
    pub revision: String,
    /// Its tasks.
    pub tasks: usize,
    /// Steps of the bundle.
    pub steps: usize,
    /// The store, as the farm's machines know it.
    pub store: PathBuf,
    /// The production's folder.
    pub root: PathBuf,
}

/// Writes a run out as a job bundle, and begins it; `None` when everything is made already.
///
/// # Errors
/// Fails when the production has mistakes, no farm is set or its profile cannot be used, the store
/// is held or damaged, a run is on a farm, or the folder cannot be written.
pub fn export_run(
    opened: &OpenedProduction,
    options: &ExportOptions,
    context: SessionContext<'_>,
) -> Result<Option<ExportedRun>, SessionError> {
    let setup = SessionSetup::new(opened, &options.session, context)?;
    let farm = setup.farm.clone().ok_or(SessionError::FarmUnset)?;
    let access = StoreAccess {
        command: "export",
        wait: options.wait_for_store,
    };
    let _lock = setup.location.lock(access, context)?;
    require_idle(&setup.location.layout)?;
    let (session, jobs) = setup.open()?;
    let plan = session.plan_with_claims(jobs, &options.selection)?;
    report_idle_controls(&plan, &options.selection, context);
    let tasks = TaskMap::from_plan(&plan);
    if tasks.is_empty() {
        return Ok(None);
    }
    let revision = session.history.next_revision();
    let manifest = exported_manifest(&session, &farm, options, &revision, &tasks);
    check_shared_storage(&manifest.header, &plan, context)?;
    let (program, store) = remote_paths(&manifest.header, context.environment);
    let job_bundle = build_bundle(
        &plan,
        &tasks,
        &manifest,
        (&program, &store),
        &project_inputs(&plan, &tasks),
        options.extensions,
    );
    write_bundle(&options.out, &job_bundle, &session.layout)?;
    session.snapshot.save_inputs(&session.layout)?;
    let local = session.resources.executor_config(None, "");
    let expected = forecast_run(&plan, &session, &farm_slots_config(&plan, &farm, &local))?;
    let facts = plan_facts(&session, &plan, &options.selection, &expected);
    save_plan(&session.layout, &facts)?;
    write_manifest(&manifest, &session, &plan, &tasks)?;
    begin_run(&session, &revision, plan.len())?;
    let active_run = ActiveRun {
        revision: revision.clone(),
    };
    active_run.write(&session.layout)?;
    Ok(Some(ExportedRun {
        revision,
        tasks: tasks.len(),
        steps: job_bundle.template.steps.len(),
        store,
        root: manifest.header.root,
    }))
}

fn exported_manifest(
    session: &ProductionSession<'_>,
    farm: &FarmProfile,
    options: &ExportOptions,
    revision: &str,
    tasks: &TaskMap,
) -> TaskManifest {
    let retries = RetryPolicy {
        max_retries: options.max_retries,
        ..RetryPolicy::default()
    };
    let spec = ManifestSpec {
        farm,
        revision,
        rules: TaskPolicy::new(
            JobTimeLimits::default(),
            retries,
            TERMINATION_GRACE,
            farm.lag,
            farm.mixed_hosts,
        ),
        exported: true,
    };
    build_manifest(&spec, session, tasks)
}

/// Returns the files of the project that tasks read.
fn project_inputs(plan: &Plan, tasks: &TaskMap) -> Vec<PathBuf> {
    let inputs = tasks.iter().flat_map(|(_, job)| &plan.job(job).job.inputs);
    let files = inputs.filter_map(|input| match &input.from {
        InputSource::File(path) => Some(path.clone()),
        InputSource::Job(_) => None,
    });
    files.collect::<BTreeSet<_>>().into_iter().collect()
}

fn write_bundle(out: &Path, bundle: &JobBundle, layout: &StoreLayout) -> Result<(), SessionError> {
    let pages = [
        ("template.yaml", serde_saphyr::to_string(&bundle.template)),
        (
            "parameter_values.yaml",
            serde_saphyr::to_string(&bundle.values),
        ),
        (
            "asset_references.yaml",
            serde_saphyr::to_string(&bundle.assets),
        ),
    ];
    for (name, text) in pages {
        let path = out.join(name);
        let text = text.map_err(|error| {
            let what = format!("write {}", path.display());
            SessionError::io_error(what, std::io::Error::other(error))
        })?;
        layout.replace_file(&path, text.as_bytes())?;
    }
    Ok(())
}

/// Puts the run into the history: begun, and not ended here.
fn begin_run(
    session: &ProductionSession<'_>,
    revision: &str,
    jobs: usize,
) -> Result<(), SessionError> {
    let mut journal = Journal::create(&session.layout, revision)?;
    journal.append(&Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: revision.to_owned(),
        production: session.checked.meta.display_title().to_owned(),
        at: session.clock.now(),
        jobs,
    })?;
    Ok(journal.close()?)
}
