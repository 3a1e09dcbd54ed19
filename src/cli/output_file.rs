//! Files that an option names for a result: `--events`, `--trace`, `--html`, `--out`, `--output`.
//! None of them may replace a file that is something else: a typing mistake, or a script that
//! swapped two options, would otherwise cost the document.

use super::exit_codes::CliError;
use crate::store::report_names::is_written_page;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are read of an existing file to recognise it.
const HEAD_BYTES: u64 = 4096;

/// What is written to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputFileKind {
    /// Events as JSON lines.
    Events,
    /// A trace for Perfetto.
    Trace,
    /// A page of ours.
    HtmlPage,
    /// The JSON Schema of the document.
    Schema,
    /// A plan.
    Plan,
    /// A template or the parameters of Open Job Description.
    JobBundle,
    /// What a job made.
    JobFile,
    /// A script in Fountain.
    Script,
    /// A table of a script's breakdown.
    Breakdown,
}

impl OutputFileKind {
    /// Returns the noun for messages.
    const fn noun(self) -> &'static str {
        match self {
            Self::Events => "events of a run",
            Self::Trace => "a trace",
            Self::HtmlPage => "a page written by `production`",
            Self::Schema => "a JSON Schema",
            Self::Plan => "a plan",
            Self::JobBundle => "a part of a job bundle",
            Self::JobFile => "this file of the job",
            Self::Script => "this script",
            Self::Breakdown => "a breakdown of a script",
        }
    }

    /// Returns whether a file that begins so was written by this option before.
    // By content and not by a list of what the document reads: `--trace` opens its file before any
    // document is read, and a file of another project is as dear.
    fn recognises(self, head: &str) -> bool {
        match self {
            Self::Events => head.starts_with("{\"v\":"),
            Self::Trace => head.starts_with("[\n{\"") || head.starts_with("[{\""),
            Self::HtmlPage => is_written_page(head),
            Self::Schema => head.starts_with('{') && head.contains("\"$schema\""),
            Self::Plan => head.starts_with("{\"version\":") && head.contains("\"revision\":"),
            Self::JobBundle => ["specificationVersion", "parameterValues", "assetReferences"]
                .iter()
                .any(|key| head.starts_with(key)),
            Self::Breakdown => {
                let head = head.trim_start_matches('\u{feff}');
                head.starts_with("scene,setting,") || head.starts_with("name,speeches,")
            }
            // Of any content, and the same one was looked for already.
            Self::JobFile | Self::Script => false,
        }
    }
}

/// Checks that the file may be written: there is nothing at its path, or what an earlier run of
/// this option wrote. Pipes and devices may be written, too.
///
/// # Errors
/// Fails for a file with other content and for any file in a store.
pub(super) fn check_output_file(path: &Path, kind: OutputFileKind) -> Result<(), CliError> {
    let shown = path.display();
    if is_in_store(path) {
        return Err(CliError::Usage(format!(
            "write {shown}: it is in a store, which keeps only what `production` puts there; choose another path"
        )));
    }
    let Ok(found) = path.metadata() else {
        return Ok(());
    };
    if found.is_dir() {
        return Err(CliError::Usage(format!(
            "write {shown}: it is a folder; add a file name"
        )));
    }
    // Pipes and devices, and a file in which nothing could be lost.
    if !found.is_file() || found.len() == 0 {
        return Ok(());
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    if read.is_ok() && kind.recognises(&String::from_utf8_lossy(&head)) {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "write {shown}: the file exists and is not {}; choose another path, or move it away",
        kind.noun()
    )))
}

/// Returns whether the path leads into a store, links followed.
fn is_in_store(path: &Path) -> bool {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // The file need not exist yet, so its nearest existing folder decides.
    let real = absolute
        .ancestors()
        .find_map(|folder| folder.canonicalize().ok());
    let mut folders = real.iter().flat_map(|real| real.ancestors());
    folders.any(|folder| folder.join("blobs").is_dir() && folder.join("events").is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_option_wrote_before_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let document = place("production.yaml", "production: {}\n");
        let events = place("run.jsonl", "{\"v\":1,\"time\":\"x\"}\n");
        let empty = place("empty", "");
        for kind in [
            OutputFileKind::Events,
            OutputFileKind::Trace,
            OutputFileKind::HtmlPage,
            OutputFileKind::Schema,
            OutputFileKind::Plan,
            OutputFileKind::JobBundle,
            OutputFileKind::JobFile,
        ] {
            let error = check_output_file(&document, kind).unwrap_err().to_string();
            assert!(error.contains("production.yaml"), "{error}");
            assert!(check_output_file(&empty, kind).is_ok());
            assert!(check_output_file(&folder.path().join("new"), kind).is_ok());
            assert!(check_output_file(folder.path(), kind).is_err());
        }
        assert!(check_output_file(&events, OutputFileKind::Events).is_ok());
        assert!(check_output_file(&events, OutputFileKind::Trace).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_into_a_store_even_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        std::fs::create_dir_all(store.join("blobs")).unwrap();
        std::fs::create_dir_all(store.join("events")).unwrap();
        let journal = store.join("events/rev-0001.jsonl");
        std::fs::write(&journal, "{\"v\":1}\n").unwrap();
        let link = folder.path().join("link.jsonl");
        std::os::unix::fs::symlink(&journal, &link).unwrap();
        for path in [journal, link, store.join("events/new.jsonl")] {
            assert!(check_output_file(&path, OutputFileKind::Events).is_err());
        }
    }
}
