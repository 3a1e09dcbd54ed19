//! Publishing: old or new, never mixed.
//!
//! Deliverables are staged beside their final places, swapped in when all of them are complete, and only then does the
//! pointer move. Before each of these two halves the store notes in `publishing.json` what it is about to do. Whoever takes
//! the store next finds the note if the half was cut off: the first is undone, the second is carried through, from the
//! store alone. So a kill or a power cut at any instant ends in the old revision or in the new one.
//!
//! ```text
//! note "staging" | copy out, check, sync | manifest | note "placing" | swap each | pointer | journal | drop the note
//!                 `-- cut off: undone --------------'                 `-- cut off: carried through --'
//! ```

use super::deliverable::{Deliverable, Swap, tidy};
use super::disk::is_partial;
use super::{Blobs, Journal, Layout, Manifest, StoreError, journal};
use crate::base::Digest;
use crate::event::Event;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The pointer to the published revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// The revision.
    pub revision: String,
    /// Digest of its manifest.
    pub manifest: Digest,
}

impl Current {
    /// Returns what the pointer says, if there is one.
    pub(super) fn load(layout: &Layout) -> Option<Self> {
        serde_json::from_slice(&layout.disk().read(&layout.current()).ok()?).ok()
    }

    /// Moves the pointer here.
    pub(super) fn save(&self, layout: &Layout) -> Result<(), StoreError> {
        layout.replace(
            &layout.current(),
            &serde_json::to_vec_pretty(self).unwrap_or_default(),
        )
    }
}

/// What is about to be done, as it is noted in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    step: Step,
    /// What the pointer will say.
    current: Current,
    /// Where deliverables go, relative to the production's folder.
    places: Vec<PathBuf>,
    /// The revision whose journal tells of it, and the records that it ends with.
    journal: String,
    closing: Vec<Event>,
}

/// The two halves of publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Nothing in place was touched.
    Staging,
    /// Some deliverables may be in place.
    Placing,
}

/// A revision that is in place, and whose journal must still say so.
#[derive(Debug)]
#[must_use = "the publication is complete only when its records are durable and it was finished"]
pub struct Placed<'a> {
    layout: &'a Layout,
    places: Vec<PathBuf>,
}

/// What was found cut off, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mended {
    /// Nothing had been replaced yet; what was staged is gone.
    Undone(String),
    /// It was carried through.
    Completed(String),
    /// It could not be carried through, as this file of it is no longer in the store. What is in place may be mixed.
    Abandoned(String, String),
}

/// Puts the deliverables of `manifest` in place below `root` and moves the pointer. `closing` are the records with which
/// `journal` must end; the caller appends them, closes it, and then finishes.
///
/// # Errors
/// Fails when something cannot be written, or a file is gone from the store. Until all is staged nothing is replaced;
/// after that the next command carries it through.
pub fn publish<'a>(
    layout: &'a Layout,
    root: &Path,
    named: (&Manifest, Digest),
    journal: &mut Journal,
    closing: Vec<Event>,
) -> Result<Placed<'a>, StoreError> {
    // A revision must not be in place while the records that it is made of can still be lost.
    journal.flush()?;
    begin(layout, root, named, journal.revision(), closing)
}

fn begin<'a>(
    layout: &'a Layout,
    root: &Path,
    (manifest, digest): (&Manifest, Digest),
    journal: &str,
    closing: Vec<Event>,
) -> Result<Placed<'a>, StoreError> {
    let current = Current {
        revision: manifest.revision.clone(),
        manifest: digest,
    };
    let places = manifest
        .deliverables
        .iter()
        .map(|delivered| delivered.path.clone())
        .collect();
    let mut note = Note {
        step: Step::Staging,
        current,
        places,
        journal: journal.to_owned(),
        closing,
    };
    note.save(layout)?;
    let deliverables = manifest.deliverables_below(root);
    let staged = stage(layout, &deliverables).and_then(|staged| {
        manifest.keep(layout, digest)?;
        note.step = Step::Placing;
        note.save(layout).map(|()| staged)
    });
    let staged = staged.inspect_err(|_| {
        // What cannot be undone now is undone by the next command.
        let _ = note.undo(layout, root);
    })?;
    place(layout, &staged, &note.current).map_err(|half| {
        if half.taken_back {
            let _ = note.undo(layout, root);
        }
        half.error
    })?;
    Ok(Placed {
        layout,
        places: deliverables.into_iter().map(|one| one.path).collect(),
    })
}

impl Placed<'_> {
    /// Ends the publication, once its records are durable.
    ///
    /// # Errors
    /// Fails when the store cannot be written; the next command then ends it.
    pub fn finish(self) -> Result<(), StoreError> {
        drop_note(self.layout, &self.places)
    }
}

/// Copies out of the store what is not in its place already.
fn stage<'a>(
    layout: &Layout,
    deliverables: &'a [Deliverable],
) -> Result<Vec<&'a Deliverable>, StoreError> {
    let blobs = Blobs::new(layout.clone());
    let stale: Vec<_> = deliverables
        .iter()
        .filter(|one| !one.is_in_place(layout.disk()))
        .collect();
    stale.iter().try_for_each(|one| one.stage(&blobs))?;
    Ok(stale)
}

