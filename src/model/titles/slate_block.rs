//! The slate before a film: what it is, and how long.

use super::output_marks::BurnInField;
use super::text_block::{BlockLine, SMALLEST_TEXT, TextBlock};
use crate::model::Production;
use crate::model::cut::ScreenColour;
use crate::model::production::Output;

/// Size of the title on a slate as a share of the height of the picture.
const TITLE_SIZE: f32 = 0.09;
/// Size of a fact.
const FACT_SIZE: f32 = 0.045;

/// What a slate says of the film behind it.
#[derive(Debug, Clone, Copy)]
pub struct SlateFacts {
    /// Number of its shots.
    pub shots: usize,
    /// Its length in frames.
    pub frames: usize,
}

/// Returns the text of the slate of an output.
#[must_use]
pub fn slate_block(production: &Production, output: &Output, film: SlateFacts) -> TextBlock {
    let meta = &production.meta;
    let mut lines = vec![BlockLine {
        bold: true,
        size: TITLE_SIZE,
        ..plain_line(meta.display_title())
    }];
    let rate = output.format.rate;
    let rate_of_film = production.render.rate;
    let length = production.edit.counted(film.frames as u64, rate_of_film);
    let fact = |fact: BurnInField| fact.text(meta, output).map(str::to_owned);
    let facts = [
        ("Output", fact(BurnInField::Output)),
        ("Revision", fact(BurnInField::Revision)),
        ("Date", fact(BurnInField::Date)),
        ("Author", meta.author.clone()),
        ("Shots", Some(film.shots.to_string())),
        ("Length", Some(length.to_string())),
        ("Picture", Some(format!("{} at {rate}", output.format.size))),
    ];
    for (index, (name, fact)) in facts.into_iter().enumerate() {
        let Some(fact) = fact.filter(|fact| !fact.trim().is_empty()) else {
            continue;
        };
        lines.push(BlockLine {
            beside: Some(fact),
            space: if index == 0 { FACT_SIZE } else { 0.0 },
            ..plain_line(name)
        });
    }
    TextBlock::centred(lines, output.marks.fonts.clone(), 0.05, SMALLEST_TEXT)
}

fn plain_line(text: &str) -> BlockLine {
    BlockLine {
        text: text.to_owned(),
        beside: None,
        size: FACT_SIZE,
        bold: false,
        colour: ScreenColour::WHITE,
        tracking: 0.0,
        space: 0.0,
    }
}
