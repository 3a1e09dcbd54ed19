//! How the texts look that an output has on its frames beside the titles: burn-ins and captions.

use super::output_marks::{BurnInField, BurnInMark};
use super::text_block::{BlockLine, SMALLEST_TEXT, TextBlock, TextPanel, TextPlace};
use super::title_style::TitleStyle;
use crate::model::Production;
use crate::model::cut::ScreenColour;
use crate::model::production::{Output, Shot};

/// Size of a burn-in as a share of the height of the picture.
pub const BURN_IN_SIZE: f32 = 0.028;
/// Space between a burn-in and the sides of the picture: outside of the area of titles.
pub const BURN_IN_MARGIN: f32 = 0.02;
/// The rectangle behind a burn-in.
pub const BURN_IN_PANEL: TextPanel = TextPanel {
    colour: ScreenColour::BLACK,
    opacity: 0.5,
};
/// Space between captions and the sides of the picture: the area that is safe for titles, as in
/// SMPTE ST 2046-1.
const SAFE_MARGIN: f32 = 0.05;
/// Width of a letter of a caption as a share of its size, of most texts in Latin letters.
const LETTER_WIDTH: f32 = 0.55;

/// Returns a text that is burned into frames of an output.
#[must_use]
pub fn burned_text(output: &Output, text: &str, place: TextPlace) -> TextBlock {
    TextBlock {
        lines: vec![BlockLine {
            text: text.to_owned(),
            beside: None,
            size: BURN_IN_SIZE,
            bold: false,
            colour: ScreenColour::WHITE,
            tracking: 0.0,
            space: 0.0,
        }],
        place,
        align: place.align(),
        panel: Some(BURN_IN_PANEL),
        ..TextBlock::centred(
            Vec::new(),
            output.marks.fonts.clone(),
            BURN_IN_MARGIN,
            SMALLEST_TEXT,
        )
    }
}

/// Returns the widest text that a burn-in shows over a shot. `None`: it shows nothing.
#[must_use]
pub fn widest_burned_text(
    production: &Production,
    output: &Output,
    mark: &BurnInMark,
    shot: &Shot,
) -> Option<String> {
    match mark.field.value {
        BurnInField::Shot => Some(shot.name.value.clone()),
        BurnInField::Frame => {
            // All digits are as wide as the widest.
            let ends = [shot.frames.first(), shot.frames.last()];
            let texts = ends.into_iter().flatten().map(|number| number.to_string());
            texts.max_by_key(String::len)
        }
        BurnInField::Timecode => Some("00:00:00:00".to_owned()),
        field => field.text(&production.meta, output).map(str::to_owned),
    }
}

/// Returns how the captions of an output look. The text of the only line is empty.
#[must_use]
pub fn caption_look(production: &Production, output: &Output) -> TextBlock {
    let look = TitleStyle::Caption.usual_look();
    TextBlock {
        lines: vec![BlockLine {
            text: String::new(),
            beside: None,
            size: look.size.min(widest_caption_size(production, output)),
            bold: look.bold,
            colour: ScreenColour::WHITE,
            tracking: look.tracking,
            space: 0.0,
        }],
        fonts: output.marks.fonts.clone(),
        place: look.place,
        align: look.place.align(),
        margin: SAFE_MARGIN,
        edge: look.edge,
        shadow: look.shadow,
        panel: look.panel,
        opacity: 1.0,
        smallest: SMALLEST_TEXT,
        rolls: false,
        turns: false,
        enter: None,
        leave: None,
    }
}

/// Returns the largest size at which a full line of a caption is as wide as the area that is safe
/// for titles, as a share of the height of the picture.
#[expect(clippy::cast_precision_loss, reason = "lines and pictures are small")]
fn widest_caption_size(production: &Production, output: &Output) -> f32 {
    let language = output.captions.burned.as_ref();
    let language = language.map_or("", |language| language.value.as_str());
    let rate = production.render.rate;
    let letters = production.captions.profile(language, rate).line_letters;
    let size = output.format.size;
    let shape = size.width as f32 / size.height.max(1) as f32;
    (1.0 - 2.0 * SAFE_MARGIN) * shape / (LETTER_WIDTH * letters.max(1) as f32)
}
