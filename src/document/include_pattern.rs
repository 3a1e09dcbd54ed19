//! The files that a pattern of `include` matches.
//!
//! A wildcard lists folders. It lists none outside of the project, where a link may lead: a folder
//! of a stranger must not make the program look at what is beside it. Crates for patterns follow
//! such links, so only their patterns of single names are used.

use crate::base::paths::{LocatedPath, locate_inside};
use glob::{Pattern, PatternError};
use std::collections::HashSet;
use std::fs::DirEntry;
use std::path::{Component, Path, PathBuf};

/// A pattern of paths below a folder.
#[derive(Debug)]
pub(super) struct IncludePattern {
    parts: Vec<PatternPart>,
}

/// What is between two slashes.
#[derive(Debug)]
enum PatternPart {
    Name(String),
    Wildcard(Pattern),
    /// `**`: any number of folders, also none.
    Folders,
}

/// What a pattern matches.
#[derive(Debug, Default)]
pub(super) struct MatchedFiles {
    /// The files, sorted.
    pub(super) files: Vec<PathBuf>,
    /// The first folder that was not looked into, because it is outside of the project.
    pub(super) outside: Option<PathBuf>,
    /// A link that leads to nothing, and would be a file that matches.
    pub(super) dead_link: Option<PathBuf>,
}

impl IncludePattern {
    /// Reads a pattern. Its parts lead downwards.
    ///
    /// # Errors
    /// Fails when a part is no pattern, such as `[a`.
    pub(super) fn new(text: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        for part in Path::new(text).components() {
            let Component::Normal(name) = part else {
                continue;
            };
            let name = name.to_string_lossy();
            match name.as_ref() {
                // Two in a row match what one does.
                "**" if matches!(parts.last(), Some(PatternPart::Folders)) => {}
                "**" => parts.push(PatternPart::Folders),
                name if name.contains(['*', '?', '[']) => {
                    parts.push(PatternPart::Wildcard(Pattern::new(name)?));
                }
                name => parts.push(PatternPart::Name(name.to_owned())),
            }
        }
        Ok(Self { parts })
    }

    /// Returns at most `most` files below `folder` that are accepted.
    pub(super) fn files_below(
        &self,
        folder: &Path,
        root: &Path,
        most: usize,
        is_accepted: impl Fn(&Path) -> bool,
    ) -> MatchedFiles {
        let mut search = PatternSearch {
            parts: &self.parts,
            root,
            seen: HashSet::new(),
            waiting: vec![(folder.to_owned(), 0)],
            outside: None,
        };
        let mut files = Vec::new();
        let mut dead_links = Vec::new();
        while files.len() < most
            && let Some((path, next)) = search.waiting.pop()
        {
            match self.parts.get(next) {
                None if path.is_file() && is_accepted(&path) => files.push(path),
                None if path.is_symlink() && !path.exists() => dead_links.push(path),
                None => {}
                Some(PatternPart::Name(name)) => search.waiting.push((path.join(name), next + 1)),
                Some(_) => search.look_into(&path, next),
            }
        }
        // The order of a file system differs between machines, and that of files is that of shots.
        files.sort();
        files.dedup();
        MatchedFiles {
            files,
            outside: search.outside,
            dead_link: dead_links.into_iter().min(),
        }
    }
}

/// A search for what a pattern matches.
struct PatternSearch<'a> {
    parts: &'a [PatternPart],
    root: &'a Path,
    /// Real paths of folders, each with the part that was looked for in it. Links may lead in
    /// circles, and several `**` to one folder in many ways.
    seen: HashSet<(PathBuf, usize)>,
    /// Paths, each with the part that is looked for in it.
    waiting: Vec<(PathBuf, usize)>,
    outside: Option<PathBuf>,
}

