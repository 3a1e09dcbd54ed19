//! The marker file of the active farm run of a store. It exists from the first submission until the
//! last result is collected, and bars other runs and `gc` meanwhile.

use super::run_folder::FarmRunFolder;
use super::task_manifest::{FarmError, TaskManifest};
use crate::base::json::to_json_bytes;
use crate::store::StoreLayout;
use crate::store::journal::is_revision_name;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// The content of the marker file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveRun {
    /// The revision of the farm run, such as `rev-0003`.
    pub revision: String,
}

impl ActiveRun {
    /// Returns the active farm run, if there is one.
    ///
    /// # Errors
    /// Fails if the marker cannot be read or parsed.
    pub fn read(layout: &StoreLayout) -> Result<Option<Self>, FarmError> {
        let path = active_run_path(layout);
        match std::fs::read(&path) {
            // A marker that cannot be parsed is an error and not `None`: without it, another run
            // could start while tasks of the first still write to the store.
            Ok(bytes) => match serde_json::from_slice::<Self>(&bytes) {
                // The name is a part of paths that are written and removed.
                Ok(active_run) if is_revision_name(&active_run.revision) => Ok(Some(active_run)),
                Ok(active_run) => Err(FarmError::Damaged {
                    path,
                    what: format!("`{}` is no revision", active_run.revision),
                }),
                Err(error) => Err(FarmError::Damaged {
                    path,
                    what: error.to_string(),
                }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FarmError::io("read", &path, error)),
        }
    }

    /// Writes the marker.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn write(&self, layout: &StoreLayout) -> Result<(), FarmError> {
        Ok(layout.replace_file(&active_run_path(layout), &to_json_bytes(self))?)
    }

    /// Marks the run as closed, removes its temporary files, and removes the marker.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn end_run(&self, layout: &StoreLayout) -> Result<(), FarmError> {
        let folder = FarmRunFolder::new(layout.clone(), &self.revision);
        // Closed first: the scheduler may start a forgotten task at any time, and after the marker
        // is gone another run may use the store.
        folder.mark_closed()?;
        for leftover in [folder.scratch_folder(), folder.heartbeats_folder()] {
            // Leftovers cost only space, so a failure to remove them must not make the run look
            // active.
            let _ = layout.disk().remove_all(&leftover);
        }
        let path = active_run_path(layout);
        layout
            .disk()
            .remove_all(&path)
            .map_err(|source| FarmError::io("remove", &path, source))
    }

    /// Opens the task manifest of the run.
    ///
    /// # Errors
    /// Fails if the manifest is missing or damaged.
    pub fn open_manifest(&self, layout: &StoreLayout) -> Result<TaskManifest, FarmError> {
        TaskManifest::open(FarmRunFolder::new(layout.clone(), &self.revision))
    }
}

fn active_run_path(layout: &StoreLayout) -> PathBuf {
    layout.root().join("farm.json")
}
