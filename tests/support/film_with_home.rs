//! The folder of a film, and a home without settings, so that none of this machine take part.

use crate::printed::{output_text, stream_text};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The two folders.
pub(crate) struct FilmWithHome {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) home: tempfile::TempDir,
}

impl FilmWithHome {
    /// Returns them, with a new home.
    pub(crate) fn in_folder(folder: tempfile::TempDir) -> Self {
        Self {
            folder,
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// Returns a path in the folder of the film.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file in the folder of the film.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Runs a command in the folder of the film.
    pub(crate) fn call(&self, arguments: &[&str]) -> Output {
        self.call_in(self.folder.path(), arguments)
    }

    /// Runs a command in another folder, with the same home.
    pub(crate) fn call_in(&self, folder: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_production"))
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .env("XDG_CONFIG_HOME", self.home.path())
            .env("XDG_STATE_HOME", self.home.path())
            .output()
            .unwrap()
    }

    /// Returns what a command that succeeds prints on standard output.
    pub(crate) fn printed(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            output_text(&output)
        );
        stream_text(&output.stdout)
    }
}
