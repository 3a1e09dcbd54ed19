//! What documents contain, remembered in the user's cache, so that `list` need not read and check
//! thousands of shots each time.
//!
//! A document without mistakes is remembered with the size, time and inode of every file that was
//! read or looked at for it, and of their folders. If any of them differs, or the program or its
//! search path does, the document is opened again. Documents with variables always are, because the
//! environment may change them.

use super::cli_settings::CliSettings;
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::base::whole_file::replace_whole_file;
use crate::expand::asset_paths;
use crate::model::FileStamp;
use crate::project::OpenedProduction;
use crate::store::disk::{LocalDisk, StoreDisk};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a document without mistakes contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DocumentContent {
    pub(super) title: String,
    pub(super) shots: usize,
    pub(super) frames: usize,
}

/// A remembered document. What is `None` was not there.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RememberedDocument {
    content: DocumentContent,
    /// The program and its search path.
    reader: Digest,
    stamps: BTreeMap<PathBuf, Option<FileStamp>>,
}

/// Returns what is remembered of the document in `folder`, if nothing has changed.
pub(super) fn recall_content(folder: &Path, settings: &CliSettings) -> Option<DocumentContent> {
    let bytes = std::fs::read(cache_file(folder, settings)?).ok()?;
    let remembered: RememberedDocument = serde_json::from_slice(&bytes).ok()?;
    let is_same = remembered.reader == reader_digest(settings)
        && remembered
            .stamps
            .iter()
            .all(|(path, stamp)| file_stamp(path) == *stamp);
    is_same.then_some(remembered.content)
}

/// Remembers a document. A cache that cannot be written costs time, and nothing else.
pub(super) fn remember_content(
    folder: &Path,
    opened: &OpenedProduction,
    content: &DocumentContent,
    settings: &CliSettings,
) {
    let Some(file) = cache_file(folder, settings) else {
        return;
    };
    let has_variables = |text: &str| text.contains("variables");
    let mut sources = opened.sources.iter();
    // By its text, which errs on the safe side: a document that only has the word is read again.
    if sources.any(|(_, source)| has_variables(&source.text)) {
        return;
    }
    let remembered = RememberedDocument {
        content: content.clone(),
        reader: reader_digest(settings),
        stamps: document_stamps(folder, opened),
    };
    let _ = replace_whole_file(&file, &to_json_bytes(&remembered));
}

/// Returns the stamps of everything that decides what a document contains.
fn document_stamps(
    folder: &Path,
    opened: &OpenedProduction,
) -> BTreeMap<PathBuf, Option<FileStamp>> {
    let sources = opened.sources.iter();
    let mut paths: Vec<PathBuf> = sources.map(|(_, source)| source.path.clone()).collect();
    if let Some(checked) = &opened.checked {
        let assets = asset_paths(checked).into_iter();
        paths.extend(assets.map(|path| opened.root.join(path)));
    }
    // A folder changes when a file comes or goes in it, which a pattern of `include` or a preset
    // file may be.
    let mut folders: Vec<PathBuf> = paths
        .iter()
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    folders.extend([folder.to_owned(), folder.join("presets")]);
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    paths
        .into_iter()
        .chain(folders)
        .map(absolute)
        .map(|path| {
            let stamp = file_stamp(&path);
            (path, stamp)
        })
        .collect()
}

fn file_stamp(path: &Path) -> Option<FileStamp> {
    LocalDisk.metadata(path).ok().map(|facts| facts.stamp)
}

/// Returns the digest of what reads documents: this program, and where it looks for tools.
fn reader_digest(settings: &CliSettings) -> Digest {
    let program = settings.session.program.as_deref();
    let stamp = program.and_then(file_stamp);
    let search_path = &settings.session.search_path;
    Digest::hash_bytes(format!("{stamp:?} {search_path:?}").as_bytes())
}

/// Returns the file of a production. `None`: the user has no folder for caches.
fn cache_file(folder: &Path, settings: &CliSettings) -> Option<PathBuf> {
    let real = folder.canonicalize().ok()?;
    let name = Digest::hash_bytes(real.as_os_str().as_encoded_bytes()).hex_string();
    Some(
        settings
            .cache_folder
            .as_ref()?
            .join("documents")
            .join(name + ".json"),
    )
}
