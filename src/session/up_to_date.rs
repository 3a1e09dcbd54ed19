//! Detects a run that would only publish again what is published and in place. Nothing is done
//! then, and there is no new revision.

use super::path_values::published_paths;
use super::place_check::{named_report_paths, report_folder};
use super::planned_deliverables::planned_deliverables;
use super::production_session::ProductionSession;
use super::report_sounds::add_sound_facts;
use super::run_digest::run_digest;
use super::run_facts::{RunSummary, run_facts};
use crate::base::Clock;
use crate::event::DeliveredOutput;
use crate::execute::RunOutcome;
use crate::model::JobId;
use crate::plan::Plan;
use crate::report::ReportFacts;
use crate::store::deliverable::{DeliverableFiles, are_in_place};
use std::collections::HashMap;
use std::path::PathBuf;

/// The published revision, which a run would only publish again.
struct CurrentRevision {
    outcome: RunOutcome,
    /// The paths of what it delivered, as the document has them.
    written: Vec<PathBuf>,
    /// What it delivered, at the paths that it has there.
    delivered: Vec<DeliveredOutput>,
}

/// Returns whether a run of this plan would change nothing.
pub(super) fn is_up_to_date(plan: &Plan, session: &ProductionSession<'_>) -> bool {
    plan.is_fully_selected() && find_current(plan, session).is_some()
}

/// Returns the summary of the published revision. `None` if a run of this plan would change
/// anything.
pub(super) fn up_to_date_summary(
    plan: &Plan,
    session: &ProductionSession<'_>,
) -> Option<RunSummary> {
    let checked = session.checked;
    let revision = session.history.published.as_deref()?;
    let CurrentRevision {
        outcome,
        written,
        delivered,
    } = find_current(plan, session)?;
    let run = run_facts(session, revision, session.clock.now(), None);
    let sources = &session.opened.sources;
    let mut facts = ReportFacts::from_run(checked, plan, &outcome, sources, run);
    add_sound_facts(&mut facts, checked, plan, &outcome, &session.blobs);
    let places: HashMap<PathBuf, &DeliveredOutput> = written.into_iter().zip(&delivered).collect();
    let place = |path: &mut PathBuf| {
        if let Some(placed) = places.get(path) {
            path.clone_from(&placed.path);
        }
    };
    facts.change_paths(place);
    // Beside the deliverables or, if it was deleted there, in the store.
    let paths =
        named_report_paths(checked, sources, &session.layout, report_folder(&delivered)).ok()?;
    let beside = paths.first().map(|path| checked.root.join(path));
    let stored_page = session.layout.run_folder(revision).join("report.html");
    let page = beside
        .into_iter()
        .chain([stored_page])
        .find(|page| page.is_file());
    Some(RunSummary::new(facts, page, session, true))
}

fn find_current(plan: &Plan, session: &ProductionSession<'_>) -> Option<CurrentRevision> {
    let checked = session.checked;
    let history = &session.history;
    let revision = history.published.as_deref()?;
    // Checks are ordered by cost: what is in memory, then digests, then the files on disk.
    let outcome =
        RunOutcome::from_up_to_date(plan, history, session.clock.elapsed().as_secs_f64())?;
    let jobs = plan.run_digest(|id| plan.job(id).digest)?;
    let (jobs_by_output, delivered): (Vec<_>, Vec<_>) =
        planned_deliverables(checked, plan).into_iter().unzip();
    // All jobs may be reused while an output has another path or the title has changed.
    if history.run_digest != Some(run_digest(checked, jobs, &delivered)) {
        return None;
    }
    // Where the revision put them: the day and the revision of its paths are its own.
    let written = delivered.iter().map(|made| made.path.clone()).collect();
    let delivered = published_paths(&session.layout, revision, &delivered).ok()??;
    let outputs = |id: &JobId| outcome.job_outputs(*id).unwrap_or_default();
    let mut deliverables = Vec::new();
    for (delivered_output, jobs) in delivered.iter().zip(&jobs_by_output) {
        let job_files: Vec<_> = jobs.iter().map(outputs).collect();
        deliverables.push(DeliverableFiles::from_outputs(
            &checked.root,
            delivered_output,
            &job_files,
        ));
    }
    // A file that was deleted or edited since is delivered again, which needs a run.
    are_in_place(&session.layout, &checked.root, &deliverables).then_some(CurrentRevision {
        outcome,
        written,
        delivered,
    })
}
