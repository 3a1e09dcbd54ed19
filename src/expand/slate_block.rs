//! The slate before a film: what it is, and how long.

use crate::model::Production;
use crate::model::cut::{ClipCard, ScreenColour, Timecode, TimelineClip};
use crate::model::production::Output;
use crate::model::titles::{
    BlockLine, BurnInField, SMALLEST_TEXT, TextAlign, TextBlock, TextPlace,
};

/// Size of the title on a slate as a share of the height of the picture.
const TITLE_SIZE: f32 = 0.09;
/// Size of a fact.
const FACT_SIZE: f32 = 0.045;

/// Returns the text of the slate of an output.
pub(super) fn slate_block(
    production: &Production,
    output: &Output,
    clips: &[TimelineClip],
) -> TextBlock {
    let meta = &production.meta;
    let mut lines = vec![BlockLine {
        bold: true,
        size: TITLE_SIZE,
        ..plain_line(meta.display_title())
    }];
    let rate = output.format.rate;
    let shown = clips.iter().filter(|clip| clip.shot.is_some()).count();
    // The slate is no part of the film whose length it shows.
    let film = clips
        .iter()
        .filter(|clip| clip.card != Some(ClipCard::Slate));
    let frames: usize = film.map(|clip| clip.length).sum();
    let length = Timecode::from_frames(frames as u64, production.render.rate);
    let fact = |fact: BurnInField| fact.text(meta, output).map(str::to_owned);
    let facts = [
        ("Output", fact(BurnInField::Output)),
        ("Revision", fact(BurnInField::Revision)),
        ("Date", fact(BurnInField::Date)),
        ("Author", meta.author.clone()),
        ("Shots", Some(shown.to_string())),
        ("Length", Some(length.with_dropped_numbers().to_string())),
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
    TextBlock {
        lines,
        fonts: output.marks.fonts.clone(),
        place: TextPlace::Centre,
        align: TextAlign::Centre,
        margin: 0.05,
        edge: None,
        shadow: 0.0,
        panel: None,
        opacity: 1.0,
        smallest: SMALLEST_TEXT,
        rolls: false,
        turns: false,
        enter: None,
        leave: None,
    }
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
