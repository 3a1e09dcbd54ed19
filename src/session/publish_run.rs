//! Ends a run: puts deliverables in place, writes the manifest and the pointer, and writes the
//! report.

use super::place_check::{DeliveryPermit, ReplaceAllowance, named_report_paths, report_folder};
use super::planned_deliverables::planned_deliverables;
use super::planned_run::{PlannedRun, ScheduledRun};
use super::report_pictures::collect_pictures;
use super::report_sounds::add_sound_facts;
use super::run_digest::run_digest;
use super::run_facts::{RunSummary, run_facts};
use super::run_stills::write_stills;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use super::store_access::main_document_name;
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::base::paths::normalized_path;
use crate::event::{DeliveredOutput, DeliveredReport, Event};
use crate::execute::{RunEstimate, RunOutcome};
use crate::model::Artefact;
use crate::plan::Plan;
use crate::report::html::ReportImages;
use crate::report::{ExpectedFacts, ReportFacts, html};
use crate::store::delivery_seal::seal_report;
use crate::store::manifest::ManifestReport;
use crate::store::place_survey::ReplacePermit;
use crate::store::publish::{self, PlacedRevision};
use crate::store::{Journal, Manifest, StoreError, StoreLayout};
use crate::validate::CheckedProduction;
use std::path::{Path, PathBuf};

/// What was published.
pub(super) struct PublishedRun {
    /// Digest of the manifest.
    pub(super) manifest: Digest,
    /// What was delivered.
    pub(super) deliverables: Vec<DeliveredOutput>,
    /// Digest that a later run must have to be up to date. `None` if a job has no result.
    run_digest: Option<Digest>,
    /// The report beside the deliverables.
    report: DeliveredReport,
    /// What was replaced although it was not ours, because the user allowed it.
    replaced: Vec<PathBuf>,
    /// Why files of the report are not beside the deliverables.
    pub(super) unplaced_report: Vec<StoreError>,
}

/// A run whose jobs have ended.
pub(super) struct FinishedRun<'r> {
    pub(super) run: &'r ScheduledRun<'r>,
    pub(super) outcome: &'r RunOutcome,
}

/// What the report of a run says and shows.
pub(super) struct RunReport {
    facts: ReportFacts,
    pictures: ReportImages,
}

impl RunReport {
    /// Returns the page and the data of a report in `folder`.
    fn files_below(&self, root: &Path, folder: &Path) -> [Vec<u8>; 2] {
        // The page is built for each folder, because its links to deliverables are relative: a
        // copied production keeps a working report.
        let page = html::report_page(&self.facts, &self.pictures, &path_to_root(root, folder));
        [page.into_bytes(), to_pretty_json(&self.facts).into_bytes()]
    }
}

impl PublishedRun {
    /// Returns the page beside the deliverables, if it is there.
    fn report_page(&self, layout: &StoreLayout, root: &Path) -> Option<PathBuf> {
        let is_page = |file: &&Artefact| file.name.ends_with(".html");
        let page = self.report.files.iter().find(is_page)?;
        let path = root.join(&self.report.folder).join(&page.name);
        // Something else may be there, and is the reason why the page is not.
        let is_there = layout
            .disk()
            .has_content(&path, page.stamp.size, &page.digest);
        is_there.then_some(path)
    }

    /// Returns its journal record in `revision`.
    pub(super) fn published_event(&self, revision: &str) -> Event {
        Event::Published {
            revision: revision.to_owned(),
            manifest: self.manifest,
            deliverables: self.deliverables.clone(),
            run_digest: self.run_digest,
            report: self.report.clone(),
            replaced: self.replaced.clone(),
        }
    }
}

