//! The summary of a run: the facts of its report, and the place of the report.

use super::production_session::ProductionSession;
use crate::base::{Clock, Digest, Fingerprint, SourceMap};
use crate::process::CallOptions;
use crate::report::{ExpectedFacts, MachineFacts, ReportFacts, RunFacts, result_json};
use std::path::PathBuf;

/// The summary of a run.
#[derive(Debug)]
pub struct RunSummary {
    /// All facts of the report.
    pub facts: ReportFacts,
    /// Path of the HTML page of the report. `None`: it is not there.
    pub report: Option<PathBuf>,
    /// Folder with the pictures of a run that published nothing. `None`: it made none, or they are
    /// in place.
    pub stills: Option<PathBuf>,
    /// Folder of the store, which contains the logs.
    pub store: PathBuf,
    /// Whether nothing ran because the published revision is up to date.
    pub up_to_date: bool,
}

impl RunSummary {
    /// Returns the summary of a run whose report has this page.
    pub(super) fn new(
        facts: ReportFacts,
        page: Option<PathBuf>,
        session: &ProductionSession<'_>,
        up_to_date: bool,
    ) -> Self {
        Self {
            facts,
            report: page,
            stills: None,
            store: session.layout.root().to_owned(),
            up_to_date,
        }
    }

    /// Returns the result object of `production run --format json`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        result_json::result_json(&self.facts, self.report.as_deref())
    }
}

/// Returns the facts about the run itself.
pub(super) fn run_facts(
    session: &ProductionSession<'_>,
    revision: &str,
    started: jiff::Timestamp,
    expected: Option<ExpectedFacts>,
) -> RunFacts {
    RunFacts {
        revision: revision.to_owned(),
        document: Some(document_digest(&session.opened.sources)),
        started,
        ended: session.clock.now(),
        machine: machine_facts(session),
        expected,
    }
}

/// Returns the digest of every file that the production was read from, presets included.
fn document_digest(sources: &SourceMap) -> String {
    // Names without folders: the same production elsewhere is the same document.
    let files = sources.iter().fold(Fingerprint::new(), |files, (_, file)| {
        let name = file.path.file_name().unwrap_or_default();
        // Its digest and not its text: the fields are in memory until the end.
        let text = Digest::hash_bytes(file.text.as_bytes());
        files.with_field(&name.to_string_lossy(), text.as_bytes())
    });
    files.digest().hex_string()
}

fn machine_facts(session: &ProductionSession<'_>) -> MachineFacts {
    // No adapter or no ffmpeg is no error here: the run may not have needed them, and a report
    // never fails a run.
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
        // The cores that the system gives this process, and not the claim limit of a profile: the
        // report describes the machine.
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        adapter: gpu.map(|facts| facts.name.clone()),
        software: gpu.is_some_and(|facts| facts.software),
        tools: version
            .map(|version| ("ffmpeg".to_owned(), version))
            .into_iter()
            .collect(),
    }
}
