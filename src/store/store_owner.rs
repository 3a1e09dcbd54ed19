//! The owner of a store: a file that says that the folder is a store, and of which production.
//!
//! Two productions in one store would share its journals, so that one would put back, finish or
//! remove what the other made. Therefore a store belongs to the first production that locks it.
//! Stores of earlier versions have no such file. They are known by their shape, and get one.

use super::disk::parent_folder;
use super::journal::{self, format_line, record_json, revision_from_path, revision_number};
use super::{StoreError, StoreLayout, store_shape};
use crate::base::json::to_json_string;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Component, Path, PathBuf};

/// The version of the record that this program writes.
const RECORD_VERSION: u32 = 1;

/// The production that a store belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreOwner {
    /// The real path of its folder.
    // Text and not a path: a record must be written for a folder whose name is not UTF-8 too.
    pub folder: String,
    /// The name of its document in that folder.
    pub document: String,
    /// The inode of the folder. 0: the system has none. A folder keeps it when it is renamed.
    inode: u64,
    /// The way from the store to the folder. `None`: not known yet.
    from_store: Option<PathBuf>,
}

/// The record in the file of the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipRecord {
    version: u32,
    /// The production.
    pub owner: StoreOwner,
    /// The number of the first run that compared every input of a job with its digest.
    // What earlier runs made from a file that is damaged now may have been made from the damage.
    pub inputs_verified_from: u32,
}

impl StoreOwner {
    /// Returns the production whose document `document` is in the folder `root`.
    #[must_use]
    pub fn new(root: &Path, document: &str) -> Self {
        // An empty path means the current folder, and cannot be looked at.
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        Self {
            folder: real_path(root).to_string_lossy().into_owned(),
            document: document.to_owned(),
            inode: folder_inode(root),
            from_store: None,
        }
    }

    /// Returns whether `recorded`, the owner of the store at `store`, is this
    /// production.
    fn is_recorded_as(&self, recorded: &Self, store: &Path) -> bool {
        let is_beside = |way: &Path| real_path(&store.join(way)) == Path::new(&self.folder);
        if recorded.folder == self.folder {
            return true;
        }
        if let Some(way) = &recorded.from_store {
            let is_within = way.components().all(|part| part == Component::ParentDir);
            // A store within its production was copied or moved together with it.
            if is_within && is_beside(way) {
                return true;
            }
        }
        // The recorded folder is gone: it was renamed, or another machine has it under another
        // path. If it is still there, it is another production.
        !Path::new(&recorded.folder).exists()
            && ((self.inode != 0 && recorded.inode == self.inode)
                || recorded.from_store.as_deref().is_some_and(is_beside))
    }
}

/// Returns whether the error says that there is no file of this name.
const fn is_absence(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
    )
}

impl OwnershipRecord {
    /// Returns the record of the store. `None`: there is none, or it was damaged.
    fn load(layout: &StoreLayout) -> Result<Option<Self>, StoreError> {
        let path = layout.owner_path();
        let bytes = match layout.disk().read_bytes(&path) {
            Ok(bytes) => bytes,
            Err(error) if is_absence(error.kind()) => return Ok(None),
            Err(error) => return Err(StoreError::io("read", &path, error)),
        };
        // A record that was cut off or edited says nothing. The shape of the folder decides, and a
        // new record is written.
        let Some(json) = record_json(&bytes) else {
            return Ok(None);
        };
        match serde_json::from_str::<Self>(json) {
            Ok(record) if record.version <= RECORD_VERSION => Ok(Some(record)),
            // Its checksum is right, so it is whole: a newer program wrote it.
            _ => Err(StoreError::Newer { path, line: 1 }),
        }
    }

    fn save(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        let line = format_line(&to_json_string(self));
        layout.replace_file(&layout.owner_path(), line.as_bytes())
    }
}

