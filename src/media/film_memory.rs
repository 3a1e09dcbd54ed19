//! What ffprobe answered about films, remembered in the user's cache, so that a film is measured
//! once and not by every command.
//!
//! Owns when an answer still holds: as long as the film has its size, time and inode, and ffprobe
//! is the same. The cache has the answer as ffprobe printed it, so a later version of this program
//! reads it in its own way. It is a cache: without it, or with a damaged one, films are measured
//! again.

use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::base::whole_file::replace_whole_file;
use crate::model::FileStamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FilmAnswer {
    /// The film when it was measured.
    stamp: FileStamp,
    /// Version of ffprobe, and the arguments of the question.
    question: Digest,
    /// What ffprobe printed.
    answer: String,
}

/// The answers about the films of one production, by path from its folder.
#[derive(Debug)]
pub struct FilmMemory {
    root: PathBuf,
    /// The file with the answers.
    file: PathBuf,
    question: Digest,
    known: BTreeMap<PathBuf, FilmAnswer>,
    /// Answers that the file does not have.
    new: Mutex<BTreeMap<PathBuf, FilmAnswer>>,
}

impl FilmMemory {
    /// Returns what is remembered of the films of the production in `root`. `question` is what
    /// `ffprobe` is run. `None`: the folder or the program is not there.
    pub(super) fn load(
        cache_folder: &Path,
        root: &Path,
        ffprobe: &Path,
        question: &str,
    ) -> Option<Self> {
        let real = root.canonicalize().ok()?;
        let name = Digest::hash_bytes(real.as_os_str().as_encoded_bytes()).hex_string();
        let file = cache_folder.join("films").join(name + ".json");
        // Another version of ffprobe may measure otherwise.
        let program = file_stamp(ffprobe)?;
        let question = format!("{} {program:?} {question}", ffprobe.display());
        let known = std::fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Some(Self {
            root: root.to_owned(),
            question: Digest::hash_bytes(question.as_bytes()),
            known: known.unwrap_or_default(),
            new: Mutex::default(),
            file,
        })
    }

    /// Returns the stamp of a film as it is now. Taken before the film is measured: a film that is
    /// written meanwhile is then measured again.
    pub(super) fn film_stamp(&self, path: &Path) -> Option<FileStamp> {
        file_stamp(&self.root.join(path))
    }

    /// Returns what ffprobe answered about a film with this stamp.
    pub(super) fn recall(&self, path: &Path, stamp: Option<FileStamp>) -> Option<&str> {
        let known = self.known.get(path)?;
        let holds = Some(known.stamp) == stamp && known.question == self.question;
        holds.then_some(known.answer.as_str())
    }

    /// Remembers what ffprobe answered about a film that had this stamp before.
    pub(super) fn remember(&self, path: &Path, stamp: Option<FileStamp>, answer: &[u8]) {
        let Some(stamp) = stamp else { return };
        let answer = FilmAnswer {
            stamp,
            question: self.question,
            answer: String::from_utf8_lossy(answer).into_owned(),
        };
        let mut new = self.new.lock().unwrap_or_else(PoisonError::into_inner);
        new.insert(path.to_owned(), answer);
    }

    /// Writes the answers down, if there are new ones. What cannot be written costs time later, and
    /// nothing else.
    pub(super) fn save(self) {
        let mut new = self
            .new
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if new.is_empty() {
            return;
        }
        let root = self.root;
        // Films that are gone or have changed are forgotten, so that the file cannot grow for ever.
        let unchanged = self.known.into_iter().filter(|(path, known)| {
            !new.contains_key(path) && file_stamp(&root.join(path)) == Some(known.stamp)
        });
        let unchanged: Vec<(PathBuf, FilmAnswer)> = unchanged.collect();
        new.extend(unchanged);
        // Other commands may read it at any time.
        let _ = replace_whole_file(&self.file, &to_json_bytes(&new));
    }
}

fn file_stamp(path: &Path) -> Option<FileStamp> {
    let metadata = path.metadata().ok()?;
    Some(FileStamp::from_metadata(&metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A production with one film, a program, and a folder for caches.
    struct FilmFolder(tempfile::TempDir);

    impl FilmFolder {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for name in ["film.mov", "ffprobe"] {
                std::fs::write(folder.path().join(name), name).unwrap();
            }
            Self(folder)
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn memory(&self, question: &str) -> FilmMemory {
            let root = self.0.path();
            FilmMemory::load(&self.path("cache"), root, &self.path("ffprobe"), question).unwrap()
        }

        /// Returns what is remembered of a film now.
        fn recalled(&self, question: &str) -> Option<String> {
            let memory = self.memory(question);
            let film = Path::new("film.mov");
            let answer = memory.recall(film, memory.film_stamp(film));
            answer.map(str::to_owned)
        }

        fn remember(&self, question: &str, answer: &str) {
            let memory = self.memory(question);
            let film = Path::new("film.mov");
            memory.remember(film, memory.film_stamp(film), answer.as_bytes());
            memory.save();
        }
    }

    #[test]
    fn an_answer_holds_until_the_film_the_program_or_the_question_changes() {
        let place = FilmFolder::new();
        assert_eq!(place.recalled("size"), None);
        place.remember("size", "64x36");
        assert_eq!(place.recalled("size").as_deref(), Some("64x36"));
        assert_eq!(place.recalled("rate"), None);
        std::fs::write(place.path("film.mov"), "another film").unwrap();
        assert_eq!(place.recalled("size"), None);
        place.remember("size", "32x18");
        std::fs::write(place.path("ffprobe"), "a later version").unwrap();
        assert_eq!(place.recalled("size"), None);
    }

    #[test]
    fn a_film_that_was_written_while_it_was_measured_is_measured_again() {
        let place = FilmFolder::new();
        let memory = place.memory("size");
        let film = Path::new("film.mov");
        let before = memory.film_stamp(film);
        std::fs::write(place.path("film.mov"), "written meanwhile").unwrap();
        memory.remember(film, before, b"64x36");
        memory.save();
        assert_eq!(place.recalled("size"), None);
    }

    #[test]
    fn films_that_are_gone_are_forgotten_and_a_damaged_file_is_no_memory() {
        let place = FilmFolder::new();
        place.remember("size", "64x36");
        std::fs::write(place.path("other.mov"), "").unwrap();
        std::fs::remove_file(place.path("film.mov")).unwrap();
        let memory = place.memory("size");
        let other = Path::new("other.mov");
        memory.remember(other, memory.film_stamp(other), b"8x8");
        memory.save();
        let memory = place.memory("size");
        let paths: Vec<&PathBuf> = memory.known.keys().collect();
        assert_eq!(paths, [other]);
        for text in ["", "{", "[]", "{\"other.mov\": {\"stamp\": 3}}"] {
            std::fs::write(&memory.file, text).unwrap();
            assert!(place.memory("size").known.is_empty(), "{text}");
        }
    }
}
