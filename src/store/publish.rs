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
//!
//! What is not the program's is never touched; [`super::place_survey`] decides what that is. It is
//! called before anything is staged, and again at the last moment before the swap.

use super::current_pointer::CurrentPointer;
use super::deliverable::DeliverableFiles;
use super::delivery_history::DeliveryHistory;
use super::disk::parent_folder;
use super::place_survey::{PlaceRequest, ReplacePermit, SurveyedPlace, survey_places};
use super::placement::{HiddenPaths, StepRecorder};
use super::publish_note::{HiddenLeftover, OwnedPaths, PublishNote, PublishStep};
use super::{BlobStore, FileSnapshot, Journal, Manifest, StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::event::Event;
use crate::model::PlaceProblem;
use std::cell::OnceCell;
use std::io;
use std::path::{Path, PathBuf};

/// A revision that is in place, but not yet recorded in its journal.
#[derive(Debug)]
#[must_use = "the publication is complete only when its records are durable and it was finished"]
pub struct PlacedRevision<'a> {
    layout: &'a StoreLayout,
    root: PathBuf,
    deliverables: Vec<DeliverableFiles>,
    note: PublishNote,
    recent: DeliveryHistory,
    /// Why files of the report are not in place.
    unplaced_report: Vec<StoreError>,
}

/// What putting an earlier revision back in place left undone.
#[derive(Debug, Default)]
pub struct RestoreShortfall {
    /// Why hidden files beside the deliverables could not be removed.
    pub left_beside: Option<StoreError>,
    /// Why files of the report are not in place.
    pub unplaced_report: Vec<StoreError>,
}

/// Deliverables that may be put in place, with what is at the path of each.
struct SurveyedFiles {
    deliverables: Vec<DeliverableFiles>,
    places: Vec<SurveyedPlace>,
    /// Why files of the report are not among them.
    unplaced_report: Vec<StoreError>,
}

impl SurveyedFiles {
    /// Returns the paths of the deliverables, relative to the production's folder.
    fn relative_paths(&self, root: &Path) -> Vec<PathBuf> {
        let deliverables = self.deliverables.iter();
        deliverables
            .map(|deliverable| deliverable.place_request(root).path)
            .collect()
    }

    /// Returns what is replaced although it is not the program's, because the user allowed it.
    fn replaced_paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.places.iter().flat_map(|place| &place.replaced)
    }
}

/// Puts the deliverables of `manifest` in place below `root` and moves the pointer. `closing` are
/// the records with which `journal` must end. The caller appends them, closes the journal, and then
/// calls [`PlacedRevision::finish`].
///
/// # Errors
/// Fails if something cannot be written, the store lacks a file, or what is at the path of a
/// deliverable may not be replaced. Until all is staged, nothing is replaced; after that, the next
/// command completes it.
pub fn publish_revision<'a>(
    layout: &'a StoreLayout,
    root: &Path,
    manifest_and_digest: (&Manifest, Digest),
    permit: &ReplacePermit,
    journal: &mut Journal,
    closing: Vec<Event>,
) -> Result<PlacedRevision<'a>, StoreError> {
    // A revision must not be in place while the records that it consists of can still be lost: a
    // manifest could then not be rebuilt, and the next run would make everything again.
    journal.flush()?;
    begin_publish(
        layout,
        root,
        manifest_and_digest,
        permit,
        journal.revision(),
        closing,
    )
}

/// Returns what publishing the manifest would replace although it is not the program's, because
/// `permit` allows it. Paths are relative to the production's folder.
///
/// # Errors
/// Fails if something at the path of a deliverable may not be replaced, or cannot be read.
pub fn replaced_paths(
    layout: &StoreLayout,
    root: &Path,
    manifest: &Manifest,
    permit: &ReplacePermit,
) -> Result<Vec<PathBuf>, StoreError> {
    let surveyed = survey_manifest(layout, root, manifest, permit)?;
    Ok(surveyed.replaced_paths().cloned().collect())
}

