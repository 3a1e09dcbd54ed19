//! Resolves the outputs that are text: cut lists, timelines for other programs and captions.

use super::context::ResolveContext;
use super::document_shots::report_absent;
use super::output_parts::{OutputParts, PATH_SHOT, WrittenPath, filled_path};
use super::outputs::folder_path;
use super::unused_fields::picture_fields;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::quote::quote_value;
use crate::interchange::{FcpxmlVersion, OtioSchemas};
use crate::library::Library;
use crate::model::cut::{EditSettings, TextExport, TextExportKind};
use crate::model::defaults;
use crate::model::production::{Output, ShotFile, main_output};
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

/// Returns the deliverables that are text, in the order of the document. A list of events has its
/// table of reels behind it.
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
            // Without this, the output would be reported as unknown, which it is not: an editor
            // took its shots out.
            if let Some(of) = lost_output(context, draft, own, outputs) {
                let what = format!("`{}` goes with it", kind.name());
                report_absent(context, of, &what);
                continue;
            }
            let export = resolve_export(context, own, kind, entry, outputs, parts);
            let reels = (kind == TextExportKind::Edl).then(|| reels_beside(&export));
            exports.push(export);
            // Names of reels have eight letters at most. Without the table, a list that comes back
            // cannot be matched with long names.
            exports.extend(reels);
        }
    }
    exports
}

/// Returns the output of a text, if it has gone with its shots, which the cut of a timeline has not.
fn lost_output<'a>(
    context: &ResolveContext<'_>,
    draft: &ProductionDraft,
    own: &'a OutputDraft,
    outputs: &[Output],
) -> Option<&'a Spanned<String>> {
    context.document_shots.as_ref()?;
    let of = own.of.as_ref().filter(|of| !of.is_placeholder)?;
    let mut written = draft.outputs.iter().flatten();
    let is_written = written.any(|other| {
        let name = other.name.as_ref().or(other.format.as_ref());
        other.shots.is_some() && name.is_some_and(|name| name.value == of.value)
    });
    let is_there = outputs.iter().any(|output| output.name.value == of.value);
    (is_written && !is_there).then_some(of)
}

/// Returns the table of the reels of a list of events: beside it, with `.reels.csv` in place of its
/// extension.
fn reels_beside(list: &TextExport) -> TextExport {
    let path = list.path.clone().map(|path| {
        let stem = path.file_stem().unwrap_or_default();
        let mut name = stem.to_owned();
        name.push(".reels.csv");
        path.with_file_name(name)
    });
    TextExport {
        name: list.name.clone().map(|name| format!("{name}.reels")),
        kind: TextExportKind::Reels,
        path,
        version: None,
        ..list.clone()
    }
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
            Spanned::new(
                PathBuf::from(defaults::DELIVERABLES_PATH).join(file),
                name.origin,
            )
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
        media: timeline_media(context, own, kind, outputs),
        version: format_version(context, own, kind),
        language: caption_language(context, own, kind),
        replace: own.replace.as_ref().is_some_and(|replace| replace.value),
        origin: path.origin,
        kind,
        name,
        entry,
    }
}

/// Returns the entry whose files of single shots a timeline refers to. `None`: it refers to the
/// film.
fn timeline_media(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: TextExportKind,
    outputs: &[Output],
) -> Option<usize> {
    let written = own.media.as_ref().filter(|media| !media.is_placeholder);
    if !kind.is_timeline() {
        if let Some(media) = written {
            report_foreign_field(
                context,
                "media",
                media.origin,
                kind,
                "a timeline refers to files",
            );
        }
        return None;
    }
    let is_file =
        // A folder of numbered pictures is no file that a clip can name.
        |output: &&Output| output.shot_file.is_some() && !output.format.codec.is_sequence();
    let mut files = outputs.iter().filter(is_file);
    let Some(media) = written else {
        // Files of shots go before the film: they have handles, so that cuts can be moved in them.
        return files.next().map(|output| output.entry);
    };
    // A word of the field, also if an output has this name.
    if media.value == "film" {
        return None;
    }
    let named = files.find(|output| {
        // `split_outputs` has made one output for each shot, with the shot's name behind this one.
        let names = output.name.value.strip_prefix(media.value.as_str());
        names.is_some_and(|rest| rest.starts_with('_'))
    });
    if named.is_none() {
        let message = format!(
            "{} is no output with one file a shot",
            quote_value(&media.value)
        );
        let help = "name an output with `per_shot: true` that is a film, or write `film`";
        context.report_error(
            "production::exports::unknown_media",
            media.origin,
            message,
            Some(help.to_owned()),
        );
    }
    named.map(|output| output.entry)
}

