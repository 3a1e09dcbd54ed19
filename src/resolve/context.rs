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

pub(super) struct ResolveContext<'a> {
    pub(super) library: &'a Library,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Renderers that were looked up, so that each is read, and its mistakes told, once.
    pub(super) engines: HashMap<String, Option<Engine>>,
}

impl<'a> ResolveContext<'a> {
    pub(super) fn new(library: &'a Library, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            library,
            diagnostics,
            engines: HashMap::new(),
        }
    }

    /// Returns the preset that `name` names; one that is not there is reported with the nearest name.
    pub(super) fn find_preset<T: DeserializeOwned>(
        &mut self,
        kind: PresetKind,
        presets: &'a PresetSet<T>,
        name: &Spanned<String>,
    ) -> Option<&'a T> {
        if name.is_placeholder {
            return None;
        }
        let preset = presets.get(&name.value);
        if preset.is_none() {
            let message = format!("unknown {kind} {}", quote_value(&name.value));
            let help = did_you_mean(&name.value, presets.preset_names());
            let unknown =
                Diagnostic::error("production::library::unknown_preset", name.origin, message);
            let unknown = unknown
                .with_label(format!("no {kind} of this name"))
                .with_optional_help(help);
            self.diagnostics.push(
                match certain_match(&name.value, presets.preset_names())
                    .filter(|name| is_plain_scalar(name))
                {
                    Some(near) => unknown.with_fix(name.origin, near),
                    None => unknown,
                },
            );
        }
        preset
    }

    /// Returns the number if it lies in its range; one that does not is reported.
    pub(super) fn in_range<N: PartialOrd + Display + Copy>(
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
            self.diagnostics.push(
                Diagnostic::error("production::value::out_of_range", value.origin, message)
                    .with_label("out of range"),
            );
        }
        inside.then_some(value.value)
    }

    /// Like [`ResolveContext::in_range`], for a field that may be left out.
    pub(super) fn in_range_opt<N: PartialOrd + Display + Copy>(
        &mut self,
        field: &str,
        value: &Option<Spanned<N>>,
        range: ValueRange<N>,
    ) -> Option<N> {
        value
            .as_ref()
            .and_then(|value| self.in_range(field, value, range))
    }

    /// Returns three channels if each lies in the range.
    pub(super) fn channels_in_range(
        &mut self,
        field: &str,
        value: &Option<Spanned<[f32; 3]>>,
        range: ValueRange<f32>,
    ) -> Option<[f32; 3]> {
        let value = value.as_ref().filter(|value| !value.is_placeholder)?;
        for channel in value.value {
            self.in_range(field, &Spanned::new(channel, value.origin), range)?;
        }
        Some(value.value)
    }

    pub(super) fn report_error(
        &mut self,
        code: DiagnosticCode,
        origin: FileSpan,
        message: String,
        help: Option<String>,
    ) {
        self.diagnostics
            .push(Diagnostic::error(code, origin, message).with_optional_help(help));
    }
}

/// Returns whether a name is text when written without quotes.
fn is_plain_scalar(name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(word)
        && !name.eq_ignore_ascii_case("null")
}
