//! Resolves declarations to values: `--set` first, then the environment, then the documents,
//! nearest first.
//!
//! Owns precedence, values made from other values, cycles, and variables without a value.

use super::reference::{ScalarPart, is_name, part_origin, split_references};
use super::substitution::unknown_variable;
use super::variable_table::{VariableOverrides, VariableSource, VariableTable, VariableValue};
use crate::base::suggestions::SearchAllowance;
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap, Spanned};
use crate::document::de::{DecodeScope, decode_node};
use crate::document::draft::VariableDraft;
use crate::document::field_types::OrderedMap;
use crate::document::input_limits::InputLimits;
use crate::document::quote::quote_value;
use crate::document::span_tree::{NodeId, SpanTree};
use crate::document::text_or::TextOr;
use std::collections::{BTreeMap, HashSet};

/// The variables that one document declares.
#[derive(Debug, Default)]
pub(in crate::document) struct DeclaredVariables {
    entries: OrderedMap<TextOr<VariableDraft>>,
    /// Names of the declarations with a mistake. The decoder of the whole file reports it.
    broken: HashSet<String>,
    /// Whether declarations may be missing.
    partial: bool,
}

impl DeclaredVariables {
    /// Reads the declarations at `node`. Mistakes in them are reported when the whole file is
    /// decoded.
    pub(in crate::document) fn from_node(
        tree: &SpanTree,
        node: NodeId,
        limits: &InputLimits,
    ) -> Self {
        // Declarations are needed before substitution, and the file is decoded after it. These
        // findings would be reported twice, so only the names that they concern are used.
        let mut diagnostics = Diagnostics::default();
        let entries = decode_node(tree, node, DecodeScope::default(), limits, &mut diagnostics)
            .unwrap_or_default();
        let mut declared = Self {
            entries,
            ..Self::default()
        };
        for diagnostic in diagnostics {
            // The pointer is `/name` or deeper. An empty one concerns the map of declarations
            // itself.
            match diagnostic.path.split('/').nth(1) {
                Some(name) => {
                    declared.broken.insert(name.to_owned());
                }
                None => declared.partial = true,
            }
        }
        declared
    }
}

/// Resolves every variable that the documents declare. `documents` has the nearest first.
pub(in crate::document) fn resolve_variables(
    documents: &[DeclaredVariables],
    partial: bool,
    overrides: &VariableOverrides,
    limits: &InputLimits,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> VariableTable {
    let mut resolver = VariableResolver {
        declarations: merge_declarations(documents, diagnostics),
        overrides,
        limits,
        sources,
        variables: VariableTable {
            known: BTreeMap::new(),
            partial: partial || documents.iter().any(|document| document.partial),
            allowance: SearchAllowance::default(),
        },
        open: Vec::new(),
        diagnostics,
    };
    // All are resolved, used or not: a cycle or a missing value is a mistake even if nothing refers
    // to it yet.
    let names: Vec<String> = resolver.declarations.keys().cloned().collect();
    for name in names {
        resolver.resolve_once(&name);
    }
    resolver.variables
}

/// One variable, merged from all documents that declare it.
struct VariableDeclaration {
    name: Spanned<String>,
    default: Option<Spanned<String>>,
    env: Option<Spanned<String>>,
    /// Whether it has a mistake that the decoder reports.
    broken: bool,
}

fn merge_declarations(
    documents: &[DeclaredVariables],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, VariableDeclaration> {
    let mut merged: BTreeMap<String, VariableDeclaration> = BTreeMap::new();
    let broken = |name: &String| {
        documents
            .iter()
            .any(|document| document.broken.contains(name))
    };
    for (name, draft) in documents.iter().flat_map(|document| &document.entries) {
        if !is_name(&name.value) {
            diagnostics.push(bad_name(name));
            continue;
        }
        let (default, env) = match draft {
            TextOr::Text(text) => (Some(text.0.clone()), None),
            TextOr::Full(full) => (full.default.clone().map(|text| text.0), full.env.clone()),
        };
        let known = merged.entry(name.value.clone());
        let broken = broken(&name.value);
        let known = known.or_insert_with(|| VariableDeclaration {
            name: name.clone(),
            default: None,
            env: None,
            broken,
        });
        // The nearest document was read first and wins. Default and `env` are merged one by one, so
        // that a document can override the default and leave the `env` of its base.
        known.default = known.default.take().or(default);
        known.env = known.env.take().or(env);
    }
    merged
}

fn bad_name(name: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "{} cannot be the name of a variable",
        quote_value(&name.value)
    );
    let help = "begin with a letter or `_`, and go on with letters, digits, `_` and `-`";
    Diagnostic::error("production::variables::bad_name", name.origin, message).with_help(help)
}

struct VariableResolver<'a> {
    declarations: BTreeMap<String, VariableDeclaration>,
    overrides: &'a VariableOverrides,
    limits: &'a InputLimits,
    sources: &'a SourceMap,
    variables: VariableTable,
    /// The variables whose values wait for another one, each with the place of the reference.
    open: Vec<(String, FileSpan)>,
    diagnostics: &'a mut Diagnostics,
}

