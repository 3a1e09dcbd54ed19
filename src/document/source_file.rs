//! One file of a document: its bytes, its text, its tree, and why the document cannot be read
//! without it.
//!
//! The chain of extended documents and the loader of included ones both read files in this way, and
//! neither depends on the other.

use super::document_files::{DocumentFiles, FileRequest};
use super::file_text;
use super::input_limits::InputLimits;
use super::span_tree::{NodeId, SpanTree, parse_yaml};
use crate::base::bounded_text::{read_bounded, read_stream_bounded};
use crate::base::suggestions::{certain_match, nearest_match};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap};
use crate::document::quote::quote_value;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The top key of a document.
pub(super) const TOP: &str = "production";
/// The file that a project directory must contain.
pub(super) const MAIN: &str = "production.yaml";
/// The sections that may have a file of their own beside it, named after the section.
pub(super) const SECTIONS: [&str; 5] = ["characters", "locations", "props", "shots", "outputs"];

/// Why nothing could be loaded. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum DocumentLoadError {
    /// The path does not exist.
    #[error("find {path}: there is no such file or directory")]
    NotFound {
        /// The path as the user named it.
        path: PathBuf,
    },
    /// The directory contains no document.
    #[error("find a production in {path}: it has no {MAIN}{found}")]
    NoProduction {
        /// The directory as the user named it.
        path: PathBuf,
        /// The YAML files in it, as the end of the sentence. Empty if there are none.
        found: String,
    },
    /// A folder has the name of a document.
    #[error(
        "read {path}: it is a folder, and a document is a file; put the file there, or rename the folder"
    )]
    Folder {
        /// The folder, below the path that the user named.
        path: PathBuf,
    },
    /// The main document is a link to a file outside of its folder, which is not read.
    #[error("read {path}: it is a link out of its folder; put the file itself there")]
    OutsideProject {
        /// The file as the user named it.
        path: PathBuf,
    },
    /// The operating system refused to read a file.
    #[error("read {path}: {source}")]
    Read {
        /// The file as the user named it.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// `--set` names a variable that no document declares.
    #[error("set `{name}`: no variable has this name{help}")]
    UnknownVariable {
        /// The name as the user typed it.
        name: String,
        /// The nearest name, as the end of the sentence. Empty if none is near.
        help: String,
    },
}

/// The text of one file before parsing.
pub(super) struct SourceText {
    pub(super) request: FileRequest,
    pub(super) file: FileId,
    /// None if the bytes are not text. That was reported.
    pub(super) text: Option<Arc<str>>,
}

/// One file after parsing.
pub(super) struct ParsedFile {
    pub(super) request: FileRequest,
    pub(super) file: FileId,
    /// None if the text cannot be a tree. The diagnostics say why.
    pub(super) tree: Option<SpanTree>,
    pub(super) diagnostics: Diagnostics,
}

pub(super) fn read_error(path: &Path, source: io::Error) -> DocumentLoadError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => DocumentLoadError::NotFound { path },
        _ => DocumentLoadError::Read { path, source },
    }
}