/// Returns the store below `layout` that `owner` has. It is another one only if a second document
/// of the same folder has this one: each document then has a store of its own within.
///
/// # Errors
/// Fails if the record cannot be read, a newer program wrote it, or the store within is a link.
pub fn layout_for_owner(
    layout: StoreLayout,
    root: &Path,
    owner: &StoreOwner,
) -> Result<StoreLayout, StoreError> {
    // A store that is not there yet, or one of an earlier version.
    let Some(record) = OwnershipRecord::load(&layout)? else {
        return Ok(layout);
    };
    let recorded = &record.owner.document;
    let is_second = *recorded != owner.document
        && owner.is_recorded_as(&record.owner, layout.root())
        // A document that was renamed takes its store along. A folder without `production.yaml`
        // has one store, also if its document has another name.
        && root.join(recorded).is_file()
        && root.join(&owner.document).is_file();
    if !is_second {
        return Ok(layout);
    }
    let mut within = layout.document_layout(&owner.document);
    // Several documents could have the name of an earlier version, so its owner decides.
    if let Some(earlier) = layout.earlier_document_layout(&owner.document)
        && OwnershipRecord::load(&earlier)?
            .is_some_and(|record| record.owner.document == owner.document)
    {
        within = earlier;
    }
    // Through a link, two documents could share one store after all.
    for path in [within.root(), parent_folder(within.root())] {
        store_shape::require_no_link(layout.disk(), path)?;
    }
    Ok(within)
}

/// Fails if the folder is neither empty, nor new, nor a store of `owner`. Nothing is written.
///
/// # Errors
/// As described; and if the folder cannot be read, or a newer program wrote the store.
pub fn require_ownership(
    layout: &StoreLayout,
    owner: &StoreOwner,
) -> Result<Option<OwnershipRecord>, StoreError> {
    let record = require_store(layout)?;
    match record {
        Some(record) if !owner.is_recorded_as(&record.owner, layout.root()) => {
            Err(StoreError::OtherProduction {
                path: layout.root().to_owned(),
                folder: record.owner.folder,
            })
        }
        record => Ok(record),
    }
}

/// Fails if the folder is neither empty, nor new, nor a store. Returns its record.
///
/// # Errors
/// As described; and if the folder cannot be read, or a newer program wrote the store.
pub fn require_store(layout: &StoreLayout) -> Result<Option<OwnershipRecord>, StoreError> {
    if let Some(record) = OwnershipRecord::load(layout)? {
        return Ok(Some(record));
    }
    let fault = |source| StoreError::io("read", layout.root(), source);
    if store_shape::has_store_shape(layout).map_err(fault)? {
        Ok(None)
    } else {
        Err(StoreError::NotAStore {
            path: layout.root().to_owned(),
        })
    }
}

/// Records `owner` as the owner of the store, unless that is recorded. The caller must hold the
/// lock.
///
/// # Errors
/// Fails if the store belongs to another production or cannot be written, or if something in it is
/// a link or has the wrong kind.
pub fn claim_store(
    layout: &StoreLayout,
    owner: &StoreOwner,
) -> Result<OwnershipRecord, StoreError> {
    let found = require_ownership(layout, owner)?;
    store_shape::require_own_files(layout)?;
    let inputs_verified_from = match &found {
        Some(record) => record.inputs_verified_from,
        // Runs of this program compare all inputs, and those before it may not have.
        None => next_run_number(layout)?,
    };
    let record = OwnershipRecord {
        version: RECORD_VERSION,
        owner: StoreOwner {
            from_store: way_between(&real_path(layout.root()), Path::new(&owner.folder)),
            ..owner.clone()
        },
        inputs_verified_from,
    };
    // Written only if something is new: every command that locks the store claims it.
    if found.as_ref() != Some(&record) {
        record.save(layout)?;
    }
    Ok(record)
}

/// Returns the number of the first run from which on inputs were compared with their digests.
pub(super) fn inputs_verified_from(layout: &StoreLayout) -> u32 {
    // Without a record, no run is known to have compared anything.
    OwnershipRecord::load(layout)
        .ok()
        .flatten()
        .map_or(u32::MAX, |record| record.inputs_verified_from)
}

fn next_run_number(layout: &StoreLayout) -> Result<u32, StoreError> {
    let journals = journal::list_journals(layout)?;
    let newest = journals
        .iter()
        .filter_map(|path| revision_number(&revision_from_path(path)))
        .max();
    Ok(newest.unwrap_or(0).saturating_add(1))
}

/// Returns the real path, or the absolute one if there is nothing at it.
fn real_path(path: &Path) -> PathBuf {
    path.canonicalize()
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}

/// Returns the way from one absolute path to another. `None`: they have nothing in common.
fn way_between(from: &Path, to: &Path) -> Option<PathBuf> {
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(one, other)| one == other)
        .count();
    if common == 0 {
        return None;
    }
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(common)).collect();
    // The path is written as JSON, which has only text.
    way.to_str().is_some().then_some(way)
}

