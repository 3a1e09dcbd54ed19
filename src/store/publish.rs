//! Publishing: the old revision or the new one, never a mixture.
//!
//! Deliverables are staged beside their final places and swapped in when all of them are complete.
//! Only then does the pointer move. Before each of these two halves the store notes in
//! `publishing.json` what it is about to do. If the half is cut off, the next command that locks
//! the store finds the note. It undoes the first half, and completes the second from the store
//! alone. So a kill or a power cut at any instant ends in the old revision or in the new one.
//!
//! ```text
//! note "staging" | copy, check, sync | manifest | note "placing" | swap | pointer | journal | end
//!                 `-- cut off: undone ----------'                 `-- cut off: completed -------'
//! ```

use super::deliverable::{DeliverableFiles, SwapMethod, remove_leftovers};
use super::disk::is_partial;
use super::outside_names::{outside_name_in_event, outside_path, outside_revision};
use super::{BlobStore, Journal, Manifest, StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::base::paths::escapes_root;
use crate::event::Event;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The pointer to the published revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentPointer {
    /// The revision.
    pub revision: String,
    /// The digest of its manifest.
    pub manifest: Digest,
}

impl CurrentPointer {
    /// Reads the pointer. `None`: there is none, or it cannot be read.
    pub(super) fn load(layout: &StoreLayout) -> Option<Self> {
        let bytes = layout
            .disk()
            .read_bytes(&layout.current_pointer_path())
            .ok()?;
        let pointer: Self = serde_json::from_slice(&bytes).ok()?;
        outside_revision(&pointer.revision)
            .is_none()
            .then_some(pointer)
    }

    /// Makes this the pointer of the store.
    pub(super) fn save(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        layout.replace_file(
            &layout.current_pointer_path(),
            to_pretty_json(self).as_bytes(),
        )
    }
}

/// What is about to be done, as it is noted in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PublishNote {
    step: PublishStep,
    /// The new content of the pointer.
    current: CurrentPointer,
    /// Paths of deliverables, relative to the production's folder.
    places: Vec<PathBuf>,
    /// The revision whose journal records this, and the records that it must end with.
    // Recovery must complete the journal of a process that is gone, so the note has everything that
    // this process was going to append.
    journal: String,
    closing: Vec<Event>,
}

/// The two halves of publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PublishStep {
    /// No deliverable was touched.
    Staging,
    /// Some deliverables may be in place.
    Placing,
}

/// A revision that is in place, but not yet recorded in its journal.
#[derive(Debug)]
#[must_use = "the publication is complete only when its records are durable and it was finished"]
pub struct PlacedRevision<'a> {
    layout: &'a StoreLayout,
    places: Vec<PathBuf>,
}

/// What recovery did with an interrupted publication. The first value is its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishRecovery {
    /// Nothing had been replaced yet. What was staged was removed.
    Undone(String),
    /// It was completed.
    Completed(String),
    /// It could not be completed, because the store no longer has this file. What is in place may
    /// be mixed.
    Abandoned(String, String),
}

/// Puts the deliverables of `manifest` in place below `root` and moves the pointer. `closing` are
/// the records with which `journal` must end. The caller appends them, closes the journal, and then
/// calls [`PlacedRevision::finish`].
///
/// # Errors
/// Fails if something cannot be written, or the store lacks a file. Until all is staged, nothing is
/// replaced; after that, the next command completes it.
pub fn publish_revision<'a>(
    layout: &'a StoreLayout,
    root: &Path,
    manifest: &Manifest,
    digest: Digest,
    journal: &mut Journal,
    closing: Vec<Event>,
) -> Result<PlacedRevision<'a>, StoreError> {
    // A revision must not be in place while the records that it consists of can still be lost: a
    // manifest could then not be rebuilt, and the next run would make everything again.
    journal.flush()?;
    begin_publish(layout, root, manifest, digest, journal.revision(), closing)
}

fn begin_publish<'a>(
    layout: &'a StoreLayout,
    root: &Path,
    manifest: &Manifest,
    digest: Digest,
    journal: &str,
    closing: Vec<Event>,
) -> Result<PlacedRevision<'a>, StoreError> {
    // What a farm's results name comes here without passing a journal.
    manifest.require_inside_names(layout)?;
    let current = CurrentPointer {
        revision: manifest.revision.clone(),
        manifest: digest,
    };
    let places = manifest
        .deliverables
        .iter()
        .map(|delivered| delivered.path.clone())
        .collect();
    let mut note = PublishNote {
        step: PublishStep::Staging,
        current,
        places,
        journal: journal.to_owned(),
        closing,
    };
    // The note precedes the first byte beside a deliverable. Without it, a kill would leave hidden
    // files in the folders of outputs that no command knows of.
    note.save(layout)?;
    let deliverables = manifest.deliverables_below(root);
    let staged = stage_deliverables(layout, &deliverables).and_then(|staged| {
        // The manifest precedes the second note: recovery has only these two and the blobs to
        // complete from.
        manifest.write_if_changed(layout, digest)?;
        note.step = PublishStep::Placing;
        note.save(layout).map(|()| staged)
    });
    let staged = staged.inspect_err(|_| {
        // An error here is ignored: the note stays, and the next command undoes what is left. The
        // first error explains the failure.
        let _ = note.undo_publication(layout, root);
    })?;
    place_deliverables(layout, &staged, &note.current).map_err(|failure| {
        // If putting back failed too, the note must stay at `placing`: some deliverables are new,
        // and only completing makes them consistent again.
        if failure.rolled_back {
            let _ = note.undo_publication(layout, root);
        }
        failure.error
    })?;
    Ok(PlacedRevision {
        layout,
        places: deliverables
            .into_iter()
            .map(|deliverable| deliverable.path)
            .collect(),
    })
}