impl<'r> FinishedRun<'r> {
    /// Puts every deliverable in place, the report beside them, and moves the pointer. The journal
    /// must then end with what was published and `ended`.
    pub(super) fn publish(
        &self,
        report: &RunReport,
        journal: &mut Journal,
        ended: &Event,
    ) -> Result<(PublishedRun, PlacedRevision<'r>), SessionError> {
        let PlannedRun { session, plan, .. } = &self.run.planned;
        let checked = session.checked;
        let layout = &session.layout;
        // The same list as in `up_to_date_summary`. If the two differed, no run would ever be up to
        // date.
        let planned: Vec<DeliveredOutput> = planned_deliverables(checked, plan)
            .into_iter()
            .map(|(_, delivered_output)| delivered_output)
            .collect();
        let deliverables = self.run.path_values().fill_deliverables(&planned);
        let revision = journal.revision();
        let mut manifest = self.delivery_manifest(revision, &deliverables);
        // Nor is a film lost for its report.
        let stored = self.store_report(report, &mut manifest);
        let (report, mut unplaced_report) = match stored {
            Ok(report) => (report, Vec::new()),
            Err(error) => {
                manifest.report = ManifestReport::default();
                (DeliveredReport::default(), vec![error])
            }
        };
        let permit = self.publish_permit(&deliverables);
        manifest.replaced = publish::replaced_paths(layout, &checked.root, &manifest, &permit)?;
        // The identities that the run had, and not those of the plan: some were unknown when it was
        // planned.
        let jobs_digest =
            plan.run_digest(|id| self.outcome.success_facts(id).map(|(digest, ..)| digest));
        let mut published = PublishedRun {
            manifest: manifest.digest(),
            run_digest: jobs_digest.map(|jobs| run_digest(checked, jobs, &planned)),
            deliverables,
            report,
            replaced: manifest.replaced.clone(),
            unplaced_report: Vec::new(),
        };
        // The closing records go into the note of the publication. If this process is killed
        // halfway, the next command completes the publication and the journal alike.
        let closing = vec![published.published_event(revision), ended.clone()];
        let named = (&manifest, published.manifest);
        let mut placed =
            publish::publish_revision(layout, &checked.root, named, &permit, journal, closing)?;
        unplaced_report.extend(placed.take_unplaced_report());
        published.unplaced_report = unplaced_report;
        Ok((published, placed))
    }

    fn delivery_manifest(&self, revision: &str, deliverables: &[DeliveredOutput]) -> Manifest {
        let PlannedRun { session, plan, .. } = &self.run.planned;
        let checked = session.checked;
        let mut manifest = self.outcome.build_manifest(
            plan,
            revision,
            checked.meta.display_title(),
            deliverables.to_vec(),
        );
        manifest.tier.clone_from(&checked.render.tier);
        manifest.no_sound = checked.silence.is_some();
        manifest
    }

    /// Returns which files the publication may replace.
    // Checked again, although `validate` did before the run: hours may have passed.
    fn publish_permit(&self, deliverables: &[DeliveredOutput]) -> ReplacePermit {
        let PlannedRun {
            session, options, ..
        } = &self.run.planned;
        let checked = session.checked;
        let sources = &session.opened.sources;
        let allowance = ReplaceAllowance::Paths(&options.replace);
        let delivery = DeliveryPermit::new(checked, sources, &session.layout, allowance);
        let mut permit = delivery.permit;
        permit
            .replace
            .extend(replaceable_paths(checked, deliverables));
        permit
    }

