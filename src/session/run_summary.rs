//! What a run came to, for whoever started it: the facts of its report, and where that is.

use super::production_session::ProductionSession;
use crate::base::Clock;
use crate::process::CallOptions;
use crate::report::{ExpectedFacts, MachineFacts, ReportFacts, RunFacts, result_json};
use std::path::PathBuf;

/// What a run came to.
#[derive(Debug)]
pub struct RunSummary {
    /// Everything that the report says.
    pub facts: ReportFacts,
    /// The report's page.
    pub report: PathBuf,
    /// The store's folder, where logs are.
    pub store: PathBuf,
    /// Whether nothing was done, because what was published is up to date.
    pub up_to_date: bool,
}

impl RunSummary {
    /// Returns the summary of a run whose report is in `folder`.
    pub(super) fn new(
        facts: ReportFacts,
        folder: PathBuf,
        session: &ProductionSession<'_>,
        up_to_date: bool,
    ) -> Self {
        Self {
            facts,
            report: folder.join("report.html"),
            store: session.layout.root().to_owned(),
            up_to_date,
        }
    }

    /// Returns the result object of `production run --format json`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        result_json::result_json(&self.facts, Some(&self.report))
    }
}

/// Returns what there is to say of a run as such.
pub(super) fn run_facts(
    session: &ProductionSession<'_>,
    revision: &str,
    started: jiff::Timestamp,
    expected: Option<ExpectedFacts>,
) -> RunFacts {
    RunFacts {
        revision: revision.to_owned(),
        document: None,
        started,
        ended: session.clock.now(),
        machine: machine_facts(session),
        expected,
    }
}

fn machine_facts(session: &ProductionSession<'_>) -> MachineFacts {
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
