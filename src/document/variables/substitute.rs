//! Putting values in place: `${name}` in the values of one file, before it is decoded.
//!
//! Owns what a substituted value becomes: a reference alone is what the variable is, number or text; inside longer text it
//! is characters. Keys stay as written.

use super::reference::{Part, is_marked, parts, place};
use super::table::Variables;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::document::limits::Limits;
use crate::document::quote::quoted;
use crate::document::tree::{Rewritten, Tree, WrittenScalar};

/// Puts the values of variables in place throughout a file.
pub fn substitute(
    tree: &mut Tree,
    variables: &Variables,
    limits: &Limits,
    found: &mut Diagnostics,
) {
    if !is_marked(tree.source()) {
        return;
    }
    let mut left = limits.expanded_bytes;
    tree.rewrite(|scalar| {
        if !is_marked(scalar.source) {
            return None;
        }
        let Some((text, plain)) = expanded(scalar, variables, found) else {
            return Some(Rewritten::Broken);
        };
        if text.len() > left.min(limits.scalar_bytes) {
            found.push(too_large(scalar.origin, limits));
            return Some(Rewritten::Broken);
        }
        left -= text.len();
        Some(Rewritten::Text(text, plain))
    });
}

/// Returns a value with its variables in place, and whether it may be a number; mistakes are reported.
pub(in crate::document) fn expanded(
    scalar: WrittenScalar<'_>,
    variables: &Variables,
    found: &mut Diagnostics,
) -> Option<(String, bool)> {
    let cut = parts(scalar.text);
    let alone = matches!(cut[..], [Part::Name(..)]);
    let (mut text, mut plain) = (String::new(), scalar.plain);
    let mut whole = true;
    for part in cut {
        let at = |range| place(scalar.origin, scalar.source, scalar.text, range);
        match part {
            Part::Text(piece) => text.push_str(piece),
            Part::Wrong(range, why) => {
                found.push(bad_reference(at(range), why));
                whole = false;
            }
            Part::Name(name, range) => match variables.known.get(name) {
                Some(Some(variable)) => {
                    text.push_str(&variable.text);
                    plain = if alone { variable.plain } else { plain };
                }
                Some(None) => whole = false,
                None => {
                    whole = false;
                    if !variables.partial {
                        found.push(unknown(name, at(range), variables.names()));
                    }
                }
            },
        }
    }
    whole.then_some((text, plain))
}

pub(super) fn unknown<'a>(
    name: &str,
    at: FileSpan,
    names: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("unknown variable {}", quoted(name));
    let help = did_you_mean(name, names).unwrap_or_else(|| {
        format!(
            "declare `{name}` under `variables:`, or write `$${{` for the characters themselves"
        )
    });
    let found = Diagnostic::error("production::variables::unknown", at, message);
    found.with_label("no variable of this name").with_help(help)
}

pub(super) fn bad_reference(at: FileSpan, why: &str) -> Diagnostic {
    let message = format!("`${{` begins a variable, but {why}");
    let help = "write `${name}`, or `$${` for the characters themselves";
    Diagnostic::error("production::variables::bad_reference", at, message).with_help(help)
}

fn too_large(at: FileSpan, limits: &Limits) -> Diagnostic {
    let message = format!(
        "with its variables in place, this value is longer than {} bytes, or all of the file's together than {}",
        limits.scalar_bytes, limits.expanded_bytes
    );
    Diagnostic::error("production::variables::too_large", at, message)
}
