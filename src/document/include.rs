//! Which files a document includes: patterns to files, inside the project directory, each file once.
//!
//! Owns confinement, cycles, repeats and the caps on files and bytes. Does not parse anything.

use super::limits::Limits;
use super::quote::quoted;
use crate::base::{Diagnostic, Diagnostics, Origin, Spanned};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// A file to read, and why.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The path as people see it.
    pub(super) path: PathBuf,
    /// Whether the file must have the top key.
    pub(super) is_main: bool,
    /// The section that a bare list in this file is.
    pub(super) section: Option<&'static str>,
    /// The pattern that asked for it.
    pub(super) asked_at: Origin,
    /// The file that asked for it.
    parent: Option<PathBuf>,
}

impl Wanted {
    pub(super) fn main(path: PathBuf) -> Self {
        Self { path, is_main: true, section: None, asked_at: Origin::default(), parent: None }
    }

    pub(super) fn section(path: PathBuf, section: &'static str) -> Self {
        Self { section: Some(section), is_main: false, ..Self::main(path) }
    }
}

/// A file already taken in.
struct Taken {
    shown: PathBuf,
    asked_at: Origin,
    parent: Option<PathBuf>,
}

/// The files of one document.
pub(super) struct Project {
    directory: PathBuf,
    root: PathBuf,
    /// By canonical path.
    taken: HashMap<PathBuf, Taken>,
    limits: Limits,
    bytes: u64,
    is_full: bool,
    is_complete: bool,
}

impl Project {
    pub(super) fn new(main: &Path, limits: &Limits) -> Self {
        let parent = main.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = parent.unwrap_or(Path::new(".")).to_owned();
        let root = directory.canonicalize().unwrap_or_else(|_| directory.clone());
        Self {
            directory,
            root,
            taken: HashMap::new(),
            limits: *limits,
            bytes: 0,
            is_full: false,
            is_complete: true,
        }
    }

