//! The main document and those that it extends, one after the other, and the variables that they declare.
//!
//! They are read before all else, because the values of variables stand in every file, and in the names of files. Which
//! file may be extended is decided in `include`; what extending means, in `extending`.

use super::de::{DecodeScope, decode_node};
use super::document_files::{DocumentFiles, FileRequest};
use super::input_limits::InputLimits;
use super::source_file::{
    DocumentLoadError, ParsedFile, read_first_file, top_node, unreadable_include,
};
use super::span_tree::{NodeId, SpanTree, ValueShape};
use super::variables::{
    DeclaredVariables, VariableOverrides, VariableTable, expand_scalar, resolve_variables,
};
use crate::base::{Diagnostics, FileId, FileSpan, SourceMap, Spanned};
use std::collections::HashSet;

/// What was read.
pub(super) struct ExtendsChain {
    /// The main document, then what it extends, then what that extends.
    pub(super) links: Vec<ParsedFile>,
    /// The variables of them all.
    pub(super) variables: VariableTable,
    /// Each file that is extended, and where.
    pub(super) extended: Vec<(FileId, FileSpan)>,
}

/// Reads the main document and those that it extends.
pub(super) fn read_extends_chain(
    main: FileRequest,
    project: &mut DocumentFiles,
    (limits, overrides): (&InputLimits, &VariableOverrides),
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<ExtendsChain, DocumentLoadError> {
    let mut links: Vec<ParsedFile> = Vec::new();
    let mut declared: Vec<DeclaredVariables> = Vec::new();
    let mut extended = Vec::new();
    let mut next = project.admit_new(vec![main], diagnostics).pop();
    while let Some(request) = next.take() {
        let requested_at = request.requested_at;
        let link = match read_first_file(request.clone(), project, limits, sources, diagnostics) {
            Ok(link) => link,
            Err(DocumentLoadError::Read { source, .. }) if !links.is_empty() => {
                project.mark_incomplete();
                diagnostics.push(unreadable_include(&request, &source));
                break;
            }
            Err(error) => return Err(error),
        };
        if !links.is_empty() {
            extended.push((link.file, requested_at));
        }
        if let Some(tree) = &link.tree {
            // What is wrong with either is told when the whole file is decoded.
            let top = top_node(tree, link.request.is_main, &mut Diagnostics::default());
            let variables = top.and_then(|top| tree.find_key(top, "variables"));
            declared.extend(
                variables.map(|(_, value)| DeclaredVariables::from_node(tree, value, limits)),
            );
            if let Some(value) = top.and_then(|top| base_node(tree, top)) {
                let named = base_name(
                    tree,
                    value,
                    (&declared, overrides),
                    limits,
                    sources,
                    diagnostics,
                );
                let base = named
                    .and_then(|named| project.resolve_base(&link.request, &named, diagnostics));
                next = base.and_then(|base| project.admit_new(vec![base], diagnostics).pop());
                // Without its base, a production cannot be judged.
                if next.is_none() {
                    project.mark_incomplete();
                }
            }
        }
        links.push(link);
    }
    let partial = !project.is_complete() || links.iter().any(|link| link.tree.is_none());
    let variables = resolve_variables(&declared, partial, overrides, limits, sources, diagnostics);
    Ok(ExtendsChain {
        links,
        variables,
        extended,
    })
}

/// Returns the value of `extends`, unless nothing is written there.
fn base_node(tree: &SpanTree, top: NodeId) -> Option<NodeId> {
    let (_, value) = tree.find_key(top, "extends")?;
    (tree.shape(value) != ValueShape::Null).then_some(value)
}

/// Returns what a document extends, with those variables in place that are known by then.
fn base_name(
    tree: &SpanTree,
    value: NodeId,
    (declared, overrides): (&[DeclaredVariables], &VariableOverrides),
    limits: &InputLimits,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    // What is wrong with it is told when the whole file is decoded.
    let ignored = &mut Diagnostics::default();
    let name: Option<Spanned<String>> =
        decode_node(tree, value, DecodeScope::default(), limits, ignored);
    let name = name.filter(|name| !name.is_placeholder)?;
    let scalar = tree.written_scalar(tree.resolve_alias(value))?;
    let variables = resolve_variables(declared, false, overrides, limits, sources, ignored);
    let (text, _) = expand_scalar(scalar, &variables, diagnostics)?;
    Some(name.map(|_| text))
}

/// Says once for each extended file, beside its first finding, where it is extended.
#[must_use]
pub fn mark_extended_files(
    diagnostics: Diagnostics,
    extended: &[(FileId, FileSpan)],
) -> Diagnostics {
    let mut marked: HashSet<FileId> = HashSet::new();
    let mut annotated = Diagnostics::default();
    for mut diagnostic in diagnostics {
        let file = diagnostic.origin.file;
        let place = extended.iter().find(|(extended, _)| *extended == file);
        let is_about_extends = diagnostic.code.starts_with("production::extends::");
        if let Some((_, origin)) = place.filter(|_| marked.insert(file) && !is_about_extends) {
            diagnostic
                .related
                .push((*origin, "extended here".to_owned()));
        }
        annotated.push(diagnostic);
    }
    annotated
}
