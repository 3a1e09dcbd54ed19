//! The main document and those that it extends, one after the other, and the variables that they declare.
//!
//! They are read before all else, because the values of variables stand in every file, and in the names of files. Which
//! file may be extended is decided in `include`; what extending means, in `extending`.

use super::de::{Scope, decode_at};
use super::include::{Project, Wanted};
use super::limits::Limits;
use super::load::{Leaf, LoadError, read_first, top_node, unreadable_include};
use super::tree::{NodeId, Shape, Tree};
use super::variables::{Declared, Outside, Variables, expanded, settle};
use crate::base::{Diagnostics, FileId, FileSpan, SourceMap, Spanned};
use std::collections::HashSet;

/// What was read.
pub(super) struct Chain {
    /// The main document, then what it extends, then what that extends.
    pub(super) links: Vec<Leaf>,
    /// The variables of them all.
    pub(super) variables: Variables,
    /// Each file that is extended, and where.
    pub(super) extended: Vec<(FileId, FileSpan)>,
}

/// Reads the main document and those that it extends.
pub(super) fn read(
    main: Wanted,
    project: &mut Project,
    (limits, outside): (&Limits, &Outside),
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) -> Result<Chain, LoadError> {
    let mut links: Vec<Leaf> = Vec::new();
    let mut declared: Vec<Declared> = Vec::new();
    let mut extended = Vec::new();
    let mut next = project.admit(vec![main], found).pop();
    while let Some(wanted) = next.take() {
        let asked_at = wanted.asked_at;
        let link = match read_first(wanted.clone(), project, limits, sources, found) {
            Ok(link) => link,
            Err(LoadError::Read { source, .. }) if !links.is_empty() => {
                project.miss();
                found.push(unreadable_include(&wanted, &source));
                break;
            }
            Err(error) => return Err(error),
        };
        if !links.is_empty() {
            extended.push((link.file, asked_at));
        }
        if let Some(tree) = &link.tree {
            // What is wrong with either is told when the whole file is decoded.
            let top = top_node(tree, link.wanted.is_main, &mut Diagnostics::default());
            let variables = top.and_then(|top| tree.find(top, "variables"));
            declared.extend(variables.map(|(_, value)| Declared::read(tree, value, limits)));
            if let Some(value) = top.and_then(|top| base_node(tree, top)) {
                let named = base_name(tree, value, (&declared, outside), limits, sources, found);
                let base = named.and_then(|named| project.base(&link.wanted, &named, found));
                next = base.and_then(|base| project.admit(vec![base], found).pop());
                // Without its base, a production cannot be judged.
                if next.is_none() {
                    project.miss();
                }
            }
        }
        links.push(link);
    }
    let partial = !project.is_complete() || links.iter().any(|link| link.tree.is_none());
    let variables = settle(&declared, partial, outside, limits, sources, found);
    Ok(Chain {
        links,
        variables,
        extended,
    })
}

/// Returns the value of `extends`, unless nothing is written there.
fn base_node(tree: &Tree, top: NodeId) -> Option<NodeId> {
    let (_, value) = tree.find(top, "extends")?;
    (tree.shape(value) != Shape::Null).then_some(value)
}

/// Returns what a document extends, with those variables in place that are known by then.
fn base_name(
    tree: &Tree,
    value: NodeId,
    (declared, outside): (&[Declared], &Outside),
    limits: &Limits,
    sources: &SourceMap,
    found: &mut Diagnostics,
) -> Option<Spanned<String>> {
    // What is wrong with it is told when the whole file is decoded.
    let aside = &mut Diagnostics::default();
    let name: Option<Spanned<String>> = decode_at(tree, value, Scope::default(), limits, aside);
    let name = name.filter(|name| !name.is_placeholder)?;
    let scalar = tree.written(tree.resolve(value))?;
    let variables = settle(declared, false, outside, limits, sources, aside);
    let (text, _) = expanded(scalar, &variables, found)?;
    Some(name.map(|_| text))
}

/// Says once for each extended file, beside its first finding, where it is extended.
#[must_use]
pub fn say_extended(found: Diagnostics, extended: &[(FileId, FileSpan)]) -> Diagnostics {
    let mut said: HashSet<FileId> = HashSet::new();
    let mut told = Diagnostics::default();
    for mut diagnostic in found {
        let file = diagnostic.origin.file;
        let place = extended.iter().find(|(extended, _)| *extended == file);
        let tells_itself = diagnostic.code.starts_with("production::extends::");
        if let Some((_, origin)) = place.filter(|_| said.insert(file) && !tells_itself) {
            diagnostic
                .related
                .push((*origin, "extended here".to_owned()));
        }
        told.push(diagnostic);
    }
    told
}
