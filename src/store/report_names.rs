//! The file names of a report beside the deliverables.
//!
//! They are `report.html` and `report.json`. Several documents may deliver into one folder. Then
//! the report of the first to do so has these names, and that of another document begins with the
//! name of the document, `trailer.report.html`, so that no report replaces another. A report keeps
//! its names.

use super::delivery_history::DeliveryHistory;
use super::delivery_seal::read_sealed;
use super::{StoreError, StoreLayout};
use crate::base::paths::normalized_path;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The name of a report without its extension.
const PLAIN_STEM: &str = "report";
/// Bytes that are read of a page to recognise it.
const HEAD_BYTES: u64 = 4096;
/// Documents of one name that may deliver into one folder.
const MOST_NAMESAKES: usize = 99;

/// The file names of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportNames {
    stem: String,
}

/// The document that a report belongs to, and where it delivers.
#[derive(Debug, Clone)]
pub struct ReportSubject<'a> {
    /// The folder of the production.
    pub root: &'a Path,
    /// The file name of the document.
    pub document: &'a str,
    /// The folder of the report, relative to that of the production.
    pub folder: &'a Path,
    /// The paths of the deliverables, relative to the production's folder and in normal form.
    pub deliverables: &'a BTreeSet<PathBuf>,
}

/// Whose a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportOwner {
    /// There is none, or only what this program did not write.
    Nobody,
    /// This document.
    Ours,
    /// Another document.
    Other,
}

/// Returns whether a file that begins so is a page that this program wrote.
#[must_use]
pub fn is_written_page(head: &str) -> bool {
    head.starts_with("<!DOCTYPE html>")
        && head.contains("Content-Security-Policy")
        && head.contains("default-src 'none'; img-src data:")
}

impl Default for ReportNames {
    fn default() -> Self {
        Self {
            stem: PLAIN_STEM.to_owned(),
        }
    }
}

