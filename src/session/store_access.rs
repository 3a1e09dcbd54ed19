//! Locates the store of a document, and locks it for commands that change it.

use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::base::{Clock, SourceMap, SystemClock};
use crate::store::publish_recovery::recover_publication;
use crate::store::store_owner::{claim_store, layout_for_owner, require_ownership};
use crate::store::{LockOwner, StoreLayout, StoreLock, StoreOwner};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The folder of a production and its store. The document itself is not read.
#[derive(Debug, Clone)]
pub struct StoreLocation {
    /// The folder that paths in the document start from.
    pub root: PathBuf,
    /// The files of the store.
    pub layout: StoreLayout,
    owner: StoreOwner,
}

/// The document of a folder.
const MAIN_DOCUMENT: &str = "production.yaml";

/// How to lock a store.
#[derive(Debug, Clone, Copy)]
pub struct StoreAccess<'a> {
    /// The command of the owner, such as `run`. Processes that wait for the lock show it.
    pub command: &'a str,
    /// Whether to wait while another process holds the store.
    pub wait: bool,
}

/// Returns the file name of the main document of an opened production.
pub(super) fn main_document_name(sources: &SourceMap) -> Option<&OsStr> {
    // The main file is read first.
    sources
        .iter()
        .next()
        .and_then(|(_, source)| source.path.file_name())
}

impl StoreLocation {
    /// Returns the store of the document or folder at `path`. `None` for `store` is `.production`
    /// beside the document.
    ///
    /// # Errors
    /// Fails when there is nothing at `path`, or the folder of the store is neither empty nor a
    /// store of this production.
    pub fn find(path: &Path, store: Option<&Path>) -> Result<Self, SessionError> {
        let facts = std::fs::metadata(path)
            .map_err(|source| SessionError::io_error(format!("find {}", path.display()), source))?;
        let above = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        // A file that is named without a folder has an empty parent, which is the working folder.
        let folder = if facts.is_dir() { Some(path) } else { above };
        let document = path.file_name().filter(|_| !facts.is_dir());
        Self::in_folder(folder.unwrap_or(Path::new(".")), document, store)
    }

    /// Returns the store of the production in `root`. `None` for `document` is `production.yaml`.
    ///
    /// # Errors
    /// Fails when the folder of the store is neither empty nor a store of this production.
    // Checked here, where every command gets its store, and before anything is read or written: a
    // folder of somebody's work may be named by mistake.
    pub(super) fn in_folder(
        root: &Path,
        document: Option<&OsStr>,
        store: Option<&Path>,
    ) -> Result<Self, SessionError> {
        let store = store.map_or_else(|| root.join(".production"), Path::to_owned);
        let document = document.unwrap_or(OsStr::new(MAIN_DOCUMENT));
        let owner = StoreOwner::new(root, &document.to_string_lossy());
        let layout = layout_for_owner(StoreLayout::new(store), root, &owner)?;
        require_ownership(&layout, &owner)?;
        Ok(Self {
            root: root.to_owned(),
            layout,
            owner,
        })
    }

    /// Returns the name by which people know the production: its folder, and its document if that
    /// is not `production.yaml`.
    #[must_use]
    pub fn production_id(&self) -> String {
        let StoreOwner {
            folder, document, ..
        } = &self.owner;
        let name = Path::new(folder).file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        if document == MAIN_DOCUMENT {
            name.into_owned()
        } else {
            format!("{name}/{document}")
        }
    }

    /// Locks the store, and completes or undoes a publication that an earlier process left
    /// incomplete.
    ///
    /// # Errors
    /// Fails when another process holds the store and `access` does not wait, the store belongs to
    /// another production, or it cannot be written.
    pub fn lock(
        &self,
        access: StoreAccess<'_>,
        context: SessionContext<'_>,
    ) -> Result<StoreLock, SessionError> {
        let owner = LockOwner {
            process: std::process::id(),
            command: access.command.to_owned(),
            since: SystemClock::default().now(),
        };
        let report_wait = |holder: &str| context.report(&SessionNotice::WaitingForStore { holder });
        let lock =
            StoreLock::acquire_lock(&self.layout, &owner, access.wait.then_some(&report_wait))?;
        // Again under the lock: another production may have taken an empty folder meanwhile.
        claim_store(&self.layout, &self.owner)?;
        // Under the lock and before anything else, so that the command never changes a
        // half-published store.
        if let Some(recovery) = recover_publication(&self.layout, &self.root)? {
            context.report(&SessionNotice::PublicationRecovered(&recovery));
        }
        Ok(lock)
    }
}