#[cfg(unix)]
fn folder_inode(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).map_or(0, |facts| facts.ino())
}

#[cfg(not(unix))]
fn folder_inode(_: &Path) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Journal;

    /// A folder with productions, and a place for stores.
    struct TestFolders(tempfile::TempDir);

    impl TestFolders {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn owner(&self, name: &str) -> StoreOwner {
            let root = self.0.path().join(name);
            std::fs::create_dir_all(&root).unwrap();
            std::fs::write(root.join("production.yaml"), "production: {}\n").unwrap();
            StoreOwner::new(&root, "production.yaml")
        }

        fn layout(&self, name: &str) -> StoreLayout {
            StoreLayout::new(self.0.path().join(name))
        }

        fn write(&self, name: &str, text: &str) {
            let path = self.0.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn a_store_of_a_second_document_is_found_under_the_name_of_an_earlier_version() {
        let folders = TestFolders::new();
        let layout = folders.layout("film/.production");
        let main = folders.owner("film");
        claim_store(&layout, &main).unwrap();
        let root = folders.0.path().join("film");
        let names = ["a\u{20AB}.yaml", "a AB.yaml"];
        for name in names {
            folders.write(&format!("film/{name}"), "production: {}\n");
        }
        let owners = names.map(|name| StoreOwner::new(&root, name));
        let found = |owner| layout_for_owner(layout.clone(), &root, owner).unwrap();
        let apart = [&owners[0], &owners[1]].map(|owner| found(owner).root().to_owned());
        assert_ne!(apart[0], apart[1]);
        // Both had this name.
        let shared = folders.layout("film/.production/documents/a%20AB.yaml");
        claim_store(&shared, &owners[0]).unwrap();
        assert_eq!(found(&owners[0]).root(), shared.root());
        assert!(claim_store(&found(&owners[0]), &owners[0]).is_ok());
    }

    #[test]
    fn a_store_belongs_to_the_first_production_that_claims_it() {
        let folders = TestFolders::new();
        let layout = folders.layout("store");
        claim_store(&layout, &folders.owner("one")).unwrap();
        claim_store(&layout, &folders.owner("one")).unwrap();
        let refused = claim_store(&layout, &folders.owner("two")).unwrap_err();
        assert!(
            matches!(&refused, StoreError::OtherProduction { folder, .. } if folder.ends_with("one")),
            "{refused}"
        );
        assert!(require_ownership(&layout, &folders.owner("two")).is_err());
    }

    #[test]
    fn a_production_that_was_renamed_or_copied_with_its_store_keeps_it() {
        let folders = TestFolders::new();
        let path = |name: &str| folders.0.path().join(name);
        claim_store(&folders.layout("film/.production"), &folders.owner("film")).unwrap();
        claim_store(&folders.layout("store"), &folders.owner("film")).unwrap();
        std::fs::create_dir_all(path("copy/.production")).unwrap();
        for name in [".production/store.owner", "production.yaml"] {
            std::fs::copy(path("film").join(name), path("copy").join(name)).unwrap();
        }
        let copy = StoreOwner::new(&path("copy"), "production.yaml");
        assert!(require_ownership(&folders.layout("copy/.production"), &copy).is_ok());
        assert!(require_ownership(&folders.layout("store"), &copy).is_err());
        std::fs::rename(path("film"), path("renamed")).unwrap();
        let renamed = StoreOwner::new(&path("renamed"), "production.yaml");
        assert!(require_ownership(&folders.layout("renamed/.production"), &renamed).is_ok());
        assert!(claim_store(&folders.layout("store"), &renamed).is_ok());
        assert!(require_ownership(&folders.layout("store"), &copy).is_err());
    }

    #[test]
    fn two_documents_of_one_folder_have_a_store_each_and_a_renamed_one_keeps_its_own() {
        let folders = TestFolders::new();
        let main = folders.owner("film");
        let root = folders.0.path().join("film");
        let teaser = StoreOwner::new(&root, "teaser.yaml");
        let layout = |owner: &StoreOwner| {
            let layout = folders.layout("film/.production");
            layout_for_owner(layout, &root, owner).unwrap()
        };
        assert_eq!(layout(&teaser).root(), root.join(".production"));
        claim_store(&layout(&main), &main).unwrap();
        folders.write("film/teaser.yaml", "production: {}\n");
        let within = root.join(".production/documents/teaser.yaml");
        assert_eq!(layout(&teaser).root(), within);
        assert_eq!(layout(&main).root(), root.join(".production"));
        std::fs::remove_file(root.join("production.yaml")).unwrap();
        assert_eq!(layout(&teaser).root(), root.join(".production"));
    }

    #[test]
    fn a_folder_that_is_neither_empty_nor_a_store_is_refused_for_any_file_names() {
        let folders = TestFolders::new();
        let owner = folders.owner("film");
        let foreign: [&[&str]; 9] = [
            &["home/notes.txt"],
            &["home/scratch/thesis"],
            &["home/blobs/ab/mine"],
            &["home/runs/rev-0001/thesis"],
            &["home/runs/old/plan.json", "home/lock"],
            &["home/current.json"],
            &["home/events/2024.jsonl"],
            &["home/manifests/rev-0001.json.bak", "home/lock"],
            &["home/documents/letter.txt", "home/lock"],
        ];
        for files in foreign {
            for file in files {
                folders.write(file, if file.ends_with("lock") { "" } else { "mine" });
            }
            let refused = claim_store(&folders.layout("home"), &owner).unwrap_err();
            assert!(
                matches!(refused, StoreError::NotAStore { .. }),
                "{files:?}: {refused}"
            );
            std::fs::remove_dir_all(folders.0.path().join("home")).unwrap();
        }
        folders.write("file", "mine");
        assert!(claim_store(&folders.layout("file"), &owner).is_err());
    }

    #[test]
    fn a_store_of_an_earlier_version_is_known_by_its_shape_and_gets_a_mark() {
        let folders = TestFolders::new();
        let owner = folders.owner("film");
        // As a kill in its first instant left it, and as `plan` did.
        folders.write("early/lock", "");
        folders.write("planned/runs/rev-0001/plan.json", "{}");
        let layout = folders.layout("old");
        let mut journal = Journal::create(&layout, "rev-0007").unwrap();
        journal
            .append(&crate::event::Event::CheckpointSaved { shots: 1 })
            .unwrap();
        journal.close().unwrap();
        // A file that a person put there does not make it another folder.
        folders.write("old/notes.txt", "keep this store");
        for name in ["early", "planned", "old", "new"] {
            let record = claim_store(&folders.layout(name), &owner).unwrap();
            assert_eq!(
                record.inputs_verified_from,
                if name == "old" { 8 } else { 1 }
            );
            assert!(claim_store(&folders.layout(name), &folders.owner("other")).is_err());
        }
    }

    #[test]
    fn a_damaged_mark_is_written_again_and_one_of_a_newer_program_is_left_alone() {
        let folders = TestFolders::new();
        let owner = folders.owner("film");
        let layout = folders.layout("store");
        folders.write("store/lock", "");
        claim_store(&layout, &owner).unwrap();
        let whole = std::fs::read(layout.owner_path()).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(layout.owner_path(), &bytes).unwrap();
            claim_store(&layout, &owner).unwrap();
            assert_eq!(std::fs::read(layout.owner_path()).unwrap(), whole, "{at}");
        }
        let newer = format_line(r#"{"version":2,"owner":"everyone"}"#);
        std::fs::write(layout.owner_path(), &newer).unwrap();
        let refused = claim_store(&layout, &owner).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { .. }), "{refused}");
        assert_eq!(std::fs::read_to_string(layout.owner_path()).unwrap(), newer);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_store_is_refused_before_anything_behind_it_is_written() {
        let folders = TestFolders::new();
        let owner = folders.owner("film");
        folders.write("victim/thesis", "work");
        let victim = folders.0.path().join("victim");
        for name in [
            "blobs",
            "blobs/ab",
            "events",
            "manifests",
            "scratch",
            "runs",
            "runs/rev-0001",
            "runs/rev-0001/logs",
            "provenance",
            "metrics.prom",
            "manifests/rev-0001.json",
        ] {
            let layout = folders.layout("store");
            claim_store(&layout, &owner).unwrap();
            let link = layout.root().join(name);
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(&victim, &link).unwrap();
            let refused = claim_store(&layout, &owner).unwrap_err();
            assert!(
                matches!(&refused, StoreError::LinkInStore { path } if *path == link),
                "{name}: {refused}"
            );
            std::fs::remove_dir_all(layout.root()).unwrap();
        }
        assert_eq!(std::fs::read_dir(victim).unwrap().count(), 1);
    }
}
