//! A run that would publish again what is published: everything is made, and lies in its place. Nothing is done then, and no
//! revision is made of it.

use super::publish_run::{RunSummary, planned_deliverables, report_dir, run_facts};
use super::session::ProductionSession;
use crate::base::json::to_json_bytes;
use crate::base::{Clock, Digest, Fingerprint};
use crate::event::DeliveredOutput;
use crate::execute::RunOutcome;
use crate::model::JobId;
use crate::plan::Plan;
use crate::project::OpenedProduction;
use crate::report::ReportFacts;
use crate::store::deliverable::{DeliverableFiles, are_in_place};
use crate::validate::CheckedProduction;

/// Returns what a whole run comes to: its jobs, of which `jobs` is the sum, and what is delivered where.
pub(super) fn run_digest(
    checked: &CheckedProduction,
    jobs: Digest,
    deliverables: &[DeliveredOutput],
) -> Digest {
    Fingerprint::new()
        .with_field("jobs", jobs.as_bytes())
        .with_field("title", checked.meta.display_title())
        .with_field("deliverables", to_json_bytes(deliverables))
        .digest()
}

/// Returns what to tell if a run of this plan would only publish again what is published and in its place.
pub(super) fn up_to_date_summary(
    opened: &OpenedProduction,
    checked: &CheckedProduction,
    plan: &Plan,
    session: &ProductionSession,
) -> Option<RunSummary> {
    let history = &session.history;
    let revision = history.published.as_deref()?;
    let outcome =
        RunOutcome::from_up_to_date(plan, history, session.clock.elapsed().as_secs_f64())?;
    let jobs = plan.run_digest(|id| plan.job(id).digest)?;
    let (jobs_by_output, delivered): (Vec<_>, Vec<_>) =
        planned_deliverables(checked, plan).into_iter().unzip();
    if history.run_digest != Some(run_digest(checked, jobs, &delivered)) {
        return None;
    }
    let outputs = |id: &JobId| outcome.job_outputs(*id).unwrap_or_default();
    let deliverable = |(delivered_output, jobs): (&DeliveredOutput, &Vec<JobId>)| {
        DeliverableFiles::from_outputs(
            &checked.root,
            delivered_output,
            &jobs.iter().map(outputs).collect::<Vec<_>>(),
        )
    };
    let deliverables: Vec<_> = delivered
        .iter()
        .zip(&jobs_by_output)
        .map(deliverable)
        .collect();
    if !are_in_place(&session.layout, &checked.root, &deliverables) {
        return None;
    }
    let run = run_facts(session, revision, session.clock.now(), None);
    let facts = ReportFacts::from_run(checked, plan, &outcome, &opened.sources, run);
    let folder =
        report_dir(checked, &delivered).unwrap_or_else(|| session.layout.run_folder(revision));
    Some(RunSummary::new(facts, folder, session, true))
}
