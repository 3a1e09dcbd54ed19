//! The files of a folder that its programs consist of: those that their commands, shell lines and
//! `files` name, and what these files name in turn, such as the script that a script starts.
//!
//! Names are found by their text, so a path that a script puts together while it runs is not found.

use crate::model::file_kind::FileKind;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of a script that are searched for names of files.
// A program of that size is no script, or one that a tool made.
const MOST_SCRIPT_BYTES: u64 = 1 << 18;
/// Files of a named folder, in all.
const MOST_FOLDER_FILES: usize = 10_000;

/// Finds the files. Each is found once.
pub(super) struct ProgramFiles<'a> {
    folder: &'a Path,
    found: BTreeSet<PathBuf>,
    /// Files whose text is not searched yet.
    pending: Vec<PathBuf>,
}

impl<'a> ProgramFiles<'a> {
    /// Returns no files of `folder`, whose links are followed.
    pub(super) const fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            found: BTreeSet::new(),
            pending: Vec::new(),
        }
    }

    /// Adds what a word of a command or a line for a shell names.
    pub(super) fn add_words(&mut self, text: &str) {
        self.add_names(text, self.folder);
        self.search_pending();
    }

    /// Adds a file that a program reads, or a folder in which programs are looked for. A relative
    /// path starts from the folder.
    pub(super) fn add_named(&mut self, path: &Path) {
        if let Some(path) = self.path_inside(&self.folder.join(path)) {
            self.add_path(path);
        }
        self.search_pending();
    }

    /// Returns the files in order.
    pub(super) fn into_found(self) -> BTreeSet<PathBuf> {
        self.found
    }

    fn search_pending(&mut self) {
        while let Some(path) = self.pending.pop() {
            let Some(text) = script_text(&path) else {
                continue;
            };
            // A script runs in the folder of the production, and may look for files beside itself.
            let beside = path.parent().unwrap_or(self.folder).to_owned();
            self.add_names(&text, self.folder);
            self.add_names(&text, &beside);
        }
    }

    /// Adds what parts of a text name, looked for in `folder`.
    fn add_names(&mut self, text: &str, folder: &Path) {
        let is_separator =
            |c: char| c.is_whitespace() || c.is_control() || "'\"`=;:,(){}[]<>|&$".contains(c);
        let parts: BTreeSet<&str> = text.split(is_separator).collect();
        let words = std::iter::once(text).filter(|text| text.len() < 256);
        for name in words.chain(parts) {
            if name.len() > 255 {
                continue;
            }
            // What precedes a slash may be a placeholder or a variable: `$DIR/lib.sh`.
            self.add_name(name, folder);
            if let Some((_, name)) = name.split_once('/') {
                self.add_name(name, folder);
            }
        }
    }

    /// Adds what a name names, looked for in `folder`.
    fn add_name(&mut self, name: &str, folder: &Path) {
        let name = name.trim_start_matches('/');
        if !name.is_empty() {
            // As Python finds a module that is imported.
            let module = name.replace('.', "/");
            let names = [
                PathBuf::from(name),
                PathBuf::from(format!("{module}.py")),
                Path::new(&module).join("__init__.py"),
            ];
            for name in names {
                // The folder itself is everything, and says nothing about its programs.
                if let Some(path) = self.path_inside(&folder.join(name))
                    && path != self.folder
                    && path != *folder
                {
                    self.add_path(path);
                }
            }
        }
    }

    fn add_path(&mut self, path: PathBuf) {
        if path.is_dir() {
            // The store, and a history of versions.
            let is_hidden = path.file_name().is_some_and(is_hidden);
            if !is_hidden {
                self.add_folder(&path);
            }
        } else if path.is_file() && !is_picture(&path) && self.found.insert(path.clone()) {
            self.pending.push(path);
        }
    }

    /// Adds the programs in a folder, such as that of modules.
    fn add_folder(&mut self, folder: &Path) {
        let mut folders = vec![folder.to_owned()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                seen += 1;
                // A folder of pictures may be named too, and is not read to the end.
                if seen > MOST_FOLDER_FILES {
                    return;
                }
                let Ok(kind) = entry.file_type() else {
                    continue;
                };
                let path = entry.path();
                if kind.is_dir() && !is_hidden(&entry.file_name()) {
                    folders.push(path);
                } else if kind.is_file() && is_program(&path) && self.found.insert(path.clone()) {
                    self.pending.push(path);
                }
            }
        }
    }

    /// Returns the real path, if it is in the folder.
    fn path_inside(&self, path: &Path) -> Option<PathBuf> {
        // Most words name nothing, and this is one call.
        path.symlink_metadata().ok()?;
        let real = path.canonicalize().ok()?;
        real.starts_with(self.folder).then_some(real)
    }
}

