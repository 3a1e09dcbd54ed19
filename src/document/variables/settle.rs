//! From declarations to values: the command line first, then the environment, then the documents, nearest first.
//!
//! Owns precedence, values made from other values, cycles, and variables without any value.

use super::reference::{Part, is_name, parts, place};
use super::substitute::unknown;
use super::table::{Outside, ValueFrom, Variable, Variables};
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap, Spanned};
use crate::document::de::{Scope, decode_at};
use crate::document::draft::VariableDraft;
use crate::document::limits::Limits;
use crate::document::quote::quoted;
use crate::document::text_or::TextOr;
use crate::document::tree::{NodeId, Tree};
use crate::document::values::Entries;
use std::collections::BTreeMap;

/// The variables that one document declares.
#[derive(Debug, Default)]
pub(in crate::document) struct Declared {
    entries: Entries<TextOr<VariableDraft>>,
    /// Names of those with a mistake, which is told elsewhere.
    broken: Vec<String>,
    /// Whether names may be missing.
    partial: bool,
}

impl Declared {
    /// Reads the declarations at `node`; what is wrong with them is told when the whole file is decoded.
    pub(in crate::document) fn read(tree: &Tree, node: NodeId, limits: &Limits) -> Self {
        let mut found = Diagnostics::default();
        let entries =
            decode_at(tree, node, Scope::default(), limits, &mut found).unwrap_or_default();
        let mut declared = Self {
            entries,
            ..Self::default()
        };
        for diagnostic in found {
            match diagnostic.path.split('/').nth(1) {
                Some(name) => declared.broken.push(name.to_owned()),
                None => declared.partial = true,
            }
        }
        declared
    }
}

/// Finds the value of every variable that the documents, the nearest first, declare.
pub(in crate::document) fn settle(
    documents: &[Declared],
    partial: bool,
    outside: &Outside,
    limits: &Limits,
    sources: &SourceMap,
    found: &mut Diagnostics,
) -> Variables {
    let mut settling = Settling {
        declarations: declarations(documents, found),
        outside,
        limits,
        sources,
        table: Variables {
            known: BTreeMap::new(),
            partial: partial || documents.iter().any(|one| one.partial),
        },
        open: Vec::new(),
        found,
    };
    let names: Vec<String> = settling.declarations.keys().cloned().collect();
    for name in names {
        settling.value(&name);
    }
    settling.table
}

/// One variable, with what every document says of it.
struct Declaration {
    name: Spanned<String>,
    default: Option<Spanned<String>>,
    env: Option<Spanned<String>>,
    /// Whether a mistake in it is told elsewhere.
    broken: bool,
}

fn declarations(documents: &[Declared], found: &mut Diagnostics) -> BTreeMap<String, Declaration> {
    let mut all: BTreeMap<String, Declaration> = BTreeMap::new();
    let broken = |name: &String| {
        documents
            .iter()
            .any(|document| document.broken.contains(name))
    };
    for (name, draft) in documents.iter().flat_map(|document| &document.entries) {
        if !is_name(&name.value) {
            found.push(bad_name(name));
            continue;
        }
        let (default, env) = match draft {
            TextOr::Text(text) => (Some(text.0.clone()), None),
            TextOr::Full(full) => (full.default.clone().map(|text| text.0), full.env.clone()),
        };
        let known = all.entry(name.value.clone());
        let broken = broken(&name.value);
        let known = known.or_insert_with(|| Declaration {
            name: name.clone(),
            default: None,
            env: None,
            broken,
        });
        known.default = known.default.take().or(default);
        known.env = known.env.take().or(env);
    }
    all
}

fn bad_name(name: &Spanned<String>) -> Diagnostic {
    let message = format!("{} cannot be the name of a variable", quoted(&name.value));
    let help = "begin with a letter or `_`, and go on with letters, digits, `_` and `-`";
    Diagnostic::error("production::variables::bad_name", name.origin, message).with_help(help)
}

struct Settling<'a> {
    declarations: BTreeMap<String, Declaration>,
    outside: &'a Outside,
    limits: &'a Limits,
    sources: &'a SourceMap,
    table: Variables,
    /// The variables whose values wait for one another, with the place where each is asked for.
    open: Vec<(String, FileSpan)>,
    found: &'a mut Diagnostics,
}

