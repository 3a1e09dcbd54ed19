//! Locates the store of a document, and locks it for commands that change it.

use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::base::{Clock, SystemClock};
use crate::store::publish::recover_publication;
use crate::store::{LockOwner, StoreLayout, StoreLock};
use std::path::{Path, PathBuf};

/// The folder of a production and its store. The document itself is not read.
#[derive(Debug, Clone)]
pub struct StoreLocation {
    /// The folder that paths in the document start from.
    pub root: PathBuf,
    /// The files of the store.
    pub layout: StoreLayout,
}

/// How to lock a store.
#[derive(Debug, Clone, Copy)]
pub struct StoreAccess<'a> {
    /// The command of the owner, such as `run`. Processes that wait for the lock show it.
    pub command: &'a str,
    /// Whether to wait while another process holds the store.
    pub wait: bool,
}

impl StoreLocation {
    /// Returns the store of the document or folder at `path`. `None` for `store` is `.production`
    /// beside the document.
    ///
    /// # Errors
    /// Fails when there is nothing at `path`.
    pub fn find(path: &Path, store: Option<&Path>) -> Result<Self, SessionError> {
        let facts = std::fs::metadata(path)
            .map_err(|source| SessionError::io_error(format!("find {}", path.display()), source))?;
        let above = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        // A file that is named without a folder has an empty parent, which is the working folder.
        let folder = if facts.is_dir() { Some(path) } else { above };
        Ok(Self::in_folder(folder.unwrap_or(Path::new(".")), store))
    }

    /// Returns the store of the production in `root`.
    pub(super) fn in_folder(root: &Path, store: Option<&Path>) -> Self {
        let store = store.map_or_else(|| root.join(".production"), Path::to_owned);
        Self {
            root: root.to_owned(),
            layout: StoreLayout::new(store),
        }
    }

    /// Locks the store, and completes or undoes a publication that an earlier process left
    /// incomplete.
    ///
    /// # Errors
    /// Fails when another process holds the store and `access` does not wait, or the store cannot
    /// be written.
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
        // Under the lock and before anything else, so that the command never changes a
        // half-published store.
        if let Some(recovery) = recover_publication(&self.layout, &self.root)? {
            context.report(&SessionNotice::PublicationRecovered(&recovery));
        }
        Ok(lock)
    }
}
