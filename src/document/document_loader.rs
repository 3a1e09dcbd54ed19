//! Loads a file or directory as one merged record: reads the files, checks their bytes, decodes
//! each, and merges them in order.
//!
//! Files are parsed in parallel: they are independent, since anchors do not cross files. Owns which
//! file may hold what. `document_files` decides which files are included.

use super::de::{DecodeScope, decode_node};
use super::document_files::is_yaml_name;
use super::document_files::{DocumentFiles, FileRequest};
use super::extends_chain::{self, ExtendsChain};
use super::file_text::unreadable_file;
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

/// A document after reading.
#[derive(Debug, Clone)]
pub struct LoadedDocument<T> {
    /// The merged record. None if the main file could not be decoded.
    pub draft: Option<T>,
    /// Every finding, sorted by file and place.
    pub diagnostics: Diagnostics,
    /// Whether every file could be read. If not, a broken file may define names that seem to be
    /// missing.
    pub complete: bool,
    /// The directory that relative paths in the document are relative to.
    pub directory: PathBuf,
    /// The files that were read. The main file is first.
    pub files: Vec<FileId>,
    /// The variables that were substituted.
    pub variables: VariableTable,
    /// Each extended file, and the place of `extends` that names it.
    pub extended: Vec<(FileId, FileSpan)>,
}

/// Reads a document: a file, or a directory with `production.yaml` and, where present, a file for
/// each section.
///
/// [`SourceMap`] shows paths as the user typed them. `T` is the content of `production`. Every
/// field must be optional or have a default, because each file gives only a part.
///
/// `overrides` gives variables their values from outside of the document.
///
/// # Errors
/// Fails if the path does not exist, if the main file cannot be read, or if `overrides`
/// sets a variable that no document declares. All other mistakes are diagnostics.
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
        limits,
        overrides,
        sources,
        &mut diagnostics,
    )?;
    refuse_unknown_override(&variables, overrides)?;
    let mut reading = DocumentReader {
        project,
        variables: &variables,
        limits,
        sources,
        diagnostics: &mut diagnostics,
    };
    let decoded_files = reading.decode_files(links, starting.collect());
    let project = reading.project;
    // A file that could not be parsed is as good as missing for rules that look up names.
    let complete = project.is_complete() && decoded_files.iter().all(|decoded| decoded.complete);
    let files = decoded_files.iter().map(|decoded| decoded.file).collect();
    let draft = merge_layers(decoded_files, &mut diagnostics);
    // Files are decoded in parallel rounds, so the findings arrive out of order.
    let diagnostics = diagnostics.into_sorted();
    let directory = project.directory().to_owned();
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

fn refuse_unknown_override(
    variables: &VariableTable,
    overrides: &VariableOverrides,
) -> Result<(), DocumentLoadError> {
    let Some(unknown) = variables.unknown_override(overrides) else {
        return Ok(());
    };
    // A misspelt `--set` is an error of the command, not of the document: there is no place to
    // show, and a run with a value that was not applied would be wrong without notice.
    let help = unknown.help.map(|help| format!("; {help}"));
    Err(DocumentLoadError::UnknownVariable {
        name: unknown.name,
        help: help.unwrap_or_default(),
    })
}

/// The files of a document while they are read. The variables are known before.
struct DocumentReader<'a> {
    project: DocumentFiles,
    variables: &'a VariableTable,
    limits: &'a InputLimits,
    sources: &'a mut SourceMap,
    diagnostics: &'a mut Diagnostics,
}

