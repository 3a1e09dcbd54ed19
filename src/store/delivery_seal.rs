//! What a report says of the deliverables beside it, so that they are known to be the program's own
//! when the store is gone.
//!
//! You may delete the store, and the deliverables stay. The report then is the only record of them.
//! It has a digest of each deliverable, and one of itself: a report that was changed by hand is not
//! believed, and not replaced either.

use super::Manifest;
use super::deliverable::DeliverableFiles;
use crate::base::json::to_pretty_json;
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
#[derive(Deserialize)]
struct SealedReport {
    delivered: Vec<SealedDeliverable>,
}

/// Returns the JSON of a report with the deliverables of the manifest, and sealed.
#[must_use]
pub fn seal_report(json: &str, manifest: &Manifest) -> String {
    let delivered: Vec<SealedDeliverable> = manifest
        .deliverables_below(Path::new(""))
        .iter()
        .map(seal_deliverable)
        .collect();
    let body = json.trim_end().strip_suffix('}').unwrap_or(json).trim_end();
    let list = to_pretty_json(&delivered).replace('\n', "\n  ");
    let blank = format!("{body},\n  \"delivered\": {list},{SEAL_FIELD}\"\n}}\n");
    let seal = Digest::hash_bytes(blank.as_bytes()).hex_string();
    blank.replacen(
        &format!("{SEAL_FIELD}\""),
        &format!("{SEAL_FIELD}{seal}\""),
        1,
    )
}

/// Returns what a report says was delivered. `None`: it is no report, or was changed.
pub(super) fn read_sealed(text: &str) -> Option<Vec<SealedDeliverable>> {
    let (before, rest) = text.rsplit_once(SEAL_FIELD)?;
    let (seal, after) = rest.split_once('"')?;
    let blank = format!("{before}{SEAL_FIELD}\"{after}");
    if Digest::parse(seal) != Some(Digest::hash_bytes(blank.as_bytes())) {
        return None;
    }
    let report: SealedReport = serde_json::from_str(text).ok()?;
    Some(report.delivered)
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
        };
        seal_report(
            "{\n  \"version\": 1,\n  \"note\": \"\\n  seal\"\n}",
            &manifest,
        )
    }

    #[test]
    fn a_sealed_report_is_json_and_names_what_was_delivered() {
        let text = sealed();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["version"], 1);
        let delivered = read_sealed(&text).unwrap();
        assert_eq!(delivered[0].path, Path::new("out/report.html"));
        assert_eq!(delivered[0].digest, Digest::hash_bytes(b"page"));
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
