//! State that every part of resolving shares: the library, the diagnostics, and the two most
//! frequent checks.

use super::document_shots::DocumentShots;
use crate::base::suggestions::{SearchAllowance, certain_match, did_you_mean};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::library::{Library, PresetKind, PresetSet};
use crate::model::Engine;
use crate::model::production::Shot;
use crate::model::value_ranges::ValueRange;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

pub(super) struct ResolveContext<'a> {
    pub(super) library: &'a Library,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Renderers by name. `None`: the name is unknown or its preset has errors.
    // Shots may name the same renderer many times. The cache parses its preset once, and so reports
    // its errors once.
    pub(super) engines: HashMap<String, Option<Engine>>,
    /// Help and fix for the names of presets that are unknown.
    near_presets: HashMap<(PresetKind, String), (Option<String>, Option<String>)>,
    /// Limits the searches for near names.
    pub(super) allowance: SearchAllowance,
    /// The shots of the document, where a timeline of another program has another cut of them.
    pub(super) document_shots: Option<Arc<DocumentShots>>,
}

impl<'a> ResolveContext<'a> {
    pub(super) fn new(library: &'a Library, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            library,
            diagnostics,
            engines: HashMap::new(),
            near_presets: HashMap::new(),
            allowance: SearchAllowance::default(),
            document_shots: None,
        }
    }

    /// Returns what `resolve` makes of the sound of the document. Where the sound is left out,
    /// nothing is reported: no mistake in it may stop a silent film.
    pub(super) fn resolve_sound<T>(
        &mut self,
        has_sound: bool,
        resolve: impl FnOnce(&mut ResolveContext<'_>) -> T,
    ) -> T {
        if has_sound {
            return resolve(self);
        }
        let mut unreported = Diagnostics::default();
        let mut silent = ResolveContext::new(self.library, &mut unreported);
        silent.document_shots.clone_from(&self.document_shots);
        resolve(&mut silent)
    }

    /// Returns the preset `name`. An unknown name is reported with the nearest one.
    pub(super) fn find_preset<T: DeserializeOwned>(
        &mut self,
        kind: PresetKind,
        presets: &'a PresetSet<T>,
        name: &Spanned<String>,
    ) -> Option<&'a T> {
        self.find_preset_among(kind, presets, name, &[])
    }

    /// As [`ResolveContext::find_preset`], where other names than those of presets are known too.
    pub(super) fn find_preset_among<T: DeserializeOwned>(
        &mut self,
        kind: PresetKind,
        presets: &'a PresetSet<T>,
        name: &Spanned<String>,
        others: &[&str],
    ) -> Option<&'a T> {
        // The name could not be read and has an error already.
        if name.is_placeholder {
            return None;
        }
        let preset = presets.get(&name.value);
        if preset.is_none() {
            let message = format!("unknown {kind} {}", quote_value(&name.value));
            // A preset that many shots name is looked for once, and so is its fix.
            let near = self.near_presets.entry((kind, name.value.clone()));
            let (help, fix) = near.or_insert_with(|| {
                let near = self.allowance.search(|| {
                    let names = || presets.preset_names().chain(others.iter().copied());
                    let help = did_you_mean(&name.value, names());
                    // A fix is applied without asking, so it needs a certain match. A mere likeness
                    // is only a help text.
                    let certain = certain_match(&name.value, names())
                        // A name with a colon or a `#` would change the meaning of the line when
                        // written without quotes.
                        .filter(|name| is_plain_scalar(name));
                    Some((help, certain.map(str::to_owned)))
                });
                near.unwrap_or_default()
            });
            let unknown =
                Diagnostic::error("production::library::unknown_preset", name.origin, message);
            let unknown = unknown
                .with_label(format!("no {kind} of this name"))
                .with_optional_help(help.clone());
            self.diagnostics.push(match fix {
                Some(near) => unknown.with_fix(name.origin, near.clone()),
                None => unknown,
            });
        }
        preset
    }

    /// Returns the number if it is in `range`; reports it otherwise. `field` is the key in the
    /// document.
    pub(super) fn in_range<N: PartialOrd + Display + Copy>(
        &mut self,
        field: &str,
        value: &Spanned<N>,
        range: ValueRange<N>,
    ) -> Option<N> {
        self.in_range_with_help(field, value, range, |_| None)
    }

    /// As [`ResolveContext::in_range`], with a help for a number that is outside.
    pub(super) fn in_range_with_help<N: PartialOrd + Display + Copy>(
        &mut self,
        field: &str,
        value: &Spanned<N>,
        range: ValueRange<N>,
        help: impl FnOnce(N) -> Option<String>,
    ) -> Option<N> {
        if value.is_placeholder {
            return None;
        }
        let ValueRange { low, high } = range;
        // NaN is in no range, so it is reported as well.
        let inside = range.contains(value.value);
        if !inside {
            let message = format!("{field} must be from {low} to {high}, not {}", value.value);
            self.diagnostics.push(
                Diagnostic::error("production::value::out_of_range", value.origin, message)
                    .with_label("out of range")
                    .with_optional_help(help(value.value)),
            );
        }
        inside.then_some(value.value)
    }

    /// As [`ResolveContext::in_range`], for an optional field. `None`: unset or reported.
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

    /// Returns three channels if each is in `range`.
    pub(super) fn channels_in_range(
        &mut self,
        field: &str,
        value: &Option<Spanned<[f32; 3]>>,
        range: ValueRange<f32>,
    ) -> Option<[f32; 3]> {
        let value = value.as_ref().filter(|value| !value.is_placeholder)?;
        // The first bad channel ends the check. All three share one place in the file, so three
        // errors would underline the same text.
        for channel in value.value {
            self.in_range(field, &Spanned::new(channel, value.origin), range)?;
        }
        Some(value.value)
    }

    /// Returns the place in the document of a shot that a timeline of another program may have left
    /// out. `None`: there is no such timeline, or no such shot.
    pub(super) fn document_shot(&self, name: &str) -> Option<usize> {
        self.document_shots.as_ref()?.index(name)
    }

    /// Returns the name in the document of a shot of the cut. `None`: no timeline of another program
    /// has cut the film.
    pub(super) fn document_name(&self, shot: &Shot) -> Option<&str> {
        let document = self.document_shots.as_ref()?;
        document.name(shot.recut.as_ref()?.shot)
    }

    /// Reports a mistake whose remedy is known.
    pub(super) fn report_with_help(
        &mut self,
        code: DiagnosticCode,
        origin: FileSpan,
        message: &str,
        help: &str,
    ) {
        self.report_error(code, origin, message.to_owned(), Some(help.to_owned()));
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

/// Returns whether YAML reads the unquoted name as this text.
fn is_plain_scalar(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        // `null` without quotes would unset the field.
        && !name.eq_ignore_ascii_case("null")
}