/// Returns what putting a revision in place consists of: its deliverables, its report, and the
/// removal of a report that would describe another revision.
fn placeable_files(
    layout: &StoreLayout,
    root: &Path,
    manifest: &Manifest,
) -> Vec<DeliverableFiles> {
    let blobs = BlobStore::new(layout.clone());
    let mut files = manifest.deliverables_below(root);
    // A report is not worth a refusal: without its copy in the store, the film is delivered alone.
    files.retain(|deliverable| !deliverable.is_report || !deliverable.lacks_blobs(&blobs));
    let has_path = |path: &Path| files.iter().any(|deliverable| deliverable.path == path);
    let outdated: Vec<DeliverableFiles> = DeliveryHistory::current_reports(layout)
        .into_iter()
        .map(|path| root.join(path))
        .filter(|path| !has_path(path))
        // Only beside the new films: anywhere else nobody would take it for the report of this
        // revision.
        .filter(|path| is_beside_first(manifest, root, path))
        .map(DeliverableFiles::absent)
        .collect();
    files.extend(outdated);
    files
}

/// Returns whether a report at `path` would be taken for that of the manifest's revision.
fn is_beside_first(manifest: &Manifest, root: &Path, path: &Path) -> bool {
    manifest
        .report_folder()
        .is_some_and(|folder| parent_folder(path) == root.join(folder))
}

/// Looks at the places of what the manifest delivers.
///
/// # Errors
/// Fails if a deliverable may not be put in its place.
fn survey_manifest(
    layout: &StoreLayout,
    root: &Path,
    manifest: &Manifest,
    permit: &ReplacePermit,
) -> Result<SurveyedFiles, StoreError> {
    let mut surveyed = SurveyedFiles {
        deliverables: Vec::new(),
        places: Vec::new(),
        unplaced_report: Vec::new(),
    };
    let deliverables = placeable_files(layout, root, manifest);
    let places = survey_deliverables(layout, root, &deliverables, permit)?;
    for (deliverable, place) in deliverables.into_iter().zip(places) {
        match place {
            Ok(place) => {
                surveyed.deliverables.push(deliverable);
                surveyed.places.push(place);
            }
            // The film is what the user waits for. What somebody put at the path of its report
            // stays there.
            Err(refused) if deliverable.is_report => surveyed.unplaced_report.push(refused),
            Err(refused) => return Err(refused),
        }
    }
    Ok(surveyed)
}

/// Surveys the places of the deliverables. Returns what is at each, or why it may not be put
/// there.
fn survey_deliverables(
    layout: &StoreLayout,
    root: &Path,
    deliverables: &[DeliverableFiles],
    permit: &ReplacePermit,
) -> Result<Vec<Result<SurveyedPlace, StoreError>>, StoreError> {
    let requests: Vec<PlaceRequest> = deliverables
        .iter()
        .map(|deliverable| deliverable.place_request(root))
        .collect();
    let refused = |request: &PlaceRequest, problem| StoreError::NotReplaceable {
        path: request.path.clone(),
        problem,
    };
    let outside = requests.iter().find(|request| !request.has_plain_names());
    if let Some(request) = outside {
        return Err(refused(request, PlaceProblem::Outside));
    }
    Ok(survey_places(layout, root, &requests, permit)?
        .into_iter()
        .zip(&requests)
        .map(|(place, request)| place.map_err(|problem| refused(request, problem)))
        .collect())
}

/// Returns whether a file could not be written because the disk, the folder or what is in its place
/// does not allow it. A disk that fails is another matter: nothing more is done on it.
fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Io { source, .. } => is_refusal_kind(source.kind()),
        StoreError::NotReplaceable { .. }
        | StoreError::MissingBlob { .. }
        | StoreError::DiskFull { .. } => true,
        _ => false,
    }
}

const fn is_refusal_kind(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::FileTooLarge
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::AlreadyExists
    )
}

