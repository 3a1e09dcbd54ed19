//! The end of a run: deliverables put in place, manifest and pointer written, report left beside them.

use super::pictures::pictures;
use super::standing;
use super::workplace::Workplace;
use crate::base::{Clock, Digest};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
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
pub(super) struct Published {
    /// Digest of the manifest.
    pub(super) manifest: Digest,
    /// What was delivered.
    pub(super) deliverables: Vec<DeliveredOutput>,
    /// What a later run must come to for this to stand.
    whole: Option<Digest>,
}

/// What is told at the end.
pub(super) struct Told {
    pub(super) json: serde_json::Value,
    facts: ReportFacts,
    report: PathBuf,
    store: PathBuf,
    /// Whether nothing was done, as what was published stands.
    stands: bool,
}

impl Told {
    /// Returns what is told with a report in this folder, after a run or when what was published stands.
    pub(super) fn new(
        facts: ReportFacts,
        folder: PathBuf,
        workplace: &Workplace,
        stands: bool,
    ) -> Self {
        let report = folder.join("report.html");
        let json = result_json::result_json(&facts, Some(&report));
        Self {
            json,
            facts,
            report,
            store: workplace.layout.root().to_owned(),
            stands,
        }
    }

    /// Returns the closing words.
    pub(super) fn text(&self, document: &Path, settings: &Settings) -> String {
        summary::run_summary_text(
            &self.facts,
            &RunSummaryOptions {
                document,
                report: Some(&self.report),
                store: &self.store,
                up_to_date: self.stands,
                colour: settings.out_colour,
            },
        )
    }
}

impl Published {
    /// Returns the record of it in the journal of `revision`.
    pub(super) fn event(&self, revision: &str) -> Event {
        let Self {
            manifest,
            deliverables,
            whole,
        } = self;
        let (revision, deliverables) = (revision.to_owned(), deliverables.clone());
        Event::Published {
            revision,
            manifest: *manifest,
            deliverables,
            run_digest: *whole,
        }
    }
}

/// Puts every deliverable in place and moves the pointer. The journal must then end with what was published and `ended`.
pub(super) fn publish<'a>(
    checked: &CheckedProduction,
    plan: &Plan,
    outcome: &RunOutcome,
    workplace: &'a Workplace,
    journal: &mut Journal,
    ended: &Event,
) -> Result<(Published, PlacedRevision<'a>), CliError> {
    let deliverables: Vec<DeliveredOutput> = delivered(checked, plan)
        .into_iter()
        .map(|(_, one)| one)
        .collect();
    let revision = journal.revision();
    let manifest = outcome.build_manifest(
        plan,
        revision,
        checked.meta.display_title(),
        deliverables.clone(),
    );
    let whole = plan.run_digest(|id| outcome.success_facts(id).map(|(digest, ..)| digest));
    let whole = whole.map(|jobs| standing::whole(checked, jobs, &deliverables));
    let published = Published {
        manifest: manifest.digest(),
        deliverables,
        whole,
    };
    let closing = vec![published.event(revision), ended.clone()];
    let named = (&manifest, published.manifest);
    let placed =
        publish::publish_revision(&workplace.layout, &checked.root, named, journal, closing)?;
    Ok((published, placed))
}

/// Returns what a whole run of this plan delivers, in document order, each with the jobs that make it.
pub(super) fn delivered(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Vec<(Vec<JobId>, DeliveredOutput)> {
    let one = |output: &Output| {
        let id = stitch_of(plan, output)?;
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
        .filter_map(one)
        .chain(passes(checked, plan))
        .collect()
}

/// Returns the deliverable of all shots with passes: their frames as they were drawn, and the passes beside.
fn passes(checked: &CheckedProduction, plan: &Plan) -> Option<(Vec<JobId>, DeliveredOutput)> {
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
fn stitch_of(plan: &Plan, output: &Output) -> Option<JobId> {
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
pub(super) fn report(
    opened: &OpenedProduction,
    checked: &CheckedProduction,
    plan: &Plan,
    outcome: &RunOutcome,
    workplace: &Workplace,
    revision: &str,
    started: jiff::Timestamp,
    published: Option<&Published>,
    estimate: &RunEstimate,
) -> Result<Told, CliError> {
    let expected = expected(estimate, plan, outcome);
    let run = run_facts(workplace, revision, started, expected);
    let mut facts = ReportFacts::from_run(checked, plan, outcome, &opened.sources, run);
    if published.is_none() {
        facts.deliverables.clear();
        facts.passes = None;
    }
    let beside = published.and_then(|published| beside(checked, &published.deliverables));
    let kept = workplace.layout.run_folder(revision);
    let pictures = pictures(plan, outcome, workplace);
    let data = serde_json::to_vec_pretty(&facts).unwrap_or_default();
    for place in beside.iter().chain([&kept]) {
        let page = html::report_page(&facts, &pictures, &relative(&checked.root, place));
        workplace
            .layout
            .replace_file(&place.join("report.html"), page.as_bytes())?;
        workplace
            .layout
            .replace_file(&place.join("report.json"), &data)?;
    }
    Ok(Told::new(facts, beside.unwrap_or(kept), workplace, false))
}

/// Returns the folder in which the report lies beside what was delivered.
pub(super) fn beside(
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
    workplace: &Workplace,
    revision: &str,
    started: jiff::Timestamp,
    expected: Option<ExpectedFacts>,
) -> RunFacts {
    let (ended, machine) = (workplace.clock.now(), machine(workplace));
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
fn expected(estimate: &RunEstimate, plan: &Plan, outcome: &RunOutcome) -> Option<ExpectedFacts> {
    let whole = outcome.is_complete(plan) && !outcome.cancelled;
    let samples = estimate.phases.iter().map(|phase| phase.samples).sum();
    whole
        .then(|| ExpectedFacts::from_estimate(estimate.makespan, samples, outcome.seconds))
        .flatten()
}

fn machine(workplace: &Workplace) -> MachineFacts {
    let gpu = workplace
        .crew
        .open_gpu()
        .ok()
        .map(crate::gpu::GpuDevice::adapter_facts);
    let version = workplace
        .tools
        .as_ref()
        .and_then(|tools| tools.version(CallOptions::new(&workplace.cancel)).ok());
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
fn relative(root: &Path, folder: &Path) -> String {
    let steps = folder
        .strip_prefix(root)
        .map_or(0, |inner| inner.components().count());
    "../".repeat(steps)
}
