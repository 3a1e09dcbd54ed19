//! The end of a run: deliverables put in place, manifest and pointer written, report left beside them.

use super::report_pictures::collect_pictures;
use super::session::ProductionSession;
use super::up_to_date;
use crate::base::json::to_pretty_json;
use crate::base::{Clock, Digest};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::event::{DeliverablePart, DeliveredOutput, Event};
use crate::execute::{RunEstimate, RunOutcome};
use crate::model::production::Output;
use crate::model::{JobAction, JobId};
use crate::plan::{Plan, PlannedJob};
use crate::process::CallOptions;
use crate::project::OpenedProduction;
use crate::report::summary::RunSummaryOptions;
use crate::report::{
    ExpectedFacts, MachineFacts, ReportFacts, RunFacts, html, result_json, summary,
};
use crate::store::Journal;
use crate::store::publish::{self, PlacedRevision};
use crate::store::store_layout::safe_file_name;
use crate::validate::CheckedProduction;
use std::path::{Path, PathBuf};

/// What was put in place.
pub(super) struct PublishedRun {
    /// Digest of the manifest.
    pub(super) manifest: Digest,
    /// What was delivered.
    pub(super) deliverables: Vec<DeliveredOutput>,
    /// What a later run must come to for this to stand.
    run_digest: Option<Digest>,
}

/// What is told at the end.
pub(super) struct RunSummary {
    pub(super) json: serde_json::Value,
    facts: ReportFacts,
    report: PathBuf,
    store: PathBuf,
    /// Whether nothing was done, as what was published stands.
    up_to_date: bool,
}

impl RunSummary {
    /// Returns what is told with a report in this folder, after a run or when what was published stands.
    pub(super) fn new(
        facts: ReportFacts,
        folder: PathBuf,
        session: &ProductionSession,
        up_to_date: bool,
    ) -> Self {
        let report = folder.join("report.html");
        let json = result_json::result_json(&facts, Some(&report));
        Self {
            json,
            facts,
            report,
            store: session.layout.root().to_owned(),
            up_to_date,
        }
    }

    /// Returns the closing words.
    pub(super) fn closing_text(&self, document: &Path, settings: &CliSettings) -> String {
        summary::run_summary_text(
            &self.facts,
            &RunSummaryOptions {
                document,
                report: Some(&self.report),
                store: &self.store,
                up_to_date: self.up_to_date,
                colour: settings.out_colour,
            },
        )
    }
}

impl PublishedRun {
    /// Returns the record of it in the journal of `revision`.
    pub(super) fn published_event(&self, revision: &str) -> Event {
        let Self {
            manifest,
            deliverables,
            run_digest,
        } = self;
        let (revision, deliverables) = (revision.to_owned(), deliverables.clone());
        Event::Published {
            revision,
            manifest: *manifest,
            deliverables,
            run_digest: *run_digest,
        }
    }
}

/// Puts every deliverable in place and moves the pointer. The journal must then end with what was published and `ended`.
pub(super) fn publish_outcome<'a>(
    checked: &CheckedProduction,
    plan: &Plan,
    outcome: &RunOutcome,
    session: &'a ProductionSession,
    journal: &mut Journal,
    ended: &Event,
) -> Result<(PublishedRun, PlacedRevision<'a>), CliError> {
    let deliverables: Vec<DeliveredOutput> = planned_deliverables(checked, plan)
        .into_iter()
        .map(|(_, delivered_output)| delivered_output)
        .collect();
    let revision = journal.revision();
    let manifest = outcome.build_manifest(
        plan,
        revision,
        checked.meta.display_title(),
        deliverables.clone(),
    );
    let run_digest = plan.run_digest(|id| outcome.success_facts(id).map(|(digest, ..)| digest));
    let run_digest = run_digest.map(|jobs| up_to_date::run_digest(checked, jobs, &deliverables));
    let published = PublishedRun {
        manifest: manifest.digest(),
        deliverables,
        run_digest,
    };
    let closing = vec![published.published_event(revision), ended.clone()];
    let named = (&manifest, published.manifest);
    let placed =
        publish::publish_revision(&session.layout, &checked.root, named, journal, closing)?;
    Ok((published, placed))
}