/// Reads the file that a production begins with.
pub(super) fn read_first_file(
    request: FileRequest,
    project: &mut DocumentFiles,
    limits: &InputLimits,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<ParsedFile, DocumentLoadError> {
    // What is beside the document is read too, and a link would decide which folder that is.
    if request.is_main && project.is_link_outside(&request.path) {
        let path = request.path;
        return Err(DocumentLoadError::OutsideProject { path });
    }
    // The main document may come from a pipe: the user typed its path. What a document names may
    // not.
    let bytes = if request.is_main {
        read_stream_bounded(&request.path, project.bytes_left())
    } else {
        read_bounded(&request.path, project.bytes_left())
    };
    let bytes = bytes.map_err(|source| read_error(&request.path, source))?;
    project.count_bytes(bytes.len());
    Ok(parse_text(
        source_text(request, &bytes, project, sources, diagnostics),
        limits,
    ))
}

pub(super) fn unreadable_include(request: &FileRequest, source: &io::Error) -> Diagnostic {
    file_text::unreadable_file(&request.path, request.requested_at, source)
}

pub(super) fn source_text(
    request: FileRequest,
    bytes: &[u8],
    project: &DocumentFiles,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> SourceText {
    let max_bytes = project.bytes_left_before(bytes.len());
    let (file, text) =
        file_text::decode_text(request.path.clone(), bytes, max_bytes, sources, diagnostics);
    SourceText {
        request,
        file,
        text,
    }
}

pub(super) fn parse_text(source: SourceText, limits: &InputLimits) -> ParsedFile {
    let SourceText {
        request,
        file,
        text,
    } = source;
    let mut diagnostics = Diagnostics::default();
    let tree = text.and_then(|text| parse_yaml(file, text, limits, &mut diagnostics));
    ParsedFile {
        request,
        file,
        tree,
        diagnostics,
    }
}

/// Returns the node that holds the production: under the top key, or the whole of a file that is
/// only a part.
pub(super) fn top_node(
    tree: &SpanTree,
    is_main: bool,
    diagnostics: &mut Diagnostics,
) -> Option<NodeId> {
    let Some(root) = tree.root() else {
        if is_main {
            diagnostics.push(no_top_key(FileSpan::new(tree.file(), 0, 0)));
        }
        return None;
    };
    if let Some((_, top)) = tree.find_key(root, TOP) {
        unknown_top_keys(tree, root, diagnostics);
        return Some(top);
    }
    // A file of one section has no top key: its whole tree is the section.
    if !is_main {
        return Some(root);
    }
    diagnostics.push(misspelt_top_key(tree, root).unwrap_or_else(|| no_top_key(tree.origin(root))));
    None
}

fn no_top_key(origin: FileSpan) -> Diagnostic {
    let message = format!("missing field `{TOP}`");
    let diagnostic = Diagnostic::error("production::document::missing_field", origin, message);
    diagnostic.with_path(format!("/{TOP}")).with_help(format!(
        "begin the document with `{TOP}:` and indent the rest under it"
    ))
}

fn misspelt_top_key(tree: &SpanTree, root: NodeId) -> Option<Diagnostic> {
    let keys = tree
        .pairs(root)?
        .filter_map(|(key, _)| Some((key, tree.scalar(key)?.text)));
    let (key, text) = keys
        .into_iter()
        .find(|(_, text)| nearest_match(text, [TOP]).is_some())?;
    Some(unknown_top_key(tree, key, text))
}

fn unknown_top_keys(tree: &SpanTree, root: NodeId, diagnostics: &mut Diagnostics) {
    for (key, _) in tree.pairs(root).into_iter().flatten() {
        let Some(text) = tree.scalar(key).map(|scalar| scalar.text) else {
            continue;
        };
        // `x-` keys hold notes and anchors.
        if text != TOP && text != "include" && !text.starts_with("x-") {
            diagnostics.push(unknown_top_key(tree, key, text));
        }
    }
}

fn unknown_top_key(tree: &SpanTree, key: NodeId, text: &str) -> Diagnostic {
    let near = nearest_match(text, [TOP, "include"]);
    let help = near.map_or_else(
        || format!("indent it under `{TOP}:`, or begin it with `x-` to keep it as a note"),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("unknown field {}", quote_value(text));
    let diagnostic = Diagnostic::error(
        "production::document::unknown_field",
        tree.origin(key),
        message,
    );
    let diagnostic = diagnostic.with_label("not a field here").with_help(help);
    let diagnostic =
        diagnostic.with_path(format!("/{}", text.replace('~', "~0").replace('/', "~1")));
    // A rename to a key that is already there would make a duplicate.
    match certain_match(text, [TOP, "include"]).filter(|field| !is_given(tree, field)) {
        Some(field) => diagnostic.with_fix(tree.origin(key), field),
        None => diagnostic,
    }
}

fn is_given(tree: &SpanTree, field: &str) -> bool {
    tree.root()
        .is_some_and(|root| tree.find_key(root, field).is_some())
}
