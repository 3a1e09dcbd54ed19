//! The end of a run: deliverables put in place, manifest and pointer written, report left beside them.

use super::pictures::pictures;
use super::workplace::Workplace;
use crate::base::{Clock, Digest};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::event::{Delivered, Event};
use crate::execute::{Estimate, Outcome};
use crate::model::production::Output;
use crate::model::{JobId, Work};
use crate::plan::{Plan, Planned};
use crate::process::Watch;
use crate::project::Opened;
use crate::report::summary::Closing;
use crate::report::{ExpectedFacts, MachineFacts, ReportFacts, RunFacts, html, json, summary};
use crate::store::Journal;
use crate::store::publish::{self, Placed};
use crate::validate::Checked;
use std::path::{Path, PathBuf};

/// What was put in place.
pub(super) struct Published {
    /// Digest of the manifest.
    pub(super) manifest: Digest,
    /// What was delivered.
    pub(super) deliverables: Vec<Delivered>,
}

/// What is told at the end.
pub(super) struct Told {
    pub(super) json: serde_json::Value,
    facts: ReportFacts,
    report: PathBuf,
    store: PathBuf,
}

impl Told {
    /// Returns the closing words.
    pub(super) fn text(&self, document: &Path, settings: &Settings) -> String {
        summary::run(
            &self.facts,
            &Closing {
                document,
                report: Some(&self.report),
                store: &self.store,
                colour: settings.out_colour,
            },
        )
    }
}

impl Published {
    /// Returns the record of it in the journal of `revision`.
    pub(super) fn event(&self, revision: &str) -> Event {
        let (revision, manifest, deliverables) =
            (revision.to_owned(), self.manifest, self.deliverables.clone());
        Event::Published { revision, manifest, deliverables }
    }
}

/// Puts every deliverable in place and moves the pointer. The journal must then end with what was published and `ended`.
pub(super) fn publish<'a>(
    checked: &Checked,
    plan: &Plan,
    outcome: &Outcome,
    workplace: &'a Workplace,
    journal: &mut Journal,
    ended: &Event,
) -> Result<(Published, Placed<'a>), CliError> {
    let deliverables: Vec<Delivered> =
        checked.outputs.iter().filter_map(|output| delivered(plan, output)).collect();
    let revision = journal.revision();
    let manifest = outcome.manifest(plan, revision, checked.meta.shown_title(), deliverables.clone());
    let published = Published { manifest: manifest.digest(), deliverables };
    let closing = vec![published.event(revision), ended.clone()];
    let named = (&manifest, published.manifest);
    let placed = publish::publish(&workplace.layout, &checked.root, named, journal, closing)?;
    Ok((published, placed))
}

fn delivered(plan: &Plan, output: &Output) -> Option<Delivered> {
    Some(Delivered {
        output: output.name.value.clone(),
        path: output.path.value.clone(),
        job: plan.job(stitch_of(plan, output)?).job.name.clone(),
        folder: output.format.codec.is_sequence(),
    })
}

fn stitch_of(plan: &Plan, output: &Output) -> Option<JobId> {
    let is_it = |(_, planned): &(JobId, &Planned)| {
        matches!(planned.job.work, Work::Stitch { .. })
            && planned.job.output.as_ref() == Some(&output.name.value)
    };
    plan.jobs().find(is_it).map(|(id, _)| id)
}

/// Writes the report: always in the store, and beside the deliverables when they were published.
#[expect(clippy::too_many_arguments, reason = "the end of a run brings everything together once")]
pub(super) fn report(
    opened: &Opened,
    checked: &Checked,
    plan: &Plan,
    outcome: &Outcome,
    workplace: &Workplace,
    revision: &str,
    started: jiff::Timestamp,
    published: Option<&Published>,
    estimate: &Estimate,
) -> Result<Told, CliError> {
    let run = RunFacts {
        revision: revision.to_owned(),
        document: None,
        started,
        ended: workplace.clock.now(),
        machine: machine(workplace),
        expected: expected(estimate, plan, outcome),
    };
    let mut facts = ReportFacts::gather(checked, plan, outcome, &opened.sources, run);
    if published.is_none() {
        facts.deliverables.clear();
    }
    let folder =
        published.and_then(|published| published.deliverables.first()).and_then(|made| made.path.parent());
    let beside = folder.map(|folder| checked.root.join(folder));
    let kept = workplace.layout.run(revision);
    let pictures = pictures(plan, outcome, workplace);
    let data = serde_json::to_vec_pretty(&facts).unwrap_or_default();
    for place in beside.iter().chain([&kept]) {
        let page = html::page(&facts, &pictures, &relative(&checked.root, place));
        workplace.layout.replace(&place.join("report.html"), page.as_bytes())?;
        workplace.layout.replace(&place.join("report.json"), &data)?;
    }
    let report = beside.unwrap_or(kept).join("report.html");
    Ok(Told {
        json: json::result(&facts, Some(&report)),
        facts,
        report,
        store: workplace.layout.root().to_owned(),
    })
}

/// Returns the estimate beside what it took; a run that was stopped or failed says nothing about it.
fn expected(estimate: &Estimate, plan: &Plan, outcome: &Outcome) -> Option<ExpectedFacts> {
    let whole = outcome.is_complete(plan) && !outcome.cancelled;
    let samples = estimate.phases.iter().map(|phase| phase.samples).sum();
    whole.then(|| ExpectedFacts::of(estimate.makespan, samples, outcome.seconds)).flatten()
}

fn machine(workplace: &Workplace) -> MachineFacts {
    let gpu = workplace.crew.gpu().ok().map(crate::gpu::Gpu::facts);
    let version = workplace.tools.as_ref().and_then(|tools| tools.version(Watch::of(&workplace.cancel)).ok());
    MachineFacts {
        program: format!("production {}", env!("CARGO_PKG_VERSION")),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        adapter: gpu.map(|facts| facts.name.clone()),
        software: gpu.is_some_and(|facts| facts.software),
        tools: version.map(|version| ("ffmpeg".to_owned(), version)).into_iter().collect(),
    }
}

/// Returns the way from the page's folder to the production's, such as `../`.
fn relative(root: &Path, folder: &Path) -> String {
    let steps = folder.strip_prefix(root).map_or(0, |inner| inner.components().count());
    "../".repeat(steps)
}
