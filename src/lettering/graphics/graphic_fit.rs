//! Makes a graphic smaller until all of it can be read.

use super::card_frame::{LaidGraphic, is_shaped, lay_out_card};
use super::text_setter::TextSetter;
use crate::lettering::font_set::FontSet;
use crate::model::PixelSize;
use crate::model::graphics::GraphicBlock;

/// The scales that are tried. Graphics of nearly one size look better beside each other than each as
/// large as it can be.
const SCALES: [f32; 7] = [1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52];
/// Larger ones, for what has little to show. A chart fills its room at any scale.
const LARGE_SCALES: [f32; 3] = [1.45, 1.3, 1.15];

/// Returns a graphic at the largest scale at which all of it fits; at the smallest, if none does.
pub(super) fn fit_graphic(
    fonts: &mut FontSet,
    block: &GraphicBlock,
    size: PixelSize,
    is_hard: bool,
    steps: usize,
) -> LaidGraphic {
    let mut scale = SCALES[SCALES.len() - 1];
    let large = LARGE_SCALES
        .into_iter()
        .filter(|_| !is_shaped(&block.content));
    for tried in large.chain(SCALES) {
        let mut setter = TextSetter::new(fonts, &block.fonts, size, tried, is_hard);
        // Without the steps of numbers, which are as wide as the last and need much shaping.
        if lay_out_card(&mut setter, block, size, 0).is_whole {
            scale = tried;
            break;
        }
    }
    let mut setter = TextSetter::new(fonts, &block.fonts, size, scale, is_hard);
    lay_out_card(&mut setter, block, size, steps)
}

/// Returns whether all of a graphic can be read in pictures of this size.
pub(in crate::lettering) fn fits_picture(
    fonts: &mut FontSet,
    block: &GraphicBlock,
    size: PixelSize,
    is_hard: bool,
) -> bool {
    fit_graphic(fonts, block, size, is_hard, 0).is_whole
}
