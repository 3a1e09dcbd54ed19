//! What happens to each entry at the path of a deliverable: it is in place, replaced, removed,
//! retained, or not the program's.

use super::forbidden_paths::is_history_folder;
use super::place_request::{PlaceRequest, entry_path};
use crate::model::{ForeignKind, PlaceProblem};
use crate::store::FileSnapshot;
use crate::store::delivery_history::DeliveryHistory;
use crate::store::disk::{DiskEntryKind, FileMetadata};
use std::ops::Bound;
use std::path::{Path, PathBuf};

/// Files that keep an empty folder in version control, or that file managers leave in every folder.
/// They stay, and a folder with nothing else counts as empty.
const FOLDER_FILES: [&str; 7] = [
    ".gitkeep",
    ".keep",
    ".gitignore",
    ".gitattributes",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
];

/// One entry below the path of a deliverable, or that path itself.
#[derive(Debug, Clone)]
pub(super) struct FoundEntry {
    /// Its path below that of the deliverable. Empty: the path itself.
    pub(super) inner: PathBuf,
    pub(super) metadata: FileMetadata,
}

/// What happens to one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryFate {
    /// It is wanted as it is.
    InPlace,
    /// An earlier revision put it there, and it is replaced.
    Replaced,
    /// An earlier revision put it there, and nothing takes its path.
    Removed,
    /// It is not the program's, and stays.
    Retained,
    /// It is not the program's, and has to go.
    Foreign(ForeignKind),
}

/// What is known of one entry that is no folder. The decision depends on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EntryFacts {
    /// Whether it is a file. Otherwise it is a link or a device.
    is_file: bool,
    /// Whether its content is the wanted one. `None`: nothing is wanted at its path.
    wanted: Option<bool>,
    /// Whether its content was delivered to its path. `None`: no content ever was.
    delivered: Option<bool>,
    /// Whether it was delivered as a part of this deliverable.
    of_this_place: bool,
    /// Whether it is in a folder that was delivered before.
    beside_ours: bool,
}

/// Decides about one entry.
pub(super) const fn entry_fate(facts: EntryFacts) -> EntryFate {
    let EntryFacts {
        is_file,
        wanted,
        delivered,
        of_this_place,
        beside_ours,
    } = facts;
    match (is_file, wanted, delivered) {
        // By whomever it was put there, it is what is wanted.
        (true, Some(true), _) => EntryFate::InPlace,
        // The content is that of an earlier revision, so nothing of a person is lost.
        (true, Some(false), Some(true)) => EntryFate::Replaced,
        (true, None, Some(true)) if of_this_place => EntryFate::Removed,
        // Another deliverable put it there, and the document does not have that one any more.
        (true, None, Some(true)) => EntryFate::Retained,
        // Also if nothing takes its path any more: a frame that is left would be taken for one.
        (true, None, Some(false)) if of_this_place => EntryFate::Foreign(ForeignKind::Changed),
        (_, None, _) if beside_ours => EntryFate::Retained,
        (true, _, Some(false)) => EntryFate::Foreign(ForeignKind::Changed),
        (true, ..) => EntryFate::Foreign(ForeignKind::File),
        // The program makes no links, and behind one may be files of somebody else.
        (false, ..) => EntryFate::Foreign(ForeignKind::Link),
    }
}

/// Decides about a folder in a deliverable. What is in it is decided by itself.
pub(super) fn folder_fate(
    entry: &FoundEntry,
    beside_ours: bool,
) -> Result<EntryFate, PlaceProblem> {
    match (is_history_folder(&entry.inner), beside_ours) {
        (true, true) => Ok(EntryFate::Retained),
        (true, false) => Err(PlaceProblem::Protected(format!(
            "the folder `{}`",
            entry.inner.display()
        ))),
        (false, _) => Ok(EntryFate::Replaced),
    }
}

/// Returns whether an entry is a folder where a file is wanted, or the other way round.
pub(super) fn is_wrong_kind(request: &PlaceRequest, entry: &FoundEntry) -> bool {
    let is_folder = entry.metadata.kind == DiskEntryKind::Folder;
    if entry.inner.as_os_str().is_empty() {
        return match entry.metadata.kind {
            DiskEntryKind::Folder => !request.is_folder,
            DiskEntryKind::File => request.is_folder,
            DiskEntryKind::Other => false,
        };
    }
    let Some(files) = &request.files else {
        return false;
    };
    if is_folder {
        files.contains_key(&entry.inner)
    } else {
        // The next path in order is in the folder, if any is.
        files
            .range::<Path, _>((Bound::Excluded(entry.inner.as_path()), Bound::Unbounded))
            .next()
            .is_some_and(|(path, _)| path.starts_with(&entry.inner))
    }
}

