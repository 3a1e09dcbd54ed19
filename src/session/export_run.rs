//! Exports a run as a job bundle that other farms can run.
//!
//! The export starts the run, as if it was submitted and left. A run with `--resume` collects its
//! results.

use super::farm::{
    ManifestSpec, build_manifest, check_shared_storage, farm_slots_config, remote_paths,
    report_farm_font, require_idle, write_manifest,
};
use super::forecast::forecast_run;
use super::production_session::{ProductionSession, SessionSetup};
use super::program_access::ProgramUse;
use super::saved_plan::{plan_facts, report_idle_controls, save_plan};
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::speech_measurement::SpeechMeasurement;
use super::store_access::StoreAccess;
use crate::base::Clock;
use crate::event::{EVENT_FORMAT_VERSION, Event};
use crate::execute::{JobTimeLimits, RetryPolicy};
use crate::farm::openjd::{JobBundle, build_bundle};
use crate::farm::{ActiveRun, TaskManifest, TaskMap, TaskPolicy};
use crate::model::InputSource;
use crate::model::farm_profile::FarmProfile;
use crate::model::sound::SpeechLengths;
use crate::plan::{JobSelection, Plan};
use crate::project::OpenedProduction;
use crate::store::{Journal, StoreLayout};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Time between asking a tool to end and killing it.
const TERMINATION_GRACE: Duration = Duration::from_secs(5);

/// The options of an export.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// Where and with what the run is planned; the farm must be set.
    pub session: SessionOptions,
    /// The selected jobs, with `--regen` and `--pin`.
    pub selection: JobSelection,
    /// Folder to write the bundle into.
    pub out: PathBuf,
    /// Whether the bundle may use extensions of the specification, such as chunks of tasks.
    pub extensions: bool,
    /// Retries, if the scheduler is to make them.
    pub max_retries: u32,
    /// Whether to wait while another process holds the store.
    pub wait_for_store: bool,
}

/// An exported run.
#[derive(Debug)]
pub struct ExportedRun {
    /// Its revision.
    pub revision: String,
    /// Number of its tasks.
    pub tasks: usize,
    /// Number of steps of the bundle.
    pub steps: usize,
    /// Path of the store on the machines of the farm.
    pub store: PathBuf,
    /// The production's folder.
    pub root: PathBuf,
}

/// Speaks the lines of a run that is to be exported, on this machine. Returns the lengths of all
/// lines if the production must be opened again with them.
///
/// # Errors
/// As for [`export_run`]; also if a line cannot be spoken.
pub fn measure_exported_speech(
    opened: &OpenedProduction,
    options: &ExportOptions,
    context: SessionContext<'_>,
) -> Result<Option<SpeechLengths>, SessionError> {
    let setup = SessionSetup::new(opened, &options.session, context)?;
    // Without lines there is nothing to plan twice for.
    if setup.checked.shots.iter().all(|shot| shot.lines.is_empty()) {
        return Ok(None);
    }
    let access = StoreAccess {
        command: "export",
        wait: options.wait_for_store,
    };
    let _lock = setup.location.lock(access, context)?;
    require_idle(&setup.location.layout)?;
    let (session, jobs) = setup.open(ProgramUse::Run)?;
    let plan = session.plan_with_claims(jobs, &options.selection)?;
    // Here, since lines are spoken on this machine, though the film is made elsewhere.
    session.require_voices(&plan)?;
    let measurement = SpeechMeasurement {
        session: &session,
        plan: &plan,
        max_retries: options.max_retries,
        limits: JobTimeLimits::default(),
        grace_period: TERMINATION_GRACE,
    };
    measurement.measure_lines()
}

