//! A file or directory to one joined record: reading, checking bytes, decoding each file, joining in order.
//!
//! Files are parsed in parallel, because each stands by itself; anchors do not cross them. Owns which file may hold
//! what. Which files are included is decided in `include`.

use super::de::{Scope, decode_at};
use super::include::{Project, Wanted};
use super::join::Join;
use super::limits::{Limits, SIZE_HELP};
use super::tree::{NodeId, Shape, Tree, parse};
use crate::base::nearest::{nearest, sure};
use crate::base::{Diagnostic, Diagnostics, FileId, Origin, Sources, Spanned};
use crate::document::quote::quoted;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The top key of a document.
const TOP: &str = "production";
/// The file that a directory must hold.
const MAIN: &str = "production.yaml";
/// The files that a directory may hold beside it, by the section that each gives.
pub(super) const SECTIONS: [&str; 5] = ["characters", "locations", "props", "shots", "outputs"];

/// What was read.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The joined record; nothing when the main file could not be decoded.
    pub draft: Option<T>,
    /// Every finding, in order of file and place.
    pub diagnostics: Diagnostics,
    /// Whether every file could be read. If not, names may be missing that a broken file defines.
    pub complete: bool,
    /// The directory that relative paths in the document start from.
    pub directory: PathBuf,
    /// The files read, the main file first.
    pub files: Vec<FileId>,
}

/// Why nothing could be loaded; the text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is nothing at the path.
    #[error("find {path}: there is no such file or directory")]
    NotFound {
        /// The path as the user named it.
        path: PathBuf,
    },
    /// The directory holds no document.
    #[error("find a production in {path}: it has no {MAIN}{found}")]
    NoProduction {
        /// The directory as the user named it.
        path: PathBuf,
        /// What is there instead, in words.
        found: String,
    },
    /// The operating system refused.
    #[error("read {path}: {source}")]
    Read {
        /// The file as the user named it.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Reads a document: a file, or a directory with `production.yaml` and, where present, a file for each section.
///
/// Paths of [`Sources`] are shown as the user named them. `T` is the content of `production`; every field must be
/// optional or have a default, because each file gives only a part.
///
/// # Errors
/// Fails when the path leads nowhere, or the main file cannot be read. All else is a diagnostic.
pub fn load<T: DeserializeOwned + Join + Send>(
    path: &Path,
    limits: &Limits,
    sources: &mut Sources,
) -> Result<Loaded<T>, LoadError> {
    let wanted = starting_files(path)?;
    let mut project = Project::new(&wanted[0].path, limits);
    let mut pieces: Vec<Piece<T>> = Vec::new();
    let mut diagnostics = Diagnostics::default();
    let mut round = project.admit(wanted, &mut diagnostics);
    let mut first = true;
    while !round.is_empty() {
        let read = read_all(round, &mut project, std::mem::take(&mut first), sources, &mut diagnostics)?;
        let decoded: Vec<Piece<T>> = read.into_par_iter().map(|page| decode_page(page, limits)).collect();
        let mut next = Vec::new();
        for piece in decoded {
            next.extend(project.includes(&piece.path, &piece.include, &mut diagnostics));
            pieces.push(piece);
        }
        round = project.admit(next, &mut diagnostics);
    }
    let complete = project.is_complete();
    Ok(joined(pieces, project.directory().to_owned(), diagnostics, complete))
}

/// The text of one file, ready to parse.
struct Page {
    wanted: Wanted,
    file: FileId,
    text: Option<Arc<str>>,
}

/// What one file gave.
struct Piece<T> {
    path: PathBuf,
    file: FileId,
    draft: Option<T>,
    include: Vec<Spanned<String>>,
    diagnostics: Diagnostics,
    complete: bool,
}

fn joined<T: Join>(
    pieces: Vec<Piece<T>>,
    directory: PathBuf,
    mut diagnostics: Diagnostics,
    all_read: bool,
) -> Loaded<T> {
    let complete = all_read && pieces.iter().all(|piece| piece.complete);
    let files = pieces.iter().map(|piece| piece.file).collect();
    let mut pieces = pieces.into_iter();
    let mut draft = pieces.next().and_then(|main| {
        diagnostics.extend(main.diagnostics);
        main.draft
    });
    for piece in pieces {
        diagnostics.extend(piece.diagnostics);
        if let (Some(draft), Some(part)) = (&mut draft, piece.draft) {
            draft.join(part, &mut diagnostics);
        }
    }
    Loaded { draft, diagnostics: diagnostics.sorted(), complete, directory, files }
}

fn starting_files(path: &Path) -> Result<Vec<Wanted>, LoadError> {
    let kind = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
    if !kind.is_dir() {
        return Ok(vec![Wanted::main(path.to_owned())]);
    }
    let main = path.join(MAIN);
    if !main.is_file() {
        return Err(LoadError::NoProduction { path: path.to_owned(), found: others(path) });
    }
    let section = |name: &'static str| (name, path.join(format!("{name}.yaml")));
    let sections = SECTIONS.map(section).into_iter().filter(|(_, path)| path.is_file());
    let sections = sections.map(|(name, path)| Wanted::section(path, name));
    Ok(std::iter::once(Wanted::main(main)).chain(sections).collect())
}

fn unreadable(path: &Path, source: io::Error) -> LoadError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound { path },
        _ => LoadError::Read { path, source },
    }
}

