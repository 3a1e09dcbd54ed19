//! Rebuilds the history of a store: the compacted part of the older journals, then every record
//! since.

use super::{RunHistory, StoreError, StoreLayout, journal, journal_compaction};

impl RunHistory {
    /// Replays every journal of the store, or what was compacted of the older ones and the rest.
    ///
    /// # Errors
    /// Fails when a journal cannot be read or is damaged before its last record.
    pub fn replay_journals(layout: &StoreLayout) -> Result<Self, StoreError> {
        let journals = journal::list_journals(layout)?;
        let (mut history, folded) =
            journal_compaction::load_fold(layout, &journals).unwrap_or_default();
        for path in &journals[folded..] {
            history.begin_run(journal::revision_from_path(path));
            journal::visit_events(layout, path, |event| history.apply_event(event))?;
        }
        Ok(history)
    }
}
