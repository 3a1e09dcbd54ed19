//! `production explain PRODUCTION JOB`: why a job runs, waits, failed or is reused.

use super::machine::Means;
use super::workplace::{Hands, Workplace};
use super::{farm, options, validate};
use crate::base::{Clock, SystemClock};
use crate::cli::args::{Explain, PageFormat, Subject};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::model::farm_profile::NodeCapabilities;
use crate::plan::{JobSelection, resolve_target};
use crate::project::open;
use crate::report::job_explanation::{JobExplainer, job_explanation_text};
use crate::store::job_history::JobHistory;
use crate::store::store_lock;
use std::process::ExitCode;

/// Explains every job that the words name.
pub(super) fn run(
    args: &Explain,
    production: &str,
    words: &[String],
    settings: &Settings,
) -> Result<ExitCode, CliError> {
    if words.is_empty() {
        let advice = "name a job, a shot or a phase; `production plan` tells of all";
        return Err(CliError::Usage(format!("explain {production}: {advice}")));
    }
    let subject = subject(args, production);
    let opened = open(&subject.path, &options(&subject, settings))?;
    let Some(checked) = &opened.checked else {
        validate::show(&opened, settings);
        return Ok(ExitCode::from(INVALID));
    };
    let layout = Workplace::layout(&checked.root, args.store.as_ref());
    let is_running = store_lock::lock_holder(&layout, SystemClock::default().now()).is_some();
    let means = Means::look(args.machine.as_deref(), settings)?;
    let farm = args
        .farm
        .as_ref()
        .map(|name| farm::find(name, &checked.root, settings))
        .transpose()?;
    let hands = Hands {
        gpu: &args.gpu,
        means: &means,
        parallel: None,
        nodes: NodeCapabilities::default(),
    };
    let hands = hands.on(farm.as_ref());
    let (workplace, jobs) = Workplace::open(checked, layout, &hands, settings)?;
    let plan = workplace.plan(jobs, &JobSelection::default())?;
    let chronicle = JobHistory::read_journals(&workplace.layout)?;
    let inquest = JobExplainer {
        plan: &plan,
        chronicle: &chronicle,
        sources: &opened.sources,
        is_running,
    };
    let mut told = Vec::new();
    for word in words {
        let found = resolve_target(plan.jobs().map(|(_, planned)| &planned.job), word)?;
        told.extend(found.jobs.into_iter().map(|id| inquest.explain_job(id)));
    }
    settings.say(&match args.format {
        PageFormat::Json => serde_json::to_string_pretty(&told).unwrap_or_default(),
        PageFormat::Text | PageFormat::Markdown => told
            .iter()
            .map(|why| job_explanation_text(why, settings.out_colour))
            .collect::<Vec<_>>()
            .join("\n"),
    });
    Ok(ExitCode::SUCCESS)
}

fn subject(args: &Explain, production: &str) -> Subject {
    Subject {
        path: production.into(),
        reading: args.reading.clone(),
    }
}
