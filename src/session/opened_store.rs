//! A store with its history, for commands that need no document. They work while the document has
//! errors or is being edited.

use super::place_check::{match_replace_paths, protected_paths};
use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::store_access::{StoreAccess, StoreLocation, main_document_name};
use crate::base::Digest;
use crate::base::paths::normalized_path;
use crate::project::{self, ProjectOptions};
use crate::report::summary::revision_summary::ending_label;
use crate::store::manifest::Manifest;
use crate::store::place_survey::ReplacePermit;
use crate::store::revisions::Revision;
use crate::store::{StoreLayout, StoreLock};
use std::path::{Path, PathBuf};

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

    /// Returns what a return to the revision of `manifest` may replace: the paths of `--replace`,
    /// and never what the document at `document` reads.
    ///
    /// # Errors
    /// Fails when a path names no deliverable of the revision; also when paths are given and the
    /// document has mistakes, because it is not known then what it reads.
    pub fn replace_permit(
        &self,
        manifest: &Manifest,
        replace: &[PathBuf],
        document: &Path,
    ) -> Result<ReplacePermit, SessionError> {
        let places: Vec<PathBuf> = manifest
            .deliverables_below(Path::new(""))
            .iter()
            .filter_map(|deliverable| normalized_path(&deliverable.path))
            .collect();
        let (matched, unmatched) = match_replace_paths(&self.root, &places, replace);
        if let Some(path) = unmatched.into_iter().next() {
            return Err(SessionError::UnknownReplacePath(path));
        }
        // A document with mistakes, or none, is no reason to refuse: a revert replaces nothing but
        // what runs delivered, unless a path allows more.
        let opened = project::open(document, &ProjectOptions::default()).ok();
        let checked = opened.as_ref().and_then(|opened| opened.checked.as_ref());
        if checked.is_none() && !matched.is_empty() {
            return Err(SessionError::UnknownSources);
        }
        let sources = opened.as_ref().map(|opened| &opened.sources);
        Ok(ReplacePermit {
            replace: matched.into_iter().collect(),
            protected: protected_paths(
                &self.root,
                checked.map(|checked| &**checked),
                sources,
                &self.layout,
            ),
            document: sources
                .and_then(main_document_name)
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        })
    }

    /// Returns the manifest of a published revision, with its digest.
    ///
    /// # Errors
    /// Fails when there is no such revision, it was not published, or its manifest is damaged and
    /// the journals do not have all of it.
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
        let manifest = Manifest::read(&self.layout, &revision.name, digest).or_else(|error| {
            let rebuilt = Manifest::rebuild(&self.layout, &revision.name)
                .ok()
                .flatten();
            rebuilt
                .filter(|manifest| manifest.digest() == digest)
                .ok_or(error)
        })?;
        Ok((revision, manifest, digest))
    }
}
