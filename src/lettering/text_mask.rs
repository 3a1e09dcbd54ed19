//! A text as the share of each pixel that it covers, for pictures that are no frames, such as labels.

use super::frame_painter::FramePainter;
use super::lettering_error::LetteringError;
use crate::model::PixelSize;
use crate::model::cut::ScreenColour;
use crate::model::titles::{BlockLine, FrameOverlay, OverlayContent, TextBlock};
use std::collections::BTreeMap;

/// The largest letters, as a share of the shorter side.
const LARGEST: f32 = 0.62;
/// The smallest letters.
const SMALLEST: f32 = 0.06;

/// Draws a text in bold in the middle of a picture, as large as fits. Returns 0 to 255 for each
/// pixel, row by row.
///
/// # Errors
/// Fails if the built-in font cannot be read.
pub fn text_mask(text: &str, size: PixelSize) -> Result<Vec<u8>, LetteringError> {
    let lines = vec![BlockLine {
        text: text.to_owned(),
        beside: None,
        size: LARGEST,
        bold: true,
        colour: ScreenColour::WHITE,
        tracking: 0.02,
        space: 0.0,
    }];
    let block = TextBlock::centred(lines, Vec::new(), 0.02, SMALLEST);
    let overlay = FrameOverlay {
        begin: 0,
        length: 1,
        content: OverlayContent::Text(block),
    };
    let painter = FramePainter::new(&[overlay], &BTreeMap::new(), size, false)?;
    let count = usize::try_from(size.pixel_count()).unwrap_or(0);
    let mut pixels = vec![[0; 3]; count];
    painter.paint(0, size, &mut pixels);
    // The upper eight bits.
    Ok(pixels
        .iter()
        .map(|[value, _, _]| value.to_be_bytes()[0])
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_as_wide_as_the_picture_and_a_short_one_as_high_as_it_may_be() {
        let size = PixelSize::new(400, 100);
        let extent = |text: &str| {
            let mask = text_mask(text, size).unwrap();
            let lit = (0..mask.len()).filter(|index| mask[*index] > 127);
            let (xs, ys): (Vec<usize>, Vec<usize>) =
                lit.map(|index| (index % 400, index / 400)).unzip();
            let range =
                |values: &[usize]| values.iter().max().unwrap() - values.iter().min().unwrap();
            (range(&xs), range(&ys))
        };
        let (short, long) = (extent("Nike"), extent("Meridian Instruments"));
        assert!(short.1 > 35 && short.0 < 200, "{short:?}");
        assert!(long.0 > short.0 && long.0 < 400, "{long:?}");
    }
}