/// Names the YAML files of a directory that lacks the main one.
fn others(directory: &Path) -> String {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> =
        names.filter(|name| name.ends_with(".yaml") || name.ends_with(".yml")).collect();
    names.sort();
    names.truncate(5);
    if names.is_empty() { String::new() } else { format!(" (it has {})", names.join(", ")) }
}

fn read_all(
    round: Vec<Wanted>,
    project: &mut Project,
    first: bool,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Vec<Page>, LoadError> {
    let mut pages = Vec::new();
    for (at, wanted) in round.into_iter().enumerate() {
        if wanted.section.is_some() && !project.is_inside(&wanted.path) {
            project.miss();
            found.push(outside(&wanted, sources));
            continue;
        }
        match read_bytes(&wanted.path, project.bytes_left()) {
            Ok(bytes) => {
                project.spend(bytes.len());
                pages.push(page(wanted, &bytes, project, sources, found));
            }
            Err(source) if first && at == 0 => return Err(unreadable(&wanted.path, source)),
            Err(source) => {
                project.miss();
                found.push(unreadable_include(&wanted, &source));
            }
        }
    }
    Ok(pages)
}

/// Words a file of the project's folder that is a link to a place outside. It is not read.
fn outside(wanted: &Wanted, sources: &mut Sources) -> Diagnostic {
    let file = sources.add(wanted.path.clone(), "");
    let message = format!("{} is a link out of the project", quoted(&wanted.path.display().to_string()));
    let found = Diagnostic::error("production::document::outside_project", Origin::new(file, 0, 0), message);
    found.help("put the file itself there")
}

fn unreadable_include(wanted: &Wanted, source: &io::Error) -> Diagnostic {
    let message = format!("cannot read {}: {source}", quoted(&wanted.path.display().to_string()));
    Diagnostic::error("production::document::unreadable_file", wanted.asked_at, message)
}

/// Reads at most one byte more than allowed, so that a huge or endless file costs nothing.
fn read_bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn page(
    wanted: Wanted,
    bytes: &[u8],
    project: &Project,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Page {
    let shown = wanted.path.clone();
    if bytes.len() as u64 > project.bytes_left_before(bytes.len()) {
        let file = sources.add(shown, "");
        let message = "the file is too large, alone or together with the others";
        let large = Diagnostic::error("production::yaml::too_large", Origin::new(file, 0, 0), message);
        found.push(large.help(SIZE_HELP));
        return Page { wanted, file, text: None };
    }
    // Editors do not show a byte-order mark; without it, columns of the first line are right.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            let file = sources.add(shown, Arc::clone(&text));
            Page { wanted, file, text: Some(text) }
        }
        Err(error) => {
            let file = sources.add(shown, String::from_utf8_lossy(bytes).as_ref());
            found.push(not_utf8(file, error.valid_up_to()));
            Page { wanted, file, text: None }
        }
    }
}

fn not_utf8(file: FileId, at: usize) -> Diagnostic {
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    // The lossy text equals the file up to the first bad byte, and has a three-byte stand-in there.
    let origin = Origin::new(file, start, start.saturating_add(3));
    let found = Diagnostic::error("production::yaml::not_utf8", origin, format!("not UTF-8 at byte {at}"));
    found.help("save the file as UTF-8")
}

