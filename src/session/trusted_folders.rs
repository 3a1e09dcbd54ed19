//! The folders that the user trusts: by path, with the digest of the programs that each brought
//! when the user confirmed it. A file in the user's folder of state has them.

use super::folder_programs::FolderPrograms;
use super::session_error::SessionError;
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::base::whole_file::replace_whole_file;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// When and for which programs a folder was trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedFolder {
    /// The digest of what named its programs.
    pub programs: Digest,
    /// When the user confirmed it.
    pub since: jiff::Timestamp,
}

/// The trusted folders, by their path with links followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedFolders {
    /// The folders. A path that is not UTF-8 is never among them.
    pub folders: BTreeMap<String, TrustedFolder>,
}

impl TrustedFolders {
    /// Reads the file. A file that is not there trusts nothing.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is damaged.
    pub fn read(file: &Path) -> Result<Self, SessionError> {
        let fault = |source| SessionError::io_error(format!("read {}", file.display()), source);
        match std::fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| fault(error.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(fault(error)),
        }
    }

    /// Returns whether the user trusts the folder with the programs that it brings now.
    #[must_use]
    pub fn trusts_programs(&self, programs: &FolderPrograms) -> bool {
        let trusted = folder_key(&programs.folder).and_then(|key| self.folders.get(&key));
        // With the digest: the user trusts the programs that were shown, and no others.
        trusted.is_some_and(|trusted| trusted.programs == programs.digest)
    }

    /// Trusts the folder with the programs that it brings now.
    ///
    /// # Errors
    /// Fails if the path of the folder is not UTF-8.
    pub fn trust_programs(
        &mut self,
        programs: &FolderPrograms,
        now: jiff::Timestamp,
    ) -> Result<(), SessionError> {
        let folder = &programs.folder;
        let key = folder_key(folder).ok_or_else(|| {
            let what = format!("trust {}", folder.display());
            SessionError::io_error(what, std::io::Error::other("its path is not UTF-8"))
        })?;
        let trusted = TrustedFolder {
            programs: programs.digest,
            since: now,
        };
        self.folders.insert(key, trusted);
        Ok(())
    }

    /// Trusts the folder no longer. Returns whether it was trusted.
    pub fn forget_folder(&mut self, folder: &Path) -> bool {
        // A folder that was deleted has no real path any more, and is named as it is typed.
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let key = folder_key(&real);
        key.is_some_and(|key| self.folders.remove(&key).is_some())
    }

    /// Writes the file, which only the user may read.
    ///
    /// # Errors
    /// Fails if the file or its folder cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), SessionError> {
        // Two commands at a time leave one of the two lists.
        let written = replace_whole_file(file, &to_json_bytes(self));
        written
            .map_err(|source| SessionError::io_error(format!("write {}", file.display()), source))
    }
}

fn folder_key(folder: &Path) -> Option<String> {
    PathBuf::from(folder).into_os_string().into_string().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn a_folder_is_trusted_until_its_programs_change_or_it_is_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state/production/trusted.json");
        let film = tempfile::tempdir().unwrap();
        std::fs::create_dir(film.path().join("presets")).unwrap();
        let presets = film.path().join("presets/providers.yaml");
        let programs = || FolderPrograms::find(film.path(), OsStr::new(""));
        let text = "copy: {command: [cp], output: f.####.png}\n";
        std::fs::write(&presets, text).unwrap();
        let mut trusted = TrustedFolders::read(&file).unwrap();
        assert!(!trusted.trusts_programs(&programs()));
        let now = jiff::Timestamp::UNIX_EPOCH;
        trusted.trust_programs(&programs(), now).unwrap();
        trusted.write(&file).unwrap();
        let mut read = TrustedFolders::read(&file).unwrap();
        assert!(read.trusts_programs(&programs()));
        std::fs::write(&presets, text.replace("cp", "mv")).unwrap();
        assert!(!read.trusts_programs(&programs()));
        assert!(read.forget_folder(film.path()));
        assert!(!read.forget_folder(film.path()));
    }

    #[test]
    fn a_damaged_file_trusts_nothing_and_is_reported() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("trusted.json");
        std::fs::write(&file, "{").unwrap();
        let error = TrustedFolders::read(&file).unwrap_err().to_string();
        assert!(error.contains("trusted.json"), "{error}");
    }
}
