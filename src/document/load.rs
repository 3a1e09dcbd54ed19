//! A file or directory to one joined record: reading, checking bytes, decoding each file, joining in order.
//!
//! Files are parsed in parallel, because each stands by itself; anchors do not cross them. Owns which file may hold
//! what. Which files are included is decided in `include`.

use super::chain::{self, Chain};
use super::de::{Scope, decode_at};
use super::include::{Project, Wanted};
use super::join::Join;
use super::limits::Limits;
use super::text;
use super::tree::{NodeId, Shape, Tree, parse};
use super::variables::{Outside, Variables, substitute};
use crate::base::suggestions::{certain_match, nearest_match};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap, Spanned};
use crate::document::quote::quoted;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use std::io;
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
    /// The variables that values were made from.
    pub variables: Variables,
    /// Each file that another one extends, and where.
    pub extended: Vec<(FileId, FileSpan)>,
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
    /// A value was given to a variable that there is not.
    #[error("set `{name}`: no variable has this name{help}")]
    UnknownVariable {
        /// The name as the user gave it.
        name: String,
        /// The nearest name, as the end of the sentence.
        help: String,
    },
}

/// Reads a document: a file, or a directory with `production.yaml` and, where present, a file for each section.
///
/// Paths of [`SourceMap`] are shown as the user named them. `T` is the content of `production`; every field must be
/// optional or have a default, because each file gives only a part.
///
/// `outside` gives variables their values besides the document.
///
/// # Errors
/// Fails when the path leads nowhere, the main file cannot be read, or `outside` sets a variable that there is not. All
/// else is a diagnostic.
pub fn load<T: DeserializeOwned + Join + Send>(
    path: &Path,
    limits: &Limits,
    outside: &Outside,
    sources: &mut SourceMap,
) -> Result<Loaded<T>, LoadError> {
    let mut starting = starting_files(path)?.into_iter();
    let main = starting
        .next()
        .unwrap_or_else(|| Wanted::main(path.to_owned()));
    let mut project = Project::new(&main.path, limits);
    let mut diagnostics = Diagnostics::default();
    let Chain {
        links,
        variables,
        extended,
    } = chain::read(
        main,
        &mut project,
        (limits, outside),
        sources,
        &mut diagnostics,
    )?;
    if let Some(unknown) = variables.unknown(outside) {
        let help = unknown
            .help
            .map(|help| format!("; {help}"))
            .unwrap_or_default();
        return Err(LoadError::UnknownVariable {
            name: unknown.name,
            help,
        });
    }
    let mut reading = Reading {
        project,
        variables: &variables,
        limits,
        sources,
        found: &mut diagnostics,
    };
    let pieces = reading.pieces(links, starting.collect());
    let project = reading.project;
    let complete = project.is_complete() && pieces.iter().all(|piece| piece.complete);
    let files = pieces.iter().map(|piece| piece.file).collect();
    let draft = joined(pieces, &mut diagnostics);
    let (diagnostics, directory) = (diagnostics.into_sorted(), project.directory().to_owned());
    Ok(Loaded {
        draft,
        diagnostics,
        complete,
        directory,
        files,
        variables,
        extended,
    })
}

/// Files being read, once the variables in them are known.
struct Reading<'a> {
    project: Project,
    variables: &'a Variables,
    limits: &'a Limits,
    sources: &'a mut SourceMap,
    found: &'a mut Diagnostics,
}

impl Reading<'_> {
    /// Decodes the files that are there to begin with, and round by round those that they include.
    fn pieces<T: DeserializeOwned + Send>(
        &mut self,
        links: Vec<Leaf>,
        sections: Vec<Wanted>,
    ) -> Vec<Piece<T>> {
        let pages = self.pages(sections);
        let (variables, limits) = (self.variables, self.limits);
        let links = links
            .into_par_iter()
            .map(|leaf| decode_leaf(leaf, variables, limits));
        let rest = pages
            .into_par_iter()
            .map(|page| decode_leaf(leaf(page, limits), variables, limits));
        let mut round: Vec<Piece<T>> = links.chain(rest).collect();
        let mut pieces = Vec::new();
        while !round.is_empty() {
            let mut next = Vec::new();
            for piece in round {
                let from = (piece.path.as_path(), piece.layer);
                next.extend(self.project.includes(from, &piece.include, self.found));
                pieces.push(piece);
            }
            let pages = self.pages(next).into_par_iter();
            round = pages
                .map(|page| decode_leaf(leaf(page, limits), variables, limits))
                .collect();
        }
        pieces
    }

    fn pages(&mut self, wanted: Vec<Wanted>) -> Vec<Page> {
        let admitted = self.project.admit(wanted, self.found);
        read_all(admitted, &mut self.project, self.sources, self.found)
    }
}