impl DocumentReader<'_> {
    /// Decodes the first files, then in rounds the files that they include.
    fn decode_files<T: DeserializeOwned + Send>(
        &mut self,
        links: Vec<ParsedFile>,
        sections: Vec<FileRequest>,
    ) -> Vec<DecodedFile<T>> {
        let texts = self.read_texts(sections);
        let variables = self.variables;
        let limits = self.limits;
        // The first files were parsed for their variables. They are decoded in parallel with the
        // rest.
        let links = links
            .into_par_iter()
            .map(|parsed| decode_file(parsed, variables, limits));
        let rest = texts
            .into_par_iter()
            .map(|text| decode_file(parse_text(text, limits), variables, limits));
        let mut round: Vec<DecodedFile<T>> = links.chain(rest).collect();
        // A round at a time: the files of a round are independent, and the order of the result
        // depends only on the documents, never on which thread is first.
        let mut decoded_files = Vec::new();
        while !round.is_empty() {
            let mut next = Vec::new();
            for decoded in round {
                next.extend(self.project.resolve_includes(
                    &decoded.path,
                    decoded.layer,
                    &decoded.include,
                    self.diagnostics,
                ));
                decoded_files.push(decoded);
            }
            // Files are read on one thread, because the limit on all bytes must be checked in
            // order.
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
    /// Whether its production begins with this file.
    is_layer_root: bool,
    include: Vec<Spanned<String>>,
    diagnostics: Diagnostics,
    complete: bool,
}

/// Merges the files of each production, then lays each production over the one that it extends.
fn merge_layers<T: MergeDraft>(
    decoded_files: Vec<DecodedFile<T>>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let mut layers: Vec<Option<T>> = Vec::new();
    // Files come in the order of the document, which is the order of shots in the film.
    for decoded in decoded_files {
        diagnostics.extend(decoded.diagnostics);
        layers.resize_with(layers.len().max(decoded.layer + 1), || None);
        let layer = &mut layers[decoded.layer];
        match (&mut *layer, decoded.draft) {
            (Some(draft), Some(part)) => draft.merge_part(part, diagnostics),
            // A part alone, without its main file, would look like a production with most
            // fields missing.
            (None, Some(part)) if decoded.is_layer_root => *layer = Some(part),
            _ => {}
        }
    }
    // Checked for each production before they are laid over each other: `drop` without `extends` is
    // a mistake of the one that has it.
    for draft in layers.iter_mut().flatten() {
        draft.check_merged(diagnostics);
    }
    // The main document may be undecodable while its base is fine. The base alone is another
    // production.
    let main = layers.first()?.is_some();
    // The outermost base is the start, and each document goes over the result.
    let merged = layers
        .into_iter()
        .flatten()
        .rev()
        .reduce(|base, own| own.over_base(base, diagnostics));
    merged.filter(|_| main)
}

fn starting_files(path: &Path) -> Result<Vec<FileRequest>, DocumentLoadError> {
    // A missing path is an error of the command, since the command line named it.
    let kind = std::fs::metadata(path).map_err(|source| read_error(path, source))?;
    if !kind.is_dir() {
        return Ok(vec![FileRequest::main_file(path.to_owned())]);
    }
    let main = path.join(MAIN);
    if main.is_dir() {
        return Err(DocumentLoadError::Folder { path: main });
    }
    // A dead link, too, is the main document, and is reported as one that cannot be read.
    if main.symlink_metadata().is_err() {
        // Who typed `film.yaml` expects a file there, and no folder without a document.
        if path
            .file_name()
            .is_some_and(|name| is_yaml_name(&name.to_string_lossy()))
        {
            let path = path.to_owned();
            return Err(DocumentLoadError::Folder { path });
        }
        return Err(DocumentLoadError::NoProduction {
            path: path.to_owned(),
            found: other_yaml_files(path),
        });
    }
    // Only these names are read without being included. Reading every YAML file of a directory
    // would join every copy that an editor or a backup left there.
    let sections = SECTIONS
        .map(|name| (name, path.join(format!("{name}.yaml"))))
        .into_iter()
        // Anything with the name, not only a file: a dead link, a pipe or a folder is reported when
        // it is read. Passed over in silence, it would leave a film with other shots.
        .filter(|(_, path)| path.symlink_metadata().is_ok());
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
        // Included files were tested when their pattern was resolved. Section files come from the
        // directory listing and may be links.
        let leaves = request.path.exists() && !project.is_inside(&request.path);
        if request.section.is_some() && leaves {
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
                diagnostics.push(if request.section.is_some() {
                    unreadable_section(&request, &source, sources)
                } else {
                    unreadable_include(&request, &source)
                });
            }
        }
    }
    texts
}

/// Returns the diagnostic for a section file that cannot be read.
fn unreadable_section(
    request: &FileRequest,
    source: &std::io::Error,
    sources: &mut SourceMap,
) -> Diagnostic {
    // No document names the file, so it gets an entry of its own for the place.
    let origin = FileSpan::new(sources.add_file(request.path.clone(), ""), 0, 0);
    let is_dead_link = request.path.is_symlink() && !request.path.exists();
    let diagnostic = unreadable_file(&request.path, origin, source);
    diagnostic.with_help(if is_dead_link {
        "it is a link to nothing: put the file there, or remove the link"
    } else {
        "a file of this name is part of the production: put the file there, or rename it"
    })
}

/// Returns the diagnostic for a section file that is a link out of the project. Such a file is not
/// read.
fn outside_project(request: &FileRequest, sources: &mut SourceMap) -> Diagnostic {
    // The file gets an entry without text, so that the diagnostic can name it although nothing was
    // read.
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
        diagnostics,
    } = parsed;
    let mut decoded = DecodedFile {
        is_layer_root: request.is_layer_root(),
        path: request.path,
        layer: request.layer,
        file,
        draft: None,
        include: Vec::new(),
        diagnostics,
        complete: tree.is_some(),
    };
    let Some(mut tree) = tree else {
        return decoded;
    };
    // `characters.yaml` may be a bare list. Under its section's key it decodes like any other part.
    if let (Some(section), Some(ValueShape::List)) =
        (request.section, tree.root().map(|root| tree.shape(root)))
    {
        tree.wrap_root(section);
    }
    let findings = &mut decoded.diagnostics;
    // Before `include` is decoded, because the names of included files may contain variables.
    substitute_variables(&mut tree, variables, limits, findings);
    let top = top_node(&tree, request.is_main, findings);
    decoded.include = include_patterns(&tree, top, limits, findings);
    let path = format!("/{TOP}");
    let scope = DecodeScope {
        path: &path,
        // `include` is decoded on its own, since it may also be beside the top key, where `T` has
        // no field.
        free_keys: &["include"],
    };
    decoded.draft = top.and_then(|top| decode_node(&tree, top, scope, limits, findings));
    decoded
}

/// Returns the include patterns, beside the top key and under it.
fn include_patterns(
    tree: &SpanTree,
    top: Option<NodeId>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Vec<Spanned<String>> {
    // In a part without the top key, root and top are the same map, and its patterns must count
    // once.
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
