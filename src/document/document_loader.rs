//! A file or directory to one joined record: reading, checking bytes, decoding each file, joining in order.
//!
//! Files are parsed in parallel, because each stands by itself; anchors do not cross them. Owns which file may hold
//! what. Which files are included is decided in `include`.

use super::de::{DecodeScope, decode_node};
use super::document_files::is_yaml_name;
use super::document_files::{DocumentFiles, FileRequest};
use super::extends_chain::{self, ExtendsChain};
use super::input_limits::InputLimits;
use super::merge_draft::MergeDraft;
use super::source_file::{
    DocumentLoadError, MAIN, ParsedFile, SECTIONS, SourceText, TOP, parse_text, read_error,
    source_text, top_node, unreadable_include,
};
use super::span_tree::{NodeId, SpanTree, ValueShape};
use super::variables::{VariableOverrides, VariableTable, substitute_variables};
use crate::base::bounded_text::read_bounded;
use crate::base::folder_names::folder_names;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap, Spanned};
use crate::document::quote::quote_value;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// What was read.
#[derive(Debug, Clone)]
pub struct LoadedDocument<T> {
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
    pub variables: VariableTable,
    /// Each file that another one extends, and where.
    pub extended: Vec<(FileId, FileSpan)>,
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
pub fn load_document<T: DeserializeOwned + MergeDraft + Send>(
    path: &Path,
    limits: &InputLimits,
    overrides: &VariableOverrides,
    sources: &mut SourceMap,
) -> Result<LoadedDocument<T>, DocumentLoadError> {
    let mut starting = starting_files(path)?.into_iter();
    let main = starting
        .next()
        .unwrap_or_else(|| FileRequest::main_file(path.to_owned()));
    let mut project = DocumentFiles::new(&main.path, limits);
    let mut diagnostics = Diagnostics::default();
    let ExtendsChain {
        links,
        variables,
        extended,
    } = extends_chain::read_extends_chain(
        main,
        &mut project,
        (limits, overrides),
        sources,
        &mut diagnostics,
    )?;
    if let Some(unknown) = variables.unknown_override(overrides) {
        let help = unknown
            .help
            .map(|help| format!("; {help}"))
            .unwrap_or_default();
        return Err(DocumentLoadError::UnknownVariable {
            name: unknown.name,
            help,
        });
    }
    let mut reading = DocumentReader {
        project,
        variables: &variables,
        limits,
        sources,
        diagnostics: &mut diagnostics,
    };
    let decoded_files = reading.decode_files(links, starting.collect());
    let project = reading.project;
    let complete = project.is_complete() && decoded_files.iter().all(|decoded| decoded.complete);
    let files = decoded_files.iter().map(|decoded| decoded.file).collect();
    let draft = merge_layers(decoded_files, &mut diagnostics);
    let (diagnostics, directory) = (diagnostics.into_sorted(), project.directory().to_owned());
    Ok(LoadedDocument {
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
struct DocumentReader<'a> {
    project: DocumentFiles,
    variables: &'a VariableTable,
    limits: &'a InputLimits,
    sources: &'a mut SourceMap,
    diagnostics: &'a mut Diagnostics,
}

impl DocumentReader<'_> {
    /// Decodes the files that are there to begin with, and round by round those that they include.
    fn decode_files<T: DeserializeOwned + Send>(
        &mut self,
        links: Vec<ParsedFile>,
        sections: Vec<FileRequest>,
    ) -> Vec<DecodedFile<T>> {
        let texts = self.read_texts(sections);
        let (variables, limits) = (self.variables, self.limits);
        let links = links
            .into_par_iter()
            .map(|parsed| decode_file(parsed, variables, limits));
        let rest = texts
            .into_par_iter()
            .map(|text| decode_file(parse_text(text, limits), variables, limits));
        let mut round: Vec<DecodedFile<T>> = links.chain(rest).collect();
        let mut decoded_files = Vec::new();
        while !round.is_empty() {
            let mut next = Vec::new();
            for decoded in round {
                let from = (decoded.path.as_path(), decoded.layer);
                next.extend(self.project.resolve_includes(
                    from,
                    &decoded.include,
                    self.diagnostics,
                ));
                decoded_files.push(decoded);
            }
            let texts = self.read_texts(next).into_par_iter();
            round = texts
                .map(|text| decode_file(parse_text(text, limits), variables, limits))
                .collect();
        }
        decoded_files
    }

    fn read_texts(&mut self, requests: Vec<FileRequest>) -> Vec<SourceText> {
        let admitted = self.project.admit_new(requests, self.diagnostics);
        read_files(admitted, &mut self.project, self.sources, self.diagnostics)
    }
}

/// What one file gave.
struct DecodedFile<T> {
    path: PathBuf,
    layer: usize,
    file: FileId,
    draft: Option<T>,
    /// Whether its production begins with it.
    is_layer_root: bool,
    include: Vec<Spanned<String>>,
    diagnostics: Diagnostics,
    complete: bool,
}

/// Joins the files of each production, then lays the productions over those that they extend.
fn merge_layers<T: MergeDraft>(
    decoded_files: Vec<DecodedFile<T>>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let mut layers: Vec<Option<T>> = Vec::new();
    for decoded in decoded_files {
        diagnostics.extend(decoded.diagnostics);
        layers.resize_with(layers.len().max(decoded.layer + 1), || None);
        let layer = &mut layers[decoded.layer];
        match (&mut *layer, decoded.draft) {
            (Some(draft), Some(part)) => draft.merge_part(part, diagnostics),
            // Only the file that a production begins with can stand for all of it.
            (None, Some(part)) if decoded.is_layer_root => *layer = Some(part),
            _ => {}
        }
    }
    for draft in layers.iter_mut().flatten() {
        draft.check_merged(diagnostics);
    }
    let main = layers.first()?.is_some();
    let merged = layers
        .into_iter()
        .flatten()
        .rev()
        .reduce(|base, own| own.over_base(base, diagnostics));
    merged.filter(|_| main)
}

fn starting_files(path: &Path) -> Result<Vec<FileRequest>, DocumentLoadError> {
    let kind = std::fs::metadata(path).map_err(|source| read_error(path, source))?;
    if !kind.is_dir() {
        return Ok(vec![FileRequest::main_file(path.to_owned())]);
    }
    let main = path.join(MAIN);
    if !main.is_file() {
        return Err(DocumentLoadError::NoProduction {
            path: path.to_owned(),
            found: other_yaml_files(path),
        });
    }
    let section = |name: &'static str| (name, path.join(format!("{name}.yaml")));
    let sections = SECTIONS
        .map(section)
        .into_iter()
        .filter(|(_, path)| path.is_file());
    let sections = sections.map(|(name, path)| FileRequest::section_file(path, name));
    Ok(std::iter::once(FileRequest::main_file(main))
        .chain(sections)
        .collect())
}

/// Names the YAML files of a directory that lacks the main one.
fn other_yaml_files(directory: &Path) -> String {
    let mut names = folder_names(directory, usize::MAX, is_yaml_name).unwrap_or_default();
    names.truncate(5);
    if names.is_empty() {
        String::new()
    } else {
        format!(" (it has {})", names.join(", "))
    }
}

fn read_files(
    round: Vec<FileRequest>,
    project: &mut DocumentFiles,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<SourceText> {
    let mut texts = Vec::new();
    for request in round {
        if request.section.is_some() && !project.is_inside(&request.path) {
            project.mark_incomplete();
            diagnostics.push(outside_project(&request, sources));
            continue;
        }
        match read_bounded(&request.path, project.bytes_left()) {
            Ok(bytes) => {
                project.count_bytes(bytes.len());
                texts.push(source_text(request, &bytes, project, sources, diagnostics));
            }
            Err(source) => {
                project.mark_incomplete();
                diagnostics.push(unreadable_include(&request, &source));
            }
        }
    }
    texts
}

/// Words a file of the project's folder that is a link to a place outside. It is not read.
fn outside_project(request: &FileRequest, sources: &mut SourceMap) -> Diagnostic {
    let file = sources.add_file(request.path.clone(), "");
    let message = format!(
        "{} is a link out of the project",
        quote_value(&request.path.display().to_string())
    );
    let diagnostic = Diagnostic::error(
        "production::document::outside_project",
        FileSpan::new(file, 0, 0),
        message,
    );
    diagnostic.with_help("put the file itself there")
}

fn decode_file<T: DeserializeOwned>(
    parsed: ParsedFile,
    variables: &VariableTable,
    limits: &InputLimits,
) -> DecodedFile<T> {
    let ParsedFile {
        request,
        file,
        tree,
        mut diagnostics,
    } = parsed;
    let is_layer_root = request.is_layer_root();
    let FileRequest {
        path,
        layer,
        section,
        is_main,
        ..
    } = request;
    let Some(mut tree) = tree else {
        let (draft, include, complete) = (None, Vec::new(), false);
        return DecodedFile {
            path,
            layer,
            file,
            draft,
            is_layer_root,
            include,
            diagnostics,
            complete,
        };
    };
    if let (Some(section), Some(ValueShape::List)) =
        (section, tree.root().map(|root| tree.shape(root)))
    {
        tree.wrap_root(section);
    }
    substitute_variables(&mut tree, variables, limits, &mut diagnostics);
    let top = top_node(&tree, is_main, &mut diagnostics);
    let include = include_patterns(&tree, top, limits, &mut diagnostics);
    let path_of = format!("/{TOP}");
    let scope = DecodeScope {
        path: &path_of,
        free_keys: &["include"],
    };
    let draft = top.and_then(|top| decode_node(&tree, top, scope, limits, &mut diagnostics));
    DecodedFile {
        path,
        layer,
        file,
        draft,
        is_layer_root,
        include,
        diagnostics,
        complete: true,
    }
}

/// Returns the include patterns, beside the top key and under it.
fn include_patterns(
    tree: &SpanTree,
    top: Option<NodeId>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Vec<Spanned<String>> {
    let root = tree.root().filter(|root| Some(*root) != top);
    let places = [(root, "/include"), (top, "/production/include")];
    let mut patterns = Vec::new();
    for (map, path) in places {
        let Some((_, value)) = map.and_then(|map| tree.find_key(map, "include")) else {
            continue;
        };
        let scope = DecodeScope {
            path,
            free_keys: &[],
        };
        let list: Option<super::field_types::OneOrMany<Spanned<String>>> =
            decode_node(tree, value, scope, limits, diagnostics);
        patterns.extend(
            list.unwrap_or_default()
                .into_iter()
                .filter(|pattern| !pattern.is_placeholder),
        );
    }
    patterns
}
