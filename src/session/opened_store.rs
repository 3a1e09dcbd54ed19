//! A store with its history, for commands that need no document. They work while the document has
//! errors or is being edited.

use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::store_access::{StoreAccess, StoreLocation};
use crate::base::Digest;
use crate::report::summary::revision_summary::ending_label;
use crate::store::manifest::Manifest;
use crate::store::revisions::Revision;
use crate::store::{StoreLayout, StoreLock};
use std::path::PathBuf;

/// Maximum number of revisions that an error names.
const MAX_NAMED_REVISIONS: usize = 5;

/// The store of one production, with its revisions.
#[derive(Debug)]
pub struct OpenedStore {
    /// The production's folder.
    pub root: PathBuf,
    /// The files of the store.
    pub layout: StoreLayout,
    /// Every revision, oldest first.
    pub revisions: Vec<Revision>,
}

impl OpenedStore {
    /// Reads the history of a store.
    ///
    /// # Errors
    /// Fails when the store is damaged or cannot be read.
    pub fn open(location: StoreLocation) -> Result<Self, SessionError> {
        let revisions = Revision::read_all(&location.layout)?;
        Ok(Self {
            root: location.root,
            layout: location.layout,
            revisions,
        })
    }

    /// Locks the store for this process, then opens it.
    ///
    /// # Errors
    /// As for [`StoreLocation::lock`] and [`Self::open`].
    pub fn open_locked(
        location: StoreLocation,
        access: StoreAccess<'_>,
        context: SessionContext<'_>,
    ) -> Result<(StoreLock, Self), SessionError> {
        // The lock comes first: a run that ends in between would publish a revision that this list
        // does not have.
        let lock = location.lock(access, context)?;
        Ok((lock, Self::open(location)?))
    }

    /// Returns the revision of a name: `rev-0003`, `3`, `current` or `latest`.
    ///
    /// # Errors
    /// Fails when there is none; the error names the newest ones.
    pub fn find_revision(&self, name: &str) -> Result<&Revision, SessionError> {
        Revision::find_by_name(&self.revisions, name).ok_or_else(|| {
            // The newest only: a store may have hundreds of revisions, and the wanted one is
            // usually recent.
            let newest = self.revisions.iter().rev().take(MAX_NAMED_REVISIONS);
            SessionError::UnknownRevision {
                name: name.to_owned(),
                newest: newest.map(|revision| revision.name.clone()).collect(),
            }
        })
    }

    /// Returns the manifest of a published revision, with its digest.
    ///
    /// # Errors
    /// Fails when there is no such revision, it was not published, or its manifest is damaged.
    pub fn read_manifest(&self, name: &str) -> Result<(&Revision, Manifest, Digest), SessionError> {
        let revision = self.find_revision(name)?;
        // A revision that failed has jobs but no deliverables, so there is no manifest to show. The
        // error says how it ended.
        let Some(published) = &revision.published else {
            return Err(SessionError::NotPublished {
                revision: revision.name.clone(),
                ending: ending_label(revision),
            });
        };
        let digest = published.manifest;
        // The digest from the journal is compared with the file, so a damaged or edited manifest is
        // never shown as what was delivered.
        let manifest = Manifest::read(&self.layout, &revision.name, digest)?;
        Ok((revision, manifest, digest))
    }
}