impl PatternSearch<'_> {
    /// Adds what a part matches in a folder.
    fn look_into(&mut self, folder: &Path, part: usize) {
        // The folder of a document that is named without one.
        let listed = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        if !listed.is_dir() {
            return;
        }
        let Ok(LocatedPath::Inside { real, .. }) = locate_inside(self.root, listed) else {
            self.outside.get_or_insert_with(|| folder.to_owned());
            return;
        };
        if !self.seen.insert((real, part)) {
            return;
        }
        let is_any_depth = matches!(self.parts.get(part), Some(PatternPart::Folders));
        if is_any_depth {
            self.waiting.push((folder.to_owned(), part + 1));
        }
        let Ok(entries) = listed.read_dir() else {
            return;
        };
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            match self.parts.get(part) {
                // Links are not followed: what they lead to in the project is met where it is.
                Some(PatternPart::Folders) if entry.file_type().is_ok_and(|kind| kind.is_dir()) => {
                    self.waiting.push((path, part));
                }
                Some(PatternPart::Wildcard(pattern)) if is_named(&entry, pattern) => {
                    self.waiting.push((path, part + 1));
                }
                _ => {}
            }
        }
    }
}

fn is_named(entry: &DirEntry, pattern: &Pattern) -> bool {
    // What is no text in a name is no reason to lose its shots: `*` matches it too.
    pattern.matches(&entry.file_name().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(root: &Path, pattern: &str) -> Vec<String> {
        let pattern = IncludePattern::new(pattern).unwrap();
        let found = pattern.files_below(root, root, 100, |_| true);
        let relative = found.files.iter();
        relative
            .map(|path| path.strip_prefix(root).unwrap().display().to_string())
            .collect()
    }

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        folder
    }

    #[test]
    fn names_wildcards_and_folders_of_any_depth_match() {
        let folder = folder_with(&["a.yaml", "s/b.yaml", "s/t/c.yaml", "s/t/c.txt", ".h/d.yaml"]);
        for (pattern, wanted) in [
            ("a.yaml", vec!["a.yaml"]),
            ("./s//b.yaml", vec!["s/b.yaml"]),
            ("*.yaml", vec!["a.yaml"]),
            ("*/*.yaml", vec![".h/d.yaml", "s/b.yaml"]),
            ("s/**/*.yaml", vec!["s/b.yaml", "s/t/c.yaml"]),
            ("**/c.*", vec!["s/t/c.txt", "s/t/c.yaml"]),
            ("**/**/[bc].yaml", vec!["s/b.yaml", "s/t/c.yaml"]),
            ("**", vec![]),
            ("s", vec![]),
            ("x/*.yaml", vec![]),
        ] {
            assert_eq!(matched(folder.path(), pattern), wanted, "{pattern}");
        }
    }

    #[test]
    fn the_number_of_files_is_limited() {
        let folder = folder_with(&["a.yaml", "b.yaml", "c.yaml"]);
        let pattern = IncludePattern::new("*").unwrap();
        let found = pattern.files_below(folder.path(), folder.path(), 2, |_| true);
        assert_eq!(found.files.len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn no_wildcard_looks_outside_of_the_project_or_in_circles() {
        use std::os::unix::fs::symlink;
        let outside = folder_with(&["secret.yaml", "in/secret.yaml"]);
        let folder = folder_with(&["s/b.yaml", "t/u/v/w.yaml"]);
        symlink(outside.path(), folder.path().join("out")).unwrap();
        for circle in ["here", "s/up", "t/u/again"] {
            symlink(folder.path(), folder.path().join(circle)).unwrap();
        }
        assert_eq!(
            matched(folder.path(), "**/*.yaml"),
            ["s/b.yaml", "t/u/v/w.yaml"]
        );
        // `*` meets links too, and the same folder in many ways; each is looked into once.
        for deep in ["**/*/".repeat(20), "*/".repeat(60)] {
            for file in matched(folder.path(), &format!("{deep}*.yaml")) {
                assert!(!file.contains("out/"), "{file}");
            }
        }
        symlink("nothing", folder.path().join("s/dead.yaml")).unwrap();
        let pattern = IncludePattern::new("s/*.yaml").unwrap();
        let found = pattern.files_below(folder.path(), folder.path(), 9, |_| true);
        assert_eq!(found.dead_link, Some(folder.path().join("s/dead.yaml")));
        let pattern = IncludePattern::new("out/*.yaml").unwrap();
        let found = pattern.files_below(folder.path(), folder.path(), 9, |_| true);
        assert!(found.files.is_empty());
        assert_eq!(found.outside, Some(folder.path().join("out")));
    }
}
