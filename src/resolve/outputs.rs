//! Resolves outputs: preset, codec, size, rate, retro and path.

use super::context::ResolveContext;
use super::game_outputs::game_kind;
use super::output_encoding::resolve_encoding;
use super::output_renditions::resolve_renditions;
use super::output_sound::resolve_output_sound;
use super::retro::resolve_retro;
use super::text_exports::{report_field_of_text, text_export_kind};
use super::value_parsers::{parse_rate, parse_size};
use crate::base::paths::normalized_path;
use crate::base::suggestions::nearest_match;
use crate::base::{Diagnostic, Spanned};
use crate::document::draft::{OutputDraft, ProductionDraft, RetroDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::model::cut::TextExportKind;
use crate::model::output_words::OutputWord;
use crate::model::production::{Output, OutputCaptions};
use crate::model::sound::OutputSound;
use crate::model::sprites::GameKind;
use crate::model::{Codec, OutputFormat, PixelSize, defaults};
use std::path::{Path, PathBuf};

pub(super) fn resolve_outputs(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    has_sound: bool,
) -> Vec<Output> {
    let drafts = draft.outputs.iter().flatten();
    drafts
        .enumerate()
        // A deliverable that is text has neither codec nor size, and one for games no shots.
        .filter(|(_, own)| {
            text_export_kind(context.library, own).is_none()
                && game_kind(context.library, own).is_none()
        })
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(index, own)| {
            report_field_of_text(context, own);
            let output = resolve_output(context, draft, own, index);
            // A single picture has no duration, so it can carry no sound.
            let carries_sound = has_sound && output.format.codec.still_format().is_none();
            let sound = carries_sound.then(|| resolve_sound(context, draft, own, &output.format));
            Output {
                sound: sound.flatten(),
                ..output
            }
        })
        .collect()
}

/// Returns the sound of an output. `None`: it is silent.
fn resolve_sound(
    context: &mut ResolveContext<'_>,
    production: &ProductionDraft,
    own: &OutputDraft,
    format: &OutputFormat,
) -> Option<OutputSound> {
    let preset = own
        .format
        .as_ref()
        .and_then(|name| context.library.outputs.get(&name.value));
    let base = preset.cloned().unwrap_or_default();
    let retro = retro_layers(production, own, &base, format.codec).filter(is_switched_on);
    let console = retro.and_then(|retro| {
        let preset = retro.preset.as_ref();
        let preset = preset.and_then(|name| context.library.consoles.get(&name.value));
        let base = preset.and_then(|console| console.sound.clone());
        retro.sound.overlay_on(base)
    });
    let merged = own.clone().overlay_on(base);
    resolve_output_sound(context, &merged, format, console.as_ref())
}

fn is_switched_on(retro: &RetroDraft) -> bool {
    retro.enabled.is_none_or(|enabled| enabled.value)
}

/// Returns the preset of an output. An unknown one is reported.
fn find_preset<'a>(context: &mut ResolveContext<'a>, own: &OutputDraft) -> Option<&'a OutputDraft> {
    // Texts and sheets are no presets, and a slip of their names is found among all.
    let texts = TextExportKind::ALL.iter().map(|kind| kind.name());
    let games = [GameKind::SpriteSheet, GameKind::TileMap].map(GameKind::format);
    let others: Vec<&str> = texts.chain(games).collect();
    let name = own.format.as_ref()?;
    let library = context.library;
    context.find_preset_among("output preset", &library.outputs, name, &others)
}

/// Reports a `format` that is a codec, and returns the codec, so that no other finding follows from
/// it. A kind of file is reported alike, and gives no codec. `None`: it is another word.
fn misplaced_codec(context: &mut ResolveContext<'_>, own: &OutputDraft) -> Option<Spanned<Codec>> {
    let name = own.format.as_ref().filter(|name| !name.is_placeholder)?;
    if context.library.outputs.get(&name.value).is_some() {
        return None;
    }
    let word = OutputWord::find(&name.value)?;
    // What is nearly the name of a preset is answered with it, also with one of the project.
    let mut presets = context.library.outputs.preset_names();
    if matches!(word, OutputWord::Presets(_)) && nearest_match(&name.value, &mut presets).is_some()
    {
        return None;
    }
    let message = format!("unknown output preset {}", quote_value(&name.value));
    let code = "production::library::unknown_preset";
    let diagnostic = Diagnostic::error(code, name.origin, message);
    let diagnostic = diagnostic.with_label("no output preset of this name");
    context.diagnostics.push(diagnostic.with_help(word.help()));
    match word {
        OutputWord::Codec(codec) | OutputWord::OtherName(codec) => {
            Some(Spanned::new(codec, name.origin))
        }
        // A kind of file or of sound alone says nothing of the pictures.
        _ => Some(Spanned::new(Codec::H264, name.origin)),
    }
}

fn resolve_output(
    context: &mut ResolveContext<'_>,
    production: &ProductionDraft,
    own: &OutputDraft,
    index: usize,
) -> Output {
    let base = match misplaced_codec(context, own) {
        Some(codec) => OutputDraft {
            codec: Some(codec),
            ..OutputDraft::default()
        },
        None => find_preset(context, own).cloned().unwrap_or_default(),
    };
    let name = own
        .name
        .clone()
        // The preset's name is the better default: `streaming_1080p` says more than `output_1`.
        .or_else(|| own.format.clone())
        .unwrap_or_else(|| default_output_name(own, index));
    let format = resolve_format(context, production, own, &base);
    let path = deliverable_path(own, &name, &format);
    let origin = own.path.as_ref().map_or(name.origin, |path| path.origin);
    let replace = own.replace.as_ref().or(base.replace.as_ref());
    Output {
        display_name: own.display_name.as_ref().map(|text| text.value.clone()),
        name,
        path,
        entry: index,
        shots: None,
        replace: replace.is_some_and(|replace| replace.value),
        format,
        origin,
        sound: None,
        marks: Default::default(),
        shot_file: None,
        captions: OutputCaptions::default(),
    }
}

