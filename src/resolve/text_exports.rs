//! Resolves the outputs that are text: cut lists, timelines for other programs and captions.

use super::context::ResolveContext;
use super::output_parts::{OutputParts, PATH_SHOT, WrittenPath, filled_path};
use super::outputs::folder_path;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::quote::quote_value;
use crate::library::Library;
use crate::model::cut::{TextExport, TextExportKind};
use crate::model::production::{Output, main_output};
use std::path::PathBuf;

/// Returns what kind of text an output is. `None`: it has pictures.
pub(super) fn text_export_kind(library: &Library, own: &OutputDraft) -> Option<TextExportKind> {
    let format = own.format.as_ref().filter(|name| !name.is_placeholder)?;
    // A preset of the user's that has this name goes first: it was there before.
    if library.outputs.get(&format.value).is_some() {
        return None;
    }
    TextExportKind::from_name(format.value.trim())
}

/// Returns the deliverables that are text, in the order of the document.
pub(super) fn resolve_exports(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    outputs: &[Output],
    parts: &OutputParts<'_>,
) -> Vec<TextExport> {
    let drafts = draft.outputs.iter().flatten().enumerate();
    let mut exports = Vec::new();
    for (entry, own) in drafts {
        if let Some(kind) = text_export_kind(context.library, own) {
            exports.push(resolve_export(context, own, kind, entry, outputs, parts));
        }
    }
    exports
}

fn resolve_export(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: TextExportKind,
    entry: usize,
    outputs: &[Output],
    parts: &OutputParts<'_>,
) -> TextExport {
    report_field_of_pictures(context, own, kind);
    let name = own.name.as_ref().or(own.format.as_ref());
    let name = name.cloned().unwrap_or_default();
    let path = match &own.path {
        Some(path) => path_of_text(context, path.clone().map(folder_path), kind),
        None => {
            let file = format!("{}.{}", name.value, kind.extension());
            Spanned::new(PathBuf::from("deliverables").join(file), name.origin)
        }
    };
    let written = WrittenPath {
        name: &name.value,
        path: &path,
    };
    TextExport {
        path: filled_path(context, written, parts, None),
        output: exported_output(context, own, outputs),
        of: own.of.clone(),
        replace: own.replace.as_ref().is_some_and(|replace| replace.value),
        origin: path.origin,
        kind,
        name,
        entry,
    }
}

/// Reports a path that is one for each shot, and returns the path.
fn path_of_text(
    context: &mut ResolveContext<'_>,
    mut path: Spanned<PathBuf>,
    kind: TextExportKind,
) -> Spanned<PathBuf> {
    let text = path.value.to_string_lossy().into_owned();
    let mut of_shots = [PATH_SHOT, "${take}"].into_iter();
    let Some(token) = of_shots.find(|token| text.contains(token)) else {
        return path;
    };
    let message = format!("`{token}` means nothing in the path of a `{}`", kind.name());
    context.report_error(
        "production::exports::unused_field",
        path.origin,
        message,
        Some("leave it out; the text is about all shots of its output".to_owned()),
    );
    path.is_placeholder = true;
    path
}

/// Returns the index of the output whose timeline a text is.
fn exported_output(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    outputs: &[Output],
) -> Option<usize> {
    let Some(of) = own.of.as_ref().filter(|of| !of.is_placeholder) else {
        return main_output(outputs);
    };
    let found = outputs
        .iter()
        .position(|output| output.name.value == of.value);
    if found.is_none() {
        let names = outputs.iter().map(|output| output.name.value.as_str());
        let near = context.allowance.search(|| did_you_mean(&of.value, names));
        let help = near.unwrap_or_else(|| "write the name of an output with pictures".to_owned());
        let message = format!("unknown output {}", quote_value(&of.value));
        context.report_error(
            "production::exports::unknown_output",
            of.origin,
            message,
            Some(help),
        );
    }
    found
}

/// Reports the first field that says nothing about a text.
fn report_field_of_pictures(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: TextExportKind,
) {
    let Some(field) = field_of_pictures(own) else {
        return;
    };
    let message = format!("`{}` means nothing for a `{}`", field.value, kind.name());
    let help = match field.value {
        "shots" | "per_shot" => "leave it out; `of` names the output whose shots are listed",
        _ => "leave it out; the output is text and has no pictures",
    };
    context.report_error(
        "production::exports::unused_field",
        field.origin,
        message,
        Some(help.to_owned()),
    );
}

/// Returns the first field that is written and is about pictures or sound.
fn field_of_pictures(own: &OutputDraft) -> Option<Spanned<&'static str>> {
    let size = own.resolution.as_ref().map(|size| match size {
        crate::document::ScalarOrList::One(text) => text.origin,
        crate::document::ScalarOrList::List(list) => list.origin,
    });
    let shots = own.shots.as_ref().and_then(|shots| shots.first());
    let fields: [(&'static str, Option<FileSpan>); 11] = [
        ("codec", own.codec.as_ref().map(|value| value.origin)),
        ("resolution", size),
        (
            "frame_rate",
            own.frame_rate.as_ref().map(|value| value.origin),
        ),
        ("shots", shots.map(|value| value.origin)),
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
    ];
    let written = fields
        .into_iter()
        .find_map(|(name, origin)| Some(Spanned::new(name, origin?)));
    let nested = own.retro.is_some().then_some("retro");
    let nested = nested.or(own.sound.is_some().then_some("sound"));
    let place = own.format.as_ref().map(|format| format.origin);
    written.or_else(|| Some(Spanned::new(nested?, place.unwrap_or_default())))
}

/// Reports `of` in an output that has pictures.
pub(super) fn report_field_of_text(context: &mut ResolveContext<'_>, own: &OutputDraft) {
    let Some(of) = own.of.as_ref().filter(|of| !of.is_placeholder) else {
        return;
    };
    context.report_error(
        "production::exports::unused_field",
        of.origin,
        "`of` means nothing for an output with pictures".to_owned(),
        Some("leave it out, or write a `format` that is text, such as `cut_list`".to_owned()),
    );
}
