//! Which files a document includes or extends: patterns to files, inside the project directory, each file once.
//!
//! Owns confinement, cycles, repeats and the caps on files and bytes. Does not parse anything.

use super::limits::Limits;
use super::quote::quoted;
use crate::base::suggestions::nearest_match;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
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
    /// The text that asked for it.
    pub(super) asked_at: FileSpan,
    /// The file that asked for it.
    parent: Option<PathBuf>,
    /// What the file is to the one that asked for it.
    tie: Tie,
    /// Which production it is a part of: 0 for the main one, 1 for the one that it extends, and so on.
    pub(super) layer: usize,
}

/// What a file is to the one that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    Include,
    Extend,
}

impl Tie {
    const fn verb(self) -> &'static str {
        match self {
            Self::Include => "includes",
            Self::Extend => "extends",
        }
    }

    const fn past(self) -> &'static str {
        match self {
            Self::Include => "included",
            Self::Extend => "extended",
        }
    }
}

impl Wanted {
    pub(super) fn main(path: PathBuf) -> Self {
        let (asked_at, tie) = (FileSpan::default(), Tie::Include);
        Self {
            path,
            is_main: true,
            section: None,
            asked_at,
            parent: None,
            tie,
            layer: 0,
        }
    }

    /// Returns whether a production begins with this file.
    pub(super) fn begins(&self) -> bool {
        self.is_main || self.tie == Tie::Extend
    }

    pub(super) fn section(path: PathBuf, section: &'static str) -> Self {
        Self {
            section: Some(section),
            is_main: false,
            ..Self::main(path)
        }
    }
}

