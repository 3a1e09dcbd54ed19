//! `production export`: a run written out as a job that other farms take.
//!
//! The run has begun then, as one that was sent and left: its results are taken in by `run --farm NAME --resume`.

use super::farm::{self, Sent};
use super::machine::Means;
use super::plan::{gather, keep, say_idle, selection};
use super::run::take;
use super::workplace::Workplace;
use super::{foretell, options, validate};
use crate::base::Clock;
use crate::cli::args::{Export, ExportKind};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
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
const GRACE: Duration = Duration::from_secs(5);

pub(super) fn run(args: &Export, settings: &Settings) -> Result<ExitCode, CliError> {
    let ExportKind::Openjd = args.kind;
    let opened = open(&args.subject.path, &options(&args.subject, settings))?;
    if !validate::show(&opened, settings) {
        return Ok(ExitCode::from(INVALID));
    }
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID));
    };
    let farm = farm::find(&args.farm, &checked.root, settings)?;
    let means = Means::look(args.machine.machine.as_deref(), settings)?;
    let layout = Workplace::layout(&checked.root, args.machine.store.as_ref());
    let _lock = take(&layout, &checked.root, "export", args.wait, settings)?;
    farm::idle(&layout)?;
    let (workplace, jobs) = Workplace::open(
        checked,
        layout,
        &means.hands(&args.machine).on(Some(&farm)),
        settings,
    )?;
    let selection = selection(&args.scope);
    let plan = workplace.plan(workplace.claimed_elsewhere(jobs, &means), &selection)?;
    say_idle(&plan, &selection, settings);
    let tasks = TaskMap::from_plan(&plan);
    if tasks.is_empty() {
        settings.say("nothing to export: everything is made already");
        return Ok(ExitCode::SUCCESS);
    }
    let retries = RetryPolicy {
        max_retries: args.retries,
        ..RetryPolicy::default()
    };
    let rules = TaskPolicy::new(
        JobTimeLimits::default(),
        retries,
        GRACE,
        farm.lag,
        farm.mixed_hosts,
    );
    let revision = workplace.history.next_revision();
    let sent = Sent {
        farm: &farm,
        gpu: &args.machine.gpu,
        revision: &revision,
        rules,
        by: settings.sender(),
        exported: true,
    };
    let manifest = farm::described(&sent, &opened, &workplace, &tasks);
    farm::tread(&manifest.header, &plan, settings)?;
    let (program, store) = farm::there(&manifest.header);
    let inputs = inputs(&plan, &tasks);
    let made = build_bundle(
        &plan,
        &tasks,
        &manifest,
        (&program, &store),
        &inputs,
        !args.no_extensions,
    );
    write_bundle(&args.out, &made, &workplace.layout)?;
    workplace.snapshot.save_inputs(&workplace.layout)?;
    let pool = farm::slots(&plan, &farm, &means.pool(None, ""));
    let expected = foretell::expected(&plan, &workplace, &pool)?;
    keep(
        &workplace.layout,
        &gather(&opened, &plan, &selection, &workplace, &expected),
    )?;
    farm::write(&manifest, &opened, &workplace, &plan, &tasks)?;
    begin(
        &workplace,
        &revision,
        checked.meta.display_title(),
        plan.len(),
    )?;
    ActiveRun {
        revision: revision.clone(),
    }
    .write(&workplace.layout)?;
    let (document, out) = (args.subject.path.display(), args.out.display());
    let (store, root) = (store.display(), manifest.header.root.display());
    settings.say(&format!(
        "{revision} is written to {out}: {} tasks in {} steps\n\n  check    openjd check {out}/template.yaml\n  do it    openjd \
         run {out}/template.yaml -p Store={store} -p Root={root}\n           or deadline bundle submit {out}\n  follow   production run {document} --farm {} --resume",
        tasks.len(),
        made.template.steps.len(),
        args.farm
    ));
    Ok(ExitCode::SUCCESS)
}

/// Returns the files of the project that tasks read.
fn inputs(plan: &Plan, tasks: &TaskMap) -> Vec<PathBuf> {
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
            CliError::io(
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
fn begin(
    workplace: &Workplace,
    revision: &str,
    production: &str,
    jobs: usize,
) -> Result<(), CliError> {
    let mut journal = Journal::create(&workplace.layout, revision)?;
    let (revision, production) = (revision.to_owned(), production.to_owned());
    let at = workplace.clock.now();
    journal.append(&Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision,
        production,
        at,
        jobs,
    })?;
    Ok(journal.close()?)
}
