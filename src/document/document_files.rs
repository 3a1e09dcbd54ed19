//! The files that a document includes or extends: patterns to files inside the project directory,
//! each file once.
//!
//! Owns confinement, cycles, repeats and the limits on files and bytes. Does not parse.

use super::include_pattern::{IncludePattern, MatchedFiles};
use super::input_limits::InputLimits;
use super::quote::quote_value;
use crate::base::folder_names::folder_names;
use crate::base::foreign_path::ForeignPath;
use crate::base::paths::{LocatedPath, locate_inside};
use crate::base::suggestions::nearest_match;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// A file to read, and the reason.
#[derive(Debug, Clone)]
pub(super) struct FileRequest {
    /// The path as it is shown to the user, relative to where the command ran.
    pub(super) path: PathBuf,
    /// Whether the file must have the key `production`.
    pub(super) is_main: bool,
    /// The section that a bare list in this file belongs to.
    pub(super) section: Option<&'static str>,
    /// The text that names the file.
    pub(super) requested_at: FileSpan,
    /// The canonical path of the file that names it. None for a file that is read without being
    /// named.
    parent: Option<PathBuf>,
    /// Whether the file is included or extended.
    relation: FileRelation,
    /// The production that it is a part of: 0 for the main one, 1 for the one that it extends, and
    /// so on.
    pub(super) layer: usize,
}

/// How the naming file uses the named one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileRelation {
    Include,
    Extend,
}

impl FileRelation {
    const fn present_tense(self) -> &'static str {
        match self {
            Self::Include => "includes",
            Self::Extend => "extends",
        }
    }

    const fn past_tense(self) -> &'static str {
        match self {
            Self::Include => "included",
            Self::Extend => "extended",
        }
    }
}

impl FileRequest {
    pub(super) fn main_file(path: PathBuf) -> Self {
        let requested_at = FileSpan::default();
        let relation = FileRelation::Include;
        Self {
            path,
            is_main: true,
            section: None,
            requested_at,
            parent: None,
            relation,
            layer: 0,
        }
    }

    /// Returns whether a production begins with this file.
    pub(super) fn is_layer_root(&self) -> bool {
        self.is_main || self.relation == FileRelation::Extend
    }

    pub(super) fn section_file(path: PathBuf, section: &'static str) -> Self {
        Self {
            section: Some(section),
            is_main: false,
            ..Self::main_file(path)
        }
    }
}

/// A file that was admitted for reading.
struct AdmittedFile {
    shown: PathBuf,
    requested_at: FileSpan,
    parent: Option<PathBuf>,
    relation: FileRelation,
}

/// The files of one document.
pub(super) struct DocumentFiles {
    directory: PathBuf,
    root: PathBuf,
    /// Admitted files by canonical path, so that two paths to a file count as one.
    files_by_path: HashMap<PathBuf, AdmittedFile>,
    limits: InputLimits,
    bytes: u64,
    is_full: bool,
    is_complete: bool,
}

impl DocumentFiles {
    pub(super) fn new(main: &Path, limits: &InputLimits) -> Self {
        let parent = main
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let directory = parent.unwrap_or(Path::new(".")).to_owned();
        // Links are resolved once, for the root. A project in a linked directory is inside of
        // itself.
        let root = directory
            .canonicalize()
            .unwrap_or_else(|_| directory.clone());
        Self {
            directory,
            root,
            files_by_path: HashMap::new(),
            limits: *limits,
            bytes: 0,
            is_full: false,
            is_complete: true,
        }
    }

