//! Reports fields about sound that have no effect where they are written.

use super::context::ResolveContext;
use crate::base::{Diagnostic, FileSpan};

/// Reports a field that has no effect. `why` follows "has no effect", such as "beside `file`".
pub(super) fn report_unused(
    context: &mut ResolveContext<'_>,
    field: &str,
    origin: FileSpan,
    why: &str,
    help: &str,
) {
    let message = format!("`{field}` has no effect {why}");
    // A warning: the film is made, only not as one of the two fields says.
    let found = Diagnostic::warning("production::sound::unused_field", origin, message);
    context
        .diagnostics
        .push(found.with_label("is not used").with_help(help));
}
