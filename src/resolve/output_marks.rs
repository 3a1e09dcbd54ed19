//! Resolves what an output shows on top of its film: burn-ins, watermark, guides, slate.

use super::context::ResolveContext;
use super::output_captions::burns_captions;
use super::title_fonts::FontTable;
use super::title_values::{read_length, read_screen_colour, read_word, report_title_value};
use super::titles::SAFE_MARGIN;
use crate::base::Spanned;
use crate::document::TextOr;
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::overlay::OverlayFields;
use crate::document::titles_draft::{BurnInDraft, WatermarkDraft};
use crate::model::cut::ScreenColour;
use crate::model::production::Output;
use crate::model::titles::{
    BlockLine, BurnInField, BurnInMark, OutputMarks, SMALLEST_TEXT, TextBlock, TextPlace,
    WatermarkText,
};
use crate::model::{FrameRate, value_ranges};

/// How much a watermark hides if nothing says otherwise.
const WATERMARK_OPACITY: f32 = 0.25;
/// Its size.
const WATERMARK_SIZE: f32 = 0.08;

/// Returns the outputs with what each shows on top of its film.
pub(super) fn add_marks(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    outputs: Vec<Output>,
    fonts: &mut FontTable<'_>,
    rate: FrameRate,
) -> Vec<Output> {
    let drafts = draft.outputs.iter().flatten();
    // Once for each entry: the outputs of one entry would repeat its findings.
    let marks: Vec<OutputMarks> = drafts
        .map(|own| {
            let preset = own.format.as_ref();
            let preset = preset.and_then(|name| context.library.outputs.get(&name.value));
            let merged = own.clone().overlay_on(preset.cloned().unwrap_or_default());
            resolve_marks(context, &merged, fonts, rate)
        })
        .collect();
    let marked = outputs.into_iter().map(|output| Output {
        marks: marks.get(output.entry).cloned().unwrap_or_default(),
        ..output
    });
    marked.collect()
}

/// Returns what an output shows on top of its film. `merged` has the fields of its preset too.
fn resolve_marks(
    context: &mut ResolveContext<'_>,
    merged: &OutputDraft,
    fonts: &mut FontTable<'_>,
    rate: FrameRate,
) -> OutputMarks {
    let burn_in: Vec<BurnInMark> = merged
        .burn_in
        .iter()
        .flatten()
        .filter_map(|written| read_burn_in(context, written))
        .collect();
    let watermark = merged
        .watermark
        .as_ref()
        .and_then(|written| read_watermark(context, written, fonts));
    let mut guides: Vec<_> = merged
        .guides
        .iter()
        .flatten()
        .filter(|guide| !guide.is_placeholder)
        .map(|guide| guide.value)
        .collect();
    // In one order, so that the same guides in another order encode nothing again.
    guides.sort_unstable();
    guides.dedup();
    let slate = merged.slate.as_ref().and_then(|written| {
        let frames = read_length(context, Some(written), rate)?;
        Some(Spanned::new(frames, written.origin))
    });
    let is_marked = !burn_in.is_empty() || slate.is_some() || burns_captions(merged);
    // Only where they are needed: they are parameters of the job, and other fonts would encode an
    // output without texts again.
    let own_fonts = is_marked.then(|| fonts.text_fonts(context, None));
    let (fonts, font_indices) = own_fonts
        .map(|own| (own.sources, own.indices))
        .unwrap_or_default();
    OutputMarks {
        is_textless: merged.titles.is_some_and(|titles| !titles.value),
        burn_in,
        watermark,
        guides,
        slate,
        fonts,
        font_indices,
    }
}

fn read_burn_in(
    context: &mut ResolveContext<'_>,
    written: &TextOr<BurnInDraft>,
) -> Option<BurnInMark> {
    let names = BurnInField::ALL.map(BurnInField::name);
    let own = match written {
        TextOr::Text(word) => {
            let field = read_word(context, &word.0, "fact of a burn-in", &names)?;
            BurnInDraft {
                field: Some(Spanned::new(field, word.origin)),
                place: None,
            }
        }
        TextOr::Full(own) => own.clone(),
    };
    let Some(field) = own.field else {
        let place = own.place.map(|place| place.origin).unwrap_or_default();
        let message = "a burn-in without a field".to_owned();
        let help = format!("add `field`: one of {}", names.join(", "));
        report_title_value(context, place, message, help);
        return None;
    };
    (!field.is_placeholder).then(|| BurnInMark {
        place: own
            .place
            .map_or(field.value.usual_place(), |place| place.value),
        field,
    })
}

fn read_watermark(
    context: &mut ResolveContext<'_>,
    written: &TextOr<WatermarkDraft>,
    fonts: &mut FontTable<'_>,
) -> Option<WatermarkText> {
    let own = match written {
        TextOr::Text(text) if text.is_placeholder => return None,
        TextOr::Text(text) => WatermarkDraft {
            text: Some(text.0.clone()),
            ..WatermarkDraft::default()
        },
        TextOr::Full(own) => own.clone(),
    };
    let opacity = context.in_range_opt("opacity", &own.opacity, value_ranges::SHARE);
    let size = context.in_range_opt("size", &own.size, value_ranges::TEXT_SIZE);
    let colour = read_screen_colour(context, own.colour.as_ref()).unwrap_or(ScreenColour::WHITE);
    let text_fonts = fonts.text_fonts(context, own.font.as_ref());
    let place = own.place.map_or(TextPlace::Centre, |place| place.value);
    // After everything else, so that one pass reports all mistakes.
    let Some(text) = own.text.filter(|text| !text.value.trim().is_empty()) else {
        let origin = own.place.map(|place| place.origin).unwrap_or_default();
        let message = "a watermark without a text".to_owned();
        report_title_value(context, origin, message, "add `text`".to_owned());
        return None;
    };
    let lines = text.value.lines().map(|line| BlockLine {
        text: line.to_owned(),
        beside: None,
        size: size.map_or(WATERMARK_SIZE, |percent| percent / 100.0),
        bold: true,
        colour,
        tracking: 0.0,
        space: 0.0,
    });
    let block = TextBlock {
        lines: lines.collect(),
        fonts: text_fonts.sources,
        place,
        align: place.align(),
        margin: SAFE_MARGIN,
        edge: None,
        shadow: 0.0,
        panel: None,
        opacity: opacity.unwrap_or(WATERMARK_OPACITY),
        smallest: SMALLEST_TEXT,
        rolls: false,
        turns: false,
        enter: None,
        leave: None,
    };
    Some(WatermarkText {
        text,
        block,
        fonts: text_fonts.indices,
    })
}