fn decode_page<T: DeserializeOwned>(page: Page, limits: &Limits) -> Piece<T> {
    let (path, file) = (page.wanted.path, page.file);
    let mut diagnostics = Diagnostics::default();
    let tree = page.text.and_then(|text| parse(file, text, limits, &mut diagnostics));
    let Some(mut tree) = tree else {
        return Piece { path, file, draft: None, include: Vec::new(), diagnostics, complete: false };
    };
    if let (Some(section), Some(Shape::List)) =
        (page.wanted.section, tree.root().map(|root| tree.shape(root)))
    {
        tree.wrap_root(section);
    }
    let top = top_node(&tree, page.wanted.is_main, &mut diagnostics);
    let include = includes(&tree, top, limits, &mut diagnostics);
    let path_of = format!("/{TOP}");
    let scope = Scope { path: &path_of, free_keys: &["include"] };
    let draft = top.and_then(|top| decode_at(&tree, top, scope, limits, &mut diagnostics));
    Piece { path, file, draft, include, diagnostics, complete: true }
}

/// Returns the node that holds the production: under the top key, or the whole of a file that is only a part.
fn top_node(tree: &Tree, is_main: bool, found: &mut Diagnostics) -> Option<NodeId> {
    let Some(root) = tree.root() else {
        if is_main {
            found.push(no_top_key(Origin::new(tree.file(), 0, 0)));
        }
        return None;
    };
    if let Some((_, top)) = tree.find(root, TOP) {
        unknown_top_keys(tree, root, found);
        return Some(top);
    }
    if !is_main {
        return Some(root);
    }
    found.push(misspelt_top_key(tree, root).unwrap_or_else(|| no_top_key(tree.origin(root))));
    None
}

fn no_top_key(origin: Origin) -> Diagnostic {
    let message = format!("missing field `{TOP}`");
    let found = Diagnostic::error("production::document::missing_field", origin, message);
    found.at(format!("/{TOP}")).help(format!("begin the document with `{TOP}:` and indent the rest under it"))
}

fn misspelt_top_key(tree: &Tree, root: NodeId) -> Option<Diagnostic> {
    let keys = tree.pairs(root)?.filter_map(|(key, _)| Some((key, tree.scalar(key)?.text)));
    let (key, text) = keys.into_iter().find(|(_, text)| nearest(text, [TOP]).is_some())?;
    Some(unknown_top_key(tree, key, text))
}

fn unknown_top_keys(tree: &Tree, root: NodeId, found: &mut Diagnostics) {
    for (key, _) in tree.pairs(root).into_iter().flatten() {
        let Some(text) = tree.scalar(key).map(|scalar| scalar.text) else { continue };
        if text != TOP && text != "include" && !text.starts_with("x-") {
            found.push(unknown_top_key(tree, key, text));
        }
    }
}

fn unknown_top_key(tree: &Tree, key: NodeId, text: &str) -> Diagnostic {
    let near = nearest(text, [TOP, "include"]);
    let help = near.map_or_else(
        || format!("indent it under `{TOP}:`, or begin it with `x-` to keep it as a note"),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("unknown field {}", quoted(text));
    let found = Diagnostic::error("production::document::unknown_field", tree.origin(key), message);
    let found = found.label("not a field here").help(help);
    let found = found.at(format!("/{}", text.replace('~', "~0").replace('/', "~1")));
    match sure(text, [TOP, "include"]).filter(|field| !is_given(tree, field)) {
        Some(field) => found.fix(tree.origin(key), field),
        None => found,
    }
}

fn is_given(tree: &Tree, field: &str) -> bool {
    tree.root().is_some_and(|root| tree.find(root, field).is_some())
}

/// Returns the include patterns, beside the top key and under it.
fn includes(
    tree: &Tree,
    top: Option<NodeId>,
    limits: &Limits,
    found: &mut Diagnostics,
) -> Vec<Spanned<String>> {
    let root = tree.root().filter(|root| Some(*root) != top);
    let places = [(root, "/include"), (top, "/production/include")];
    let mut patterns = Vec::new();
    for (map, path) in places {
        let Some((_, value)) = map.and_then(|map| tree.find(map, "include")) else { continue };
        let scope = Scope { path, free_keys: &[] };
        let list: Option<super::values::OneOrMany<Spanned<String>>> =
            decode_at(tree, value, scope, limits, found);
        patterns.extend(list.unwrap_or_default().into_iter().filter(|pattern| !pattern.hole));
    }
    patterns
}