fn begin_publish<'a>(
    layout: &'a StoreLayout,
    root: &Path,
    (manifest, digest): (&Manifest, Digest),
    permit: &ReplacePermit,
    journal: &str,
    closing: Vec<Event>,
) -> Result<PlacedRevision<'a>, StoreError> {
    // What a farm's results name comes here without passing a journal.
    manifest.require_inside_names(layout)?;
    let surveyed = survey_manifest(layout, root, manifest, permit)?;
    let earlier = PublishNote::load(layout)?;
    let note = PublishNote {
        step: PublishStep::Staging,
        current: CurrentPointer {
            revision: manifest.revision.clone(),
            manifest: digest,
        },
        places: surveyed.relative_paths(root),
        mark: journal.to_owned(),
        replaced: surveyed.replaced_paths().cloned().collect(),
        // What an earlier publication could not remove stays noted. Otherwise no command would try
        // again.
        leftovers: earlier.map_or_else(Vec::new, PublishNote::into_leftovers),
        journal: journal.to_owned(),
        closing,
    };
    let (mut placed, places) = PlacedRevision::from_survey(layout, root, manifest, surveyed, note);
    // The note precedes the first byte beside a deliverable. Without it, a kill would leave hidden
    // files in the folders of outputs that no command knows of.
    placed.note.save(layout)?;
    let staged = placed.stage_revision(&places, manifest, digest)?;
    if let Err(failure) = placed.place_all(&staged, permit) {
        // If putting back failed too, the note must stay at `placing`: some deliverables are new,
        // and only completing makes them consistent again.
        if failure.rolled_back {
            placed.remove_traces();
        }
        return Err(failure.error);
    }
    Ok(placed)
}

/// Completes the placement that `note` is about from the store, and the journal that records it.
pub(super) fn complete_placement(
    note: &PublishNote,
    layout: &StoreLayout,
    root: &Path,
    manifest: &Manifest,
) -> Result<(), StoreError> {
    // What the user allowed was recorded before the first file was replaced.
    let permit = ReplacePermit {
        replace: note.replaced.iter().cloned().collect(),
        ..ReplacePermit::default()
    };
    let surveyed = survey_manifest(layout, root, manifest, &permit)?;
    let note = PublishNote {
        places: surveyed.relative_paths(root),
        ..note.clone()
    };
    let (mut placed, places) = PlacedRevision::from_survey(layout, root, manifest, surveyed, note);
    let staged = placed.stage_all(&places)?;
    placed
        .place_all(&staged, &permit)
        .map_err(|failure| failure.error)?;
    journal::complete_journal(layout, &placed.note.journal, &placed.note.closing)
}

impl<'a> PlacedRevision<'a> {
    /// Returns a revision that is about to be placed, and what is at the places of its deliverables.
    fn from_survey(
        layout: &'a StoreLayout,
        root: &Path,
        manifest: &Manifest,
        surveyed: SurveyedFiles,
        note: PublishNote,
    ) -> (Self, Vec<SurveyedPlace>) {
        let mut recent = DeliveryHistory::read_current(layout);
        recent.add_manifest(layout, manifest);
        let placed = Self {
            layout,
            root: root.to_owned(),
            deliverables: surveyed.deliverables,
            note,
            recent,
            unplaced_report: surveyed.unplaced_report,
        };
        (placed, surveyed.places)
    }
}

