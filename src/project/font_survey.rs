//! The fonts that a document names: that of the program, files of the project, installed fonts.

use crate::base::Spanned;
use crate::base::bounded_text::read_bounded;
use crate::base::paths::{escapes_root, normalized_path};
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::titles_draft::TitleDraft;
use crate::document::{OneOrMany, TextOr};
use crate::lettering::{
    BUILT_IN_FONT, BUILT_IN_FONT_NAME, CODE_FONT, ICON_FONT, SystemFonts, built_in_coverage,
    code_coverage, read_typeface_facts,
};
use crate::library::Library;
use crate::model::graphics::GraphicKind;
use crate::model::titles::{FontFinding, FontSurvey};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest font that is read. The fonts of all Chinese characters have 30 MB.
const MOST_BYTES: u64 = 256 << 20;

/// Returns what is behind every name of a font. Installed fonts are listed only if a name needs
/// them.
pub(super) fn survey_fonts(draft: &ProductionDraft, library: &Library, root: &Path) -> FontSurvey {
    let names = font_names(draft, library);
    let mut survey = FontSurvey {
        built_in: BUILT_IN_FONT.to_owned(),
        // A document without text needs no font.
        built_in_covered: if has_text(draft, library) {
            built_in_coverage()
        } else {
            Arc::default()
        },
        code_font: CODE_FONT.to_owned(),
        code_covered: if has_code(draft) {
            code_coverage()
        } else {
            Arc::default()
        },
        icon_font: ICON_FONT.to_owned(),
        ..FontSurvey::default()
    };
    let mut installed = None;
    for name in names {
        let finding = if name.trim().eq_ignore_ascii_case(BUILT_IN_FONT_NAME) {
            FontFinding::BuiltIn
        } else if FontSurvey::is_file_name(&name) {
            file_finding(root, &name)
        } else {
            installed_finding(installed.get_or_insert_with(SystemFonts::list), &name)
        };
        survey.fonts.insert(name, finding);
    }
    survey
}

/// Returns the outputs with the fields of their presets.
fn preset_outputs<'a>(
    draft: &'a ProductionDraft,
    library: &'a Library,
) -> impl Iterator<Item = &'a OutputDraft> {
    let outputs = draft.outputs.iter().flatten();
    outputs.flat_map(move |own| {
        let preset = own.format.as_ref();
        let preset = preset.and_then(|name| library.outputs.get(&name.value));
        std::iter::once(own).chain(preset)
    })
}

fn has_code(draft: &ProductionDraft) -> bool {
    let mut graphics = draft.graphics.iter().flatten();
    graphics.any(|graphic| {
        graphic
            .kind
            .is_some_and(|kind| kind.value == GraphicKind::Code)
    })
}

fn has_text(draft: &ProductionDraft, library: &Library) -> bool {
    draft.titles.is_some()
        || draft.graphics.is_some()
        || draft.beats.is_some()
        || draft.credits.is_some()
        || draft.fonts.is_some()
        || preset_outputs(draft, library).any(|output| {
            output.burn_in.is_some()
                || output.watermark.is_some()
                || output.slate.is_some()
                || output.captions.is_some()
        })
}

/// Returns every name of a font, each once.
fn font_names(draft: &ProductionDraft, library: &Library) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |written: Option<&OneOrMany<Spanned<String>>>| {
        let written = written.into_iter().flatten();
        let written = written.filter(|name| !name.is_placeholder);
        names.extend(written.map(|name| name.value.clone()));
    };
    add(draft.fonts.as_ref());
    for title in draft.titles.iter().flatten() {
        if let TextOr::Full(title) = title {
            add(title.font.as_ref());
        }
    }
    for graphic in draft.graphics.iter().flatten() {
        add(graphic.font.as_ref());
    }
    for title in beat_titles(draft, library) {
        add(title.font.as_ref());
    }
    if let Some(TextOr::Full(credits)) = &draft.credits {
        add(credits.font.as_ref());
    }
    for output in preset_outputs(draft, library) {
        if let Some(TextOr::Full(watermark)) = &output.watermark {
            add(watermark.font.as_ref());
        }
    }
    names
}

/// Returns the titles of the beats of a document.
fn beat_titles<'a>(
    draft: &'a ProductionDraft,
    library: &'a Library,
) -> impl Iterator<Item = &'a TitleDraft> {
    let names = draft.beats.iter().flatten().filter_map(|beat| match beat {
        TextOr::Text(name) => Some(&name.0),
        TextOr::Full(beat) => beat.beat.as_ref(),
    });
    let beats = names.filter_map(|name| library.beats.get(&name.value));
    let shots = beats.flat_map(|beat| beat.shots.iter().flatten());
    shots.flat_map(|shot| shot.titles.iter().flatten())
}

fn file_finding(root: &Path, name: &str) -> FontFinding {
    let written = PathBuf::from(name.trim().replace('\\', "/"));
    // What is outside of the project is not opened. A rule on files reports the mention.
    let Some(path) = normalized_path(&written).filter(|path| !escapes_root(root, path)) else {
        return FontFinding::MissingFile;
    };
    let Some(bytes) = read_font_file(&root.join(path)) else {
        return FontFinding::MissingFile;
    };
    match read_typeface_facts(bytes, None) {
        Some(facts) => FontFinding::ProjectFile {
            covered: facts.covered,
        },
        None => FontFinding::Unreadable,
    }
}

/// Returns the content of a file of at most [`MOST_BYTES`]. `None`: there is none, or it is no
/// file: opening a pipe would wait for ever.
pub(super) fn read_font_file(path: &Path) -> Option<Arc<[u8]>> {
    let bytes = read_bounded(path, MOST_BYTES).ok()?;
    (!bytes.is_empty()).then(|| bytes.into())
}

fn installed_finding(fonts: &SystemFonts, name: &str) -> FontFinding {
    let unknown = || {
        let known: BTreeSet<&str> = fonts.families().chain([BUILT_IN_FONT_NAME]).collect();
        FontFinding::Unknown {
            known: known.into_iter().map(str::to_owned).collect(),
        }
    };
    let Some(family) = fonts.family_name(name) else {
        return unknown();
    };
    let found = fonts.family_file(name, false).and_then(|path| {
        let facts = read_typeface_facts(read_font_file(&path)?, Some(family))?;
        // A family without a bold face is answered with its usual one.
        let bold = fonts.family_file(name, true);
        Some(FontFinding::Installed {
            bold: bold.filter(|bold| *bold != path),
            path,
            family: family.to_owned(),
            covered: facts.covered,
        })
    });
    found.unwrap_or_else(unknown)
}
