//! Makes the letters of a block smaller until it fits into the picture, and no smaller than can be
//! read.

use super::block_layout::{
    LaidBlock, LongWords, PictureScale, lay_out_block, margin_share, panel_padding,
    unwrapped_height,
};
use super::font_set::FontSet;
use crate::model::PixelSize;
use crate::model::titles::TextBlock;
use std::borrow::Cow;

/// The steps of a size, of which all are the size as written.
// Letters of nearly one size on all titles look better than each as large as it can be.
const STEPS: u8 = 20;
/// How much too wide or too high a block may be: less than is seen.
const TOLERANCE: f32 = 1.001;

/// A block at a size at which it fits.
pub(super) struct FittedBlock<'a> {
    /// The block, with its letters as they are drawn.
    pub(super) block: Cow<'a, TextBlock>,
    pub(super) laid: LaidBlock,
    /// Whether it is in the area that is safe for titles without a broken word.
    pub(super) is_whole: bool,
}

/// Returns a block at the largest size at which no word is broken and it stays in its area. If
/// there is none, it has its smallest size, and is wrapped within words.
pub(super) fn fit_block<'a>(
    fonts: &mut FontSet,
    block: &'a TextBlock,
    size: PixelSize,
    is_hard: bool,
) -> FittedBlock<'a> {
    let mut steps = STEPS;
    // Before anything is shaped: a document can have a title of any length, and shaping is
    // what takes time.
    if has_too_many_lines(block, size, is_hard) {
        return broken_block(fonts, block, size, is_hard);
    }
    loop {
        let shrunk = at_steps(block, steps, size);
        let laid = lay_out_block(fonts, &shrunk, size, is_hard, LongWords::Whole);
        let width = laid.fullness;
        let height = height_fullness(&shrunk, laid.height, size, is_hard);
        if width <= TOLERANCE && height <= TOLERANCE {
            return FittedBlock {
                block: shrunk,
                laid,
                is_whole: true,
            };
        }
        if steps == 1 || block.smallest <= 0.0 {
            return broken_block(fonts, block, size, is_hard);
        }
        // Smaller letters need fewer rows too, so the height falls with their square.
        steps = fewer_steps(steps, width.max(height.sqrt()));
    }
}

/// Returns whether the lines of a block are too high without being wrapped, at the smallest size.
/// A hundred thousand of them need not be laid out to know it.
fn has_too_many_lines(block: &TextBlock, size: PixelSize, is_hard: bool) -> bool {
    let smallest = at_steps(block, 1, size);
    let height = unwrapped_height(&smallest, size, is_hard);
    height_fullness(&smallest, height, size, is_hard) > TOLERANCE
}

/// Returns a block at its smallest size, of which words are broken.
fn broken_block<'a>(
    fonts: &mut FontSet,
    block: &'a TextBlock,
    size: PixelSize,
    is_hard: bool,
) -> FittedBlock<'a> {
    let shrunk = match block.smallest > 0.0 {
        true => at_steps(block, 1, size),
        false => Cow::Borrowed(block),
    };
    FittedBlock {
        laid: lay_out_block(fonts, &shrunk, size, is_hard, LongWords::Broken),
        block: shrunk,
        is_whole: false,
    }
}

/// Returns the next size to try: the one at which it fits by its fullness, or the next smaller one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is between 1 and STEPS"
)]
fn fewer_steps(steps: u8, fullness: f32) -> u8 {
    let fitting = f32::from(steps) / fullness.max(1.0);
    (fitting.floor() as u8).min(steps - 1).max(1)
}

/// Returns a block whose letters have so many steps of their size, but are no smaller than the
/// smallest unless they are written so.
fn at_steps(block: &TextBlock, steps: u8, size: PixelSize) -> Cow<'_, TextBlock> {
    if steps == STEPS {
        return Cow::Borrowed(block);
    }
    let share = f32::from(steps) / f32::from(STEPS);
    let picture = PictureScale::new(size);
    // Sizes are shares of the height. What can be read depends on the shorter side, so an upright
    // picture may have smaller shares.
    let smallest = block.smallest * picture.width.min(picture.height) / picture.height;
    let mut shrunk = block.clone();
    for line in &mut shrunk.lines {
        // A line that is written smaller than that stays as it is written: shrinking must never
        // enlarge.
        line.size = (line.size * share).max(smallest.min(line.size));
        line.space *= share;
    }
    Cow::Owned(shrunk)
}

/// Returns the height of a block as a share of what there is for it. 0: it may be as high as it
/// likes.
fn height_fullness(block: &TextBlock, height: f32, size: PixelSize, is_hard: bool) -> f32 {
    // A roll is higher than the picture on purpose, and what turns is divided into pages
    // afterwards.
    if block.rolls || block.turns {
        return 0.0;
    }
    let picture = PictureScale::new(size);
    let free = picture.height * (1.0 - 2.0 * margin_share(block.margin));
    let padding = panel_padding(block, picture, is_hard);
    (height + 2.0 * padding) / free
}
