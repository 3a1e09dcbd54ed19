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
    // The main document is admitted like every other file, so that extending it again is a cycle.
    let mut next = project.admit_new(vec![main], diagnostics).pop();
    let mut reader = ChainReader {
        project,
        limits,
        overrides,
        sources,
        diagnostics,
        links: Vec::new(),
        declared: Vec::new(),
        extended: Vec::new(),
    };
    while let Some(request) = next.take() {
        let Some(link) = reader.read_link(request)? else {
            break;
        };
        next = reader.next_request(&link);
        reader.links.push(link);
    }
    Ok(reader.into_chain())
}

/// The chain while it is read.
struct ChainReader<'a> {
    project: &'a mut DocumentFiles,
    limits: &'a InputLimits,
    overrides: &'a VariableOverrides,
    sources: &'a mut SourceMap,
    diagnostics: &'a mut Diagnostics,
    links: Vec<ParsedFile>,
    declared: Vec<DeclaredVariables>,
    extended: Vec<(FileId, FileSpan)>,
}

impl ChainReader<'_> {
    /// Reads one document. `None`: it is a base that cannot be read, which is reported.
    fn read_link(&mut self, request: FileRequest) -> Result<Option<ParsedFile>, DocumentLoadError> {
        let is_base = !self.links.is_empty();
        let requested_at = request.requested_at;
        let read = read_first_file(
            request.clone(),
            self.project,
            self.limits,
            self.sources,
            self.diagnostics,
        );
        let link = match read {
            Ok(link) => link,
            // A base that cannot be read is a mistake in the document, at its `extends`. Only the
            // main document is named by the command line, so only its failure ends the command.
            Err(DocumentLoadError::Read { source, .. }) if is_base => {
                self.project.mark_incomplete();
                self.diagnostics.push(unreadable_include(&request, &source));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        // The main document has no `extends` that names it.
        if is_base {
            self.extended.push((link.file, requested_at));
        }
        Ok(Some(link))
    }

    /// Adds the variables of a document, and returns the document that it extends.
    fn next_request(&mut self, link: &ParsedFile) -> Option<FileRequest> {
        let tree = link.tree.as_ref()?;
        // The whole file is decoded later and reports mistakes here, so these findings are dropped.
        let top = top_node(tree, link.request.is_main, &mut Diagnostics::default())?;
        if let Some((_, value)) = tree.find_key(top, "variables") {
            let declared = DeclaredVariables::from_node(tree, value, self.limits);
            self.declared.push(declared);
        }
        let value = base_node(tree, top)?;
        let base = self.base_name(tree, value).and_then(|name| {
            self.project
                .resolve_base(&link.request, &name, self.diagnostics)
        });
        let admitted =
            base.and_then(|base| self.project.admit_new(vec![base], self.diagnostics).pop());
        // Rules would report as missing what the base has, so the document is incomplete.
        if admitted.is_none() {
            self.project.mark_incomplete();
        }
        admitted
    }

    /// Returns the name of the extended file.
    ///
    /// It may contain variables. Only those of this document and the ones before it are known,
    /// since the base is not read yet.
    fn base_name(&mut self, tree: &SpanTree, value: NodeId) -> Option<Spanned<String>> {
        // The whole file is decoded later and reports mistakes here, so these findings are dropped.
        let ignored = &mut Diagnostics::default();
        let scope = DecodeScope::default();
        let name: Option<Spanned<String>> = decode_node(tree, value, scope, self.limits, ignored);
        let name = name.filter(|name| !name.is_placeholder)?;
        // The value's own bytes are needed for the places of references, so an alias is followed.
        let scalar = tree.written_scalar(tree.resolve_alias(value))?;
        let variables = resolve_variables(
            &self.declared,
            false,
            self.overrides,
            self.limits,
            self.sources,
            ignored,
        );
        let (text, _) = expand_scalar(scalar, &variables, self.limits, self.diagnostics)?;
        Some(name.map(|_| text))
    }

    fn into_chain(self) -> ExtendsChain {
        // A link without a tree may declare any name. An unknown variable is then not reported.
        let is_partial =
            !self.project.is_complete() || self.links.iter().any(|link| link.tree.is_none());
        // Resolved once more with all links: a base adds defaults for variables that the main
        // document leaves out.
        let variables = resolve_variables(
            &self.declared,
            is_partial,
            self.overrides,
            self.limits,
            self.sources,
            self.diagnostics,
        );
        ExtendsChain {
            links: self.links,
            variables,
            extended: self.extended,
        }
    }
}

/// Returns the value of `extends`. None if the key is absent or has no value.
fn base_node(tree: &SpanTree, top: NodeId) -> Option<NodeId> {
    let (_, value) = tree.find_key(top, "extends")?;
    (tree.shape(value) != ValueShape::Null).then_some(value)
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
