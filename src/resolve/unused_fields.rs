//! Reports fields that have no effect where they are written.

use super::context::ResolveContext;
use crate::base::{Diagnostic, DiagnosticCode, FileSpan};
use crate::document::ScalarOrList;
use crate::document::draft::OutputDraft;

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

/// Returns the fields of an output that are about its pictures or its stems, with their places.
/// They have no effect in outputs that are no film of shots.
pub(super) fn picture_fields(own: &OutputDraft) -> [(&'static str, Option<FileSpan>); 10] {
    let size = own.resolution.as_ref().map(|size| match size {
        ScalarOrList::One(text) => text.origin,
        ScalarOrList::List(list) => list.origin,
    });
    [
        ("codec", own.codec.as_ref().map(|value| value.origin)),
        ("resolution", size),
        ("shots", own.shots.as_ref().map(|value| value.origin)),
        ("per_shot", own.per_shot.as_ref().map(|value| value.origin)),
        ("crf", own.crf.as_ref().map(|value| value.origin)),
        ("bit_rate", own.bit_rate.as_ref().map(|value| value.origin)),
        ("profile", own.profile.as_ref().map(|value| value.origin)),
        (
            "pixel_format",
            own.pixel_format.as_ref().map(|value| value.origin),
        ),
        ("fit", own.fit.as_ref().map(|value| value.origin)),
        ("stems", own.stems.as_ref().map(|value| value.origin)),
    ]
}
