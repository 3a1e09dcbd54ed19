//! The note in the store of what a publication is about to do, and the hidden files that it names.
//!
//! It is the one thing that recovery knows of a process that is gone, so it is written before the
//! first byte that it is about.

use super::current_pointer::CurrentPointer;
use super::delivery_history::DeliveryHistory;
use super::outside_names::{outside_name_in_event, outside_path, outside_revision};
use super::placement::{HiddenPaths, remove_leftovers};
use super::{StoreError, StoreLayout};
use crate::base::json::to_pretty_json;
use crate::base::paths::{escapes_root, normalized_path};
use crate::event::Event;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::io;
use std::path::{Path, PathBuf};

/// What is about to be done, as it is noted in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PublishNote {
    pub(super) step: PublishStep,
    /// The new content of the pointer.
    pub(super) current: CurrentPointer,
    /// Paths of deliverables, relative to the production's folder.
    pub(super) places: Vec<PathBuf>,
    /// What the names of hidden files beside the deliverables have in them. Empty in notes of
    /// earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) mark: String,
    /// What is replaced although it is not the program's, because the user allowed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) replaced: Vec<PathBuf>,
    /// Hidden files of earlier publications that could not be removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) leftovers: Vec<HiddenLeftover>,
    /// The revision whose journal records this, and the records that it must end with.
    // Recovery must complete the journal of a process that is gone, so the note has everything that
    // this process was going to append.
    pub(super) journal: String,
    pub(super) closing: Vec<Event>,
}

/// Hidden files beside one deliverable that could not be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HiddenLeftover {
    /// The path of the deliverable, relative to the production's folder.
    pub(super) place: PathBuf,
    /// What their names have in them.
    pub(super) mark: String,
}

/// The steps of publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PublishStep {
    /// No deliverable was touched.
    Staging,
    /// Some deliverables may be in place.
    Placing,
    /// The publication is complete or undone. Only hidden files are left to remove.
    Tidying,
}

impl PublishNote {
    pub(super) fn save(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        layout.replace_file(&layout.publish_note_path(), to_pretty_json(self).as_bytes())
    }

    pub(super) fn load(layout: &StoreLayout) -> Result<Option<Self>, StoreError> {
        let path = layout.publish_note_path();
        match layout.disk().read_bytes(&path) {
            Ok(bytes) => {
                let Ok(note) = serde_json::from_slice::<Self>(&bytes) else {
                    return Err(StoreError::Changed { path });
                };
                // Recovery renames and removes what the note names. A name that leads out could
                // remove any file of the user.
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
        let leftovers = self.leftovers.iter();
        let places = self.places.iter().chain(&self.replaced);
        let mut paths = places.chain(leftovers.clone().map(|leftover| &leftover.place));
        let mut marks = leftovers.map(|leftover| &leftover.mark).chain([&self.mark]);
        outside_revision(&self.current.revision)
            .or_else(|| outside_revision(&self.journal))
            .or_else(|| paths.find_map(|path| outside_path(path)))
            .or_else(|| marks.find(|mark| mark.contains(['/', '\\'])).cloned())
            .or_else(|| self.closing.iter().find_map(outside_name_in_event))
    }

    /// Fails if a place leads out of the production through a link. What is beside it would be
    /// removed.
    pub(super) fn require_places_inside(
        &self,
        layout: &StoreLayout,
        root: &Path,
    ) -> Result<(), StoreError> {
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

    /// Removes the manifest of a revision that was not published, so that nothing names it.
    // After the note: a note without its manifest could not be completed. The manifest of a
    // revision that is put back is older than the note, and stays.
    pub(super) fn remove_unpublished_manifest(
        &self,
        layout: &StoreLayout,
    ) -> Result<(), StoreError> {
        if self.journal != self.current.revision {
            return Ok(());
        }
        let path = layout.manifest_path(&self.current.revision);
        layout
            .disk()
            .remove_all(&path)
            .map_err(|source| StoreError::io("remove", &path, source))
    }

    /// Returns the hidden files that the note names.
    pub(super) fn into_leftovers(self) -> Vec<HiddenLeftover> {
        let mark = self.mark;
        let places = self.places.into_iter().map(|place| HiddenLeftover {
            place,
            mark: mark.clone(),
        });
        self.leftovers.into_iter().chain(places).collect()
    }

    /// Removes the hidden files that the note names, and the note. If files cannot be removed, the
    /// note stays, and names only these.
    pub(super) fn tidy_up(self, root: &Path, owned: &OwnedPaths<'_>) -> Result<(), StoreError> {
        let layout = owned.layout;
        let mut tidying = Self {
            step: PublishStep::Tidying,
            leftovers: Vec::new(),
            places: Vec::new(),
            ..self.clone()
        };
        let mut first_error = None;
        for leftover in self.into_leftovers() {
            if let Err(error) = leftover.remove(root, owned) {
                first_error.get_or_insert(error);
                tidying.leftovers.push(leftover);
            }
        }
        if let Some(error) = first_error {
            // An error is ignored: the earlier note stays, and the next command does its step
            // again.
            let _ = tidying.save(layout);
            return Err(error);
        }
        let path = layout.publish_note_path();
        layout
            .disk()
            .remove_all(&path)
            .and_then(|()| layout.disk().sync(layout.root()))
            .map_err(|source| StoreError::io("remove", &path, source))
    }
}

/// Says which paths are the program's own.
pub(super) struct OwnedPaths<'a> {
    pub(super) layout: &'a StoreLayout,
    pub(super) recent: &'a DeliveryHistory,
    /// What the user allowed to be replaced.
    pub(super) replaced: &'a [PathBuf],
    /// Every revision. Read only if the recent ones do not know a path.
    pub(super) all: OnceCell<DeliveryHistory>,
}

impl OwnedPaths<'_> {
    /// Returns whether the program put a file at this path, relative to the production's folder, or
    /// was allowed to replace it.
    fn contains(&self, path: &Path) -> bool {
        self.recent.knows_file(path)
            || self
                .replaced
                .iter()
                .any(|replaced| path.starts_with(replaced))
            || self
                .all
                // Without the history no file is known as ours, so a leftover stays. That is the
                // safe mistake.
                .get_or_init(|| DeliveryHistory::read_all(self.layout).unwrap_or_default())
                .knows_file(path)
    }
}

impl HiddenLeftover {
    pub(super) fn remove(&self, root: &Path, owned: &OwnedPaths<'_>) -> Result<(), StoreError> {
        let path = root.join(&self.place);
        // A folder above may have become a link since. What is behind it is not ours to remove.
        if escapes_root(root, &self.place) {
            let source = io::Error::other("it leads out of the production's folder");
            return Err(StoreError::io("tidy up beside", &path, source));
        }
        // It has a normal form, or `escapes_root` would have refused it.
        let place = normalized_path(&self.place).unwrap_or_default();
        let hidden = HiddenPaths::beside(&path, &self.mark);
        let is_ours = |inner: &Path| owned.contains(&place.join(inner));
        remove_leftovers(owned.layout.disk(), &path, &hidden, &is_ours)
            .map_err(|source| StoreError::io("tidy up beside", &path, source))
    }
}