fn default_output_name(own: &OutputDraft, index: usize) -> Spanned<String> {
    let origin = own
        .path
        .as_ref()
        .or(own.description.as_ref())
        .map(|text| text.origin);
    Spanned::new(format!("output_{}", index + 1), origin.unwrap_or_default())
}

fn resolve_format(
    context: &mut ResolveContext<'_>,
    production: &ProductionDraft,
    own: &OutputDraft,
    base: &OutputDraft,
) -> OutputFormat {
    let merged = own.clone().overlay_on(base.clone());
    let codec = merged
        .codec
        .as_ref()
        .map(|codec| codec.value)
        .unwrap_or_default();
    let size = merged
        .resolution
        .as_ref()
        .and_then(|written| parse_size(context, written))
        .unwrap_or(defaults::SIZE);
    let rate = merged
        .frame_rate
        .as_ref()
        .and_then(|text| parse_rate(context, text))
        .unwrap_or(defaults::RATE);
    let retro = resolve_treatment(context, production, own, base, codec, size);
    // A retro treatment changes the size of the deliverable, and everything later must see one size
    // only.
    let size = retro.as_ref().map_or(size, |retro| retro.size);
    let mut encoding = resolve_encoding(context, &merged, codec);
    encoding.renditions = resolve_renditions(context, &merged, codec, size);
    OutputFormat {
        codec,
        size,
        rate,
        encoding,
        fit: merged.fit.map(|fit| fit.value).unwrap_or_default(),
        retro,
    }
}

fn resolve_treatment(
    context: &mut ResolveContext<'_>,
    production: &ProductionDraft,
    own: &OutputDraft,
    base: &OutputDraft,
    codec: Codec,
    size: PixelSize,
) -> Option<crate::model::retro_treatment::RetroTreatment> {
    let merged = retro_layers(production, own, base, codec)?;
    let small = if own.retro.is_some() && own.resolution.is_some() {
        size
    } else {
        // The picture of the SNES: the size that people expect of an unnamed console.
        PixelSize::new(256, 224)
    };
    resolve_retro(
        context,
        &merged,
        // A preset with a treatment gives the size of its console as `resolution`.
        if base.retro.is_some() { size } else { small },
    )
}

/// Returns the fields of the retro treatment: the output's own over its preset's over the
/// production's.
fn retro_layers(
    production: &ProductionDraft,
    own: &OutputDraft,
    base: &OutputDraft,
    codec: Codec,
) -> Option<RetroDraft> {
    let wide = production
        .retro
        .as_ref()
        // The production's `retro` is for sprites and other sequences. A trailer in the same
        // document would otherwise be pixelated as well; it has to ask.
        .filter(|_| codec.is_sequence() || base.retro.is_some() || own.retro.is_some());
    let layers: Vec<_> = [own.retro.as_ref(), base.retro.as_ref(), wide]
        .into_iter()
        .flatten()
        .collect();
    let mut layers = layers.into_iter();
    let first = layers.next()?.clone();
    Some(layers.fold(first, |top, under| top.overlay_on(under.clone())))
}

/// Returns the path with forward slashes and without one at its end.
pub(super) fn folder_path(path: String) -> PathBuf {
    // Two spellings of one folder must compare as equal in the rules about overlapping paths.
    PathBuf::from(path.replace('\\', "/").trim_end_matches('/'))
}

/// Returns whether a path is written as a folder in the production's: `renders/`, `renders/.`.
fn is_written_as_folder(path: &str) -> bool {
    let path = path.replace('\\', "/");
    // The production's own folder is more likely a path that somebody forgot to complete.
    let is_own_folder = normalized_path(Path::new(&path)).is_some_and(|path| path == Path::new(""));
    (path.ends_with('/') || path.ends_with("/.")) && !is_own_folder
}

/// Returns the file name that a film has in a folder: the output's name with the codec's extension.
fn film_file_name(name: &str, format: &OutputFormat) -> String {
    // Not `with_extension`, which takes what follows a dot in the name for an extension. A name
    // with a slash would be a folder.
    let stem = name.replace(['/', '\\'], "_");
    format!("{stem}.{}", format.extension())
}

/// Returns the path of the deliverable. The default is `deliverables/<name>` with the codec's
/// extension.
fn deliverable_path(
    own: &OutputDraft,
    name: &Spanned<String>,
    format: &OutputFormat,
) -> Spanned<PathBuf> {
    let stem = || PathBuf::from(defaults::DELIVERABLES_PATH).join(&name.value);
    match &own.path {
        // Renderers and editors take a folder for their films, so people write one here too.
        Some(path) if !format.codec.is_folder() && is_written_as_folder(&path.value) => path
            .clone()
            .map(|path| folder_path(path).join(film_file_name(&name.value, format))),
        Some(path) => path.clone().map(folder_path),
        // A sequence is a folder of numbered files, so it has no extension.
        None if format.codec.is_folder() => Spanned::new(stem(), name.origin),
        None => Spanned::new(stem().with_extension(format.extension()), name.origin),
    }
}