/// Returns the version of a format, if it is one that is written.
fn format_version(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: TextExportKind,
) -> Option<Spanned<String>> {
    let written = own
        .version
        .as_ref()
        .filter(|version| !version.is_placeholder)?;
    let version = written.value.trim();
    let known = match kind {
        TextExportKind::Otio => OtioSchemas::for_version(version).is_some(),
        TextExportKind::Fcpxml => FcpxmlVersion::from_number(version).is_some(),
        _ => {
            let why = "`otio` and `fcpxml` have versions";
            report_foreign_field(context, "version", written.origin, kind, why);
            return None;
        }
    };
    if known {
        return Some(Spanned::new(version.to_owned(), written.origin));
    }
    let message = format!(
        "{} is no version of `{}`",
        quote_value(version),
        kind.name()
    );
    let help = match kind {
        TextExportKind::Otio => {
            "write the version of the reader, such as `\"0.14\"` for those that know `Clip.1` \
             alone, or leave it out"
        }
        // YAML reads `1.10` as a number, which is 1.1.
        _ => "write `\"1.8\"`, `\"1.9\"` or `\"1.10\"`, in quotes",
    };
    context.report_error(
        "production::exports::unknown_version",
        written.origin,
        message,
        Some(help.to_owned()),
    );
    None
}

/// Returns the language of captions, as written.
fn caption_language(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: TextExportKind,
) -> Option<Spanned<String>> {
    let written = own
        .language
        .as_ref()
        .filter(|language| !language.is_placeholder)?;
    if !kind.is_captions() {
        let why = "captions have a language";
        report_foreign_field(context, "language", written.origin, kind, why);
        return None;
    }
    Some(written.clone())
}

fn report_foreign_field(
    context: &mut ResolveContext<'_>,
    field: &str,
    origin: FileSpan,
    kind: TextExportKind,
    why: &str,
) {
    let message = format!("`{field}` means nothing for a `{}`", kind.name());
    let help = format!("leave it out; {why}");
    context.report_error(
        "production::exports::unused_field",
        origin,
        message,
        Some(help),
    );
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
    // So that nothing else is reported about this path.
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
    report_single_picture(context, of, found.and_then(|index| outputs.get(index)));
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

/// Reports a text about an output that is a single picture: nothing in it has a time.
fn report_single_picture(
    context: &mut ResolveContext<'_>,
    of: &Spanned<String>,
    output: Option<&Output>,
) {
    let codec = output.map(|output| output.format.codec);
    let Some(codec) = codec.filter(|codec| codec.still_format().is_some()) else {
        return;
    };
    let name = quote_value(&of.value);
    context.report_error(
        "production::exports::unknown_output",
        of.origin,
        format!(
            "{name} is a {}, which has no times",
            codec.spec().display_name
        ),
        Some("write the name of a film, or remove `of`: it is the first film then".to_owned()),
    );
}

/// Marks the files that timelines refer to. What is beyond the cuts of a shot has no sound.
pub(super) fn mark_media(outputs: &mut [Output], exports: &[TextExport], edit: &EditSettings) {
    let entries: Vec<usize> = exports.iter().filter_map(|export| export.media).collect();
    for output in outputs {
        if output.shot_file.is_none() || !entries.contains(&output.entry) {
            continue;
        }
        output.shot_file = Some(ShotFile {
            handles: edit.handles,
            is_media: true,
        });
        if edit.handles > 0 {
            // Sound lasts as long as the film, and handles would move it against the pictures.
            output.sound = None;
        }
    }
}

/// Reports the first field that says nothing about a text.
fn report_field_of_pictures(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: TextExportKind,
) {
    // One finding is enough: the author takes the output for one of another kind.
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
    let frame_rate = (
        "frame_rate",
        own.frame_rate.as_ref().map(|value| value.origin),
    );
    let written = std::iter::once(frame_rate)
        .chain(picture_fields(own))
        .find_map(|(name, origin)| Some(Spanned::new(name, origin?)));
    let nested = own.retro.is_some().then_some("retro");
    let nested = nested.or(own.captions.is_some().then_some("captions"));
    let nested = nested.or(own.sound.is_some().then_some("sound"));
    let place = own.format.as_ref().map(|format| format.origin);
    written.or_else(|| Some(Spanned::new(nested?, place.unwrap_or_default())))
}

/// Reports fields of texts in an output that has pictures.
pub(super) fn report_field_of_text(context: &mut ResolveContext<'_>, own: &OutputDraft) {
    let of = own.of.as_ref().filter(|of| !of.is_placeholder);
    let media = own.media.as_ref().filter(|media| !media.is_placeholder);
    let language = own
        .language
        .as_ref()
        .filter(|language| !language.is_placeholder);
    let version = own
        .version
        .as_ref()
        .filter(|version| !version.is_placeholder);
    let fields = [
        ("of", of.map(|of| of.origin)),
        ("media", media.map(|media| media.origin)),
        ("language", language.map(|language| language.origin)),
        ("version", version.map(|version| version.origin)),
    ];
    let written = fields
        .into_iter()
        .find_map(|(name, origin)| Some(Spanned::new(name, origin?)));
    let Some(field) = written else { return };
    context.report_error(
        "production::exports::unused_field",
        field.origin,
        format!(
            "`{}` means nothing for an output with pictures",
            field.value
        ),
        Some("leave it out, or write a `format` that is text, such as `cut_list`".to_owned()),
    );
}