/// Returns what a whole run of this plan delivers, in document order, each with the jobs that make it.
pub(super) fn planned_deliverables(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Vec<(Vec<JobId>, DeliveredOutput)> {
    let deliverable = |output: &Output| {
        let id = stitch_job(plan, output)?;
        let delivered = DeliveredOutput {
            output: output.name.value.clone(),
            path: output.path.value.clone(),
            job: plan.job(id).job.name.clone(),
            folder: output.format.codec.is_sequence(),
            parts: Vec::new(),
        };
        Some((vec![id], delivered))
    };
    checked
        .outputs
        .iter()
        .filter_map(deliverable)
        .chain(passes_deliverable(checked, plan))
        .collect()
}

/// Returns the deliverable of all shots with passes: their frames as they were drawn, and the passes beside.
fn passes_deliverable(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Option<(Vec<JobId>, DeliveredOutput)> {
    let (jobs, parts): (Vec<JobId>, Vec<DeliverablePart>) = plan
        .jobs()
        .filter(|(_, planned)| !planned.job.work.passes().is_empty())
        .map(|(id, PlannedJob { job, .. })| {
            let folder = safe_file_name(job.shot.as_deref().unwrap_or_default());
            (
                id,
                DeliverablePart {
                    job: job.name.clone(),
                    folder,
                },
            )
        })
        .unzip();
    let path = checked.render.passes_path.value.clone();
    let delivered = DeliveredOutput {
        output: "passes".to_owned(),
        path,
        job: String::new(),
        folder: true,
        parts,
    };
    (!jobs.is_empty()).then_some((jobs, delivered))
}

/// Returns the job that makes the file or the folder of an output.
fn stitch_job(plan: &Plan, output: &Output) -> Option<JobId> {
    let is_it = |(_, planned): &(JobId, &PlannedJob)| {
        matches!(planned.job.work, JobAction::Stitch { .. })
            && planned.job.output.as_ref() == Some(&output.name.value)
    };
    plan.jobs().find(is_it).map(|(id, _)| id)
}

/// Writes the report: always in the store, and beside the deliverables when they were published.
#[expect(
    clippy::too_many_arguments,
    reason = "the end of a run brings everything together once"
)]
pub(super) fn write_report(
    opened: &OpenedProduction,
    checked: &CheckedProduction,
    plan: &Plan,
    outcome: &RunOutcome,
    session: &ProductionSession,
    revision: &str,
    started: jiff::Timestamp,
    published: Option<&PublishedRun>,
    estimate: &RunEstimate,
) -> Result<RunSummary, CliError> {
    let expected = expected_facts(estimate, plan, outcome);
    let run = run_facts(session, revision, started, expected);
    let mut facts = ReportFacts::from_run(checked, plan, outcome, &opened.sources, run);
    if published.is_none() {
        facts.deliverables.clear();
        facts.passes = None;
    }
    let published_dir =
        published.and_then(|published| report_dir(checked, &published.deliverables));
    let run_dir = session.layout.run_folder(revision);
    let pictures = collect_pictures(plan, outcome, session);
    let data = to_pretty_json(&facts).into_bytes();
    for place in published_dir.iter().chain([&run_dir]) {
        let page = html::report_page(&facts, &pictures, &path_to_root(&checked.root, place));
        session
            .layout
            .replace_file(&place.join("report.html"), page.as_bytes())?;
        session
            .layout
            .replace_file(&place.join("report.json"), &data)?;
    }
    Ok(RunSummary::new(
        facts,
        published_dir.unwrap_or(run_dir),
        session,
        false,
    ))
}

/// Returns the folder in which the report lies beside what was delivered.
pub(super) fn report_dir(
    checked: &CheckedProduction,
    delivered: &[DeliveredOutput],
) -> Option<PathBuf> {
    delivered
        .first()
        .and_then(|made| made.path.parent())
        .map(|folder| checked.root.join(folder))
}

/// Returns what there is to say of a run as such.
pub(super) fn run_facts(
    session: &ProductionSession,
    revision: &str,
    started: jiff::Timestamp,
    expected: Option<ExpectedFacts>,
) -> RunFacts {
    let (ended, machine) = (session.clock.now(), machine_facts(session));
    RunFacts {
        revision: revision.to_owned(),
        document: None,
        started,
        ended,
        machine,
        expected,
    }
}

/// Returns the estimate beside what it took; a run that was stopped or failed says nothing about it.
fn expected_facts(
    estimate: &RunEstimate,
    plan: &Plan,
    outcome: &RunOutcome,
) -> Option<ExpectedFacts> {
    let complete = outcome.is_complete(plan) && !outcome.cancelled;
    let samples = estimate.phases.iter().map(|phase| phase.samples).sum();
    complete
        .then(|| ExpectedFacts::from_estimate(estimate.makespan, samples, outcome.seconds))
        .flatten()
}

fn machine_facts(session: &ProductionSession) -> MachineFacts {
    let gpu = session
        .registry
        .open_gpu()
        .ok()
        .map(crate::gpu::GpuDevice::adapter_facts);
    let version = session
        .tools
        .as_ref()
        .and_then(|tools| tools.version(CallOptions::new(&session.cancel)).ok());
    MachineFacts {
        program: format!("production {}", env!("CARGO_PKG_VERSION")),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        adapter: gpu.map(|facts| facts.name.clone()),
        software: gpu.is_some_and(|facts| facts.software),
        tools: version
            .map(|version| ("ffmpeg".to_owned(), version))
            .into_iter()
            .collect(),
    }
}

/// Returns the way from the page's folder to the production's, such as `../`.
fn path_to_root(root: &Path, folder: &Path) -> String {
    let steps = folder
        .strip_prefix(root)
        .map_or(0, |inner| inner.components().count());
    "../".repeat(steps)
}