    /// Returns whether every file asked for was found and read.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Notes that a file is missing from the whole.
    pub(super) fn miss(&mut self) {
        self.is_complete = false;
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns how many bytes the next file may have.
    pub(super) fn bytes_left(&self) -> u64 {
        self.limits.file_bytes.min(self.limits.total_bytes.saturating_sub(self.bytes))
    }

    /// Returns how many bytes a file, already counted, was allowed to have.
    pub(super) fn bytes_left_before(&self, counted: usize) -> u64 {
        let before = self.bytes.saturating_sub(counted as u64);
        self.limits.file_bytes.min(self.limits.total_bytes.saturating_sub(before))
    }

    pub(super) fn spend(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Returns the files that are new; reports cycles, repeats and too many.
    pub(super) fn admit(&mut self, wanted: Vec<Wanted>, found: &mut Diagnostics) -> Vec<Wanted> {
        let mut admitted = Vec::new();
        for wanted in wanted {
            let path = wanted.path.canonicalize().unwrap_or_else(|_| wanted.path.clone());
            if let Some(earlier) = self.taken.get(&path) {
                found.push(self.again(&wanted, &path, earlier));
            } else if self.taken.len() >= self.limits.files {
                self.report_full(&wanted, found);
            } else {
                let (shown, parent) = (wanted.path.clone(), wanted.parent.clone());
                self.taken.insert(path, Taken { shown, asked_at: wanted.asked_at, parent });
                admitted.push(wanted);
            }
        }
        admitted
    }

    fn report_full(&mut self, wanted: &Wanted, found: &mut Diagnostics) {
        self.miss();
        if !std::mem::replace(&mut self.is_full, true) {
            let message = format!("more than {} files are included", self.limits.files);
            found.push(Diagnostic::error("production::document::too_many_files", wanted.asked_at, message));
        }
    }

    /// Words a file that was asked for before: a cycle when it is among the files that led here, else a repeat.
    fn again(&self, wanted: &Wanted, path: &Path, earlier: &Taken) -> Diagnostic {
        let chain = self.chain(wanted);
        if let Some(at) = chain.iter().position(|link| link == path) {
            let shown = chain[at..].iter().filter_map(|link| self.taken.get(link)).map(|taken| &taken.shown);
            let links: Vec<String> =
                shown.chain([&wanted.path]).map(|path| path.display().to_string()).collect();
            let message = format!("files include each other: {}", links.join(" -> "));
            return Diagnostic::error("production::document::include_cycle", wanted.asked_at, message);
        }
        let message = format!("{} is included a second time", quoted(&wanted.path.display().to_string()));
        let repeat = Diagnostic::error("production::document::include_repeated", wanted.asked_at, message);
        let repeat = repeat.help("include each file once");
        match earlier.parent {
            Some(_) => repeat.related(earlier.asked_at, "first included here"),
            None => repeat.help("it is read without being included"),
        }
    }

    /// Returns the canonical paths of the files that led to this one, the main file first.
    fn chain(&self, wanted: &Wanted) -> Vec<PathBuf> {
        let mut chain = Vec::new();
        let mut next = wanted.parent.clone();
        while let Some(link) = next {
            next = self.taken.get(&link).and_then(|taken| taken.parent.clone());
            chain.push(link);
        }
        chain.reverse();
        chain
    }

    /// Returns the files that a file's patterns name, sorted within each pattern.
    pub(super) fn includes(
        &mut self,
        from: &Path,
        patterns: &[Spanned<String>],
        found: &mut Diagnostics,
    ) -> Vec<Wanted> {
        let parent = from.canonicalize().unwrap_or_else(|_| from.to_owned());
        let beside = from.parent().unwrap_or(Path::new(""));
        let mut wanted = Vec::new();
        for pattern in patterns {
            match self.matches(beside, from, pattern) {
                Ok(paths) => wanted.extend(paths.into_iter().map(|path| Wanted {
                    is_main: false,
                    asked_at: pattern.origin,
                    parent: Some(parent.clone()),
                    ..Wanted::main(path)
                })),
                Err(diagnostic) => {
                    self.miss();
                    found.push(*diagnostic);
                }
            }
        }
        wanted
    }

    /// Returns the files of one pattern. A wildcard never means a file that is read anyway; a plain name may, and
    /// then that is a cycle or a repeat.
    fn matches(
        &self,
        beside: &Path,
        from: &Path,
        pattern: &Spanned<String>,
    ) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
        let path = Path::new(&pattern.value);
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            let help = "write a path below this file, such as `shots/*.yaml`";
            return Err(refusal(pattern, "it leads outside the project directory", help));
        }
        let whole = Path::new(&glob::Pattern::escape(&beside.to_string_lossy())).join(path);
        let paths = glob::glob(&whole.to_string_lossy())
            .map_err(|error| refusal(pattern, error.msg, "write a pattern such as `shots/*.yaml`"))?;
        let wild = pattern.value.contains(['*', '?', '[']);
        let wanted = |path: &PathBuf| path.is_file() && !(wild && self.is_read_anyway(path, from));
        let mut paths: Vec<PathBuf> = paths.flatten().filter(wanted).take(self.limits.files + 1).collect();
        paths.sort();
        if paths.is_empty() {
            return Err(refusal(
                pattern,
                "no file matches",
                "check the name; patterns start at the file that includes",
            ));
        }
        match paths.iter().find(|path| !self.is_inside(path)) {
            Some(outside) => {
                let outside = quoted(&outside.display().to_string());
                let why = format!("{outside} lies outside the project directory");
                Err(refusal(pattern, &why, "copy the file into the project"))
            }
            None => Ok(paths),
        }
    }

    /// Returns whether this is the including file itself, or one that is read without being included.
    fn is_read_anyway(&self, path: &Path, from: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        let starting = self.taken.get(&path).is_some_and(|taken| taken.parent.is_none());
        starting || from.canonicalize().is_ok_and(|from| from == path)
    }

    /// Follows links: a link out of the project is outside.
    pub(super) fn is_inside(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| path.starts_with(&self.root))
    }
}

fn refusal(pattern: &Spanned<String>, why: &str, help: &str) -> Box<Diagnostic> {
    let message = format!("cannot include {}: {why}", quoted(&pattern.value));
    let found = Diagnostic::error("production::document::bad_include", pattern.origin, message);
    Box::new(found.help(help))
}
