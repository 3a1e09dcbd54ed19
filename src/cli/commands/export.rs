//! `production export`: a run written out as a job that other farms take.
//!
//! The run has begun then, as one that was sent and left: its results are taken in by `run --farm NAME --resume`.

use super::farm::{self, ManifestSpec};
use super::machine_resources::MachineResources;
use super::plan::{build_selection, plan_facts, save_plan, warn_idle_controls};
use super::run::lock_store;
use super::session::ProductionSession;
use super::{forecast, project_options, validate};
use crate::base::Clock;
use crate::cli::args::{ExportArgs, ExportKind};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::event::{EVENT_FORMAT_VERSION, Event};
use crate::execute::{JobTimeLimits, RetryPolicy};
use crate::farm::openjd::{JobBundle, build_bundle};
use crate::farm::{ActiveRun, TaskMap, TaskPolicy};
use crate::model::InputSource;
use crate::plan::Plan;
use crate::project::open;
use crate::store::{Journal, StoreLayout};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// What a tool that is asked to end gets before it is killed.
const TERMINATION_GRACE: Duration = Duration::from_secs(5);

pub(super) fn run_export(args: &ExportArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let ExportKind::Openjd = args.kind;
    let opened = open(
        &args.subject.path,
        &project_options(&args.subject, settings),
    )?;
    if !validate::show_findings(&opened, settings) {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let farm = farm::find_farm(&args.farm, &checked.root, settings)?;
    let resources = MachineResources::detect_resources(args.machine.machine.as_deref(), settings)?;
    let layout = ProductionSession::store_layout(&checked.root, args.machine.store.as_ref());
    let _lock = lock_store(&layout, &checked.root, "export", args.wait, settings)?;
    farm::require_idle(&layout)?;
    let (session, jobs) = ProductionSession::open(
        checked,
        layout,
        &resources
            .renderer_options(&args.machine)
            .for_farm(Some(&farm)),
        settings,
    )?;
    let selection = build_selection(&args.scope);
    let plan = session.plan_jobs(session.with_farm_claims(jobs, &resources), &selection)?;
    warn_idle_controls(&plan, &selection, settings);
    let tasks = TaskMap::from_plan(&plan);
    if tasks.is_empty() {
        settings.print_stdout("nothing to export: everything is made already");
        return Ok(ExitCode::SUCCESS);
    }
    let retries = RetryPolicy {
        max_retries: args.retries,
        ..RetryPolicy::default()
    };
    let rules = TaskPolicy::new(
        JobTimeLimits::default(),
        retries,
        TERMINATION_GRACE,
        farm.lag,
        farm.mixed_hosts,
    );
    let revision = session.history.next_revision();
    let spec = ManifestSpec {
        farm: &farm,
        gpu: &args.machine.gpu,
        revision: &revision,
        rules,
        sender: settings.user_at_host(),
        exported: true,
    };
    let manifest = farm::build_manifest(&spec, &opened, &session, &tasks);
    farm::check_shared_storage(&manifest.header, &plan, settings)?;
    let (program, store) = farm::remote_paths(&manifest.header);
    let inputs = project_inputs(&plan, &tasks);
    let job_bundle = build_bundle(
        &plan,
        &tasks,
        &manifest,
        (&program, &store),
        &inputs,
        !args.no_extensions,
    );
    write_bundle(&args.out, &job_bundle, &session.layout)?;
    session.snapshot.save_inputs(&session.layout)?;
    let config = farm::farm_slots_config(&plan, &farm, &resources.executor_config(None, ""));
    let expected = forecast::forecast_run(&plan, &session, &config)?;
    save_plan(
        &session.layout,
        &plan_facts(&opened, &plan, &selection, &session, &expected),
    )?;
    farm::write_manifest(&manifest, &opened, &session, &plan, &tasks)?;
    begin_run(
        &session,
        &revision,
        checked.meta.display_title(),
        plan.len(),
    )?;
    ActiveRun {
        revision: revision.clone(),
    }
    .write(&session.layout)?;
    let (document, out) = (args.subject.path.display(), args.out.display());
    let (store, root) = (store.display(), manifest.header.root.display());
    settings.print_stdout(&format!(
        "{revision} is written to {out}: {} tasks in {} steps\n\n  check    openjd check {out}/template.yaml\n  do it    openjd \
         run {out}/template.yaml -p Store={store} -p Root={root}\n           or deadline bundle submit {out}\n  follow   production run {document} --farm {} --resume",
        tasks.len(),
        job_bundle.template.steps.len(),
        args.farm
    ));
    Ok(ExitCode::SUCCESS)
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

fn write_bundle(out: &Path, bundle: &JobBundle, layout: &StoreLayout) -> Result<(), CliError> {
    let page = |name: &str, text: Result<String, serde_saphyr::ser::Error>| {
        let path = out.join(name);
        let text = text.map_err(|error| {
            CliError::io_error(
                format!("write {}", path.display()),
                std::io::Error::other(error),
            )
        })?;
        Ok::<_, CliError>(layout.replace_file(&path, text.as_bytes())?)
    };
    page("template.yaml", serde_saphyr::to_string(&bundle.template))?;
    page(
        "parameter_values.yaml",
        serde_saphyr::to_string(&bundle.values),
    )?;
    page(
        "asset_references.yaml",
        serde_saphyr::to_string(&bundle.assets),
    )
}

/// Puts the run into the history: begun, and not ended here.
fn begin_run(
    session: &ProductionSession,
    revision: &str,
    production: &str,
    jobs: usize,
) -> Result<(), CliError> {
    let mut journal = Journal::create(&session.layout, revision)?;
    let (revision, production) = (revision.to_owned(), production.to_owned());
    let started_at = session.clock.now();
    journal.append(&Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision,
        production,
        at: started_at,
        jobs,
    })?;
    Ok(journal.close()?)
}
