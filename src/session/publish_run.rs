//! Ends a run: puts deliverables in place, writes the manifest and the pointer, and writes the
//! report.

use super::planned_deliverables::{planned_deliverables, report_dir};
use super::planned_run::{PlannedRun, ScheduledRun};
use super::report_pictures::collect_pictures;
use super::run_digest::run_digest;
use super::run_facts::{RunSummary, run_facts};
use super::session_error::SessionError;
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::event::{DeliveredOutput, Event};
use crate::execute::{RunEstimate, RunOutcome};
use crate::plan::Plan;
use crate::report::{ExpectedFacts, ReportFacts, html};
use crate::store::Journal;
use crate::store::publish::{self, PlacedRevision};
use std::path::Path;

/// What was published.
pub(super) struct PublishedRun {
    /// Digest of the manifest.
    pub(super) manifest: Digest,
    /// What was delivered.
    pub(super) deliverables: Vec<DeliveredOutput>,
    /// Digest that a later run must have to be up to date. `None` if a job has no result.
    run_digest: Option<Digest>,
}

/// A run whose jobs have ended.
pub(super) struct FinishedRun<'r> {
    pub(super) run: &'r ScheduledRun<'r>,
    pub(super) outcome: &'r RunOutcome,
}

impl PublishedRun {
    /// Returns its journal record in `revision`.
    pub(super) fn published_event(&self, revision: &str) -> Event {
        Event::Published {
            revision: revision.to_owned(),
            manifest: self.manifest,
            deliverables: self.deliverables.clone(),
            run_digest: self.run_digest,
        }
    }
}

impl<'r> FinishedRun<'r> {
    /// Puts every deliverable in place and moves the pointer. The journal must then end with what
    /// was published and `ended`.
    pub(super) fn publish(
        &self,
        journal: &mut Journal,
        ended: &Event,
    ) -> Result<(PublishedRun, PlacedRevision<'r>), SessionError> {
        let PlannedRun { session, plan, .. } = &self.run.planned;
        let checked = session.checked;
        // The same list as in `up_to_date_summary`. If the two differed, no run would ever be up to
        // date.
        let deliverables: Vec<DeliveredOutput> = planned_deliverables(checked, plan)
            .into_iter()
            .map(|(_, delivered_output)| delivered_output)
            .collect();
        let revision = journal.revision();
        let manifest = self.outcome.build_manifest(
            plan,
            revision,
            checked.meta.display_title(),
            deliverables.clone(),
        );
        // The identities that the run had, and not those of the plan: some were unknown when it was
        // planned.
        let jobs_digest =
            plan.run_digest(|id| self.outcome.success_facts(id).map(|(digest, ..)| digest));
        let published = PublishedRun {
            manifest: manifest.digest(),
            run_digest: jobs_digest.map(|jobs| run_digest(checked, jobs, &deliverables)),
            deliverables,
        };
        // The closing records go into the note of the publication. If this process is killed
        // halfway, the next command completes the publication and the journal alike.
        let closing = vec![published.published_event(revision), ended.clone()];
        let placed = publish::publish_revision(
            &session.layout,
            &checked.root,
            &manifest,
            published.manifest,
            journal,
            closing,
        )?;
        Ok((published, placed))
    }

    /// Writes the report: always in the store, and beside the deliverables when they were
    /// published.
    pub(super) fn write_report(
        &self,
        published: Option<&PublishedRun>,
    ) -> Result<RunSummary, SessionError> {
        let ScheduledRun {
            planned: PlannedRun { session, plan, .. },
            revision,
            started_at,
            expected,
            ..
        } = self.run;
        let checked = session.checked;
        let expected = expected_facts(expected, plan, self.outcome);
        let run = run_facts(session, revision, *started_at, expected);
        let mut facts =
            ReportFacts::from_run(checked, plan, self.outcome, &session.opened.sources, run);
        // Without a publication the files in place are those of an earlier revision. The report
        // must not claim them.
        if published.is_none() {
            facts.deliverables.clear();
            facts.passes = None;
        }
        let published_dir =
            published.and_then(|published| report_dir(checked, &published.deliverables));
        let run_dir = session.layout.run_folder(revision);
        let pictures = collect_pictures(plan, self.outcome, &session.blobs);
        let data = to_pretty_json(&facts).into_bytes();
        for folder in published_dir.iter().chain([&run_dir]) {
            // The page is built for each folder, because its links to deliverables are relative: a
            // copied production keeps a working report.
            let page = html::report_page(&facts, &pictures, &path_to_root(&checked.root, folder));
            session
                .layout
                .replace_file(&folder.join("report.html"), page.as_bytes())?;
            session
                .layout
                .replace_file(&folder.join("report.json"), &data)?;
        }
        Ok(RunSummary::new(
            facts,
            published_dir.unwrap_or(run_dir),
            session,
            false,
        ))
    }
}

/// Returns the estimate beside the real duration. `None` if the run was stopped or failed, since
/// its duration then says nothing about the estimate.
fn expected_facts(
    estimate: &RunEstimate,
    plan: &Plan,
    outcome: &RunOutcome,
) -> Option<ExpectedFacts> {
    let complete = outcome.is_complete(plan) && !outcome.cancelled;
    let samples = estimate.phases.iter().map(|phase| phase.samples).sum();
    complete
        .then(|| ExpectedFacts::from_estimate(estimate.makespan.into(), samples, outcome.seconds))
        .flatten()
}

/// Returns the relative path from a folder to the production's folder, such as `../`. Empty if the
/// folder is not below it.
fn path_to_root(root: &Path, folder: &Path) -> String {
    let steps = folder
        .strip_prefix(root)
        .map_or(0, |inner| inner.components().count());
    "../".repeat(steps)
}