    /// Returns whether every named file was found and read.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Records that a named file is missing.
    pub(super) fn mark_incomplete(&mut self) {
        self.is_complete = false;
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the number of bytes that the next file may have.
    pub(super) fn bytes_left(&self) -> u64 {
        self.limits
            .file_bytes
            .min(self.limits.total_bytes.saturating_sub(self.bytes))
    }

    /// Returns the number of bytes that a file was allowed to have, if its size is already counted.
    pub(super) fn bytes_left_before(&self, counted: usize) -> u64 {
        let before = self.bytes.saturating_sub(counted as u64);
        self.limits
            .file_bytes
            .min(self.limits.total_bytes.saturating_sub(before))
    }

    pub(super) fn count_bytes(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Returns the files that were not admitted before. Reports cycles, repeats and too many files.
    pub(super) fn admit_new(
        &mut self,
        wanted: Vec<FileRequest>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<FileRequest> {
        let mut admitted = Vec::new();
        for wanted in wanted {
            // A path that does not exist is compared as written. Reading it reports the error.
            let path = wanted
                .path
                .canonicalize()
                .unwrap_or_else(|_| wanted.path.clone());
            // Repeats are looked for before the limit, so that a cycle is named as such and not as
            // too many files.
            if let Some(earlier) = self.files_by_path.get(&path) {
                diagnostics.push(self.repeat_diagnostic(&wanted, &path, earlier));
            } else if self.files_by_path.len() >= self.limits.files {
                self.report_full(&wanted, diagnostics);
            } else {
                let shown = wanted.path.clone();
                let parent = wanted.parent.clone();
                let FileRequest {
                    requested_at,
                    relation,
                    ..
                } = wanted;
                self.files_by_path.insert(
                    path,
                    AdmittedFile {
                        shown,
                        requested_at,
                        parent,
                        relation,
                    },
                );
                admitted.push(wanted);
            }
        }
        admitted
    }

    fn report_full(&mut self, request: &FileRequest, diagnostics: &mut Diagnostics) {
        self.mark_incomplete();
        // Reported once: a pattern that matches a million files would repeat it for each.
        if !std::mem::replace(&mut self.is_full, true) {
            let message = format!("more than {} files are included", self.limits.files);
            diagnostics.push(Diagnostic::error(
                "production::document::too_many_files",
                request.requested_at,
                message,
            ));
        }
    }

    /// Returns the diagnostic for a file that was named before: a cycle if the file is among those
    /// that led here, else a repeat.
    fn repeat_diagnostic(
        &self,
        request: &FileRequest,
        path: &Path,
        earlier: &AdmittedFile,
    ) -> Diagnostic {
        let chain = self.request_chain(request);
        // Only a file on the way from the main document closes a cycle. A file that two others
        // include would not loop, but its entries would be doubled, so it is a repeat.
        if let Some(index) = chain.iter().position(|link| link == path) {
            return self.cycle_diagnostic(request, &chain[index..]);
        }
        let shown = quote_value(&request.path.display().to_string());
        let message = match (request.relation, earlier.relation) {
            (FileRelation::Include, FileRelation::Include) => {
                format!("{shown} is included a second time")
            }
            _ => format!("{shown} is both included and extended"),
        };
        let repeat = Diagnostic::error(
            "production::document::include_repeated",
            request.requested_at,
            message,
        );
        let repeat = repeat.with_help("read each file once");
        // A file without a parent was found by its name in the directory, so there is no first
        // place to show.
        match earlier.parent {
            Some(_) => repeat.with_related(
                earlier.requested_at,
                format!("first {} here", earlier.relation.past_tense()),
            ),
            None => repeat.with_help("remove it: the file is read without being included"),
        }
    }

    /// Returns the diagnostic for a cycle, with the place of every step.
    fn cycle_diagnostic(&self, request: &FileRequest, links: &[PathBuf]) -> Diagnostic {
        let admitted: Vec<&AdmittedFile> = links
            .iter()
            .filter_map(|link| self.files_by_path.get(link))
            .collect();
        let shown: Vec<String> = admitted
            .iter()
            .map(|admitted| admitted.shown.display().to_string())
            .collect();
        let step = |from: usize, relation: FileRelation, to: &str| {
            format!("`{}` {} `{to}` here", shown[from], relation.present_tense())
        };
        let first = shown.first().map_or("", String::as_str);
        let last = shown.len().saturating_sub(1);
        let chain = format!("{} -> {first}", shown.join(" -> "));
        let (code, message) = match request.relation {
            FileRelation::Include => (
                "production::document::include_cycle",
                format!("files include each other: {chain}"),
            ),
            FileRelation::Extend => (
                "production::extends::cycle",
                format!("productions extend each other: {chain}"),
            ),
        };
        // The error is at the step that closes the cycle; the steps before it are related places.
        let diagnostic = Diagnostic::error(code, request.requested_at, message).with_label(step(
            last,
            request.relation,
            first,
        ));
        let steps = admitted.iter().enumerate().skip(1);
        steps.fold(diagnostic, |diagnostic, (index, link)| {
            diagnostic.with_related(
                link.requested_at,
                step(index - 1, link.relation, &shown[index]),
            )
        })
    }

    /// Returns the canonical paths of the files that led to this one. The main file is first.
    fn request_chain(&self, request: &FileRequest) -> Vec<PathBuf> {
        let mut chain = Vec::new();
        let mut next = request.parent.clone();
        while let Some(link) = next {
            next = self
                .files_by_path
                .get(&link)
                .and_then(|admitted| admitted.parent.clone());
            chain.push(link);
        }
        chain.reverse();
        chain
    }

    /// Returns the file that `from` extends. If there is none, reports it with the files that led
    /// there.
    pub(super) fn resolve_base(
        &mut self,
        from: &FileRequest,
        named: &Spanned<String>,
        diagnostics: &mut Diagnostics,
    ) -> Option<FileRequest> {
        // Relative to the file that extends, not to the main document, so that a base with a base
        // of its own can be moved as a folder.
        let beside = from.path.parent().unwrap_or(Path::new(""));
        let path = beside.join(&named.value);
        // The text of the path is tested first: `..` is refused even where the target does not
        // exist, so that the answer does not depend on what is outside.
        let down = Path::new(&named.value).components().all(is_descending);
        // A link inside the project may still point out of it, so the canonical path is tested too.
        let refused = if !down || (path.exists() && !self.is_inside(&path)) {
            let message = format!(
                "cannot extend {}: it leads outside the project directory",
                quote_value(&named.value)
            );
            let help = "name a file beside this one or below it, such as `base.yaml`";
            Diagnostic::error("production::extends::outside", named.origin, message).with_help(help)
        } else if path.is_file() {
            let parent = Some(
                from.path
                    .canonicalize()
                    .unwrap_or_else(|_| from.path.clone()),
            );
            let requested_at = named.origin;
            let relation = FileRelation::Extend;
            let layer = from.layer + 1;
            return Some(FileRequest {
                is_main: false,
                requested_at,
                parent,
                relation,
                layer,
                ..FileRequest::main_file(path)
            });
        } else {
            missing_base(&path, named)
        };
        self.mark_incomplete();
        diagnostics.push(self.with_chain(refused, from));
        None
    }

    /// Adds the places that name the files on the way to `from`.
    fn with_chain(&self, diagnostic: Diagnostic, from: &FileRequest) -> Diagnostic {
        let own_path = from
            .path
            .canonicalize()
            .unwrap_or_else(|_| from.path.clone());
        let links = self
            .request_chain(from)
            .into_iter()
            .chain([own_path])
            .filter_map(|link| self.files_by_path.get(&link));
        let requested = links.filter(|link| link.parent.is_some());
        requested.fold(diagnostic, |diagnostic, link| {
            diagnostic.with_related(
                link.requested_at,
                format!(
                    "`{}` is {} here",
                    link.shown.display(),
                    link.relation.past_tense()
                ),
            )
        })
    }

    /// Returns the files that a file's patterns match, sorted within each pattern.
    pub(super) fn resolve_includes(
        &mut self,
        from: &Path,
        layer: usize,
        patterns: &[Spanned<String>],
        diagnostics: &mut Diagnostics,
    ) -> Vec<FileRequest> {
        let parent = from.canonicalize().unwrap_or_else(|_| from.to_owned());
        // Relative to the file that includes, as for `extends`.
        let beside = from.parent().unwrap_or(Path::new(""));
        let mut requests = Vec::new();
        for pattern in patterns {
            match self.matching_paths(beside, from, pattern) {
                Ok(paths) => requests.extend(paths.into_iter().map(|path| FileRequest {
                    is_main: false,
                    requested_at: pattern.origin,
                    parent: Some(parent.clone()),
                    layer,
                    ..FileRequest::main_file(path)
                })),
                Err(diagnostic) => {
                    self.mark_incomplete();
                    diagnostics.push(*diagnostic);
                }
            }
        }
        requests
    }

    /// Returns the files of one pattern. A wildcard never matches a file that is read anyway. A
    /// plain name may match one, and is then a cycle or a repeat.
    fn matching_paths(
        &self,
        beside: &Path,
        from: &Path,
        pattern: &Spanned<String>,
    ) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
        let path = Path::new(&pattern.value);
        if !path.components().all(is_descending) {
            let help = "write a path below this file, such as `shots/*.yaml`";
            return Err(bad_include(
                pattern,
                "it leads outside the project directory",
                help,
            ));
        }
        let MatchedFiles {
            files: paths,
            outside,
            dead_link,
        } = self.matched_files(beside, from, pattern)?;
        if let Some(outside) = outside.filter(|_| paths.is_empty()) {
            return Err(outside_project(pattern, &outside));
        }
        if let Some(link) = dead_link {
            let why = format!(
                "{} is a link to nothing",
                quote_value(&link.display().to_string())
            );
            let help = "remove the link, or put the file there to which it leads";
            return Err(bad_include(pattern, &why, help));
        }
        // A pattern without a match is nearly always misspelt. Accepting it would lose shots
        // silently.
        if paths.is_empty() {
            if let Some(foreign) = ForeignPath::find(&pattern.value) {
                let help =
                    "copy the file into the folder and name it from there, such as `shots/*.yaml`";
                return Err(bad_include(pattern, &foreign.describe_notation(), help));
            }
            return Err(bad_include(
                pattern,
                "no file matches",
                "check the name; patterns are relative to the file that includes",
            ));
        }
        match paths.iter().find(|path| !self.is_inside(path)) {
            Some(outside) => Err(outside_project(pattern, outside)),
            None => Ok(paths),
        }
    }

    /// Returns what a pattern matches, with the file of that very name: `a[1].yaml` is the name of a
    /// file as well as a pattern that matches `a1.yaml`.
    fn matched_files(
        &self,
        beside: &Path,
        from: &Path,
        pattern: &Spanned<String>,
    ) -> Result<MatchedFiles, Box<Diagnostic>> {
        let wild = pattern.value.contains(['*', '?', '[']);
        // `*.yaml` beside the main document would include the main document itself.
        let is_new = |path: &Path| !(wild && self.is_read_anyway(path, from));
        let namesake =
            Some(beside.join(&pattern.value)).filter(|path| wild && path.is_file() && is_new(path));
        // One more than the limit is enough to report it; `**` in a large directory could match
        // millions.
        let most = self.limits.files + 1;
        let mut found = match IncludePattern::new(&pattern.value) {
            Ok(parts) => parts.files_below(beside, &self.root, most, is_new),
            Err(_) if namesake.is_some() => MatchedFiles::default(),
            Err(error) => {
                let help = "write a pattern such as `shots/*.yaml`; `[[]` stands for a bracket";
                return Err(bad_include(pattern, error.msg, help));
            }
        };
        found.files.extend(namesake);
        found.files.sort();
        found.files.dedup();
        Ok(found)
    }

    /// Returns whether this is the including file itself, or a file that is read without being
    /// included.
    fn is_read_anyway(&self, path: &Path, from: &Path) -> bool {
        let Ok(path) = path.canonicalize() else {
            return false;
        };
        let starting = self
            .files_by_path
            .get(&path)
            .is_some_and(|admitted| admitted.parent.is_none());
        starting || from.canonicalize().is_ok_and(|from| from == path)
    }

    /// Returns whether the path is a link to a file outside of the project.
    // Excerpts of the document are printed. A folder from a stranger could otherwise show a file
    // of the user in a log that others read.
    pub(super) fn is_link_outside(&self, path: &Path) -> bool {
        // `/dev/stdin` and its like are links by nature, and the user typed them.
        let is_system = ["/dev", "/proc"]
            .iter()
            .any(|folder| self.root.starts_with(folder));
        path.is_symlink() && path.is_file() && !is_system && !self.is_inside(path)
    }

    /// Returns whether the path is inside the project. Links are followed, so a link out of the
    /// project is outside.
    pub(super) fn is_inside(&self, path: &Path) -> bool {
        matches!(
            locate_inside(&self.root, path),
            Ok(LocatedPath::Inside { .. })
        )
    }
}

fn outside_project(pattern: &Spanned<String>, outside: &Path) -> Box<Diagnostic> {
    let outside = quote_value(&outside.display().to_string());
    let why = format!("{outside} is outside the project directory");
    bad_include(pattern, &why, "copy the file into the project")
}

/// Returns whether this part of a path can only lead downwards.
fn is_descending(part: Component<'_>) -> bool {
    matches!(part, Component::Normal(_) | Component::CurDir)
}

/// Returns whether a file of this name may be a document.
pub(super) fn is_yaml_name(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn missing_base(path: &Path, named: &Spanned<String>) -> Diagnostic {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = folder_names(folder, usize::MAX, is_yaml_name).unwrap_or_default();
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let near = nearest_match(&wanted, beside.iter().map(String::as_str));
    let why = ForeignPath::find(&named.value).map_or_else(
        || "there is no such file".to_owned(),
        |foreign| foreign.describe_notation(),
    );
    let message = format!("cannot extend {}: {why}", quote_value(&named.value));
    let diagnostic = Diagnostic::error("production::extends::missing", named.origin, message);
    let help = near.map(|near| format!("did you mean `{near}`?"));
    diagnostic
        .with_help(format!("looked for {}", path.display()))
        .with_optional_help(help)
}

fn bad_include(pattern: &Spanned<String>, why: &str, help: &str) -> Box<Diagnostic> {
    let message = format!("cannot include {}: {why}", quote_value(&pattern.value));
    let diagnostic =
        Diagnostic::error("production::document::bad_include", pattern.origin, message);
    Box::new(diagnostic.with_help(help))
}
