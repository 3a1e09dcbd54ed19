//! What every part of resolving has at hand: the library, the findings, and the two commonest questions.

use crate::base::suggestions::{certain_match, did_you_mean};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::library::{Library, PresetKind, PresetSet};
use crate::model::Engine;
use crate::model::value_ranges::ValueRange;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fmt::Display;

pub(super) struct Desk<'a> {
    pub(super) library: &'a Library,
    pub(super) found: &'a mut Diagnostics,
    /// Renderers that were looked up, so that each is read, and its mistakes told, once.
    pub(super) engines: HashMap<String, Option<Engine>>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(library: &'a Library, found: &'a mut Diagnostics) -> Self {
        Self {
            library,
            found,
            engines: HashMap::new(),
        }
    }

    /// Returns the preset that `name` names; one that is not there is reported with the nearest name.
    pub(super) fn preset<T: DeserializeOwned>(
        &mut self,
        kind: PresetKind,
        shelf: &'a PresetSet<T>,
        name: &Spanned<String>,
    ) -> Option<&'a T> {
        if name.is_placeholder {
            return None;
        }
        let preset = shelf.get(&name.value);
        if preset.is_none() {
            let message = format!("unknown {kind} {}", quote_value(&name.value));
            let help = did_you_mean(&name.value, shelf.preset_names());
            let unknown =
                Diagnostic::error("production::library::unknown_preset", name.origin, message);
            let unknown = unknown
                .with_label(format!("no {kind} of this name"))
                .with_optional_help(help);
            self.found.push(
                match certain_match(&name.value, shelf.preset_names()).filter(|name| is_plain(name))
                {
                    Some(near) => unknown.with_fix(name.origin, near),
                    None => unknown,
                },
            );
        }
        preset
    }

    /// Returns the number if it lies in its range; one that does not is reported.
    pub(super) fn within<N: PartialOrd + Display + Copy>(
        &mut self,
        field: &str,
        value: &Spanned<N>,
        range: ValueRange<N>,
    ) -> Option<N> {
        if value.is_placeholder {
            return None;
        }
        let ValueRange { low, high } = range;
        let inside = range.contains(value.value);
        if !inside {
            let message = format!("{field} must be from {low} to {high}, not {}", value.value);
            self.found.push(
                Diagnostic::error("production::value::out_of_range", value.origin, message)
                    .with_label("out of range"),
            );
        }
        inside.then_some(value.value)
    }

    /// Like [`WriteQueue::within`], for a field that may be left out.
    pub(super) fn maybe<N: PartialOrd + Display + Copy>(
        &mut self,
        field: &str,
        value: &Option<Spanned<N>>,
        range: ValueRange<N>,
    ) -> Option<N> {
        value
            .as_ref()
            .and_then(|value| self.within(field, value, range))
    }

    /// Returns three channels if each lies in the range.
    pub(super) fn channels(
        &mut self,
        field: &str,
        value: &Option<Spanned<[f32; 3]>>,
        range: ValueRange<f32>,
    ) -> Option<[f32; 3]> {
        let value = value.as_ref().filter(|value| !value.is_placeholder)?;
        for channel in value.value {
            self.within(field, &Spanned::new(channel, value.origin), range)?;
        }
        Some(value.value)
    }

    pub(super) fn error(
        &mut self,
        code: DiagnosticCode,
        origin: FileSpan,
        message: String,
        help: Option<String>,
    ) {
        self.found
            .push(Diagnostic::error(code, origin, message).with_optional_help(help));
    }
}

/// Returns whether a name is text when written without quotes.
fn is_plain(name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(word)
        && !name.eq_ignore_ascii_case("null")
}
