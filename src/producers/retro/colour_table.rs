//! The nearest palette entry by table: 64 levels a channel, built once for a shot.
//!
//! A search for each pixel would cost the palette's length; the table costs one read. A cell covers
//! 4 levels a channel, so the entry found is at most one cell's diagonal farther away than the
//! nearest one. A test checks that.

use rayon::prelude::*;

const TABLE_LEVELS: usize = 64;

/// Maps any display colour to a palette index.
pub(super) struct ColourTable {
    table: Vec<u8>,
}

impl ColourTable {
    /// Builds the table; the palette has 1 to 256 entries.
    pub(super) fn from_palette(palette: &[[u8; 3]]) -> Self {
        let mut table = vec![0u8; TABLE_LEVELS * TABLE_LEVELS * TABLE_LEVELS];
        table
            .par_chunks_mut(TABLE_LEVELS)
            .enumerate()
            .for_each(|(row, cells)| {
                // Red and green are the same for all cells of a row, so their part of the distance
                // is computed once for 64 cells.
                let near: Vec<i32> = palette
                    .iter()
                    .map(|rgb| {
                        channel_distance(rgb[0], row / TABLE_LEVELS, 0)
                            + channel_distance(rgb[1], row % TABLE_LEVELS, 1)
                    })
                    .collect();
                for (blue, cell) in cells.iter_mut().enumerate() {
                    let distances = palette
                        .iter()
                        .zip(&near)
                        .map(|(rgb, near)| near + channel_distance(rgb[2], blue, 2));
                    let best = distances.enumerate().fold((0, i32::MAX), |best, next| {
                        if next.1 < best.1 { next } else { best }
                    });
                    *cell = u8::try_from(best.0).unwrap_or(0);
                }
            });
        Self { table }
    }

    /// Returns the index for a colour in sixteenths of 8-bit levels, 0 to 4080 each.
    #[inline]
    pub(super) fn nearest_index(&self, [red, green, blue]: [i32; 3]) -> u8 {
        // 64 sixteenths are the 4 levels of a cell. The mask keeps an index in the table even if a
        // dither hands in a value out of range; it costs less than a branch for every pixel.
        let cell = |value: i32| (value >> 6).cast_unsigned() as usize & (TABLE_LEVELS - 1);
        self.table[(cell(red) * TABLE_LEVELS + cell(green)) * TABLE_LEVELS + cell(blue)]
    }
}

/// Returns the squared distance to the middle of a cell, with green weighed most and blue least, as
/// eyes do.
fn channel_distance(value: u8, cell: usize, channel: usize) -> i32 {
    // The distance is measured from the middle of the cell, so the error is the same for the
    // darkest and the brightest colour in it.
    let centre = i32::try_from(cell * 4 + 2).unwrap_or(0);
    let off = i32::from(value) - centre;
    off * off * [3, 6, 2][channel]
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    fn distance(a: [u8; 3], b: [i32; 3]) -> f64 {
        let parts = (0..3).map(|i| f64::from((i32::from(a[i]) - b[i]).pow(2) * [3, 6, 2][i]));
        parts.sum::<f64>().sqrt()
    }

    #[test]
    fn the_table_is_within_one_cell_of_the_exact_nearest_colour() {
        let palette: Vec<[u8; 3]> = (0..200u32)
            .map(|i| {
                [
                    (i * 97 % 256) as u8,
                    (i * 57 % 256) as u8,
                    (i * 31 % 256) as u8,
                ]
            })
            .collect();
        let lookup = ColourTable::from_palette(&palette);
        // Twice the farthest point of a cell from its centre, in the weighted measure.
        let bound = 2.0 * (4.0f64 * 11.0).sqrt() + 1e-9;
        for i in 0..20_000i32 {
            let rgb = [i * 7 % 256, i * 13 % 256, i * 29 % 256];
            let found = distance(
                palette[usize::from(lookup.nearest_index(rgb.map(|v| v * 16)))],
                rgb,
            );
            let exact = palette
                .iter()
                .map(|entry| distance(*entry, rgb))
                .fold(f64::MAX, f64::min);
            assert!(found <= exact + bound, "{rgb:?}: {found} against {exact}");
        }
    }
}