/// The text of one file, ready to parse.
struct Page {
    wanted: Wanted,
    file: FileId,
    text: Option<Arc<str>>,
}

/// One file, parsed.
pub(super) struct Leaf {
    pub(super) wanted: Wanted,
    pub(super) file: FileId,
    pub(super) tree: Option<Tree>,
    pub(super) diagnostics: Diagnostics,
}

/// What one file gave.
struct Piece<T> {
    path: PathBuf,
    layer: usize,
    file: FileId,
    draft: Option<T>,
    /// Whether its production begins with it.
    begins: bool,
    include: Vec<Spanned<String>>,
    diagnostics: Diagnostics,
    complete: bool,
}

/// Joins the files of each production, then lays the productions over those that they extend.
fn joined<T: Join>(pieces: Vec<Piece<T>>, found: &mut Diagnostics) -> Option<T> {
    let mut layers: Vec<Option<T>> = Vec::new();
    for piece in pieces {
        found.extend(piece.diagnostics);
        layers.resize_with(layers.len().max(piece.layer + 1), || None);
        let layer = &mut layers[piece.layer];
        match (&mut *layer, piece.draft) {
            (Some(draft), Some(part)) => draft.join(part, found),
            // Only the file that a production begins with can stand for all of it.
            (None, Some(part)) if piece.begins => *layer = Some(part),
            _ => {}
        }
    }
    for draft in layers.iter_mut().flatten() {
        draft.settle(found);
    }
    let main = layers.first()?.is_some();
    let whole = layers
        .into_iter()
        .flatten()
        .rev()
        .reduce(|base, own| own.extend(base, found));
    whole.filter(|_| main)
}

fn starting_files(path: &Path) -> Result<Vec<Wanted>, LoadError> {
    let kind = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
    if !kind.is_dir() {
        return Ok(vec![Wanted::main(path.to_owned())]);
    }
    let main = path.join(MAIN);
    if !main.is_file() {
        return Err(LoadError::NoProduction {
            path: path.to_owned(),
            found: others(path),
        });
    }
    let section = |name: &'static str| (name, path.join(format!("{name}.yaml")));
    let sections = SECTIONS
        .map(section)
        .into_iter()
        .filter(|(_, path)| path.is_file());
    let sections = sections.map(|(name, path)| Wanted::section(path, name));
    Ok(std::iter::once(Wanted::main(main))
        .chain(sections)
        .collect())
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
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
        .collect();
    names.sort();
    names.truncate(5);
    if names.is_empty() {
        String::new()
    } else {
        format!(" (it has {})", names.join(", "))
    }
}

/// Reads the file that a production begins with.
pub(super) fn read_first(
    wanted: Wanted,
    project: &mut Project,
    limits: &Limits,
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) -> Result<Leaf, LoadError> {
    let bytes = text::bytes(&wanted.path, project.bytes_left());
    let bytes = bytes.map_err(|source| unreadable(&wanted.path, source))?;
    project.spend(bytes.len());
    Ok(leaf(page(wanted, &bytes, project, sources, found), limits))
}

fn read_all(
    round: Vec<Wanted>,
    project: &mut Project,
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) -> Vec<Page> {
    let mut pages = Vec::new();
    for wanted in round {
        if wanted.section.is_some() && !project.is_inside(&wanted.path) {
            project.miss();
            found.push(outside(&wanted, sources));
            continue;
        }
        match text::bytes(&wanted.path, project.bytes_left()) {
            Ok(bytes) => {
                project.spend(bytes.len());
                pages.push(page(wanted, &bytes, project, sources, found));
            }
            Err(source) => {
                project.miss();
                found.push(unreadable_include(&wanted, &source));
            }
        }
    }
    pages
}

/// Words a file of the project's folder that is a link to a place outside. It is not read.
fn outside(wanted: &Wanted, sources: &mut SourceMap) -> Diagnostic {
    let file = sources.add_file(wanted.path.clone(), "");
    let message = format!(
        "{} is a link out of the project",
        quoted(&wanted.path.display().to_string())
    );
    let found = Diagnostic::error(
        "production::document::outside_project",
        FileSpan::new(file, 0, 0),
        message,
    );
    found.with_help("put the file itself there")
}

pub(super) fn unreadable_include(wanted: &Wanted, source: &io::Error) -> Diagnostic {
    text::unreadable(&wanted.path, wanted.asked_at, source)
}

fn page(
    wanted: Wanted,
    bytes: &[u8],
    project: &Project,
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) -> Page {
    let most = project.bytes_left_before(bytes.len());
    let (file, text) = text::decoded(wanted.path.clone(), bytes, most, sources, found);
    Page { wanted, file, text }
}