impl PlacedRevision<'_> {
    /// Ends the publication. Call it when the records are durable. Returns why hidden files beside
    /// the deliverables could not be removed; the next command that writes tries again.
    // No error: the revision is in place and recorded, and what is left beside it harms nothing.
    #[must_use]
    pub fn finish(self) -> Option<StoreError> {
        self.save_stamps();
        self.tidy_up().err()
    }

    /// Returns why files of the report are not in place, and forgets it.
    // No error either: the film is delivered.
    #[must_use]
    pub fn take_unplaced_report(&mut self) -> Vec<StoreError> {
        std::mem::take(&mut self.unplaced_report)
    }

    /// Remembers the stamps of what is in place, so that the next look reads no file again.
    fn save_stamps(&self) {
        let files = self
            .deliverables
            .iter()
            .flat_map(DeliverableFiles::target_paths)
            .filter_map(|(path, file)| {
                let relative = path.strip_prefix(&self.root).ok()?.to_owned();
                Some((relative, file.digest))
            });
        // An error is ignored: without the cache, the files are read again the next time.
        let _ = FileSnapshot::from_known_files(self.layout, &self.root, files)
            .save_to(self.layout, &self.layout.placed_cache_path());
    }

    /// Stages what is not in place already, and notes that it is about to be placed. After an error
    /// it removes what it staged. Returns the positions of what was staged.
    fn stage_revision(
        &mut self,
        places: &[SurveyedPlace],
        manifest: &Manifest,
        digest: Digest,
    ) -> Result<Vec<usize>, StoreError> {
        let layout = self.layout;
        let staged = self.stage_all(places).and_then(|staged| {
            // The manifest precedes the second note: recovery has only these two and the blobs to
            // complete from.
            manifest.write_if_changed(layout, digest)?;
            self.note.step = PublishStep::Placing;
            self.note.save(layout).map(|()| staged)
        });
        staged.inspect_err(|_| {
            self.note.step = PublishStep::Staging;
            self.remove_traces();
        })
    }

    /// Removes what a publication that failed left beside the deliverables, and its manifest.
    // Errors are ignored: the note stays, and the next command undoes what is left. The first error
    // explains the failure.
    fn remove_traces(&self) {
        if self.tidy_up().is_ok() {
            let _ = self.note.remove_unpublished_manifest(self.layout);
        }
    }

    /// Copies out of the store what is not in its place already. Returns the positions of what was
    /// staged.
    // What is in place to the byte is not touched: copying an hour of film again would take long,
    // and a player that has it open would not notice a change that is none.
    fn stage_all(&mut self, surveyed: &[SurveyedPlace]) -> Result<Vec<usize>, StoreError> {
        let blobs = BlobStore::new(self.layout.clone());
        let mut staged = Vec::new();
        for (index, place) in surveyed.iter().enumerate() {
            let deliverable = &self.deliverables[index];
            if place.in_place.len() == deliverable.files.len() && place.stale.is_empty() {
                continue;
            }
            // A run that was killed may have left a partial copy. It cannot be trusted to be
            // complete, and `make_folder` would accept it as it is.
            self.remove_hidden(index)?;
            if !deliverable.files.is_empty() {
                let hidden = HiddenPaths::beside(&deliverable.path, &self.note.mark);
                match deliverable.stage_files(&blobs, &hidden.partial) {
                    Err(error) if deliverable.is_report && is_refusal(&error) => {
                        // That of the last revision would describe other films than it is beside.
                        self.deliverables[index] =
                            DeliverableFiles::absent(deliverable.path.clone());
                        self.unplaced_report.push(error);
                    }
                    staged => {
                        staged.map_err(|error| error.about_deliverable(&deliverable.path))?;
                    }
                }
            }
            staged.push(index);
        }
        Ok(staged)
    }

    /// Swaps everything in and moves the pointer. After an error it puts everything back, if the
    /// disk permits.
    fn place_all(
        &mut self,
        staged: &[usize],
        permit: &ReplacePermit,
    ) -> Result<(), PlacementError> {
        let layout = self.layout;
        let disk = layout.disk();
        let mut recorder = StepRecorder::new(disk);
        // Read before anything moves, because a rollback writes these bytes again.
        let pointer = disk.read_bytes(&self.layout.current_pointer_path()).ok();
        let placed = self.swap_all(staged, permit, &mut recorder);
        placed.map_err(|error| {
            let rolled_back = recorder
                .undo_all()
                .and_then(|()| self.restore_pointer(pointer.as_deref()))
                .is_ok();
            PlacementError { error, rolled_back }
        })
    }

    fn swap_all(
        &mut self,
        staged: &[usize],
        permit: &ReplacePermit,
        recorder: &mut StepRecorder<'_>,
    ) -> Result<(), StoreError> {
        // Again, because staging may have taken minutes. Only what changed since is read again.
        let surveyed = survey_deliverables(self.layout, &self.root, &self.deliverables, permit)?;
        for (index, place) in surveyed.into_iter().enumerate() {
            let is_staged = staged.binary_search(&index).is_ok();
            match place {
                Ok(place) if is_staged => self.place_one(index, &place, recorder)?,
                Ok(_) => {}
                Err(refused) if self.deliverables[index].is_report => {
                    self.unplaced_report.push(refused);
                }
                Err(refused) => return Err(refused),
            }
        }
        recorder
            .sync()
            .map_err(|source| StoreError::io("put deliverables in", &self.root, source))?;
        // The pointer is last: it may only name a revision whose deliverables are durable in their
        // places.
        self.note.current.save(self.layout)
    }

    /// Puts one staged deliverable in its place. A report that the disk does not take is left out,
    /// and that of the last revision goes.
    fn place_one(
        &mut self,
        index: usize,
        place: &SurveyedPlace,
        recorder: &mut StepRecorder<'_>,
    ) -> Result<(), StoreError> {
        let deliverable = &self.deliverables[index];
        let path = &deliverable.path;
        let hidden = HiddenPaths::beside(path, &self.note.mark);
        let fault = |source| StoreError::io("put in place", path, source);
        let Err(error) = recorder.place(deliverable, place, &hidden).map_err(fault) else {
            return Ok(());
        };
        if !deliverable.is_report || !is_refusal(&error) {
            return Err(error);
        }
        if self.layout.disk().symlink_metadata(path).is_ok() {
            let last = SurveyedPlace {
                stale: [PathBuf::new()].into(),
                ..SurveyedPlace::default()
            };
            recorder
                .place(&DeliverableFiles::absent(path.clone()), &last, &hidden)
                .map_err(fault)?;
        }
        self.unplaced_report.push(error);
        Ok(())
    }

    fn restore_pointer(&self, pointer: Option<&[u8]>) -> io::Result<()> {
        let disk = self.layout.disk();
        let path = self.layout.current_pointer_path();
        match pointer {
            // Most rollbacks come before the pointer has moved. A write for nothing could fail too,
            // on a full disk for one.
            Some(bytes) if disk.read_bytes(&path).is_ok_and(|now| now == bytes) => Ok(()),
            Some(bytes) => disk.replace_file(&path, bytes),
            None => disk.remove_all(&path),
        }
    }

    /// Removes the hidden files beside one deliverable.
    fn remove_hidden(&self, index: usize) -> Result<(), StoreError> {
        let owned = OwnedPaths {
            layout: self.layout,
            recent: &self.recent,
            replaced: &self.note.replaced,
            all: OnceCell::new(),
        };
        let leftover = HiddenLeftover {
            place: self.note.places[index].clone(),
            mark: self.note.mark.clone(),
        };
        leftover.remove(&self.root, &owned)
    }

    /// Removes hidden files and the note. If files cannot be removed, the note stays and says only
    /// that.
    fn tidy_up(&self) -> Result<(), StoreError> {
        let owned = OwnedPaths {
            layout: self.layout,
            recent: &self.recent,
            replaced: &self.note.replaced,
            all: OnceCell::new(),
        };
        self.note.clone().tidy_up(&self.root, &owned)
    }
}