impl PlacedRevision<'_> {
    /// Ends the publication. Call it when the records are durable.
    ///
    /// # Errors
    /// Fails if the store cannot be written. The next command then ends it.
    pub fn finish(self) -> Result<(), StoreError> {
        remove_note(self.layout, &self.places)
    }
}

/// Copies out of the store what is not in its place already. Returns what was staged.
fn stage_deliverables<'a>(
    layout: &StoreLayout,
    deliverables: &'a [DeliverableFiles],
) -> Result<Vec<&'a DeliverableFiles>, StoreError> {
    let blobs = BlobStore::new(layout.clone());
    // What is in place to the byte is not touched: copying an hour of film again would take long,
    // and a player that has it open would not notice a change that is none.
    let stale: Vec<_> = deliverables
        .iter()
        .filter(|deliverable| !deliverable.is_in_place(layout.disk()))
        .collect();
    stale
        .iter()
        .try_for_each(|deliverable| deliverable.stage_files(&blobs))?;
    Ok(stale)
}

/// Swaps everything in and moves the pointer. After an error it puts everything back, if the disk
/// permits.
fn place_deliverables(
    layout: &StoreLayout,
    staged: &[&DeliverableFiles],
    current: &CurrentPointer,
) -> Result<(), PlacementError> {
    let disk = layout.disk();
    let mut swaps = Vec::new();
    let pointer = disk.read_bytes(&layout.current_pointer_path()).ok();
    let mut swap_all = || -> Result<(), StoreError> {
        for deliverable in staged {
            swaps.push((*deliverable, deliverable.swap_in(disk)?));
        }
        staged
            .iter()
            .try_for_each(|deliverable| deliverable.sync_swap(disk))?;
        // The pointer is last: it may only name a revision whose deliverables are durable in their
        // places.
        current.save(layout)
    };
    swap_all().map_err(|error| {
        let rolled_back = roll_back_swaps(layout, staged, &swaps, pointer.as_deref()).is_ok();
        PlacementError { error, rolled_back }
    })
}

/// Puts everything back as it was.
fn roll_back_swaps(
    layout: &StoreLayout,
    staged: &[&DeliverableFiles],
    swaps: &[(&DeliverableFiles, SwapMethod)],
    pointer: Option<&[u8]>,
) -> io::Result<()> {
    let disk = layout.disk();
    let path = layout.current_pointer_path();
    staged
        .iter()
        .try_for_each(|deliverable| deliverable.undo_half_swap(disk))?;
    swaps
        .iter()
        .rev()
        .try_for_each(|(deliverable, swap)| deliverable.swap_back(disk, *swap))?;
    match pointer {
        Some(bytes) if disk.read_bytes(&path).is_ok_and(|now| now == bytes) => Ok(()),
        Some(bytes) => disk.replace_file(&path, bytes),
        None => disk.remove_all(&path),
    }
}

/// An error while deliverables were put in place.
struct PlacementError {
    error: StoreError,
    /// Whether the earlier deliverables are in place again. If not, the next command completes the
    /// publication.
    rolled_back: bool,
}

fn remove_note(layout: &StoreLayout, places: &[PathBuf]) -> Result<(), StoreError> {
    places
        .iter()
        .try_for_each(|path| remove_leftovers(layout.disk(), path))?;
    let path = layout.publish_note_path();
    let removed = layout
        .disk()
        .remove_all(&path)
        .and_then(|()| layout.disk().sync(layout.root()));
    removed.map_err(|source| StoreError::io("remove", &path, source))
}

/// Returns the revision whose publication was interrupted, or is going on. `None`: there is no
/// note.
///
/// # Errors
/// Fails if the note cannot be read or has another form.
pub fn interrupted_publication(layout: &StoreLayout) -> Result<Option<String>, StoreError> {
    Ok(PublishNote::load(layout)?.map(|note| note.current.revision))
}

