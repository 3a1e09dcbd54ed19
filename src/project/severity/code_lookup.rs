//! Looks up codes, and reports names that are no code.

use crate::base::suggestions::nearest_match;
use crate::base::{Diagnostic, DiagnosticCode, Severity, Spanned};
use crate::document::quote::quote_value;

const CODE_PREFIX: &str = "production::";

/// Returns the code of a name, with its default severity. The prefix `production::` is optional.
pub(super) fn find_code(
    name: &str,
    known: &[(DiagnosticCode, Severity)],
) -> Option<(DiagnosticCode, Severity)> {
    known
        .iter()
        .find(|(code, _)| *code == name || without_prefix(code) == name)
        .copied()
}

/// Returns a code without the prefix `production::`.
pub(super) fn without_prefix(code: &str) -> &str {
    code.strip_prefix(CODE_PREFIX).unwrap_or(code)
}

/// Returns a warning about a name that is no code.
pub(super) fn unknown_code_warning(
    name: &Spanned<String>,
    known: &[(DiagnosticCode, Severity)],
) -> Diagnostic {
    let message = format!("unknown code {}", quote_value(&name.value));
    // Compared without the prefix, since twelve equal characters would make every code look near.
    let near = nearest_match(
        without_prefix(&name.value),
        known.iter().map(|(code, _)| without_prefix(code)),
    );
    let help = near.map_or_else(
        || {
            "write a code as `production validate` prints it, such as `shots::no_subject`"
                .to_owned()
        },
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::warning("production::rules::unknown_code", name.origin, message)
        .with_label("no finding has this code")
        .with_help(help)
}