impl VariableResolver<'_> {
    /// Returns a variable's value and computes it on the first call.
    fn resolve_once(&mut self, name: &str) -> Option<VariableValue> {
        if let Some(known) = self.variables.known.get(name) {
            return known.clone();
        }
        let value = self.find_value(name);
        // A variable without a value is stored as `None`, so that its mistake is reported once and
        // not at every reference.
        self.variables.known.insert(name.to_owned(), value.clone());
        value
    }

    fn find_value(&mut self, name: &str) -> Option<VariableValue> {
        // The last `--set` of a name wins, as usual for repeated options, so that the user can
        // override what a script passes.
        let set_value = self.overrides.set.iter().rev().find(|(set, _)| set == name);
        if let Some((_, text)) = set_value {
            return Some(overridden_value(text.clone(), VariableSource::Set));
        }
        let declaration = self.declarations.get(name)?;
        let key = declaration
            .env
            .as_ref()
            .filter(|env| !env.is_placeholder)
            .map(|env| env.value.clone());
        // The declaration names what it reads with `env`, so no other part of the environment can
        // change the result.
        let read = self
            .overrides
            .environment
            .zip(key.as_ref())
            .and_then(|(read, key)| read(key));
        if let (Some(text), Some(key)) = (read, key) {
            return Some(overridden_value(text, VariableSource::Environment(key)));
        }
        match declaration.default.clone() {
            Some(default) => self.expand_default(name, &default),
            None => {
                // A broken declaration has a mistake of its own; that it has no value follows from
                // it.
                let unset = Some(declaration)
                    .filter(|declaration| !declaration.broken)
                    .map(unset_variable);
                unset
                    .into_iter()
                    .for_each(|unset| self.diagnostics.push(unset));
                None
            }
        }
    }

    /// Returns the value of a default, with the variables inside of it substituted.
    fn expand_default(&mut self, name: &str, default: &Spanned<String>) -> Option<VariableValue> {
        if default.is_placeholder {
            return None;
        }
        // The source shows whether the default was quoted, which its decoded text no longer does.
        let written = self.sources.span_text(default.origin);
        let mut variable = VariableValue {
            text: String::new(),
            plain: !written.starts_with(['"', '\'', '|', '>']),
            from: VariableSource::Document(default.origin),
        };
        let parts = split_references(&default.value);
        let alone = matches!(parts[..], [ScalarPart::Name(..)]);
        for part in parts {
            match part {
                ScalarPart::Text(text) => variable.text.push_str(text),
                ScalarPart::Malformed(range, why) => {
                    let origin = part_origin(default.origin, written, &default.value, range);
                    self.diagnostics
                        .push(super::substitution::bad_reference(origin, why));
                    return None;
                }
                ScalarPart::Name(other, range) => {
                    let origin = part_origin(default.origin, written, &default.value, range);
                    let inner = self.expand_reference(name, other, origin)?;
                    variable.text.push_str(&inner.text);
                    variable.plain = if alone { inner.plain } else { variable.plain };
                }
            }
            // Checked after each part, not at the end: a few variables that each double the one
            // before would fill the memory first.
            if variable.text.len() > self.limits.variable_bytes {
                self.diagnostics
                    .push(variable_too_large(name, default.origin, self.limits));
                return None;
            }
        }
        Some(variable)
    }

    /// Returns the value of a variable that another variable's default refers to.
    fn expand_reference(
        &mut self,
        name: &str,
        other: &str,
        origin: FileSpan,
    ) -> Option<VariableValue> {
        if !self.declarations.contains_key(other) {
            let names = self.declarations.keys().map(String::as_str);
            let allowance = &self.variables.allowance;
            let unknown = unknown_variable(other, origin, names, allowance);
            if !self.variables.partial {
                self.diagnostics.push(unknown);
            }
            return None;
        }
        // The referring variable is pushed before the test, so that a variable made from itself is
        // a cycle of one.
        self.open.push((name.to_owned(), origin));
        let cycle = self.open.iter().position(|(open, _)| open == other);
        let value = match cycle {
            Some(start) => {
                let cycle = self.cycle_diagnostic(start);
                self.diagnostics.push(cycle);
                None
            }
            // The resolver is recursive, and a chain without a cycle can still be as long as the
            // file.
            None if self.open.len() > self.limits.depth => {
                self.diagnostics
                    .push(variable_chain_too_deep(origin, self.limits));
                None
            }
            None => self.resolve_once(other),
        };
        self.open.pop();
        value
    }

    fn cycle_diagnostic(&self, start: usize) -> Diagnostic {
        let links = &self.open[start..];
        let names: Vec<String> = links.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!(
            "variables are made from each other: {} -> {}",
            names.join(" -> "),
            names[0]
        );
        let first = links[0].1;
        let rest = &links[1..];
        // The cycle is reported once, at its first link. Each variable in it is then known to have
        // no value.
        let cycle = Diagnostic::error("production::variables::cycle", first, message);
        let cycle = cycle
            .with_label(format!("{} is made from this", names[0]))
            .with_help("give one of them a value of its own");
        rest.iter().fold(cycle, |cycle, (name, origin)| {
            cycle.with_related(*origin, format!("`{name}` is made from this"))
        })
    }
}

