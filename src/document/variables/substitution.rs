//! Substitution: `${name}` in the values of one file, before it is decoded.
//!
//! Owns the result: a reference alone has the type of the variable, number or text. Inside of
//! longer text it is characters. Keys stay as written.

use super::path_values::{is_path_value, misplaced_path_value};
use super::reference::{ScalarPart, has_reference, part_origin, split_references};
use super::variable_table::VariableTable;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::document::input_limits::InputLimits;
use crate::document::quote::quote_value;
use crate::document::span_tree::{ScalarRewrite, SpanTree, WrittenScalar};

/// Substitutes the variables throughout a file.
pub fn substitute_variables(
    tree: &mut SpanTree,
    variables: &VariableTable,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) {
    // Most files use no variables, so one search of the text saves a walk over all nodes.
    if !has_reference(tree.source()) {
        return;
    }
    // The bound is on the whole file: a value of a few bytes can name a variable of many, thousands
    // of times.
    let mut remaining = limits.expanded_bytes;
    tree.rewrite_scalars(|scalar| {
        // The source is tested, not the text, so that the escape "\x24{" stays text.
        if !has_reference(scalar.source) {
            return None;
        }
        let Some((text, plain)) = expand_scalar(scalar, variables, limits, diagnostics) else {
            // A broken value is a placeholder for the decoder, so no later rule judges the
            // unsubstituted text.
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

/// Returns a value with its variables substituted, and whether it may be a number. Mistakes are
/// reported.
pub(in crate::document) fn expand_scalar(
    scalar: WrittenScalar<'_>,
    variables: &VariableTable,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<(String, bool)> {
    let parts = split_references(scalar.text);
    // `fps: ${rate}` takes the variable's type. `take ${n}` is always text, so the scalar's own
    // quotes decide.
    let alone = matches!(parts[..], [ScalarPart::Name(..)]);
    let mut text = String::new();
    let mut plain = scalar.plain;
    let mut is_complete = true;
    for part in parts {
        let range_origin = |range| part_origin(scalar.origin, scalar.source, scalar.text, range);
        match part {
            ScalarPart::Text(piece) => text.push_str(piece),
            // The loop continues after a mistake, so that each bad reference of the value is
            // reported.
            ScalarPart::Malformed(range, why) => {
                diagnostics.push(bad_reference(range_origin(range), why));
                is_complete = false;
            }
            ScalarPart::Name(name, range) => match variables.known.get(name) {
                // A value over the limit is refused by the caller. It is not put together first: a
                // megabyte of references may stand for many gigabytes.
                Some(Some(_)) if text.len() > limits.scalar_bytes => {}
                Some(Some(variable)) => {
                    text.push_str(&variable.text);
                    plain = if alone { variable.plain } else { plain };
                }
                // A declared variable without a value was reported at its declaration.
                Some(None) => is_complete = false,
                // Known only when an output is delivered. The text stays, and the finding is
                // taken back where it is the path of one.
                None if is_path_value(name) => {
                    text.push_str(&format!("${{{name}}}"));
                    if !variables.partial {
                        diagnostics.push(misplaced_path_value(name, range_origin(range)));
                    }
                }
                None => {
                    is_complete = false;
                    // If a file with declarations could not be read, the name may be declared
                    // there. Reporting it would be a false finding on top of the true one.
                    if !variables.partial {
                        diagnostics.push(unknown_variable(
                            name,
                            range_origin(range),
                            variables.variable_names(),
                            &variables.allowance,
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
    allowance: &SearchAllowance,
) -> Diagnostic {
    let message = format!("unknown variable {}", quote_value(name));
    let help = allowance
        .search(|| did_you_mean(name, names))
        .unwrap_or_else(|| {
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
