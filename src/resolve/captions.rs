//! Resolves captions: the style guide and its numbers, and the lines in other languages.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Spanned};
use crate::document::TextOr;
use crate::document::caption_table::CaptionTable;
use crate::document::captions_draft::{CaptionsDraft, SpeakerNamingDraft};
use crate::document::draft::ProductionDraft;
use crate::document::quote::quote_value;
use crate::model::captions::{
    CAPTION_GUIDES, CaptionAudience, CaptionGuide, CaptionSettings, CaptionTranslation,
    SpeakerNaming,
};
use crate::model::production::Shot;
use crate::model::value_ranges;
use std::collections::{BTreeSet, HashMap};

/// Returns the captions of the production.
pub(super) fn resolve_captions(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    translations: Option<Vec<CaptionTranslation>>,
    language: &str,
) -> CaptionSettings {
    let usual = CaptionSettings {
        language: language.to_owned(),
        ..CaptionSettings::default()
    };
    let written = match &draft.captions {
        // Without the field, captions follow the usual guide: outputs may still ask for them.
        None => return usual,
        Some(TextOr::Text(name)) => CaptionsDraft {
            profile: Some(name.0.clone()),
            ..CaptionsDraft::default()
        },
        Some(TextOr::Full(written)) => written.clone(),
    };
    let number = |number: Option<u32>| number.and_then(|number| usize::try_from(number).ok());
    let letters = value_ranges::CAPTION_LETTERS;
    let line_letters = context.in_range_opt("line_length", &written.line_length, letters);
    let lines = context.in_range_opt("lines", &written.lines, value_ranges::CAPTION_LINES);
    let speed = value_ranges::READING_SPEED;
    let speed = context.in_range_opt("reading_speed", &written.reading_speed, speed);
    let seconds = value_ranges::CAPTION_SECONDS;
    let shortest = context.in_range_opt("shortest", &written.shortest, seconds);
    let longest = context.in_range_opt("longest", &written.longest, seconds);
    let gap = context.in_range_opt("gap", &written.gap, value_ranges::CAPTION_GAP);
    report_longest(context, &written);
    let guide = resolve_guide(context, written.profile.as_ref());
    CaptionSettings {
        guide,
        audience: resolve_audience(context, &written, guide),
        line_letters: number(line_letters),
        lines: number(lines),
        letters_a_second: speed.map(f64::from),
        shortest: shortest.map(f64::from),
        longest: longest.map(f64::from),
        gap: number(gap),
        naming: written
            .speakers
            .map_or(SpeakerNaming::Never, |own| naming(own.value)),
        sounds: written.sounds.is_some_and(|own| own.value),
        table: written.table.as_ref().and_then(asset_from_path),
        has_table: translations.is_some(),
        translations: translations.unwrap_or_default(),
        ..usual
    }
}

const fn naming(written: SpeakerNamingDraft) -> SpeakerNaming {
    match written {
        SpeakerNamingDraft::Never => SpeakerNaming::Never,
        SpeakerNamingDraft::OffScreen => SpeakerNaming::OffScreen,
        SpeakerNamingDraft::Changes => SpeakerNaming::Changes,
        SpeakerNamingDraft::Always => SpeakerNaming::Always,
    }
}

fn resolve_guide(
    context: &mut ResolveContext<'_>,
    name: Option<&Spanned<String>>,
) -> &'static CaptionGuide {
    let usual = &CAPTION_GUIDES[0];
    let Some(name) = name.filter(|name| !name.is_placeholder) else {
        return usual;
    };
    CaptionGuide::by_name(name.value.trim()).unwrap_or_else(|| {
        let names = CAPTION_GUIDES.iter().map(|guide| guide.name);
        let near = context
            .allowance
            .search(|| did_you_mean(&name.value, names));
        let help = near.unwrap_or_else(|| "write `netflix` or `bbc`".to_owned());
        let message = format!("unknown profile of captions {}", quote_value(&name.value));
        context.report_error(
            "production::captions::unknown_profile",
            name.origin,
            message,
            Some(help),
        );
        usual
    })
}

/// Returns who reads the captions. Reports readers for whom the guide has no number of its own, since
/// nothing changes for them.
fn resolve_audience(
    context: &mut ResolveContext<'_>,
    written: &CaptionsDraft,
    guide: &CaptionGuide,
) -> CaptionAudience {
    let Some(audience) = written.audience else {
        return CaptionAudience::Adults;
    };
    if !guide.knows(audience.value) && written.reading_speed.is_none() {
        let message = format!("`{}` has no reading speed for children", guide.name);
        let help = "write `reading_speed`, or use `profile: netflix`";
        let diagnostic = Diagnostic::warning(
            "production::captions::same_audience",
            audience.origin,
            message,
        );
        context.diagnostics.push(diagnostic.with_help(help));
    }
    audience.value
}

/// Reports a longest time that is shorter than the shortest.
fn report_longest(context: &mut ResolveContext<'_>, written: &CaptionsDraft) {
    let (Some(shortest), Some(longest)) = (&written.shortest, &written.longest) else {
        return;
    };
    if longest.value < shortest.value {
        let message = format!(
            "captions cannot last {} s at most and {} s at least",
            longest.value, shortest.value
        );
        context.report_error(
            "production::captions::longest",
            longest.origin,
            message,
            Some("write a longer time, or leave it out".to_owned()),
        );
    }
}

/// Returns the languages of a table, by the names of the lines. A name that is no line is reported.
/// `shots` are those that the document writes: a recut may be without some of their lines.
pub(super) fn resolve_translations(
    context: &mut ResolveContext<'_>,
    table: &CaptionTable,
    shots: &[Shot],
) -> Vec<CaptionTranslation> {
    // In order, so that the same name is suggested on every machine.
    let lines: BTreeSet<&str> = shots
        .iter()
        .flat_map(|shot| &shot.lines)
        .map(|line| line.name.as_str())
        .collect();
    let mut found: Vec<CaptionTranslation> = table
        .languages
        .iter()
        .map(|language| CaptionTranslation {
            language: language.clone(),
            texts: HashMap::new(),
        })
        .collect();
    for row in &table.rows {
        let name = row.line.value.as_str();
        // A sound is named by what is shown for it.
        let is_sound = name.starts_with('[') && name.ends_with(']');
        if !is_sound && !lines.contains(name) {
            let near = context
                .allowance
                .search(|| did_you_mean(name, lines.iter().copied()));
            let help = near.unwrap_or_else(|| {
                "a line is named after its shot, such as `sh010.1`; `production info` lists them"
                    .to_owned()
            });
            let message = format!("no line is called {}", quote_value(name));
            let diagnostic = Diagnostic::warning(
                "production::captions::unknown_line",
                row.line.origin,
                message,
            );
            context
                .diagnostics
                .push(diagnostic.with_label("not a line").with_help(help));
            continue;
        }
        for (translation, text) in found.iter_mut().zip(&row.texts) {
            // An empty cell is a line that nobody has translated yet.
            if !text.value.is_empty() {
                translation.texts.insert(name.to_owned(), text.clone());
            }
        }
    }
    found
}
