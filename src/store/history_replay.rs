//! Rebuilds the history of a store: the compacted part of the older journals, then every record
//! since.

use super::current_pointer::CurrentPointer;
use super::{RunHistory, StoreError, StoreLayout, distrust, journal, journal_compaction};

impl RunHistory {
    /// Replays every journal of the store, or what was compacted of the older ones and the rest.
    ///
    /// # Errors
    /// Fails when a journal cannot be read, is damaged before its last record, or was written by a
    /// newer program.
    pub fn replay_journals(layout: &StoreLayout) -> Result<Self, StoreError> {
        let journals = journal::list_journals(layout)?;
        // A cache of the older journals. If it is missing or damaged, all of them are replayed.
        let (mut history, folded) =
            journal_compaction::load_fold(layout, &journals).unwrap_or_default();
        for path in &journals[folded..] {
            history.begin_run(journal::revision_from_path(path));
            journal::visit_events(layout, path, |event| history.apply_event(event))?;
        }
        history.distrusted = distrust::distrusted_identities(layout)?;
        history.newest_named = newest_named_revision(layout)?;
        Ok(history)
    }
}

/// Returns the highest number among the manifests and the pointer. 0: there is none.
fn newest_named_revision(layout: &StoreLayout) -> Result<u32, StoreError> {
    let folder = layout.manifests_folder();
    let manifests = layout
        .disk()
        .sorted_paths(&folder)
        .map_err(|source| StoreError::io("list", &folder, source))?;
    let named = manifests
        .iter()
        .map(|path| journal::revision_from_path(path))
        .chain(CurrentPointer::load(layout).map(|pointer| pointer.revision));
    Ok(named
        .filter_map(|revision| journal::revision_number(&revision))
        .max()
        .unwrap_or(0))
}
