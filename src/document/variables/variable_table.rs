//! The variables of one production, each with its value and the source of the value.
//!
//! Owns look-ups and the text that shows a value beside a finding. `variable_resolver` finds the
//! values.

use super::reference::{ScalarPart, has_reference, split_references};
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap};
use crate::document::quote::quote_value;
use std::collections::BTreeMap;

/// Values for variables from outside of the document.
#[derive(Debug, Clone, Default)]
pub struct VariableOverrides {
    /// Values by name from `--set`. If a name is repeated, the last one counts.
    pub set: Vec<(String, String)>,
    /// Reads an environment variable. Called only for those that a declaration names with `env`.
    /// None reads no environment.
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
    /// The text, references resolved.
    pub text: String,
    /// Whether it was written without quotes. Only then can it be a number or a boolean.
    pub plain: bool,
    /// Where it comes from.
    pub from: VariableSource,
}

/// A value was set for a variable that no document declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVariable {
    /// The name as it was set.
    pub name: String,
    /// The nearest declared name, or a list of all. None if there are none.
    pub help: Option<String>,
}

/// The variables of one production.
#[derive(Debug, Clone, Default)]
pub struct VariableTable {
    /// Values by name. `None` for a variable without a value, which was reported.
    pub(super) known: BTreeMap<String, Option<VariableValue>>,
    /// Whether a file that may declare more variables could not be read.
    pub(super) partial: bool,
    pub(super) allowance: SearchAllowance,
}

impl VariableTable {
    /// Returns the value of this variable. None if it is not declared or has no value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.known.get(name)?.as_ref()
    }

    /// Returns the first name that was set but is not declared. None if some declarations could not
    /// be read.
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
        // The tree no longer has the references, since substitution replaced them. The source still
        // has.
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

    /// Adds to every finding about a value made from variables the value of each and its source.
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
        // These findings are about the references themselves and name the variable already.
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
        // The label `this is 24` repeats the value; the variable's text says the same and more.
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

/// Returns whether these bytes are one value. The origin of a list or map is its first line, which
/// may hold a reference of one of its values.
fn is_scalar(written: &str) -> bool {
    written.starts_with(['"', '\'', '|', '>'])
        || !(written.contains(": ") || written.starts_with(['{', '[']))
}
