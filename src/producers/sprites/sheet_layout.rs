//! Where each picture of a sheet is: packed tightly, or in a grid.

use crate::model::PixelSize;
use crate::model::sprites::MAX_SHEET_SIDE;
use guillotiere::{AtlasAllocator, size2};

/// The places of the pictures of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PackedSheet {
    pub(super) size: PixelSize,
    /// The top left corner of each picture.
    pub(super) places: Vec<[u32; 2]>,
}

/// Why pictures fit into no sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetOverflow {
    /// The size that they would need.
    pub(super) needed: PixelSize,
}

/// Packs pictures of these sizes into a sheet that is about square, with `padding` between them.
///
/// # Errors
/// Fails if the sheet would be larger than the limit.
pub(super) fn pack_pictures(
    sizes: &[PixelSize],
    padding: u32,
) -> Result<PackedSheet, SheetOverflow> {
    let padded = |side: u32| u64::from(side) + u64::from(padding);
    let areas = sizes
        .iter()
        .map(|size| padded(size.width).saturating_mul(padded(size.height)));
    let area = areas.fold(0, u64::saturating_add);
    let longest = sizes.iter().map(|size| size.width.max(size.height)).max();
    // No smaller square can hold them, so no time is lost on trying one.
    let first = area.isqrt().max(padded(longest.unwrap_or(1)));
    let limit = padded(MAX_SHEET_SIDE);
    // Steps of three in a hundred: smaller ones cost time, larger ones leave room unused.
    let sides = std::iter::successors(Some(first), |side| {
        (*side < limit).then(|| (side + (side / 32).max(1)).min(limit))
    });
    for side in sides.take_while(|side| *side <= limit) {
        if let Some(places) = places_within(sizes, padding, side) {
            return Ok(PackedSheet {
                size: used_size(sizes, &places),
                places,
            });
        }
    }
    // More than the limit, also where only the padding was too much: the message says that it is
    // too large.
    let needed = u32::try_from(first.max(limit + 1)).unwrap_or(u32::MAX);
    Err(SheetOverflow {
        needed: PixelSize::new(needed, needed),
    })
}

/// Returns the places of all pictures in a square. `None`: they do not fit.
fn places_within(sizes: &[PixelSize], padding: u32, side: u64) -> Option<Vec<[u32; 2]>> {
    let side = i32::try_from(side).ok()?;
    let mut allocator = AtlasAllocator::new(size2(side, side));
    // Tall pictures first, as every packer that works line by line asks for. The index makes the
    // order the same for equal sizes.
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|index| {
        let size = sizes[*index];
        (
            std::cmp::Reverse(size.height),
            std::cmp::Reverse(size.width),
            *index,
        )
    });
    let mut places = vec![[0; 2]; sizes.len()];
    for index in order {
        let wanted = |side: u32| i32::try_from(u64::from(side) + u64::from(padding)).ok();
        let size = size2(wanted(sizes[index].width)?, wanted(sizes[index].height)?);
        let corner = allocator.allocate(size)?.rectangle.min;
        places[index] = [u32::try_from(corner.x).ok()?, u32::try_from(corner.y).ok()?];
    }
    Some(places)
}

/// Returns the size of a sheet that ends where its pictures end.
fn used_size(sizes: &[PixelSize], places: &[[u32; 2]]) -> PixelSize {
    let ends = sizes.iter().zip(places);
    let (width, height) = ends.fold((1, 1), |(width, height), (size, place)| {
        let right: u32 = place[0] + size.width;
        let bottom: u32 = place[1] + size.height;
        (right.max(width), bottom.max(height))
    });
    PixelSize::new(width, height)
}

