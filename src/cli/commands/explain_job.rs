//! `production explain PRODUCTION JOB`: why a job runs, waits, failed or is reused.

use super::machine_resources::MachineResources;
use super::session::{ProductionSession, RendererOptions};
use super::{farm, project_options, validate};
use crate::base::json::to_pretty_json;
use crate::base::{Clock, SystemClock};
use crate::cli::args::{ExplainArgs, PageFormat, ProductionArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::model::farm_profile::NodeCapabilities;
use crate::plan::{JobSelection, resolve_target};
use crate::project::open;
use crate::report::job_explanation::{JobExplainer, job_explanation_text};
use crate::store::job_history::JobHistory;
use crate::store::store_lock;
use std::process::ExitCode;

/// Explains every job that the words name.
pub(super) fn explain_jobs(
    args: &ExplainArgs,
    production: &str,
    words: &[String],
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if words.is_empty() {
        let advice = "name a job, a shot or a phase; `production plan` tells of all";
        return Err(CliError::Usage(format!("explain {production}: {advice}")));
    }
    let subject = production_args(args, production);
    let opened = open(&subject.path, &project_options(&subject, settings))?;
    let Some(checked) = &opened.checked else {
        validate::show_findings(&opened, settings);
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let layout = ProductionSession::store_layout(&checked.root, args.store.as_ref());
    let is_running = store_lock::lock_holder(&layout, SystemClock::default().now()).is_some();
    let resources = MachineResources::detect_resources(args.machine.as_deref(), settings)?;
    let farm = args
        .farm
        .as_ref()
        .map(|name| farm::find_farm(name, &checked.root, settings))
        .transpose()?;
    let renderer_options = RendererOptions {
        gpu: &args.gpu,
        resources: &resources,
        parallel: None,
        nodes: NodeCapabilities::default(),
    };
    let renderer_options = renderer_options.for_farm(farm.as_ref());
    let (session, jobs) = ProductionSession::open(checked, layout, &renderer_options, settings)?;
    let plan = session.plan_jobs(jobs, &JobSelection::default())?;
    let job_history = JobHistory::read_journals(&session.layout)?;
    let explainer = JobExplainer {
        plan: &plan,
        chronicle: &job_history,
        sources: &opened.sources,
        is_running,
    };
    let mut explanations = Vec::new();
    for word in words {
        let target_jobs = resolve_target(plan.jobs().map(|(_, planned)| &planned.job), word)?;
        explanations.extend(
            target_jobs
                .jobs
                .into_iter()
                .map(|id| explainer.explain_job(id)),
        );
    }
    settings.print_stdout(&match args.format {
        PageFormat::Json => to_pretty_json(&explanations),
        PageFormat::Text | PageFormat::Markdown => explanations
            .iter()
            .map(|why| job_explanation_text(why, settings.out_colour))
            .collect::<Vec<_>>()
            .join("\n"),
    });
    Ok(ExitCode::SUCCESS)
}

fn production_args(args: &ExplainArgs, production: &str) -> ProductionArgs {
    ProductionArgs {
        path: production.into(),
        reading: args.reading.clone(),
    }
}
