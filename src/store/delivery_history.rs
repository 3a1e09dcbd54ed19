//! What the revisions of a store put where: by it, a file at the path of a deliverable is known to
//! be the program's own.
//!
//! Manifests have it. A file counts as delivered only with the content that it was delivered with:
//! what somebody changed since is theirs.

use super::current_pointer::CurrentPointer;
use super::{Manifest, Revision, StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::paths::normalized_path;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The files of a report in the store, and beside the deliverables of earlier versions.
const REPORT_FILES: [&str; 2] = ["report.html", "report.json"];

/// One content that was delivered to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeliveredContent {
    /// In bytes.
    pub(super) size: u64,
    /// The digest of the content.
    pub(super) digest: Digest,
    /// The path of the deliverable that the file belonged to.
    pub(super) place: PathBuf,
}

/// Everything that revisions delivered. Paths are relative to the production's folder.
#[derive(Debug, Clone, Default)]
pub(super) struct DeliveryHistory {
    /// Each content that was delivered to a path.
    files: HashMap<PathBuf, Vec<DeliveredContent>>,
    /// Deliverables that are folders.
    folders: HashSet<PathBuf>,
}

impl Manifest {
    /// Returns the paths of the report, relative to the production's folder.
    fn report_paths(&self) -> Vec<PathBuf> {
        let recorded = self.report.files.iter().map(|file| &*file.name);
        match self.report_folder() {
            Some(folder) if self.report.is_empty() => {
                REPORT_FILES.iter().map(|name| folder.join(name)).collect()
            }
            Some(_) => recorded.map(|name| self.report.folder.join(name)).collect(),
            None => Vec::new(),
        }
    }
}

impl DeliveryHistory {
    /// Reads what the revision in place delivered. Empty if it cannot be read.
    // Nearly always this is enough, and it is one file; the other manifests are read only when
    // something is found that this one does not know.
    pub(super) fn read_current(layout: &StoreLayout) -> Self {
        let mut history = Self::default();
        if let Some(pointer) = CurrentPointer::load(layout)
            && let Ok(manifest) = Manifest::read(layout, &pointer.revision, pointer.manifest)
        {
            history.add_manifest(layout, &manifest);
        }
        history
    }

    /// Reads what every published revision delivered.
    ///
    /// # Errors
    /// Fails if a journal cannot be read or is damaged.
    pub(super) fn read_all(layout: &StoreLayout) -> Result<Self, StoreError> {
        let mut history = Self::default();
        for revision in Revision::read_all(layout)? {
            let Some(published) = revision.published else {
                continue;
            };
            // A manifest that is gone or damaged can be made again from the journals. If it cannot,
            // its files are not known, and nothing is replaced for it.
            let manifest = Manifest::read(layout, &revision.name, published.manifest)
                .ok()
                .or_else(|| Manifest::rebuild(layout, &revision.name).ok().flatten());
            if let Some(manifest) = &manifest {
                history.add_manifest(layout, manifest);
            }
        }
        Ok(history)
    }

    /// Adds a file that was delivered as a part of the deliverable at `place`.
    pub(super) fn add_file(&mut self, path: PathBuf, content: DeliveredContent) {
        let contents = self.files.entry(path).or_default();
        // A film that did not change is in every manifest; its content is listed once.
        if !contents.contains(&content) {
            contents.push(content);
        }
    }

    /// Adds the folder of a deliverable.
    pub(super) fn add_folder(&mut self, path: PathBuf) {
        self.folders.insert(path);
    }

    /// Returns whether nothing was ever delivered.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Adds what a revision delivered.
    pub(super) fn add_manifest(&mut self, layout: &StoreLayout, manifest: &Manifest) {
        if manifest.report.is_empty() {
            self.add_unrecorded_report(layout, manifest);
        }
        for deliverable in manifest.deliverables_below(Path::new("")) {
            // A path out of the production is never taken for our own.
            let Some(place) = normalized_path(&deliverable.path) else {
                continue;
            };
            for (path, file) in deliverable.target_paths() {
                let Some(path) = normalized_path(&path) else {
                    continue;
                };
                let content = DeliveredContent {
                    size: file.size,
                    digest: file.digest,
                    place: place.clone(),
                };
                self.add_file(path, content);
            }
            if deliverable.is_folder {
                self.add_folder(place);
            }
        }
    }

    /// Adds the report of a revision whose manifest does not have it.
    // Earlier versions wrote the report after they had published, and recorded it nowhere. The copy
    // in the store is the same but for the links back to the production's folder.
    fn add_unrecorded_report(&mut self, layout: &StoreLayout, manifest: &Manifest) {
        let Some(folder) = manifest.report_folder() else {
            return;
        };
        let disk = layout.disk();
        let run = layout.run_folder(&manifest.revision);
        let steps = "../".repeat(folder.components().count());
        for name in REPORT_FILES {
            let Ok(bytes) = disk.read_bytes(&run.join(name)) else {
                continue;
            };
            // A store in the production's folder is three folders above its reports. One elsewhere
            // has pages without such links.
            let page = String::from_utf8_lossy(&bytes).replace("../../../", &steps);
            let contents = [bytes, page.into_bytes()].map(|bytes| DeliveredContent {
                size: bytes.len() as u64,
                digest: Digest::hash_bytes(&bytes),
                place: folder.join(name),
            });
            self.files
                .entry(folder.join(name))
                .or_default()
                .extend(contents);
        }
    }

    /// Returns the paths of the report of the revision in place.
    pub(super) fn current_reports(layout: &StoreLayout) -> Vec<PathBuf> {
        let manifest = CurrentPointer::load(layout)
            .and_then(|pointer| Manifest::read(layout, &pointer.revision, pointer.manifest).ok());
        manifest.map_or_else(Vec::new, |manifest| manifest.report_paths())
    }

    /// Returns the contents that were delivered to a path. Empty: none was.
    pub(super) fn delivered_contents(&self, path: &Path) -> &[DeliveredContent] {
        self.files.get(path).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a file with any content was delivered to a path.
    pub(super) fn knows_file(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// Returns whether a folder was delivered to a path.
    pub(super) fn is_delivered_folder(&self, path: &Path) -> bool {
        self.folders.contains(path)
    }
}
