//! Divides a block into pages that each fit into the picture, after its lines were wrapped.

use super::block_fit::fit_block;
use super::block_layout::PictureScale;
use super::font_set::FontSet;
use crate::model::PixelSize;
use crate::model::titles::{BlockLine, FrameOverlay, OverlayContent, TextBlock};
use std::borrow::Cow;

/// Share of the height of the picture that a page may fill.
const PAGE_HEIGHT: f32 = 0.8;
/// How many lines it takes a reader to find the place on a page.
const LINES_TO_FIND: usize = 3;

/// A page with the frames on which it is seen.
pub(super) struct TurnedPage<'a> {
    pub(super) overlay: FrameOverlay,
    pub(super) block: Cow<'a, TextBlock>,
}

/// Returns the pages of a block in order, each as long as its lines are of all. A block that does
/// not turn is one page.
pub(super) fn turned_pages<'a>(
    fonts: &mut FontSet,
    overlay: &FrameOverlay,
    block: &'a TextBlock,
    size: PixelSize,
    is_hard: bool,
) -> Vec<TurnedPage<'a>> {
    if !block.turns {
        return vec![TurnedPage {
            overlay: overlay.clone(),
            block: Cow::Borrowed(block),
        }];
    }
    let pages = divided_block(fonts, block, size, is_hard);
    let weight = |page: &TextBlock| page.lines.len() + LINES_TO_FIND;
    let all: usize = pages.iter().map(weight).sum();
    let mut before = 0;
    let turned = pages.into_iter().map(|page| {
        // From the sum and not from lengths that are each rounded: the pages fill the time exactly,
        // and none overlaps the next.
        let first = overlay.length * before / all.max(1);
        before += weight(&page);
        let end = overlay.length * before / all.max(1);
        // Films are limited to far fewer frames.
        let begin = overlay.begin + i64::try_from(first).unwrap_or(i64::MAX);
        TurnedPage {
            overlay: FrameOverlay {
                begin,
                length: end - first,
                content: OverlayContent::Text(page.clone()),
            },
            block: Cow::Owned(page),
        }
    });
    turned.collect()
}

/// Returns pages that each fit into the picture. A heading is on the page of its first name.
pub(super) fn divided_block(
    fonts: &mut FontSet,
    block: &TextBlock,
    size: PixelSize,
    is_hard: bool,
) -> Vec<TextBlock> {
    // All pages have letters of one size.
    let fitted = fit_block(fonts, block, size, is_hard);
    let most = PAGE_HEIGHT * PictureScale::new(size).height;
    let heights = &fitted.laid.line_heights;
    let mut pages: Vec<Vec<BlockLine>> = Vec::new();
    let mut filled = 0.0;
    for (index, line) in fitted.block.lines.iter().enumerate() {
        let height = heights.get(index).copied().unwrap_or_default();
        // A heading has space above it, and needs the line behind it too.
        let next = heights.get(index + 1).filter(|_| line.space > 0.0);
        let needed = height + next.copied().unwrap_or_default();
        if filled + needed > most || pages.is_empty() {
            pages.push(Vec::new());
            filled = 0.0;
        }
        filled += height;
        if let Some(page) = pages.last_mut() {
            page.push(line.clone());
        }
    }
    let pages = pages.into_iter().map(|lines| TextBlock {
        lines,
        turns: false,
        ..fitted.block.clone().into_owned()
    });
    pages.collect()
}