impl Settling<'_> {
    /// Finds a variable's value once.
    fn value(&mut self, name: &str) -> Option<Variable> {
        if let Some(known) = self.table.known.get(name) {
            return known.clone();
        }
        let value = self.find(name);
        self.table.known.insert(name.to_owned(), value.clone());
        value
    }

    fn find(&mut self, name: &str) -> Option<Variable> {
        let given = self.outside.set.iter().rev().find(|(set, _)| set == name);
        if let Some((_, text)) = given {
            return Some(from_outside(text.clone(), ValueFrom::Set));
        }
        let declaration = self.declarations.get(name)?;
        let key = declaration
            .env
            .as_ref()
            .filter(|env| !env.is_placeholder)
            .map(|env| env.value.clone());
        let read = self
            .outside
            .environment
            .zip(key.as_ref())
            .and_then(|(read, key)| read(key));
        if let (Some(text), Some(key)) = (read, key) {
            return Some(from_outside(text, ValueFrom::Environment(key)));
        }
        match declaration.default.clone() {
            Some(default) => self.written(name, &default),
            None => {
                let unset = Some(declaration)
                    .filter(|declaration| !declaration.broken)
                    .map(unset);
                unset.into_iter().for_each(|unset| self.found.push(unset));
                None
            }
        }
    }

    /// Returns a value as a document writes it, with the variables inside it put in place.
    fn written(&mut self, name: &str, default: &Spanned<String>) -> Option<Variable> {
        if default.is_placeholder {
            return None;
        }
        let written = self.sources.span_text(default.origin);
        let mut variable = Variable {
            text: String::new(),
            plain: !written.starts_with(['"', '\'', '|', '>']),
            from: ValueFrom::Document(default.origin),
        };
        let cut = parts(&default.value);
        let alone = matches!(cut[..], [Part::Name(..)]);
        for part in cut {
            match part {
                Part::Text(text) => variable.text.push_str(text),
                Part::Wrong(range, why) => {
                    let at = place(default.origin, written, &default.value, range);
                    self.found.push(super::substitute::bad_reference(at, why));
                    return None;
                }
                Part::Name(other, range) => {
                    let at = place(default.origin, written, &default.value, range);
                    let inner = self.inner(name, other, at)?;
                    variable.text.push_str(&inner.text);
                    variable.plain = if alone { inner.plain } else { variable.plain };
                }
            }
            if variable.text.len() > self.limits.variable_bytes {
                self.found
                    .push(too_large(name, default.origin, self.limits));
                return None;
            }
        }
        Some(variable)
    }

    /// Returns the value of a variable inside the value of another.
    fn inner(&mut self, name: &str, other: &str, at: FileSpan) -> Option<Variable> {
        if !self.declarations.contains_key(other) {
            let names = self.declarations.keys().map(String::as_str);
            let unknown = unknown(other, at, names);
            if !self.table.partial {
                self.found.push(unknown);
            }
            return None;
        }
        self.open.push((name.to_owned(), at));
        let cycle = self.open.iter().position(|(open, _)| open == other);
        let value = match cycle {
            Some(start) => {
                let cycle = self.cycle(start);
                self.found.push(cycle);
                None
            }
            None if self.open.len() > self.limits.depth => {
                self.found.push(too_deep(at, self.limits));
                None
            }
            None => self.value(other),
        };
        self.open.pop();
        value
    }

    fn cycle(&self, start: usize) -> Diagnostic {
        let links = &self.open[start..];
        let names: Vec<String> = links.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!(
            "variables are made from each other: {} -> {}",
            names.join(" -> "),
            names[0]
        );
        let (first, rest) = (links[0].1, &links[1..]);
        let cycle = Diagnostic::error("production::variables::cycle", first, message);
        let cycle = cycle
            .with_label(format!("{} is made from this", names[0]))
            .with_help("give one of them a value of its own");
        rest.iter().fold(cycle, |cycle, (name, at)| {
            cycle.with_related(*at, format!("`{name}` is made from this"))
        })
    }
}

/// A value from outside is never nothing: words that YAML reads so are text.
fn from_outside(text: String, from: ValueFrom) -> Variable {
    let plain = !matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
    Variable { text, plain, from }
}

fn unset(declaration: &Declaration) -> Diagnostic {
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

fn too_large(name: &str, at: FileSpan, limits: &Limits) -> Diagnostic {
    let message = format!(
        "the value of `{name}` is longer than {} bytes",
        limits.variable_bytes
    );
    Diagnostic::error("production::variables::too_large", at, message)
        .with_label("put together from here")
}

fn too_deep(at: FileSpan, limits: &Limits) -> Diagnostic {
    let message = format!(
        "more than {} variables are made from one another",
        limits.depth
    );
    Diagnostic::error("production::variables::too_large", at, message)
}