/// An error while deliverables were put in place.
struct PlacementError {
    error: StoreError,
    /// Whether the earlier deliverables are in place again. If not, the next command completes the
    /// publication.
    rolled_back: bool,
}

/// Puts the deliverables of an earlier revision back in place below `root`, and records that in a
/// journal of its own. Returns what was left undone beside the deliverables.
///
/// # Errors
/// Fails if the store no longer has a file of it, or if something at the path of a deliverable may
/// not be replaced. Nothing is replaced then.
pub fn restore_revision(
    layout: &StoreLayout,
    root: &Path,
    (manifest, digest): (&Manifest, Digest),
    permit: &ReplacePermit,
    journal: &str,
    at: jiff::Timestamp,
) -> Result<RestoreShortfall, StoreError> {
    let reverted = Event::Reverted {
        to: manifest.revision.clone(),
        at,
        replaced: replaced_paths(layout, root, manifest, permit)?,
    };
    let mut placed = begin_publish(
        layout,
        root,
        (manifest, digest),
        permit,
        journal,
        vec![reverted.clone()],
    )?;
    // The journal is created only now: a return that is refused must leave no revision. A kill
    // before this line is no loss, because the note has the record.
    let mut journal = Journal::create(layout, journal)?;
    journal.append(&reverted)?;
    journal.close()?;
    Ok(RestoreShortfall {
        unplaced_report: placed.take_unplaced_report(),
        left_beside: placed.finish(),
    })
}