/// Undoes or completes an interrupted publication. The caller must hold the lock of the store.
///
/// # Errors
/// Fails if the store or the folder of a deliverable cannot be read or written.
pub fn recover_publication(
    layout: &StoreLayout,
    root: &Path,
) -> Result<Option<PublishRecovery>, StoreError> {
    remove_partials(layout).map_err(|source| StoreError::io("tidy up", layout.root(), source))?;
    let Some(note) = PublishNote::load(layout)? else {
        return Ok(None);
    };
    note.require_places_inside(layout, root)?;
    let revision = note.current.revision.clone();
    if note.step == PublishStep::Staging {
        return note
            .undo_publication(layout, root)
            .map(|()| Some(PublishRecovery::Undone(revision)));
    }
    match note.complete_placement(layout, root) {
        Ok(()) => Ok(Some(PublishRecovery::Completed(revision))),
        // Trying again would fail for ever, and the store would be blocked. So the note is removed,
        // and the command reports that deliverables may be mixed. The next run puts them right.
        Err(StoreError::MissingBlob { file }) => note
            .undo_publication(layout, root)
            .map(|()| Some(PublishRecovery::Abandoned(revision, file))),
        Err(error) => Err(error),
    }
}

/// Removes what an interrupted `replace_file` leaves in the store.
fn remove_partials(layout: &StoreLayout) -> io::Result<()> {
    let disk = layout.disk();
    // Only the newest run can have been writing, and a store may have thousands of runs.
    let newest = disk
        .sorted_paths(&layout.runs_folder())?
        .into_iter()
        .max_by_key(|path| journal::revision_number(&journal::revision_from_path(path)));
    for folder in [layout.root().to_owned(), layout.manifests_folder()]
        .into_iter()
        .chain(newest)
    {
        disk.sorted_paths(&folder)?
            .iter()
            .filter(|path| is_partial(path))
            .try_for_each(|path| disk.remove(path))?;
    }
    Ok(())
}

impl PublishNote {
    fn save(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        layout.replace_file(&layout.publish_note_path(), to_pretty_json(self).as_bytes())
    }

    fn load(layout: &StoreLayout) -> Result<Option<Self>, StoreError> {
        let path = layout.publish_note_path();
        match layout.disk().read_bytes(&path) {
            Ok(bytes) => {
                let Ok(note) = serde_json::from_slice::<Self>(&bytes) else {
                    return Err(StoreError::Changed { path });
                };
                match note.outside_name() {
                    Some(name) => Err(StoreError::OutsideName { path, name }),
                    None => Ok(Some(note)),
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::io("read", &path, source)),
        }
    }

    /// Returns the first name that leads out of the store or of the production.
    fn outside_name(&self) -> Option<String> {
        outside_revision(&self.current.revision)
            .or_else(|| outside_revision(&self.journal))
            .or_else(|| self.places.iter().find_map(|place| outside_path(place)))
            .or_else(|| self.closing.iter().find_map(outside_name_in_event))
    }

    /// Fails if a place leads out of the production through a link. What is beside it would be
    /// removed.
    fn require_places_inside(&self, layout: &StoreLayout, root: &Path) -> Result<(), StoreError> {
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        let outside = self.places.iter().find(|place| escapes_root(root, place));
        outside.map_or(Ok(()), |place| {
            Err(StoreError::OutsideName {
                path: layout.publish_note_path(),
                name: place.to_string_lossy().into_owned(),
            })
        })
    }

    fn undo_staging(&self, layout: &StoreLayout, root: &Path) -> Result<(), StoreError> {
        let places: Vec<PathBuf> = self.places.iter().map(|path| root.join(path)).collect();
        remove_note(layout, &places)
    }

    /// Removes what was staged, the note, and then the manifest of a revision that was not published,
    /// so that nothing names it.
    // In this order: a note without its manifest could not be completed. The manifest of a revision
    // that is put back is older than the note, and stays.
    fn undo_publication(&self, layout: &StoreLayout, root: &Path) -> Result<(), StoreError> {
        self.undo_staging(layout, root)?;
        if self.journal != self.current.revision {
            return Ok(());
        }
        let path = layout.manifest_path(&self.current.revision);
        layout
            .disk()
            .remove_all(&path)
            .map_err(|source| StoreError::io("remove", &path, source))
    }

    fn complete_placement(&self, layout: &StoreLayout, root: &Path) -> Result<(), StoreError> {
        let manifest = Manifest::read(layout, &self.current.revision, self.current.manifest)?;
        let deliverables = manifest.deliverables_below(root);
        let staged = stage_deliverables(layout, &deliverables)?;
        place_deliverables(layout, &staged, &self.current).map_err(|failure| failure.error)?;
        journal::complete_journal(layout, &self.journal, &self.closing)?;
        self.undo_staging(layout, root)
    }
}

/// Puts the deliverables of an earlier revision back in place below `root`, and records that in a
/// journal of its own.
///
/// # Errors
/// Fails if the store no longer has a file of it. Nothing is replaced then.
pub fn restore_revision(
    layout: &StoreLayout,
    root: &Path,
    manifest: &Manifest,
    digest: Digest,
    journal: &str,
    at: jiff::Timestamp,
) -> Result<(), StoreError> {
    let reverted = Event::Reverted {
        to: manifest.revision.clone(),
        at,
    };
    let placed = begin_publish(
        layout,
        root,
        manifest,
        digest,
        journal,
        vec![reverted.clone()],
    )?;
    // The journal is created only now: a return that is refused must leave no revision. A kill
    // before this line is no loss, because the note has the record.
    let mut journal = Journal::create(layout, journal)?;
    journal.append(&reverted)?;
    journal.close()?;
    placed.finish()
}