impl ReportNames {
    /// Returns the name of the page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}.html", self.stem)
    }

    /// Returns the name of the data.
    #[must_use]
    pub fn data(&self) -> String {
        format!("{}.json", self.stem)
    }

    /// Returns the names that the report of `subject` has.
    ///
    /// # Errors
    /// Fails if a journal is damaged.
    // By the report itself and not by the manifest, which is large and has to be read for nothing
    // else when nothing changed.
    pub fn find(layout: &StoreLayout, subject: &ReportSubject<'_>) -> Result<Self, StoreError> {
        let stem = Path::new(subject.document).file_stem();
        let stem = stem.unwrap_or_default().to_string_lossy();
        let own_names = (1..=MOST_NAMESAKES).map(|number| Self {
            stem: match number {
                1 => format!("{stem}.{PLAIN_STEM}"),
                _ => format!("{stem}.{number}.{PLAIN_STEM}"),
            },
        });
        // Read at most once, and only where a report does not say itself whose it is.
        let mut history = None;
        let mut is_free = None;
        for names in std::iter::once(Self::default()).chain(own_names) {
            match names.owner(layout, subject, &mut history)? {
                ReportOwner::Ours => return Ok(names),
                ReportOwner::Other => {}
                // The plain names may have become free while the report has others, which it keeps.
                ReportOwner::Nobody if is_free.is_none() && names == Self::default() => {
                    is_free = Some(names);
                }
                ReportOwner::Nobody => return Ok(is_free.unwrap_or(names)),
            }
        }
        Ok(is_free.unwrap_or_default())
    }

    /// Returns whose report has these names.
    fn owner(
        &self,
        layout: &StoreLayout,
        subject: &ReportSubject<'_>,
        history: &mut Option<DeliveryHistory>,
    ) -> Result<ReportOwner, StoreError> {
        let folder = normalized_path(subject.folder).unwrap_or_default();
        let [page, data] = [self.page(), self.data()].map(|name| folder.join(name));
        let disk = layout.disk();
        let data_text = disk.read_bytes(&subject.root.join(&data)).ok();
        let sealed = data_text.and_then(|bytes| read_sealed(std::str::from_utf8(&bytes).ok()?));
        // Its head alone is read: a page has pictures in it and may have megabytes.
        let has_page = || {
            let mut head = Vec::new();
            let file = disk.open(&subject.root.join(&page));
            let read = file.and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
            read.is_ok() && is_written_page(&String::from_utf8_lossy(&head))
        };
        if let Some(sealed) = &sealed {
            // A sealed report that was copied from elsewhere is that of another folder.
            let is_other = !sealed.is_of_folder(&folder)
                || sealed.is_of_other_document(subject.root, subject.document);
            let mut paths = sealed.delivered.iter().map(|deliverable| &deliverable.path);
            if is_other {
                return Ok(ReportOwner::Other);
            }
            // Earlier versions did not name the document.
            if sealed.is_of_document(subject.document)
                || paths.any(|path| subject.deliverables.contains(path))
            {
                return Ok(ReportOwner::Ours);
            }
        } else if !has_page() {
            return Ok(ReportOwner::Nobody);
        }
        // Nothing in the files says whose they are, so the journals decide.
        let known = match history {
            Some(history) => history,
            None => history.insert(DeliveryHistory::read_all(layout)?),
        };
        Ok(if known.knows_file(&page) || known.knows_file(&data) {
            ReportOwner::Ours
        } else {
            ReportOwner::Other
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Manifest;
    use crate::store::delivery_seal::seal_report;
    use crate::store::manifest::{ManifestReport, StoredFile};
    use std::collections::BTreeMap;

    const PAGE: &str = "<!DOCTYPE html><meta http-equiv=\"Content-Security-Policy\" \
                        content=\"default-src 'none'; img-src data:\">";

    struct SharedFolder(tempfile::TempDir);

    impl SharedFolder {
        fn new() -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            std::fs::create_dir(folder.0.path().join("out")).unwrap();
            folder.write("film.yaml", "");
            folder.write("trailer.yaml", "");
            folder
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.0.path().join(name), text).unwrap();
        }

        /// Writes the report of `document`, with these names.
        fn write_report(&self, document: &str, stem: &str) {
            let file = StoredFile {
                name: format!("{stem}.html"),
                digest: crate::base::Digest::hash_bytes(PAGE.as_bytes()),
                size: PAGE.len() as u64,
            };
            let manifest = Manifest {
                revision: "rev-0001".into(),
                production: "Film".into(),
                tier: String::new(),
                no_sound: false,
                deliverables: Vec::new(),
                jobs: BTreeMap::new(),
                report: ManifestReport {
                    folder: "./out".into(),
                    files: vec![file],
                },
                replaced: Vec::new(),
            };
            self.write(&format!("out/{stem}.html"), PAGE);
            let data = seal_report("{\n  \"version\": 1\n}", &manifest, document);
            self.write(&format!("out/{stem}.json"), &data);
        }

        fn page(&self, document: &str) -> String {
            let layout = StoreLayout::new(self.0.path().join(".production"));
            let subject = ReportSubject {
                root: self.0.path(),
                document,
                folder: Path::new("out"),
                deliverables: &BTreeSet::from(["out/film.mp4".into()]),
            };
            ReportNames::find(&layout, &subject).unwrap().page()
        }
    }

    #[test]
    fn the_first_document_has_the_plain_names_and_another_its_own() {
        let folder = SharedFolder::new();
        assert_eq!(folder.page("film.yaml"), "report.html");
        folder.write_report("film.yaml", "report");
        assert_eq!(folder.page("film.yaml"), "report.html");
        assert_eq!(folder.page("trailer.yaml"), "trailer.report.html");
        folder.write_report("trailer.yaml", "trailer.report");
        assert_eq!(folder.page("trailer.yaml"), "trailer.report.html");
        // A document of the same name in another folder that delivers here.
        folder.write("trailer.yml", "");
        assert_eq!(folder.page("trailer.yml"), "trailer.2.report.html");
        // The names stay when the plain ones become free.
        for name in ["html", "json"] {
            let path = folder.0.path().join("out").join(format!("report.{name}"));
            std::fs::remove_file(path).unwrap();
        }
        assert_eq!(folder.page("trailer.yaml"), "trailer.report.html");
        assert_eq!(folder.page("film.yaml"), "report.html");
    }

    #[test]
    fn a_page_of_the_user_gives_no_other_names() {
        let folder = SharedFolder::new();
        folder.write("out/report.html", "<!DOCTYPE html>mine");
        assert_eq!(folder.page("film.yaml"), "report.html");
        folder.write("out/report.html", PAGE);
        assert_eq!(folder.page("film.yaml"), "film.report.html");
    }
}