/// Exports a run as a job bundle and starts it. `None` when no job has to run.
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
    // One farm run at a time: a second one would submit the same jobs again while the first still
    // makes them.
    require_idle(&setup.location.layout)?;
    let (session, jobs) = setup.open(ProgramUse::Run)?;
    let plan = session.plan_with_claims(jobs, &options.selection)?;
    report_idle_controls(&plan, &options.selection, context);
    let tasks = TaskMap::from_plan(&plan);
    // Everything is made already, so there is nothing to hand out.
    if tasks.is_empty() {
        return Ok(None);
    }
    let revision = session.history.next_revision();
    let manifest = exported_manifest(&session, &farm, options, &revision, &tasks);
    // Before anything is written, so that a refused export leaves no trace in the store.
    check_shared_storage(&manifest.header, &plan, context)?;
    report_farm_font(&farm, &plan, &session);
    let (program, store) = remote_paths(&manifest.header, context.environment);
    let job_bundle = build_bundle(
        &plan,
        &tasks,
        &manifest,
        &program,
        &store,
        &project_inputs(&plan, &tasks),
        options.extensions,
    );
    // The bundle is written before the run starts. If its folder cannot be written, there is no run
    // that waits for results for ever.
    write_bundle(&options.out, &job_bundle, &session.layout)?;
    // So that the run that collects the results need not read the files again.
    session.snapshot.save_inputs(&session.layout)?;
    save_exported_plan(&session, &plan, &farm, options)?;
    write_manifest(&manifest, &session, &plan, &tasks)?;
    begin_run(&session, &revision, plan.len())?;
    let active_run = ActiveRun {
        revision: revision.clone(),
    };
    // Last, because this note makes other commands treat the run as active. Everything that they
    // read must be in place by then.
    active_run.write(&session.layout)?;
    Ok(Some(ExportedRun {
        revision,
        tasks: tasks.len(),
        steps: job_bundle.template.steps.len(),
        store,
        root: manifest.header.root,
    }))
}

/// Saves the plan with its forecast, for `status` and `explain`.
fn save_exported_plan(
    session: &ProductionSession<'_>,
    plan: &Plan,
    farm: &FarmProfile,
    options: &ExportOptions,
) -> Result<(), SessionError> {
    // No adapter: the jobs run elsewhere, and opening the graphics device of this machine would
    // cost a second for nothing.
    let local = session.resources.executor_config(None, "");
    let expected = forecast_run(plan, session, &farm_slots_config(plan, farm, &local))?;
    let facts = plan_facts(session, plan, &options.selection, &expected);
    save_plan(&session.layout, &facts)?;
    Ok(())
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

/// Returns the files of the project that tasks read, sorted, each once.
fn project_inputs(plan: &Plan, tasks: &TaskMap) -> Vec<PathBuf> {
    let inputs = tasks.iter().flat_map(|(_, job)| &plan.job(job).job.inputs);
    // Outputs of jobs are in the store, which every machine of the farm sees.
    let files = inputs.filter_map(|input| match &input.from {
        InputSource::File(path) => Some(path.clone()),
        InputSource::Job(_) => None,
    });
    // Each once, and in one order, so that the same run gives the same bundle.
    files.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The files of a job bundle: template, values of its parameters, files that it needs.
pub const BUNDLE_FILES: [&str; 3] = [
    "template.yaml",
    "parameter_values.yaml",
    "asset_references.yaml",
];

fn write_bundle(out: &Path, bundle: &JobBundle, layout: &StoreLayout) -> Result<(), SessionError> {
    let pages = [
        serde_saphyr::to_string(&bundle.template),
        serde_saphyr::to_string(&bundle.values),
        serde_saphyr::to_string(&bundle.assets),
    ];
    for (name, text) in BUNDLE_FILES.iter().zip(pages) {
        let path = out.join(name);
        let text = text.map_err(|error| {
            let what = format!("write {}", path.display());
            SessionError::io_error(what, std::io::Error::other(error))
        })?;
        layout.replace_file(&path, text.as_bytes())?;
    }
    Ok(())
}

/// Creates the journal of the run, with a start and no end.
fn begin_run(
    session: &ProductionSession<'_>,
    revision: &str,
    jobs: usize,
) -> Result<(), SessionError> {
    // Without this record the next run would take the same revision, and the results of the farm
    // would belong to nothing.
    let mut journal = Journal::create(&session.layout, revision)?;
    journal.append(&Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: revision.to_owned(),
        production: session.checked.meta.display_title().to_owned(),
        at: session.clock.now(),
        jobs,
        programs: session
            .folder_programs
            .iter()
            .map(ToString::to_string)
            .collect(),
        totals: None,
        tier: session.checked.render.tier.clone(),
        tier_override: session.checked.render.tier_source.is_override(),
        no_sound: session.checked.silence.is_some(),
    })?;
    Ok(journal.close()?)
}
