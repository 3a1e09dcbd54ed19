//! What a report says of the deliverables beside it, so that they are known to be the program's own
//! when the store is gone.
//!
//! You may delete the store, and the deliverables stay. The report then is the only record of them.
//! It has a digest of each deliverable, and one of itself: a report that was changed by hand is not
//! believed, and not replaced either.

use super::Manifest;
use super::deliverable::DeliverableFiles;
use crate::base::json::{to_json_string, to_pretty_json};
use crate::base::paths::normalized_path;
use crate::base::{Digest, Fingerprint};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What precedes the digest of a report in its text.
const SEAL_FIELD: &str = "\n  \"seal\": \"";

/// One deliverable, as a report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SealedDeliverable {
    /// Its path, relative to the production's folder.
    pub(super) path: PathBuf,
    /// Whether it is a folder.
    pub(super) folder: bool,
    /// The digest of its file, or of all names and files in it.
    pub(super) digest: Digest,
}

/// What is read of a report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct SealedReport {
    /// What was delivered, the page of the report included.
    pub(super) delivered: Vec<SealedDeliverable>,
    /// The file name of the document. `None` in reports of earlier versions.
    delivered_by: Option<String>,
}

impl SealedReport {
    /// Returns whether another document of the folder `root` delivered it.
    // A document that is there no more was renamed, and may be this one.
    pub(super) fn is_of_other_document(&self, root: &Path, document: &str) -> bool {
        self.delivered_by
            .as_deref()
            .is_some_and(|other| other != document && root.join(other).is_file())
    }

    /// Returns whether this document delivered it, by its file name.
    pub(super) fn is_of_document(&self, document: &str) -> bool {
        self.delivered_by.as_deref() == Some(document)
    }

    /// Returns whether it was delivered to this folder, relative to the production's.
    // In a folder that a production shares with one below it, paths start from another folder.
    pub(super) fn is_of_folder(&self, folder: &Path) -> bool {
        self.delivered
            .iter()
            .any(|deliverable| deliverable.path.parent() == Some(folder))
    }
}

/// Returns the JSON of a report with the deliverables of the manifest, which this document
/// delivers, and sealed.
#[must_use]
pub fn seal_report(json: &str, manifest: &Manifest, document: &str) -> String {
    let delivered: Vec<SealedDeliverable> = manifest
        .deliverables_below(Path::new(""))
        .iter()
        .map(seal_deliverable)
        .collect();
    let body = json.trim_end().strip_suffix('}').unwrap_or(json).trim_end();
    let list = to_pretty_json(&delivered).replace('\n', "\n  ");
    let by = to_json_string(&document);
    // The digest is that of the text with an empty seal, so that a reader can compute it from the
    // text alone.
    let blank =
        format!("{body},\n  \"delivered\": {list},\n  \"delivered_by\": {by},{SEAL_FIELD}\"\n}}\n");
    let seal = Digest::hash_bytes(blank.as_bytes()).hex_string();
    blank.replacen(
        &format!("{SEAL_FIELD}\""),
        &format!("{SEAL_FIELD}{seal}\""),
        1,
    )
}

/// Returns what a report says was delivered. `None`: it is no report, or was changed.
pub(super) fn read_sealed(text: &str) -> Option<SealedReport> {
    // From the end, where `seal_report` puts it. A title or a message in the report may have the
    // same text.
    let (before, rest) = text.rsplit_once(SEAL_FIELD)?;
    let (seal, after) = rest.split_once('"')?;
    let blank = format!("{before}{SEAL_FIELD}\"{after}");
    if Digest::parse(seal) != Some(Digest::hash_bytes(blank.as_bytes())) {
        return None;
    }
    let mut report: SealedReport = serde_json::from_str(text).ok()?;
    for deliverable in &mut report.delivered {
        // As places are compared: the document may have `./out/film.mp4`.
        if let Some(path) = normalized_path(&deliverable.path) {
            deliverable.path = path;
        }
    }
    Some(report)
}

fn seal_deliverable(deliverable: &DeliverableFiles) -> SealedDeliverable {
    let files = deliverable
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.digest));
    SealedDeliverable {
        path: deliverable.path.clone(),
        folder: deliverable.is_folder,
        digest: match deliverable.files.as_slice() {
            [file] if !deliverable.is_folder => file.digest,
            _ => folder_digest(files),
        },
    }
}

/// Returns the digest of the names and contents of a folder, in any order.
pub(super) fn folder_digest<'a>(files: impl Iterator<Item = (&'a str, Digest)>) -> Digest {
    let mut files: Vec<(&str, Digest)> = files.collect();
    files.sort_unstable_by_key(|(name, _)| *name);
    files
        .into_iter()
        .fold(Fingerprint::new(), |fingerprint, (name, digest)| {
            fingerprint.with_field(name, digest.as_bytes())
        })
        .digest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn sealed() -> String {
        let manifest = Manifest {
            revision: "rev-0001".into(),
            production: "Film".into(),
            deliverables: Vec::new(),
            jobs: BTreeMap::new(),
            report: crate::store::manifest::ManifestReport {
                folder: "out".into(),
                files: vec![crate::store::manifest::StoredFile {
                    name: "report.html".into(),
                    digest: Digest::hash_bytes(b"page"),
                    size: 4,
                }],
            },
            replaced: Vec::new(),
            tier: String::new(),
            no_sound: false,
        };
        seal_report(
            "{\n  \"version\": 1,\n  \"note\": \"\\n  seal\"\n}",
            &manifest,
            "film.yaml",
        )
    }

    #[test]
    fn a_sealed_report_is_json_and_names_what_was_delivered() {
        let text = sealed();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["version"], 1);
        let sealed = read_sealed(&text).unwrap();
        assert_eq!(sealed.delivered[0].path, Path::new("out/report.html"));
        assert_eq!(sealed.delivered[0].digest, Digest::hash_bytes(b"page"));
        assert!(sealed.is_of_folder(Path::new("out")) && !sealed.is_of_folder(Path::new("")));
        let folder = tempfile::tempdir().unwrap();
        assert!(!sealed.is_of_other_document(folder.path(), "other.yaml"));
        std::fs::write(folder.path().join("film.yaml"), "").unwrap();
        assert!(sealed.is_of_other_document(folder.path(), "other.yaml"));
        assert!(!sealed.is_of_other_document(folder.path(), "film.yaml"));
    }

    #[test]
    fn a_report_that_was_changed_anywhere_is_not_believed() {
        let text = sealed();
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(read_sealed(&changed), None, "{changed}");
        }
        assert_eq!(read_sealed("{}"), None);
    }

    #[test]
    fn the_digest_of_a_folder_depends_on_every_name_and_content() {
        let one = Digest::hash_bytes(b"one");
        let two = Digest::hash_bytes(b"two");
        let digest = |files: &[(&str, Digest)]| folder_digest(files.iter().copied());
        let both = digest(&[("a", one), ("b", two)]);
        assert_eq!(both, digest(&[("b", two), ("a", one)]));
        for other in [
            digest(&[("a", two), ("b", one)]),
            digest(&[("a", one)]),
            digest(&[("a", one), ("c", two)]),
        ] {
            assert_ne!(both, other);
        }
    }
}
