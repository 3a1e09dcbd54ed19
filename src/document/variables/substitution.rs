//! Putting values in place: `${name}` in the values of one file, before it is decoded.
//!
//! Owns what a substituted value becomes: a reference alone is what the variable is, number or text; inside longer text it
//! is characters. Keys stay as written.

use super::reference::{ScalarPart, has_reference, part_origin, split_references};
use super::variable_table::VariableTable;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::document::input_limits::InputLimits;
use crate::document::quote::quote_value;
use crate::document::span_tree::{ScalarRewrite, SpanTree, WrittenScalar};

/// Puts the values of variables in place throughout a file.
pub fn substitute_variables(
    tree: &mut SpanTree,
    variables: &VariableTable,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) {
    if !has_reference(tree.source()) {
        return;
    }
    let mut remaining = limits.expanded_bytes;
    tree.rewrite_scalars(|scalar| {
        if !has_reference(scalar.source) {
            return None;
        }
        let Some((text, plain)) = expand_scalar(scalar, variables, diagnostics) else {
            return Some(ScalarRewrite::Broken);
        };
        if text.len() > remaining.min(limits.scalar_bytes) {
            diagnostics.push(value_too_large(scalar.origin, limits));
            return Some(ScalarRewrite::Broken);
        }
        remaining -= text.len();
        Some(ScalarRewrite::Text(text, plain))
    });
}

/// Returns a value with its variables in place, and whether it may be a number; mistakes are reported.
pub(in crate::document) fn expand_scalar(
    scalar: WrittenScalar<'_>,
    variables: &VariableTable,
    diagnostics: &mut Diagnostics,
) -> Option<(String, bool)> {
    let parts = split_references(scalar.text);
    let alone = matches!(parts[..], [ScalarPart::Name(..)]);
    let (mut text, mut plain) = (String::new(), scalar.plain);
    let mut is_complete = true;
    for part in parts {
        let range_origin = |range| part_origin(scalar.origin, scalar.source, scalar.text, range);
        match part {
            ScalarPart::Text(piece) => text.push_str(piece),
            ScalarPart::Malformed(range, why) => {
                diagnostics.push(bad_reference(range_origin(range), why));
                is_complete = false;
            }
            ScalarPart::Name(name, range) => match variables.known.get(name) {
                Some(Some(variable)) => {
                    text.push_str(&variable.text);
                    plain = if alone { variable.plain } else { plain };
                }
                Some(None) => is_complete = false,
                None => {
                    is_complete = false;
                    if !variables.partial {
                        diagnostics.push(unknown_variable(
                            name,
                            range_origin(range),
                            variables.variable_names(),
                        ));
                    }
                }
            },
        }
    }
    is_complete.then_some((text, plain))
}

pub(super) fn unknown_variable<'a>(
    name: &str,
    origin: FileSpan,
    names: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("unknown variable {}", quote_value(name));
    let help = did_you_mean(name, names).unwrap_or_else(|| {
        format!(
            "declare `{name}` under `variables:`, or write `$${{` for the characters themselves"
        )
    });
    let diagnostic = Diagnostic::error("production::variables::unknown", origin, message);
    diagnostic
        .with_label("no variable of this name")
        .with_help(help)
}

pub(super) fn bad_reference(origin: FileSpan, why: &str) -> Diagnostic {
    let message = format!("`${{` begins a variable, but {why}");
    let help = "write `${name}`, or `$${` for the characters themselves";
    Diagnostic::error("production::variables::bad_reference", origin, message).with_help(help)
}

fn value_too_large(origin: FileSpan, limits: &InputLimits) -> Diagnostic {
    let message = format!(
        "with its variables in place, this value is longer than {} bytes, or all of the file's together than {}",
        limits.scalar_bytes, limits.expanded_bytes
    );
    Diagnostic::error("production::variables::too_large", origin, message)
}
