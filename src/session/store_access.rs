//! The way to a store: its place beside a document, and the lock of the commands that change it.

use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::base::{Clock, SystemClock};
use crate::store::publish::recover_publication;
use crate::store::{LockOwner, StoreLayout, StoreLock};
use std::path::{Path, PathBuf};

/// A production's folder and its store. The document itself is not read.
#[derive(Debug, Clone)]
pub struct StoreLocation {
    /// The folder that paths in the document start from.
    pub root: PathBuf,
    /// The files of the store.
    pub layout: StoreLayout,
}

/// How a store is taken for one process alone.
#[derive(Debug, Clone, Copy)]
pub struct StoreAccess<'a> {
    /// What the owner does, such as `run`: other processes are told.
    pub command: &'a str,
    /// Whether to wait while another process holds the store.
    pub wait: bool,
}

impl StoreLocation {
    /// Returns the store of the document or folder at `path`; `.production` beside it unless
    /// `store` names another.
    ///
    /// # Errors
    /// Fails when there is nothing at `path`.
    pub fn find(path: &Path, store: Option<&Path>) -> Result<Self, SessionError> {
        let facts = std::fs::metadata(path)
            .map_err(|source| SessionError::io_error(format!("find {}", path.display()), source))?;
        let above = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
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

    /// Takes the store for this process alone, and mends what an earlier one left half published.
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
        if let Some(recovery) = recover_publication(&self.layout, &self.root)? {
            context.report(&SessionNotice::PublicationRecovered(&recovery));
        }
        Ok(lock)
    }
}