fn leaf(page: Page, limits: &Limits) -> Leaf {
    let Page { wanted, file, text } = page;
    let mut diagnostics = Diagnostics::default();
    let tree = text.and_then(|text| parse(file, text, limits, &mut diagnostics));
    Leaf {
        wanted,
        file,
        tree,
        diagnostics,
    }
}

fn decode_leaf<T: DeserializeOwned>(
    leaf: Leaf,
    variables: &Variables,
    limits: &Limits,
) -> Piece<T> {
    let Leaf {
        wanted,
        file,
        tree,
        mut diagnostics,
    } = leaf;
    let begins = wanted.begins();
    let Wanted {
        path,
        layer,
        section,
        is_main,
        ..
    } = wanted;
    let Some(mut tree) = tree else {
        let (draft, include, complete) = (None, Vec::new(), false);
        return Piece {
            path,
            layer,
            file,
            draft,
            begins,
            include,
            diagnostics,
            complete,
        };
    };
    if let (Some(section), Some(Shape::List)) = (section, tree.root().map(|root| tree.shape(root)))
    {
        tree.wrap_root(section);
    }
    substitute(&mut tree, variables, limits, &mut diagnostics);
    let top = top_node(&tree, is_main, &mut diagnostics);
    let include = includes(&tree, top, limits, &mut diagnostics);
    let path_of = format!("/{TOP}");
    let scope = Scope {
        path: &path_of,
        free_keys: &["include"],
    };
    let draft = top.and_then(|top| decode_at(&tree, top, scope, limits, &mut diagnostics));
    Piece {
        path,
        layer,
        file,
        draft,
        begins,
        include,
        diagnostics,
        complete: true,
    }
}

/// Returns the node that holds the production: under the top key, or the whole of a file that is only a part.
pub(super) fn top_node(tree: &Tree, is_main: bool, found: &mut Diagnostics) -> Option<NodeId> {
    let Some(root) = tree.root() else {
        if is_main {
            found.push(no_top_key(FileSpan::new(tree.file(), 0, 0)));
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

fn no_top_key(origin: FileSpan) -> Diagnostic {
    let message = format!("missing field `{TOP}`");
    let found = Diagnostic::error("production::document::missing_field", origin, message);
    found.with_path(format!("/{TOP}")).with_help(format!(
        "begin the document with `{TOP}:` and indent the rest under it"
    ))
}

fn misspelt_top_key(tree: &Tree, root: NodeId) -> Option<Diagnostic> {
    let keys = tree
        .pairs(root)?
        .filter_map(|(key, _)| Some((key, tree.scalar(key)?.text)));
    let (key, text) = keys
        .into_iter()
        .find(|(_, text)| nearest_match(text, [TOP]).is_some())?;
    Some(unknown_top_key(tree, key, text))
}

fn unknown_top_keys(tree: &Tree, root: NodeId, found: &mut Diagnostics) {
    for (key, _) in tree.pairs(root).into_iter().flatten() {
        let Some(text) = tree.scalar(key).map(|scalar| scalar.text) else {
            continue;
        };
        if text != TOP && text != "include" && !text.starts_with("x-") {
            found.push(unknown_top_key(tree, key, text));
        }
    }
}

fn unknown_top_key(tree: &Tree, key: NodeId, text: &str) -> Diagnostic {
    let near = nearest_match(text, [TOP, "include"]);
    let help = near.map_or_else(
        || format!("indent it under `{TOP}:`, or begin it with `x-` to keep it as a note"),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("unknown field {}", quoted(text));
    let found = Diagnostic::error(
        "production::document::unknown_field",
        tree.origin(key),
        message,
    );
    let found = found.with_label("not a field here").with_help(help);
    let found = found.with_path(format!("/{}", text.replace('~', "~0").replace('/', "~1")));
    match certain_match(text, [TOP, "include"]).filter(|field| !is_given(tree, field)) {
        Some(field) => found.with_fix(tree.origin(key), field),
        None => found,
    }
}

fn is_given(tree: &Tree, field: &str) -> bool {
    tree.root()
        .is_some_and(|root| tree.find(root, field).is_some())
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
        let Some((_, value)) = map.and_then(|map| tree.find(map, "include")) else {
            continue;
        };
        let scope = Scope {
            path,
            free_keys: &[],
        };
        let list: Option<super::values::OneOrMany<Spanned<String>>> =
            decode_at(tree, value, scope, limits, found);
        patterns.extend(
            list.unwrap_or_default()
                .into_iter()
                .filter(|pattern| !pattern.is_placeholder),
        );
    }
    patterns
}
