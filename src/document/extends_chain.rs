//! The main document, the documents that it extends one after the other, and the variables that
//! they declare.
//!
//! These are read before all other files, because variables may occur in every file, also in the
//! names of included files. `document_files` decides which file may be extended, `merge_extends`
//! what extending means.

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
use std::collections::HashMap;

/// The documents of the chain and what they declare.
pub(super) struct ExtendsChain {
    /// The main document, then the one that it extends, and so on.
    pub(super) links: Vec<ParsedFile>,
    /// The variables of all links. The nearest declaration wins.
    pub(super) variables: VariableTable,
    /// Each file that is extended, and the place of `extends` that names it.
    pub(super) extended: Vec<(FileId, FileSpan)>,
}

/// Reads the main document and those that it extends.
pub(super) fn read_extends_chain(
    main: FileRequest,
    project: &mut DocumentFiles,
    limits: &InputLimits,
    overrides: &VariableOverrides,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<ExtendsChain, DocumentLoadError> {
    let mut links: Vec<ParsedFile> = Vec::new();
    let mut declared: Vec<DeclaredVariables> = Vec::new();
    let mut extended = Vec::new();
    // The main document is admitted like every other file, so that extending it again is a cycle.
    let mut next = project.admit_new(vec![main], diagnostics).pop();
    while let Some(request) = next.take() {
        let requested_at = request.requested_at;
        let link = match read_first_file(request.clone(), project, limits, sources, diagnostics) {
            Ok(link) => link,
            // A base that cannot be read is a mistake in the document, at its `extends`. Only the
            // main document is named by the command line, so only its failure ends the command.
            Err(DocumentLoadError::Read { source, .. }) if !links.is_empty() => {
                project.mark_incomplete();
                diagnostics.push(unreadable_include(&request, &source));
                break;
            }
            Err(error) => return Err(error),
        };
        // The main document has no `extends` that names it.
        if !links.is_empty() {
            extended.push((link.file, requested_at));
        }
        if let Some(tree) = &link.tree {
            // The whole file is decoded later and reports mistakes here, so these findings are
            // dropped.
            let top = top_node(tree, link.request.is_main, &mut Diagnostics::default());
            let variables = top.and_then(|top| tree.find_key(top, "variables"));
            declared.extend(
                variables.map(|(_, value)| DeclaredVariables::from_node(tree, value, limits)),
            );
            // The name of the base may contain variables. Only those of this link and the ones
            // before it are known, since the base is not read yet.
            if let Some(value) = top.and_then(|top| base_node(tree, top)) {
                let named = base_name(
                    tree,
                    value,
                    &declared,
                    overrides,
                    limits,
                    sources,
                    diagnostics,
                );
                let base = named
                    .and_then(|named| project.resolve_base(&link.request, &named, diagnostics));
                next = base.and_then(|base| project.admit_new(vec![base], diagnostics).pop());
                // Rules would report as missing what the base has, so the document is incomplete.
                if next.is_none() {
                    project.mark_incomplete();
                }
            }
        }
        links.push(link);
    }
    // A link without a tree may declare any name. An unknown variable is then not reported.
    let partial = !project.is_complete() || links.iter().any(|link| link.tree.is_none());
    // Resolved once more with all links: a base adds defaults for variables that the main document
    // leaves out.
    let variables = resolve_variables(&declared, partial, overrides, limits, sources, diagnostics);
    Ok(ExtendsChain {
        links,
        variables,
        extended,
    })
}

/// Returns the value of `extends`. None if the key is absent or has no value.
fn base_node(tree: &SpanTree, top: NodeId) -> Option<NodeId> {
    let (_, value) = tree.find_key(top, "extends")?;
    (tree.shape(value) != ValueShape::Null).then_some(value)
}

/// Returns the name of the extended file, with the variables substituted that are known by then.
fn base_name(
    tree: &SpanTree,
    value: NodeId,
    declared: &[DeclaredVariables],
    overrides: &VariableOverrides,
    limits: &InputLimits,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    // The whole file is decoded later and reports mistakes here, so these findings are dropped.
    let ignored = &mut Diagnostics::default();
    let name: Option<Spanned<String>> =
        decode_node(tree, value, DecodeScope::default(), limits, ignored);
    let name = name.filter(|name| !name.is_placeholder)?;
    // The value's own bytes are needed for the places of references, so an alias is followed.
    let scalar = tree.written_scalar(tree.resolve_alias(value))?;
    let variables = resolve_variables(declared, false, overrides, limits, sources, ignored);
    let (text, _) = expand_scalar(scalar, &variables, limits, diagnostics)?;
    Some(name.map(|_| text))
}

/// Adds to the first finding of each extended file where the file is extended. Once is enough: a
/// base with ten mistakes would repeat the same line ten times.
#[must_use]
pub fn mark_extended_files(
    diagnostics: Diagnostics,
    extended: &[(FileId, FileSpan)],
) -> Diagnostics {
    // Each file is taken out once it is marked.
    let mut extended: HashMap<FileId, FileSpan> = extended.iter().copied().collect();
    let mut annotated = Diagnostics::default();
    for mut diagnostic in diagnostics {
        let file = diagnostic.origin.file;
        let place = extended.remove(&file);
        // A finding about `extends` names its places itself.
        let is_about_extends = diagnostic.code.starts_with("production::extends::");
        if let Some(origin) = place.filter(|_| !is_about_extends) {
            diagnostic
                .related
                .push((origin, "extended here".to_owned()));
        }
        annotated.push(diagnostic);
    }
    annotated
}
