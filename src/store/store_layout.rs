//! The paths of everything in the store's folder, and the disk that holds it.

use super::StoreError;
use super::disk::{LocalDisk, StoreDisk};
use crate::base::Digest;
use crate::model::Job;
use std::ffi::OsString;
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};
use std::sync::Arc;

const BLOBS_FOLDER: &str = "blobs";

/// The paths of one store, and its disk.
#[derive(Debug, Clone)]
pub struct StoreLayout {
    root: PathBuf,
    blobs: PathBuf,
    disk: Arc<dyn StoreDisk>,
}

impl StoreLayout {
    /// Returns the layout below `root`, usually `.production` beside the document.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self::on_disk(Arc::new(LocalDisk), root)
    }

    /// Returns the layout below `root` on this disk.
    #[must_use]
    pub fn on_disk(disk: Arc<dyn StoreDisk>, root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            blobs: root.join(BLOBS_FOLDER),
            root,
            disk,
        }
    }

    /// Returns the disk of the store. Deliverables are put in place through it too.
    #[must_use]
    pub fn disk(&self) -> &dyn StoreDisk {
        &*self.disk
    }

    /// Returns the store's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[cfg(test)]
    pub(crate) fn shared_disk(&self) -> Arc<dyn StoreDisk> {
        Arc::clone(&self.disk)
    }

    /// Replaces the file at `path` by `bytes`: whole and durable, or untouched.
    ///
    /// # Errors
    /// Fails if the folder cannot be written or the disk is full. The old file is then unchanged.
    pub fn replace_file(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.disk()
            .replace_file(path, bytes)
            .map_err(|source| StoreError::io("write", path, source))
    }

    /// Returns the folder of blobs.
    #[must_use]
    pub fn blobs_folder(&self) -> PathBuf {
        self.blobs.clone()
    }

    /// Returns the path of the blob with this digest.
    #[must_use]
    pub fn blob_path(&self, digest: &Digest) -> PathBuf {
        // Built in one allocation: a run asks for the path of every blob that it reuses.
        let hex = digest.hex_string();
        let mut path =
            OsString::with_capacity(self.blobs.as_os_str().len() + "/00/".len() + hex.len());
        path.push(&self.blobs);
        // In 256 folders: many file systems and tools are slow in one folder of a million files.
        [MAIN_SEPARATOR_STR, &hex[..2], MAIN_SEPARATOR_STR, &hex]
            .iter()
            .for_each(|part| path.push(part));
        path.into()
    }

    /// Returns the folder of journals.
    #[must_use]
    pub fn journals_folder(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Returns the journal of one run.
    #[must_use]
    pub fn journal_path(&self, revision: &str) -> PathBuf {
        self.journals_folder().join(format!("{revision}.jsonl"))
    }

    /// Returns the folder of reports, logs and plans of runs.
    #[must_use]
    pub fn runs_folder(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// Returns the folder of one run's plan, report, logs and tasks.
    #[must_use]
    pub fn run_folder(&self, revision: &str) -> PathBuf {
        self.runs_folder().join(revision)
    }

    /// Returns the folder of manifests.
    #[must_use]
    pub fn manifests_folder(&self) -> PathBuf {
        self.root.join("manifests")
    }

    /// Returns the metrics of one run, in the format of Prometheus.
    #[must_use]
    pub fn metrics_path(&self, revision: &str) -> PathBuf {
        self.run_folder(revision).join("metrics.prom")
    }

    /// Returns the metrics of the last run.
    // A path without a revision, because a collector of metrics is configured once.
    #[must_use]
    pub fn last_metrics_path(&self) -> PathBuf {
        self.root.join("metrics.prom")
    }

    /// Returns the folder of provenance.
    #[must_use]
    pub fn provenance_folder(&self) -> PathBuf {
        self.root.join("provenance")
    }

    /// Returns the provenance of the jobs that one run made.
    #[must_use]
    pub fn provenance_path(&self, revision: &str) -> PathBuf {
        self.provenance_folder().join(format!("{revision}.jsonl"))
    }

    /// Returns the folder of the logs of one run.
    #[must_use]
    pub fn logs_folder(&self, revision: &str) -> PathBuf {
        self.run_folder(revision).join("logs")
    }

    /// Returns the log of one attempt: below the phase and, if the job has one, the shot.
    #[must_use]
    pub fn log_path(&self, revision: &str, job: &Job, attempt: u32) -> PathBuf {
        // By phase and shot, so that the logs of one shot are found without a search among
        // thousands.
        let phase = self.logs_folder(revision).join(job.phase.name());
        let folder = job
            .shot
            .as_ref()
            .map_or(phase.clone(), |shot| phase.join(safe_file_name(shot)));
        folder.join(format!(
            "{}.{attempt}.log",
            // The names of jobs have slashes and may have any letter of a shot's name.
            safe_file_name(job.name.as_str())
        ))
    }

    /// Returns the manifest of a revision.
    #[must_use]
    pub fn manifest_path(&self, revision: &str) -> PathBuf {
        self.manifests_folder().join(format!("{revision}.json"))
    }

    /// Returns the file of the owner: that the folder is a store, and of which production.
    #[must_use]
    pub fn owner_path(&self) -> PathBuf {
        self.root.join("store.owner")
    }

    /// Returns the store of a second document in the folder of the production.
    pub(super) fn document_layout(&self, document: &str) -> Self {
        self.inner_layout(&safe_file_name(document))
    }

    /// Returns where an earlier version had the store of a second document, if it is elsewhere.
    pub(super) fn earlier_document_layout(&self, document: &str) -> Option<Self> {
        earlier_file_name(document).map(|name| self.inner_layout(&name))
    }

    fn inner_layout(&self, name: &str) -> Self {
        let folder = self.root.join("documents");
        Self::on_disk(Arc::clone(&self.disk), folder.join(name))
    }

    /// Returns the folder of jobs whose results may have been made from a damaged file.
    #[must_use]
    pub fn distrusted_folder(&self) -> PathBuf {
        self.root.join("distrusted")
    }

    /// Returns the file that says why the result under this identity is not reused.
    #[must_use]
    pub fn distrusted_path(&self, identity: &Digest) -> PathBuf {
        self.distrusted_folder().join(identity.hex_string())
    }

    /// Returns the pointer to the published revision.
    #[must_use]
    pub fn current_pointer_path(&self) -> PathBuf {
        self.root.join("current.json")
    }

    /// Returns the cache that covers older journals.
    #[must_use]
    pub fn fold_path(&self) -> PathBuf {
        self.root.join("fold.bin")
    }

    /// Returns the note of a publication in progress.
    #[must_use]
    pub fn publish_note_path(&self) -> PathBuf {
        self.root.join("publishing.json")
    }

    /// Returns the cache of the shots that are complete.
    #[must_use]
    pub fn checkpoint_path(&self) -> PathBuf {
        self.root.join("checkpoint.json")
    }

    /// Returns the cache of input digests by stamp.
    #[must_use]
    pub fn inputs_cache_path(&self) -> PathBuf {
        self.root.join("inputs.json")
    }

    /// Returns the cache of digests of deliverables in their places, by stamp.
    #[must_use]
    pub fn placed_cache_path(&self) -> PathBuf {
        self.root.join("placed.json")
    }

    /// Returns the cache of what probes of this machine measured.
    #[must_use]
    pub fn probe_cache_path(&self) -> PathBuf {
        self.root.join("probe.json")
    }

    /// Returns the cache of the lines that were spoken.
    #[must_use]
    pub fn speech_cache_path(&self) -> PathBuf {
        self.root.join("speech.json")
    }

    /// Returns the cache of what each revision did.
    #[must_use]
    pub fn revisions_cache_path(&self) -> PathBuf {
        self.root.join("revisions.json")
    }

    /// Returns the folder of the socket by which a running run is steered.
    #[must_use]
    pub fn control_folder(&self) -> PathBuf {
        self.root.join("control")
    }

    /// Returns the lock file.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Returns the folder for work in progress, which is emptied at the start and at the end of
    /// every run.
    // In the store and not in the system's folder for temporary files: finished files are renamed
    // into blobs, which needs one file system.
    #[must_use]
    pub fn scratch_folder(&self) -> PathBuf {
        self.root.join("scratch")
    }
}

/// The most bytes of a name within a file name.
// File systems allow 255 bytes in all. The rest is for the attempt, the suffix and a digest.
const MAX_NAME_BYTES: usize = 180;

/// Returns a name as a file name: `/` becomes `~`, and characters that a file system or shell may
/// treat specially become `%` and their hexadecimal number. Different names stay different.
#[must_use]
pub fn safe_file_name(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for (index, c) in name.char_indices() {
        match c {
            '/' => text.push('~'),
            // A leading dot hides the file, and `..` would leave the folder.
            '.' if index == 0 => text.push_str("%2E"),
            _ if c.is_alphanumeric() || "._-".contains(c) => text.push(c),
            // Two digits, or six behind a `u`, which is no digit: with as many digits as a number
            // needs, the escape of ` ` and the text `AB` would be the escape of one other
            // character.
            _ if u32::from(c) < 0x100 => text.push_str(&format!("%{:02X}", u32::from(c))),
            _ => text.push_str(&format!("%u{:06X}", u32::from(c))),
        }
    }
    shortened_name(text, name)
}

/// Returns the file name that earlier versions gave to this name, if it is another one than that of
/// [`safe_file_name`]. Several names could have it.
#[must_use]
pub fn earlier_file_name(name: &str) -> Option<String> {
    let is_wide = |c: char| !c.is_alphanumeric() && u32::from(c) >= 0x100;
    // The escape of all other names never changed.
    if !name.contains(is_wide) {
        return None;
    }
    let parts = name.char_indices().map(|(index, c)| match c {
        _ if is_wide(c) => format!("%{:02X}", u32::from(c)),
        // Only at the start of the whole name is a dot escaped.
        '.' if index > 0 => ".".to_owned(),
        _ => safe_file_name(c.encode_utf8(&mut [0; 4])),
    });
    Some(shortened_name(parts.collect(), name))
}

/// Returns `text`, the form of `name` as a file name, at a length that file systems allow.
#[must_use]
pub fn shortened_name(text: String, name: &str) -> String {
    if text.len() <= MAX_NAME_BYTES {
        return text;
    }
    // Cut at the boundary of a character. The digest of the whole name keeps names apart that
    // differ only behind the cut.
    let end = (0..=MAX_NAME_BYTES)
        .rev()
        .find(|index| text.is_char_boundary(*index))
        .unwrap_or(0);
    format!(
        "{}~{}",
        &text[..end],
        Digest::hash_bytes(name.as_bytes()).short_hex()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_job_has_a_readable_file_name() {
        assert_eq!(
            safe_file_name("render.shot/sh010/1-24"),
            "render.shot~sh010~1-24"
        );
        assert_eq!(
            safe_file_name("..") + &safe_file_name("a b~") + &safe_file_name("é"),
            "%2E.a%20b%7Eé"
        );
    }

    #[test]
    fn an_escape_never_runs_into_the_text_behind_it() {
        assert_eq!(safe_file_name("a AB"), "a%20AB");
        assert_eq!(safe_file_name("a\u{20AB}"), "a%u0020AB");
        assert_eq!(
            earlier_file_name(".a\u{20AB}.b").as_deref(),
            Some("%2Ea%20AB.b")
        );
        assert_eq!(earlier_file_name("sh010/é ~"), None);
    }

    /// Names of the characters that escapes consist of, and of characters that are escaped.
    const CLOSE_NAMES: &str = "[ %uABab02.~/\u{20}\u{2}\u{20AB}\u{2013}\u{1F3AC}]{1,8}|.{1,300}";

    proptest! {
        #[test]
        fn different_names_have_different_files(one in CLOSE_NAMES, two in CLOSE_NAMES) {
            prop_assert_eq!(one == two, safe_file_name(&one) == safe_file_name(&two));
            prop_assert!(safe_file_name(&one).len() < 230 && !safe_file_name(&one).contains(['/', '\\']));
        }
    }
}
