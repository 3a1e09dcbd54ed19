//! The variables of one production, each with its value and where that came from.
//!
//! Owns look-ups and the words that show a value beside a finding. How values are found is in `settle`.

use super::reference::{ScalarPart, has_reference, split_references};
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap};
use crate::document::quote::quote_value;
use std::collections::BTreeMap;

/// What gives variables their values besides the document.
#[derive(Debug, Clone, Default)]
pub struct VariableOverrides {
    /// Values by name, as the command line says them; of one name, the last counts.
    pub set: Vec<(String, String)>,
    /// Reads an environment variable; asked only for those that a variable names.
    pub environment: Option<fn(&str) -> Option<String>>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableSource {
    /// The command line.
    Set,
    /// The environment variable of this name.
    Environment(String),
    /// A document.
    Document(FileSpan),
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableValue {
    /// Its text.
    pub text: String,
    /// Whether it was written without quotes, so that it may be a number or a boolean.
    pub plain: bool,
    /// Where it comes from.
    pub from: VariableSource,
}

/// A value was given to a variable that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVariable {
    /// The name as given.
    pub name: String,
    /// The nearest name, or all of them.
    pub help: Option<String>,
}

/// The variables of one production.
#[derive(Debug, Clone, Default)]
pub struct VariableTable {
    /// By name; one without a value was reported.
    pub(super) known: BTreeMap<String, Option<VariableValue>>,
    /// Whether a file that may declare more could not be read.
    pub(super) partial: bool,
}

impl VariableTable {
    /// Returns the value of this name, if it has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.known.get(name)?.as_ref()
    }

    /// Returns the first name that was set and is not declared, if the declarations could all be read.
    pub(crate) fn unknown_override(
        &self,
        overrides: &VariableOverrides,
    ) -> Option<UnknownVariable> {
        let mut set = overrides.set.iter().map(|(name, _)| name);
        let name = set.find(|name| !self.partial && !self.known.contains_key(*name))?;
        Some(UnknownVariable {
            name: name.clone(),
            help: did_you_mean(name, self.variable_names()),
        })
    }

    pub(super) fn variable_names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// Returns the variables that the value at `origin` was made from.
    #[must_use]
    pub fn variables_in<'a>(
        &'a self,
        origin: FileSpan,
        sources: &'a SourceMap,
    ) -> Vec<(&'a str, &'a VariableValue)> {
        let written = sources.span_text(origin);
        if !has_reference(written) || !is_scalar(written) {
            return Vec::new();
        }
        let named = split_references(written)
            .into_iter()
            .filter_map(|part| match part {
                ScalarPart::Name(name, _) => Some((name, self.get(name)?)),
                _ => None,
            });
        named.collect()
    }

    /// Shows, in every finding about a value that was made from variables, what they are and who said so.
    #[must_use]
    pub fn explain_findings(&self, diagnostics: Diagnostics, sources: &SourceMap) -> Diagnostics {
        if self.known.is_empty() {
            return diagnostics;
        }
        let mut annotated = Diagnostics::default();
        for diagnostic in diagnostics {
            annotated.push(self.explain_finding(diagnostic, sources));
        }
        annotated
    }

    fn explain_finding(&self, mut diagnostic: Diagnostic, sources: &SourceMap) -> Diagnostic {
        if diagnostic.code.starts_with("production::variables::") {
            return diagnostic;
        }
        let behind = self.variables_in(diagnostic.origin, sources);
        if behind.is_empty() {
            return diagnostic;
        }
        let values: Vec<String> = behind
            .iter()
            .map(|(name, variable)| describe_value(name, variable))
            .collect();
        let says_more = !diagnostic.label.is_empty() && !diagnostic.label.starts_with("this is ");
        let before = if says_more {
            format!("{}; ", diagnostic.label)
        } else {
            String::new()
        };
        diagnostic.label = format!("{before}{}", values.join(", "));
        // The mistake is in the variable's value; replacing the reference would hide it.
        diagnostic.fix.clear();
        for (name, variable) in behind {
            if let VariableSource::Document(origin) = variable.from {
                diagnostic
                    .related
                    .push((origin, format!("`{name}` has its value from here")));
            }
        }
        diagnostic
    }
}

fn describe_value(name: &str, variable: &VariableValue) -> String {
    let value = quote_value(&variable.text);
    match &variable.from {
        VariableSource::Set => format!("`${{{name}}}` is {value}, from `--set`"),
        VariableSource::Environment(key) => {
            format!("`${{{name}}}` is {value}, from the environment's `{key}`")
        }
        VariableSource::Document(_) => format!("`${{{name}}}` is {value}"),
    }
}

/// Returns whether these bytes are one value, not the first line of a map or list.
fn is_scalar(written: &str) -> bool {
    written.starts_with(['"', '\'', '|', '>'])
        || !(written.contains(": ") || written.starts_with(['{', '[']))
}
