//! Which farm run of a store is going: a note that is there from the first task sent to the last
//! result taken in.

use super::run_folder::FarmRunFolder;
use super::task_manifest::{FarmError, TaskManifest};
use crate::base::json::to_json_bytes;
use crate::store::StoreLayout;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// The note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveRun {
    /// The revision whose tasks were sent.
    pub revision: String,
}

impl ActiveRun {
    /// Returns the farm run that is going, if one is.
    ///
    /// # Errors
    /// Fails when the note cannot be read or understood.
    pub fn read(layout: &StoreLayout) -> Result<Option<Self>, FarmError> {
        let path = active_run_path(layout);
        match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes)
                    .map(Some)
                    .map_err(|error| FarmError::Damaged {
                        path,
                        what: error.to_string(),
                    })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FarmError::io("read", &path, error)),
        }
    }

    /// Writes the note.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn write(&self, layout: &StoreLayout) -> Result<(), FarmError> {
        Ok(layout.replace_file(&active_run_path(layout), &to_json_bytes(self))?)
    }

    /// Notes that the run is over, and removes the note that it is going.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn end_run(&self, layout: &StoreLayout) -> Result<(), FarmError> {
        let folder = FarmRunFolder::new(layout.clone(), &self.revision);
        folder.mark_closed()?;
        for leftover in [folder.scratch_folder(), folder.heartbeats_folder()] {
            let _ = layout.disk().remove_all(&leftover);
        }
        let path = active_run_path(layout);
        layout
            .disk()
            .remove_all(&path)
            .map_err(|source| FarmError::io("remove", &path, source))
    }

    /// Opens the manifest of its tasks.
    ///
    /// # Errors
    /// Fails when that is not there or damaged.
    pub fn open_manifest(&self, layout: &StoreLayout) -> Result<TaskManifest, FarmError> {
        TaskManifest::open(FarmRunFolder::new(layout.clone(), &self.revision))
    }
}

fn active_run_path(layout: &StoreLayout) -> PathBuf {
    layout.root().join("farm.json")
}