    /// Puts the report in the store as it will be beside the deliverables, and adds it to the
    /// manifest.
    // A part of the revision like a film: it is replaced only if it is the program's own, and
    // `revert` puts back the one that belongs to the film.
    fn store_report(
        &self,
        report: &RunReport,
        manifest: &mut Manifest,
    ) -> Result<DeliveredReport, StoreError> {
        let session = &self.run.planned.session;
        let mut stored = DeliveredReport::default();
        let sources = &session.opened.sources;
        let folder = report_folder(&manifest.deliverables);
        let paths = named_report_paths(session.checked, sources, &session.layout, folder)?;
        let Some(folder) = paths.first().and_then(|path| path.parent()) else {
            return Ok(stored);
        };
        folder.clone_into(&mut stored.folder);
        let root = &session.checked.root;
        let scratch = session.layout.scratch_folder();
        let document = main_document_name(sources).unwrap_or_default();
        let document = document.to_string_lossy();
        // The page comes first, so that the data can name it as delivered too.
        let files = report.files_below(root, &root.join(folder));
        for (path, bytes) in paths.iter().zip(files) {
            // Nothing is put where a deliverable is.
            if manifest.deliverables.iter().any(|made| made.path == *path) {
                continue;
            }
            let is_data = path
                .extension()
                .is_some_and(|extension| extension == "json");
            let sealed = match std::str::from_utf8(&bytes) {
                Ok(json) if is_data => seal_report(json, manifest, &document).into_bytes(),
                _ => bytes,
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let staged = scratch.join(&*name);
            session.layout.replace_file(&staged, &sealed)?;
            stored
                .files
                .extend(session.blobs.ingest_files(&[(&*name, &staged)])?);
            manifest.report = ManifestReport::from_delivered(&stored);
        }
        // Emptied like the scratch folders of jobs; a failure leaves an empty folder.
        let _ = session.layout.disk().remove_all(&scratch);
        Ok(stored)
    }

    /// Returns what the report says. It is gathered once, so that the report in the store and the
    /// one beside the deliverables say the same.
    pub(super) fn run_report(&self) -> RunReport {
        let ScheduledRun {
            planned: PlannedRun { session, plan, .. },
            revision,
            started_at,
            expected,
            ..
        } = self.run;
        let expected = expected_facts(expected, plan, self.outcome);
        let run = run_facts(session, revision, *started_at, expected);
        let sources = &session.opened.sources;
        let mut facts = ReportFacts::from_run(session.checked, plan, self.outcome, sources, run);
        let blobs = &session.blobs;
        add_sound_facts(&mut facts, session.checked, plan, self.outcome, blobs);
        self.run.path_values().fill_facts(&mut facts);
        RunReport {
            facts,
            pictures: collect_pictures(plan, self.outcome, &session.blobs),
        }
    }

    /// Writes the report of every run to the store. The one beside the deliverables was published
    /// with them. A report that cannot be written is reported, and the run ends as it would have.
    pub(super) fn write_report(
        &self,
        mut report: RunReport,
        published: Option<PublishedRun>,
    ) -> RunSummary {
        let ScheduledRun {
            planned: PlannedRun { session, .. },
            revision,
            ..
        } = self.run;
        // Without a publication the files in place are those of an earlier revision. The report
        // must not claim them.
        if published.is_none() {
            report.facts.clear_delivered();
        }
        let run_dir = session.layout.run_folder(revision);
        let [page, data] = report.files_below(&session.checked.root, &run_dir);
        let write = |name: &str, bytes: &[u8]| {
            let path = run_dir.join(name);
            session.layout.replace_file(&path, bytes).map(|()| path)
        };
        let in_store = [write("report.html", &page), write("report.json", &data)];
        let mut unwritten = published.as_ref().map_or_else(Vec::new, |published| {
            published.unplaced_report.iter().collect()
        });
        unwritten.extend(in_store.iter().filter_map(|written| written.as_ref().err()));
        let page_beside = published
            .as_ref()
            .and_then(|published| published.report_page(&session.layout, &session.checked.root));
        let page = page_beside.or_else(|| in_store[0].as_ref().ok().cloned());
        for error in unwritten {
            session.context.report(&SessionNotice::ReportNotWritten {
                error,
                elsewhere: page.as_deref(),
            });
        }
        let stills = match published {
            Some(_) => None,
            None => write_stills(self.run, self.outcome),
        };
        RunSummary {
            stills,
            ..RunSummary::new(report.facts, page, session, false)
        }
    }
}

/// Returns the places of outputs that may replace what no run put there.
fn replaceable_paths<'a>(
    checked: &'a CheckedProduction,
    deliverables: &'a [DeliveredOutput],
) -> impl Iterator<Item = PathBuf> + 'a {
    let may_replace = |made: &&DeliveredOutput| {
        let mut outputs = checked.outputs.iter().filter(|output| output.replace);
        let mut exports = checked.exports.iter().filter(|export| export.replace);
        let is_output = outputs.any(|output| {
            let mut beside = output.sound_beside().into_iter();
            output.name.value == made.output || beside.any(|beside| beside.name == made.output)
        });
        let mut games = checked.game_files().filter(|files| files.replace);
        let is_game = games
            .any(|files| files.name.value == made.output || files.beside_name() == made.output);
        is_output || is_game || exports.any(|export| export.name.value == made.output)
    };
    let allowed = deliverables.iter().filter(may_replace);
    allowed.filter_map(|made| normalized_path(&made.path))
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
