//! Where everything lies in the store's folder, and the disk that it lies on.

use super::StoreError;
use super::disk::{Disk, LocalDisk};
use crate::base::Digest;
use crate::model::Job;
use std::ffi::OsString;
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};
use std::sync::Arc;

/// The folder of blobs.
const BLOBS: &str = "blobs";

/// The paths of one store, and its disk.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
    blobs: PathBuf,
    disk: Arc<dyn Disk>,
}

impl Layout {
    /// Returns the layout below `root`, usually `.production` beside the document.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self::on(Arc::new(LocalDisk), root)
    }

    /// Returns the layout below `root` of this disk.
    #[must_use]
    pub fn on(disk: Arc<dyn Disk>, root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            blobs: root.join(BLOBS),
            root,
            disk,
        }
    }

    /// Returns the disk that the store lies on; deliverables are put in place through it too.
    #[must_use]
    pub fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// Returns the store's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[cfg(test)]
    pub(crate) fn shared_disk(&self) -> Arc<dyn Disk> {
        Arc::clone(&self.disk)
    }

    /// Replaces the file at `path` by `bytes`: whole and durable, or untouched.
    ///
    /// # Errors
    /// Fails when the folder cannot be written or the disk is full; the old file then still stands.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.disk()
            .replace(path, bytes)
            .map_err(|source| StoreError::io("write", path, source))
    }

    /// Returns the folder of blobs.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.blobs.clone()
    }

    /// Returns where the blob with this digest lies.
    #[must_use]
    pub fn blob(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex_string();
        let mut path =
            OsString::with_capacity(self.blobs.as_os_str().len() + "/00/".len() + hex.len());
        path.push(&self.blobs);
        [MAIN_SEPARATOR_STR, &hex[..2], MAIN_SEPARATOR_STR, &hex]
            .iter()
            .for_each(|part| path.push(part));
        path.into()
    }

    /// Returns the folder of journals.
    #[must_use]
    pub fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Returns the journal of one run.
    #[must_use]
    pub fn journal(&self, revision: &str) -> PathBuf {
        self.events().join(format!("{revision}.jsonl"))
    }

    /// Returns the folder of what runs leave beside their work.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// Returns the folder of one run's plan, inputs, report and logs.
    #[must_use]
    pub fn run(&self, revision: &str) -> PathBuf {
        self.runs().join(revision)
    }

    /// Returns the folder of manifests.
    #[must_use]
    pub fn manifests(&self) -> PathBuf {
        self.root.join("manifests")
    }

    /// Returns the figures of one run, as Prometheus reads them.
    #[must_use]
    pub fn metrics(&self, revision: &str) -> PathBuf {
        self.run(revision).join("metrics.prom")
    }

    /// Returns the figures of the last run: a path that stays.
    #[must_use]
    pub fn last_metrics(&self) -> PathBuf {
        self.root.join("metrics.prom")
    }

    /// Returns the folder of what jobs were made of.
    #[must_use]
    pub fn provenances(&self) -> PathBuf {
        self.root.join("provenance")
    }

    /// Returns what the jobs that one run made were made of.
    #[must_use]
    pub fn provenance(&self, revision: &str) -> PathBuf {
        self.provenances().join(format!("{revision}.jsonl"))
    }

    /// Returns the folder of the logs of one run.
    #[must_use]
    pub fn logs(&self, revision: &str) -> PathBuf {
        self.run(revision).join("logs")
    }

    /// Returns the log of one attempt: below the phase and, where it belongs to one, the shot.
    #[must_use]
    pub fn log(&self, revision: &str, job: &Job, attempt: u32) -> PathBuf {
        let phase = self.logs(revision).join(job.phase.name());
        let folder = job
            .shot
            .as_ref()
            .map_or(phase.clone(), |shot| phase.join(file_name(shot)));
        folder.join(format!("{}.{attempt}.log", file_name(&job.name)))
    }

    /// Returns the manifest of a revision.
    #[must_use]
    pub fn manifest(&self, revision: &str) -> PathBuf {
        self.manifests().join(format!("{revision}.json"))
    }

    /// Returns the pointer to the published revision.
    #[must_use]
    pub fn current(&self) -> PathBuf {
        self.root.join("current.json")
    }

    /// Returns the cached fold of older journals.
    #[must_use]
    pub fn fold(&self) -> PathBuf {
        self.root.join("fold.bin")
    }

    /// Returns the note of a publication under way.
    #[must_use]
    pub fn publishing(&self) -> PathBuf {
        self.root.join("publishing.json")
    }

    /// Returns the cached resume position.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.root.join("checkpoint.json")
    }

    /// Returns the cache of input digests by stamp.
    #[must_use]
    pub fn inputs(&self) -> PathBuf {
        self.root.join("inputs.json")
    }

    /// Returns the cache of digests of deliverables in their places, by stamp.
    #[must_use]
    pub fn placed(&self) -> PathBuf {
        self.root.join("placed.json")
    }

    /// Returns the lock file.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Returns the folder for work in progress; emptied at the start of every run.
    #[must_use]
    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }
}

/// Most bytes of a name that becomes part of a file's; systems allow 255 in all.
const LONGEST: usize = 180;

/// Returns a name as that of a file: a slash becomes `~`, and whatever a file system or shell could stumble over `%` and its
/// number. Different names stay different.
#[must_use]
pub fn file_name(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        match c {
            '/' => text.push('~'),
            '.' if at == 0 => text.push_str("%2E"),
            _ if c.is_alphanumeric() || "._-".contains(c) => text.push(c),
            _ => text.push_str(&format!("%{:02X}", u32::from(c))),
        }
    }
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST)
        .rev()
        .find(|at| text.is_char_boundary(*at))
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
            file_name("render.shot/sh010/1-24"),
            "render.shot~sh010~1-24"
        );
        assert_eq!(
            file_name("..") + &file_name("a b~") + &file_name("é"),
            "%2E.a%20b%7Eé"
        );
    }

    proptest! {
        #[test]
        fn different_names_have_different_files(one in ".{1,300}", two in ".{1,300}") {
            prop_assert_eq!(one == two, file_name(&one) == file_name(&two));
            prop_assert!(file_name(&one).len() < 230 && !file_name(&one).contains(['/', '\\']));
        }
    }
}
