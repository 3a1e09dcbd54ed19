//! The choices of the last run: its quality tier, and whether it has sound. From the first
//! record of its journal.

use super::{StoreLayout, journal};
use crate::event::Event;
use std::io::Read;
use std::path::Path;

/// Most bytes of a first record that are read. A title and a list of programs fit easily.
const MAX_RECORD_BYTES: u64 = 1 << 20;

/// Most journals that are looked at. Returns to an earlier revision and journals of earlier
/// versions name no tier.
const MAX_JOURNALS: usize = 32;

/// The choices of the last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChoices {
    /// The revision of the run.
    pub revision: String,
    /// The name of its tier.
    pub tier: String,
    /// Whether it replaced the tier of the document, as `--quality` does.
    pub is_override: bool,
    /// Whether the sound that the document asks for was left out, as `--no-sound` does.
    pub no_sound: bool,
}

impl LastChoices {
    /// Returns the choices of the newest run that recorded a tier. `None`: there is none, or the
    /// store cannot be read.
    // Only the beginning of one or a few journals is read: every command that looks at a production
    // calls this before it opens the document.
    #[must_use]
    pub fn read(layout: &StoreLayout) -> Option<Self> {
        let journals = journal::list_journals(layout).ok()?;
        let newest = journals.iter().rev().take(MAX_JOURNALS);
        newest.filter_map(|path| read_first(layout, path)).next()
    }
}

/// Returns the choices in the first record of a journal.
fn read_first(layout: &StoreLayout, path: &Path) -> Option<LastChoices> {
    let mut beginning = Vec::new();
    let mut file = layout.disk().open(path).ok()?.take(MAX_RECORD_BYTES);
    let mut block = [0; 4096];
    while !beginning.contains(&b'\n') {
        let bytes_read = file.read(&mut block).ok().filter(|bytes| *bytes > 0)?;
        beginning.extend_from_slice(&block[..bytes_read]);
    }
    let end = beginning.iter().position(|byte| *byte == b'\n')?;
    match journal::parse_event(&beginning[..=end])? {
        Event::RunStarted {
            revision,
            tier,
            tier_override,
            no_sound,
            ..
        } if !tier.is_empty() => Some(LastChoices {
            revision,
            tier,
            is_override: tier_override,
            no_sound,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EVENT_FORMAT_VERSION;
    use crate::store::Journal;

    fn write(layout: &StoreLayout, revision: &str, tier: &str, is_changed: bool) {
        let mut journal = Journal::create(layout, revision).unwrap();
        let began = Event::RunStarted {
            version: EVENT_FORMAT_VERSION,
            revision: revision.to_owned(),
            production: "Film".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            jobs: 1,
            programs: Vec::new(),
            totals: None,
            tier: tier.to_owned(),
            tier_override: is_changed,
            no_sound: is_changed,
        };
        journal.append(&began).unwrap();
        journal
            .append(&Event::CheckpointSaved { shots: 1 })
            .unwrap();
        journal.close().unwrap();
    }

    #[test]
    fn the_tier_is_that_of_the_newest_run_that_recorded_one() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        assert_eq!(LastChoices::read(&layout), None);
        write(&layout, "rev-0001", "preview", false);
        write(&layout, "rev-0002", "draft", true);
        let draft = LastChoices {
            revision: "rev-0002".to_owned(),
            tier: "draft".to_owned(),
            is_override: true,
            no_sound: true,
        };
        assert_eq!(LastChoices::read(&layout), Some(draft.clone()));
        // A journal of an earlier version, and a return to an earlier revision.
        write(&layout, "rev-0003", "", false);
        let mut journal = Journal::create(&layout, "rev-0004").unwrap();
        let reverted = Event::Reverted {
            to: "rev-0001".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            replaced: Vec::new(),
        };
        journal.append(&reverted).unwrap();
        journal.close().unwrap();
        assert_eq!(LastChoices::read(&layout), Some(draft));
    }

    #[test]
    fn a_journal_without_a_whole_record_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        write(&layout, "rev-0001", "preview", false);
        std::fs::write(layout.journal_path("rev-0002"), "0123 {\"event\":").unwrap();
        assert_eq!(LastChoices::read(&layout).unwrap().tier, "preview");
    }
}
