//! The end of a run: deliverables put in place, manifest and pointer written, report left beside them.

use super::pictures::pictures;
use super::workplace::Workplace;
use crate::base::Clock;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::execute::Outcome;
use crate::model::production::Output;
use crate::model::{Artefact, JobId, Work};
use crate::plan::{Plan, Planned};
use crate::project::Opened;
use crate::report::summary::Closing;
use crate::report::{MachineFacts, ReportFacts, RunFacts, html, json, summary};
use crate::store::publish::{Deliverable, point, put};
use crate::store::replace_file;
use crate::validate::Checked;
use std::path::{Path, PathBuf};

/// What was put in place.
pub(super) struct Published {
    /// Paths relative to the production's folder.
    pub(super) deliverables: Vec<PathBuf>,
}

/// What is told at the end.
pub(super) struct Told {
    pub(super) json: serde_json::Value,
    facts: ReportFacts,
    report: PathBuf,
}

impl Told {
    /// Returns the closing words.
    pub(super) fn text(&self, document: &Path, settings: &Settings) -> String {
        summary::run(
            &self.facts,
            &Closing { document, report: Some(&self.report), colour: settings.out_colour },
        )
    }
}

/// Puts every deliverable in place, then writes the manifest and moves the pointer.
pub(super) fn publish(
    checked: &Checked,
    plan: &Plan,
    outcome: &Outcome,
    workplace: &Workplace,
    revision: &str,
) -> Result<Published, CliError> {
    let outputs = checked.outputs.iter();
    let deliverables: Vec<Deliverable> =
        outputs.filter_map(|output| deliverable(checked, plan, outcome, output)).collect();
    put(&workplace.blobs, &deliverables)?;
    point(&workplace.layout, revision, &manifest(checked, plan, outcome, revision))?;
    Ok(Published { deliverables: checked.outputs.iter().map(|output| output.path.value.clone()).collect() })
}

fn deliverable(checked: &Checked, plan: &Plan, outcome: &Outcome, output: &Output) -> Option<Deliverable> {
    let files = outcome.outputs(stitch_of(plan, output)?)?.to_vec();
    let folder = output.format.codec.is_sequence();
    Some(Deliverable { path: checked.root.join(&output.path.value), files, folder })
}

fn stitch_of(plan: &Plan, output: &Output) -> Option<JobId> {
    let is_it = |(_, planned): &(JobId, &Planned)| {
        matches!(planned.job.work, Work::Stitch { .. })
            && planned.job.output.as_ref() == Some(&output.name.value)
    };
    plan.jobs().find(is_it).map(|(id, _)| id)
}

/// The manifest: every job's identity and artefacts, and what was delivered. Derived from the journal alone.
fn manifest(checked: &Checked, plan: &Plan, outcome: &Outcome, revision: &str) -> serde_json::Value {
    let file = |artefact: &Artefact| serde_json::json!({ "name": artefact.name, "digest": artefact.digest, "size": artefact.stamp.size });
    let job = |(id, planned): (JobId, &Planned)| {
        let (digest, provider, mode, ..) = outcome.facts(id)?;
        let outputs: Vec<_> = outcome.outputs(id)?.iter().map(file).collect();
        Some(
            serde_json::json!({ "job": planned.job.name, "phase": planned.job.phase, "digest": digest, "provider": provider, "mode": mode, "outputs": outputs }),
        )
    };
    let jobs: Vec<_> = plan.jobs().filter_map(job).collect();
    let delivered =
        |output: &Output| serde_json::json!({ "output": output.name.value, "path": output.path.value });
    let deliverables: Vec<_> = checked.outputs.iter().map(delivered).collect();
    serde_json::json!({ "revision": revision, "production": checked.meta.shown_title(), "deliverables": deliverables, "jobs": jobs })
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
) -> Result<Told, CliError> {
    let run = RunFacts {
        revision: revision.to_owned(),
        document: None,
        started,
        ended: workplace.clock.now(),
        machine: machine(workplace),
    };
    let mut facts = ReportFacts::gather(checked, plan, outcome, &opened.sources, run);
    if published.is_none() {
        facts.deliverables.clear();
    }
    let folder =
        published.and_then(|published| published.deliverables.first()).and_then(|path| path.parent());
    let beside = folder.map(|folder| checked.root.join(folder));
    let kept = workplace.layout.run(revision);
    let pictures = pictures(plan, outcome, workplace);
    let data = serde_json::to_vec_pretty(&facts).unwrap_or_default();
    for place in beside.iter().chain([&kept]) {
        let page = html::page(&facts, &pictures, &relative(&checked.root, place));
        replace_file(&place.join("report.html"), page.as_bytes())?;
        replace_file(&place.join("report.json"), &data)?;
    }
    let report = beside.unwrap_or(kept).join("report.html");
    Ok(Told { json: json::result(&facts, Some(&report)), facts, report })
}

fn machine(workplace: &Workplace) -> MachineFacts {
    let gpu = workplace.crew.gpu().ok().map(crate::gpu::Gpu::facts);
    let version = workplace.tools.as_ref().and_then(|tools| tools.version(&workplace.cancel).ok());
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