/// A value from outside is text where YAML would read null: `--set title=null` sets the title
/// "null".
fn overridden_value(text: String, from: VariableSource) -> VariableValue {
    let plain = !matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
    VariableValue { text, plain, from }
}

fn unset_variable(declaration: &VariableDeclaration) -> Diagnostic {
    let name = &declaration.name.value;
    let message = format!("the variable `{name}` has no value");
    let env = declaration
        .env
        .as_ref()
        .map(|env| format!(", set the environment variable `{}`", env.value));
    let help = format!(
        "pass `--set {name}=…`{}, or give it a `default`",
        env.unwrap_or_default()
    );
    Diagnostic::error(
        "production::variables::unset",
        declaration.name.origin,
        message,
    )
    .with_help(help)
}

fn variable_too_large(name: &str, origin: FileSpan, limits: &InputLimits) -> Diagnostic {
    let message = format!(
        "the value of `{name}` is longer than {} bytes",
        limits.variable_bytes
    );
    Diagnostic::error("production::variables::too_large", origin, message)
        .with_label("put together from here")
}

fn variable_chain_too_deep(origin: FileSpan, limits: &InputLimits) -> Diagnostic {
    let message = format!(
        "more than {} variables are made from one another",
        limits.depth
    );
    Diagnostic::error("production::variables::too_large", origin, message)
}