/// Returns a grid with a row for each tag, of so many frames each.
///
/// # Errors
/// Fails if the sheet would be larger than the limit.
pub(super) fn grid_layout(
    cell: PixelSize,
    rows: &[usize],
    padding: u32,
) -> Result<PackedSheet, SheetOverflow> {
    let side = |count: usize, cell: u32| {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let step = cell.saturating_add(padding);
        count.saturating_mul(step).saturating_sub(padding).max(1)
    };
    let columns = rows.iter().copied().max().unwrap_or(0);
    let size = PixelSize::new(side(columns, cell.width), side(rows.len(), cell.height));
    if size.width.max(size.height) > MAX_SHEET_SIDE {
        return Err(SheetOverflow { needed: size });
    }
    let corner = |index: usize, cell: u32| u32::try_from(index).unwrap_or(0) * (cell + padding);
    let places = rows.iter().enumerate().flat_map(|(row, count)| {
        (0..*count).map(move |column| [corner(column, cell.width), corner(row, cell.height)])
    });
    Ok(PackedSheet {
        size,
        places: places.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(count: u32) -> Vec<PixelSize> {
        (0..count)
            .map(|index| PixelSize::new(3 + index * 7 % 29, 5 + index * 11 % 41))
            .collect()
    }

    fn overlaps(layout: &PackedSheet, sizes: &[PixelSize], gap: u32) -> bool {
        let pairs = (0..sizes.len()).flat_map(|a| (0..a).map(move |b| [a, b]));
        pairs.into_iter().any(|[a, b]| {
            let apart = |axis: usize, side: fn(&PixelSize) -> u32| {
                let ends = |at: usize| layout.places[at][axis] + side(&sizes[at]) + gap;
                ends(a) <= layout.places[b][axis] || ends(b) <= layout.places[a][axis]
            };
            !apart(0, |size| size.width) && !apart(1, |size| size.height)
        })
    }

    #[test]
    fn packed_pictures_are_apart_and_inside() {
        for (count, padding) in [(1, 0), (2, 3), (97, 2), (300, 0)] {
            let sizes = sizes(count);
            let layout = pack_pictures(&sizes, padding).unwrap();
            assert!(!overlaps(&layout, &sizes, padding), "{count}");
            for (size, place) in sizes.iter().zip(&layout.places) {
                assert!(place[0] + size.width <= layout.size.width);
                assert!(place[1] + size.height <= layout.size.height);
            }
        }
    }

    #[test]
    fn packing_wastes_little_and_is_the_same_every_time() {
        let sizes = sizes(300);
        let layout = pack_pictures(&sizes, 1).unwrap();
        let used: u32 = sizes.iter().map(|size| size.width * size.height).sum();
        let whole = layout.size.width * layout.size.height;
        assert!(used * 100 / whole > 70, "{used} of {whole}");
        assert_eq!(pack_pictures(&sizes, 1).unwrap(), layout);
    }

    #[test]
    fn pictures_that_fit_into_no_sheet_are_refused() {
        let sizes = vec![PixelSize::new(2000, 2000); 17];
        let overflow = pack_pictures(&sizes, 0).unwrap_err();
        assert!(overflow.needed.width > MAX_SHEET_SIDE);
        assert!(pack_pictures(&sizes[..16], 0).is_ok());
        let wide = [PixelSize::new(MAX_SHEET_SIDE + 1, 1)];
        assert!(pack_pictures(&wide, 0).is_err());
        assert!(pack_pictures(&[PixelSize::new(u32::MAX, u32::MAX)], 64).is_err());
        assert_eq!(pack_pictures(&[], 2).unwrap().size, PixelSize::new(1, 1));
    }

    #[test]
    fn a_grid_has_a_row_for_each_tag() {
        let layout = grid_layout(PixelSize::new(10, 20), &[3, 1], 2).unwrap();
        assert_eq!(layout.size, PixelSize::new(34, 42));
        assert_eq!(layout.places, [[0, 0], [12, 0], [24, 0], [0, 22]]);
        assert!(grid_layout(PixelSize::new(1024, 1024), &[9], 0).is_err());
        assert!(grid_layout(PixelSize::new(u32::MAX, 1), &[9], 9).is_err());
    }
}