pub(super) fn entry_facts(
    request: &PlaceRequest,
    entry: &FoundEntry,
    history: &DeliveryHistory,
    digests: &FileSnapshot,
    beside_ours: bool,
) -> EntryFacts {
    let path = entry_path(request, &entry.inner);
    let place = entry_path(request, Path::new(""));
    // `None`: it was not read, because no file of ours has its size.
    let digest = digests.file_digest(&path);
    let contents = history.delivered_contents(&path);
    let of_this_place = contents.iter().any(|content| content.place == place);
    let wanted = match &request.files {
        Some(files) => files
            .get(&entry.inner)
            .map(|file| digest == Some(file.digest)),
        // Before a run is planned its files are not known. What this deliverable had is taken to be
        // wanted again, so that a file that was changed by hand is found now and not at the end.
        None => {
            let is_expected = || {
                let names = request.names.as_ref();
                names.is_some_and(|names| names.contains(&entry.inner))
            };
            (of_this_place || !request.is_folder || is_expected()).then_some(false)
        }
    };
    EntryFacts {
        is_file: entry.metadata.kind == DiskEntryKind::File,
        wanted,
        delivered: (!contents.is_empty()).then(|| {
            contents
                .iter()
                .any(|content| digest == Some(content.digest))
        }),
        of_this_place,
        beside_ours: beside_ours || is_folder_file(&entry.inner),
    }
}

/// Returns whether an entry says something about the folder that it is in, and nothing else.
fn is_folder_file(inner: &Path) -> bool {
    FOLDER_FILES.iter().any(|name| inner == Path::new(name))
}

/// Returns whether the content of an entry decides about it. A size that nothing has decides
/// without.
pub(super) fn must_be_read(
    request: &PlaceRequest,
    entry: &FoundEntry,
    history: &DeliveryHistory,
) -> bool {
    // Another size is another content, and a folder may have gigabytes that need not be read.
    let size = entry.metadata.stamp.size;
    let is_wanted = || {
        let wanted = request.files.as_ref()?.get(&entry.inner)?;
        Some(wanted.size == size)
    };
    let is_delivered = || {
        history
            .delivered_contents(&entry_path(request, &entry.inner))
            .iter()
            .any(|content| content.size == size)
    };
    entry.metadata.kind == DiskEntryKind::File && (is_wanted() == Some(true) || is_delivered())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts() -> impl Strategy<Value = EntryFacts> {
        let known = || prop::option::of(any::<bool>());
        (
            any::<bool>(),
            known(),
            known(),
            any::<bool>(),
            any::<bool>(),
        )
            .prop_map(|(is_file, wanted, delivered, of_this_place, beside_ours)| {
                EntryFacts {
                    is_file,
                    wanted,
                    delivered,
                    of_this_place,
                    beside_ours,
                }
            })
    }

    proptest! {
        /// The one guarantee: what has to go without being allowed is in every case a
        /// file with the very bytes that a run delivered there.
        #[test]
        fn only_what_a_run_delivered_as_it_is_goes_without_a_question(facts in facts()) {
            let fate = entry_fate(facts);
            if matches!(fate, EntryFate::Replaced | EntryFate::Removed) {
                prop_assert!(facts.is_file && facts.delivered == Some(true));
            }
            if fate == EntryFate::Removed {
                prop_assert!(facts.of_this_place && facts.wanted.is_none());
            }
            if fate == EntryFate::Retained {
                prop_assert!(facts.wanted.is_none(), "nothing stays where a file has to be");
            }
            if fate == EntryFate::InPlace {
                prop_assert!(facts.is_file && facts.wanted == Some(true));
            }
        }
    }

    /// A file: whether its content is wanted, and whether it was delivered.
    fn file(wanted: Option<bool>, delivered: Option<bool>) -> EntryFacts {
        EntryFacts {
            is_file: true,
            wanted,
            delivered,
            of_this_place: false,
            beside_ours: false,
        }
    }

    fn of_this_place(facts: EntryFacts) -> EntryFacts {
        EntryFacts {
            of_this_place: true,
            ..facts
        }
    }

    fn beside_ours(facts: EntryFacts) -> EntryFacts {
        EntryFacts {
            beside_ours: true,
            ..facts
        }
    }

    #[test]
    fn each_case_has_its_fate() {
        let foreign_file = EntryFate::Foreign(ForeignKind::File);
        let changed_file = EntryFate::Foreign(ForeignKind::Changed);
        let link = EntryFacts {
            is_file: false,
            ..file(Some(false), None)
        };
        let cases = [
            (file(None, None), foreign_file),
            (beside_ours(file(None, None)), EntryFate::Retained),
            (beside_ours(file(Some(false), None)), foreign_file),
            (file(Some(true), None), EntryFate::InPlace),
            (file(Some(false), Some(true)), EntryFate::Replaced),
            (beside_ours(file(Some(false), Some(false))), changed_file),
            (of_this_place(file(None, Some(true))), EntryFate::Removed),
            (
                beside_ours(of_this_place(file(None, Some(false)))),
                changed_file,
            ),
            (file(None, Some(true)), EntryFate::Retained),
            (beside_ours(link), EntryFate::Foreign(ForeignKind::Link)),
        ];
        for (facts, fate) in cases {
            assert_eq!(entry_fate(facts), fate, "{facts:?}");
        }
    }
}
