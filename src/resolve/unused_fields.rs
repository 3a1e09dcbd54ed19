//! Reports fields that have no effect where they are written.

use super::context::ResolveContext;
use crate::base::{Diagnostic, DiagnosticCode, FileSpan};

/// Reports a field about sound that has no effect. `why` follows "has no effect", such as "beside `file`".
pub(super) fn report_unused(
    context: &mut ResolveContext<'_>,
    field: &str,
    origin: FileSpan,
    why: &str,
    help: &str,
) {
    let code = "production::sound::unused_field";
    context
        .diagnostics
        .push(unused_finding(code, field, origin, why).with_help(help));
}

/// Returns the finding about a field that has no effect.
pub(super) fn unused_finding(
    code: DiagnosticCode,
    field: &str,
    origin: FileSpan,
    why: &str,
) -> Diagnostic {
    let message = format!("`{field}` has no effect {why}");
    // A warning: the film is made, only not as one of the two fields says.
    Diagnostic::warning(code, origin, message).with_label("is not used")
}