/// A file already taken in.
struct Taken {
    shown: PathBuf,
    asked_at: FileSpan,
    parent: Option<PathBuf>,
    tie: Tie,
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
        let parent = main
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let directory = parent.unwrap_or(Path::new(".")).to_owned();
        let root = directory
            .canonicalize()
            .unwrap_or_else(|_| directory.clone());
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
        self.limits
            .file_bytes
            .min(self.limits.total_bytes.saturating_sub(self.bytes))
    }

    /// Returns how many bytes a file, already counted, was allowed to have.
    pub(super) fn bytes_left_before(&self, counted: usize) -> u64 {
        let before = self.bytes.saturating_sub(counted as u64);
        self.limits
            .file_bytes
            .min(self.limits.total_bytes.saturating_sub(before))
    }

    pub(super) fn spend(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Returns the files that are new; reports cycles, repeats and too many.
    pub(super) fn admit(&mut self, wanted: Vec<Wanted>, found: &mut Diagnostics) -> Vec<Wanted> {
        let mut admitted = Vec::new();
        for wanted in wanted {
            let path = wanted
                .path
                .canonicalize()
                .unwrap_or_else(|_| wanted.path.clone());
            if let Some(earlier) = self.taken.get(&path) {
                found.push(self.again(&wanted, &path, earlier));
            } else if self.taken.len() >= self.limits.files {
                self.report_full(&wanted, found);
            } else {
                let (shown, parent) = (wanted.path.clone(), wanted.parent.clone());
                let Wanted { asked_at, tie, .. } = wanted;
                self.taken.insert(
                    path,
                    Taken {
                        shown,
                        asked_at,
                        parent,
                        tie,
                    },
                );
                admitted.push(wanted);
            }
        }
        admitted
    }

    fn report_full(&mut self, wanted: &Wanted, found: &mut Diagnostics) {
        self.miss();
        if !std::mem::replace(&mut self.is_full, true) {
            let message = format!("more than {} files are included", self.limits.files);
            found.push(Diagnostic::error(
                "production::document::too_many_files",
                wanted.asked_at,
                message,
            ));
        }
    }

    /// Words a file that was asked for before: a cycle when it is among the files that led here, else a repeat.
    fn again(&self, wanted: &Wanted, path: &Path, earlier: &Taken) -> Diagnostic {
        let chain = self.chain(wanted);
        if let Some(at) = chain.iter().position(|link| link == path) {
            return self.cycle(wanted, &chain[at..]);
        }
        let shown = quoted(&wanted.path.display().to_string());
        let message = match (wanted.tie, earlier.tie) {
            (Tie::Include, Tie::Include) => format!("{shown} is included a second time"),
            _ => format!("{shown} is both included and extended"),
        };
        let repeat = Diagnostic::error(
            "production::document::include_repeated",
            wanted.asked_at,
            message,
        );
        let repeat = repeat.with_help("read each file once");
        match earlier.parent {
            Some(_) => repeat.with_related(
                earlier.asked_at,
                format!("first {} here", earlier.tie.past()),
            ),
            None => repeat.with_help("it is read without being included"),
        }
    }

    /// Words a cycle, with the place of every step in it.
    fn cycle(&self, wanted: &Wanted, links: &[PathBuf]) -> Diagnostic {
        let taken: Vec<&Taken> = links
            .iter()
            .filter_map(|link| self.taken.get(link))
            .collect();
        let shown: Vec<String> = taken
            .iter()
            .map(|taken| taken.shown.display().to_string())
            .collect();
        let step = |from: usize, tie: Tie, to: &str| {
            format!("`{}` {} `{to}` here", shown[from], tie.verb())
        };
        let (first, last) = (
            shown.first().map_or("", String::as_str),
            shown.len().saturating_sub(1),
        );
        let chain = format!("{} -> {first}", shown.join(" -> "));
        let (code, message) = match wanted.tie {
            Tie::Include => (
                "production::document::include_cycle",
                format!("files include each other: {chain}"),
            ),
            Tie::Extend => (
                "production::extends::cycle",
                format!("productions extend each other: {chain}"),
            ),
        };
        let found = Diagnostic::error(code, wanted.asked_at, message)
            .with_label(step(last, wanted.tie, first));
        let steps = taken.iter().enumerate().skip(1);
        steps.fold(found, |found, (at, link)| {
            found.with_related(link.asked_at, step(at - 1, link.tie, &shown[at]))
        })
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

    /// Returns the file that `from` extends; one that cannot be is reported with the files that led there.
    pub(super) fn base(
        &mut self,
        from: &Wanted,
        named: &Spanned<String>,
        found: &mut Diagnostics,
    ) -> Option<Wanted> {
        let beside = from.path.parent().unwrap_or(Path::new(""));
        let path = beside.join(&named.value);
        let down = Path::new(&named.value).components().all(is_down);
        let refused = if !down || (path.exists() && !self.is_inside(&path)) {
            let message = format!(
                "cannot extend {}: it leads outside the project directory",
                quoted(&named.value)
            );
            let help = "name a file beside this one or below it, such as `base.yaml`";
            Diagnostic::error("production::extends::outside", named.origin, message).with_help(help)
        } else if path.is_file() {
            let parent = Some(
                from.path
                    .canonicalize()
                    .unwrap_or_else(|_| from.path.clone()),
            );
            let (asked_at, tie, layer) = (named.origin, Tie::Extend, from.layer + 1);
            return Some(Wanted {
                is_main: false,
                asked_at,
                parent,
                tie,
                layer,
                ..Wanted::main(path)
            });
        } else {
            missing_base(&path, named)
        };
        self.miss();
        found.push(self.with_chain(refused, from));
        None
    }

    /// Adds the places of the files that led to `from`.
    fn with_chain(&self, found: Diagnostic, from: &Wanted) -> Diagnostic {
        let own = from
            .path
            .canonicalize()
            .unwrap_or_else(|_| from.path.clone());
        let links = self
            .chain(from)
            .into_iter()
            .chain([own])
            .filter_map(|link| self.taken.get(&link));
        let asked = links.filter(|link| link.parent.is_some());
        asked.fold(found, |found, link| {
            found.with_related(
                link.asked_at,
                format!("`{}` is {} here", link.shown.display(), link.tie.past()),
            )
        })
    }

    /// Returns the files that a file's patterns name, sorted within each pattern.
    pub(super) fn includes(
        &mut self,
        (from, layer): (&Path, usize),
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
                    layer,
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
        if !path.components().all(is_down) {
            let help = "write a path below this file, such as `shots/*.yaml`";
            return Err(refusal(
                pattern,
                "it leads outside the project directory",
                help,
            ));
        }
        let whole = Path::new(&glob::Pattern::escape(&beside.to_string_lossy())).join(path);
        let paths = glob::glob(&whole.to_string_lossy()).map_err(|error| {
            refusal(pattern, error.msg, "write a pattern such as `shots/*.yaml`")
        })?;
        let wild = pattern.value.contains(['*', '?', '[']);
        let wanted = |path: &PathBuf| path.is_file() && !(wild && self.is_read_anyway(path, from));
        let mut paths: Vec<PathBuf> = paths
            .flatten()
            .filter(wanted)
            .take(self.limits.files + 1)
            .collect();
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
        let Ok(path) = path.canonicalize() else {
            return false;
        };
        let starting = self
            .taken
            .get(&path)
            .is_some_and(|taken| taken.parent.is_none());
        starting || from.canonicalize().is_ok_and(|from| from == path)
    }

    /// Follows links: a link out of the project is outside.
    pub(super) fn is_inside(&self, path: &Path) -> bool {
        path.canonicalize()
            .is_ok_and(|path| path.starts_with(&self.root))
    }
}

/// Returns whether this part of a path leads no way but down.
fn is_down(part: Component<'_>) -> bool {
    matches!(part, Component::Normal(_) | Component::CurDir)
}

fn missing_base(path: &Path, named: &Spanned<String>) -> Diagnostic {
    let entries = std::fs::read_dir(path.parent().unwrap_or(Path::new(".")))
        .into_iter()
        .flatten()
        .flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let beside: Vec<String> = names
        .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
        .collect();
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let near = nearest_match(&wanted, beside.iter().map(String::as_str));
    let message = format!(
        "cannot extend {}: there is no such file",
        quoted(&named.value)
    );
    let found = Diagnostic::error("production::extends::missing", named.origin, message);
    let help = near.map(|near| format!("did you mean `{near}`?"));
    found
        .with_help(format!("looked for {}", path.display()))
        .with_optional_help(help)
}

fn refusal(pattern: &Spanned<String>, why: &str, help: &str) -> Box<Diagnostic> {
    let message = format!("cannot include {}: {why}", quoted(&pattern.value));
    let found = Diagnostic::error("production::document::bad_include", pattern.origin, message);
    Box::new(found.with_help(help))
}