/// Swaps everything in and moves the pointer. What fails on the way is taken back, unless the disk refuses that too.
fn place(layout: &Layout, staged: &[&Deliverable], current: &Current) -> Result<(), Half> {
    let (disk, mut swapped) = (layout.disk(), Vec::new());
    let pointer = disk.read(&layout.current()).ok();
    let mut swap_all = || -> Result<(), StoreError> {
        for deliverable in staged {
            swapped.push((*deliverable, deliverable.swap_in(disk)?));
        }
        staged
            .iter()
            .try_for_each(|deliverable| deliverable.settle(disk))?;
        current.save(layout)
    };
    swap_all().map_err(|error| {
        let taken_back = take_back(layout, staged, &swapped, pointer.as_deref()).is_ok();
        Half { error, taken_back }
    })
}

/// Puts everything back as it was.
fn take_back(
    layout: &Layout,
    staged: &[&Deliverable],
    swapped: &[(&Deliverable, Swap)],
    pointer: Option<&[u8]>,
) -> io::Result<()> {
    let (disk, path) = (layout.disk(), layout.current());
    staged
        .iter()
        .try_for_each(|deliverable| deliverable.unmove(disk))?;
    swapped
        .iter()
        .rev()
        .try_for_each(|(deliverable, swap)| deliverable.swap_back(disk, *swap))?;
    match pointer {
        Some(bytes) if disk.read(&path).is_ok_and(|now| now == bytes) => Ok(()),
        Some(bytes) => disk.replace(&path, bytes),
        None => disk.remove_all(&path),
    }
}

/// Placing that failed on the way.
struct Half {
    error: StoreError,
    /// Whether what was there before is in place again; if not, the next command carries it through.
    taken_back: bool,
}

fn drop_note(layout: &Layout, places: &[PathBuf]) -> Result<(), StoreError> {
    places
        .iter()
        .try_for_each(|path| tidy(layout.disk(), path))?;
    let path = layout.publishing();
    let gone = layout
        .disk()
        .remove_all(&path)
        .and_then(|()| layout.disk().sync(layout.root()));
    gone.map_err(|source| StoreError::io("remove", &path, source))
}

/// Returns the revision whose publication was cut off, if one was and nobody works on it.
///
/// # Errors
/// Fails when the note cannot be read or understood.
pub fn cut_off(layout: &Layout) -> Result<Option<String>, StoreError> {
    Ok(Note::load(layout)?.map(|note| note.current.revision))
}

/// Undoes or carries through a publication that was cut off. Only the holder of the lock may.
///
/// # Errors
/// Fails when the store or a deliverable's folder cannot be read or written.
pub fn mend(layout: &Layout, root: &Path) -> Result<Option<Mended>, StoreError> {
    clear_partials(layout).map_err(|source| StoreError::io("tidy up", layout.root(), source))?;
    let Some(note) = Note::load(layout)? else {
        return Ok(None);
    };
    let revision = note.current.revision.clone();
    if note.step == Step::Staging {
        return note
            .undo(layout, root)
            .map(|()| Some(Mended::Undone(revision)));
    }
    match note.carry_through(layout, root) {
        Ok(()) => Ok(Some(Mended::Completed(revision))),
        Err(StoreError::Gone { file }) => note
            .undo(layout, root)
            .map(|()| Some(Mended::Abandoned(revision, file))),
        Err(error) => Err(error),
    }
}

/// Removes what replacing a file of the store leaves when it is cut off.
fn clear_partials(layout: &Layout) -> io::Result<()> {
    let disk = layout.disk();
    let newest = disk
        .paths(&layout.runs())?
        .into_iter()
        .max_by_key(|path| journal::number(&journal::revision_of(path)));
    for folder in [layout.root().to_owned(), layout.manifests()]
        .into_iter()
        .chain(newest)
    {
        disk.paths(&folder)?
            .iter()
            .filter(|path| is_partial(path))
            .try_for_each(|path| disk.remove(path))?;
    }
    Ok(())
}

impl Note {
    fn save(&self, layout: &Layout) -> Result<(), StoreError> {
        layout.replace(
            &layout.publishing(),
            &serde_json::to_vec_pretty(self).unwrap_or_default(),
        )
    }

    fn load(layout: &Layout) -> Result<Option<Self>, StoreError> {
        let path = layout.publishing();
        match layout.disk().read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| StoreError::Changed { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::io("read", &path, source)),
        }
    }

    fn undo(&self, layout: &Layout, root: &Path) -> Result<(), StoreError> {
        let places: Vec<PathBuf> = self.places.iter().map(|path| root.join(path)).collect();
        drop_note(layout, &places)
    }

    fn carry_through(&self, layout: &Layout, root: &Path) -> Result<(), StoreError> {
        let manifest = Manifest::read(layout, &self.current.revision, self.current.manifest)?;
        let deliverables = manifest.deliverables_below(root);
        let staged = stage(layout, &deliverables)?;
        place(layout, &staged, &self.current).map_err(|half| half.error)?;
        journal::close_with(layout, &self.journal, &self.closing)?;
        self.undo(layout, root)
    }
}

/// Puts the deliverables of an earlier revision back in place below `root`, and tells of it in a journal of its own.
///
/// # Errors
/// Fails when a file of it is no longer whole in the store; nothing is replaced then.
pub fn put_back(
    layout: &Layout,
    root: &Path,
    (manifest, digest): (&Manifest, Digest),
    journal: &str,
    at: jiff::Timestamp,
) -> Result<(), StoreError> {
    let told = Event::Reverted {
        to: manifest.revision.clone(),
        at,
    };
    let placed = begin(
        layout,
        root,
        (manifest, digest),
        journal,
        vec![told.clone()],
    )?;
    let mut journal = Journal::create(layout, journal)?;
    journal.append(&told)?;
    journal.close()?;
    placed.finish()
}