/// Returns the text of a script. `None`: it is none.
fn script_text(path: &Path) -> Option<String> {
    if path.metadata().ok()?.len() > MOST_SCRIPT_BYTES {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    // A zero byte is in nearly every binary and in no script.
    (!bytes.contains(&0)).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Returns whether a file begins as a picture, which nothing runs.
fn is_picture(path: &Path) -> bool {
    matches!(
        FileKind::from_head(&head(path)),
        FileKind::Png | FileKind::Jpeg | FileKind::Exr | FileKind::Tiff
    )
}

/// Returns whether a file in a named folder may be started or loaded.
fn is_program(path: &Path) -> bool {
    const EXTENSIONS: [&str; 12] = [
        "py", "pyc", "sh", "bash", "pl", "pm", "rb", "lua", "js", "so", "dylib", "dll",
    ];
    let has_extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| EXTENSIONS.contains(&extension));
    has_extension || is_executable(path) || head(path).starts_with(b"#!")
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|facts| facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "exe")
}

fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    // What cannot be read is no picture, and another file when it can.
    if let Ok(file) = File::open(path) {
        let _ = file.take(FileKind::HEAD_BYTES).read_to_end(&mut head);
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the names of the files that a command of a folder with these files consists of.
    fn names(files: &[(&str, &str)], command: &str) -> Vec<String> {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().canonicalize().unwrap();
        for (name, text) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut found = ProgramFiles::new(&folder);
        found.add_words(command);
        let shown = |path: &PathBuf| path.strip_prefix(&folder).unwrap().display().to_string();
        found.into_found().iter().map(shown).collect()
    }

    #[test]
    fn files_that_a_script_names_are_found_through_every_script() {
        let files = [
            (
                "tools/run.sh",
                ". \"$(dirname \"$0\")/lib.sh\"\npython3 tools/draw.py\n",
            ),
            ("tools/lib.sh", "exec ./tools/last\n"),
            ("tools/last", "echo tools/run.sh\n"),
            (
                "tools/draw.py",
                "from shapes.round import Ball\nimport helper\n",
            ),
            ("tools/helper.py", ""),
            ("tools/shapes/round.py", ""),
            ("tools/other.py", ""),
            ("notes.txt", ""),
        ];
        let wanted = [
            "tools/draw.py",
            "tools/helper.py",
            "tools/last",
            "tools/lib.sh",
            "tools/run.sh",
            "tools/shapes/round.py",
        ];
        for command in [
            "tools/run.sh",
            "sh -c './tools/run.sh --fast'",
            "nice --script=tools/run.sh",
            "{root}/tools/run.sh",
            "$PWD/tools/run.sh",
        ] {
            assert_eq!(names(&files, command), wanted, "{command}");
        }
        assert!(names(&files, "cp a b").is_empty());
    }

    #[test]
    fn a_named_folder_counts_with_its_programs_and_the_whole_folder_does_not() {
        let files = [
            ("lib/a.py", ""),
            ("lib/deep/start", "#!/bin/sh\n"),
            ("lib/picture.png", "\u{89}PNG"),
            ("other.py", ""),
        ];
        assert_eq!(
            names(&files, "PYTHONPATH=lib"),
            ["lib/a.py", "lib/deep/start"]
        );
        assert!(names(&files, ". ./").is_empty());
    }
}
