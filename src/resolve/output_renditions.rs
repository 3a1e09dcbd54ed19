//! Resolves the sizes of the films of a stream.

use super::context::ResolveContext;
use super::value_parsers::parse_size;
use crate::document::draft::OutputDraft;
use crate::document::{RawScalar, ScalarOrList};
use crate::model::codec::SizeGrid;
use crate::model::{Codec, PixelSize};

/// Heights of the renditions of a stream, if the document names none.
const USUAL_HEIGHTS: [u32; 4] = [1080, 720, 480, 360];

/// Returns the sizes of the films of a stream, the largest first. Empty: the output is none.
pub(super) fn resolve_renditions(
    context: &mut ResolveContext<'_>,
    merged: &OutputDraft,
    codec: Codec,
    size: PixelSize,
) -> Vec<PixelSize> {
    let Some(stream) = codec.stream_format() else {
        if let Some(written) = merged
            .renditions
            .as_ref()
            .and_then(|list| list.iter().next())
        {
            let message = format!("`{}` has no `renditions`", codec.id());
            let help = "write `codec: hls`, or remove `renditions`".to_owned();
            context.report_error(
                "production::outputs::unfit_encoding",
                written.0.origin,
                message,
                Some(help),
            );
        }
        return Vec::new();
    };
    let grid = stream.rendition.spec().size_grid;
    let mut sizes = match &merged.renditions {
        Some(written) => written
            .iter()
            .filter_map(|text| read_rendition(context, text, size, grid))
            .collect(),
        None => usual_sizes(size),
    };
    sizes.push(size);
    // A usual rendition whose colours need an even size gets the next one. That of the output
    // itself is reported if it is odd, as a written one is.
    let mut sizes: Vec<PixelSize> = sizes
        .into_iter()
        .map(|each| {
            if each == size {
                each
            } else {
                grid.next_size(each)
            }
        })
        .collect();
    sizes.sort_by_key(|size| std::cmp::Reverse((size.pixel_count(), size.width)));
    sizes.dedup();
    sizes
}

/// Reads the size of a film that the document asks for.
fn read_rendition(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    film: PixelSize,
    grid: SizeGrid,
) -> Option<PixelSize> {
    let size = parse_size(context, &ScalarOrList::One(text.clone()))?;
    let even = grid.next_size(size);
    let (message, better) = if even != size {
        (format!("rendition {size} has an odd size"), even)
    } else if !has_shape_of(size, film) {
        let message = format!("rendition {size} has another shape than the stream, {film}");
        (message, grid.next_size(scaled_to_height(film, size.height)))
    } else {
        return Some(size);
    };
    // A player changes between them while it plays, and the picture would jump.
    context.report_error(
        "production::outputs::unfit_encoding",
        text.origin,
        message,
        Some(format!("write `{better}`")),
    );
    None
}

/// Returns whether a size has the shape of another one, but for the rounding to even sides.
fn has_shape_of(size: PixelSize, film: PixelSize) -> bool {
    let sides = [size.width, size.height, film.width, film.height].map(u64::from);
    let [width, height, film_width, film_height] = sides;
    let difference = (width * film_height).abs_diff(height * film_width);
    // Two pixels at one of the sides.
    difference <= 2 * film_width.max(film_height)
}

fn scaled_to_height(film: PixelSize, height: u32) -> PixelSize {
    let width = u64::from(film.width) * u64::from(height) / u64::from(film.height.max(1));
    PixelSize::new(u32::try_from(width.max(1)).unwrap_or(u32::MAX), height)
}

/// Returns the usual smaller sizes of the same aspect.
fn usual_sizes(size: PixelSize) -> Vec<PixelSize> {
    let smaller = USUAL_HEIGHTS
        .into_iter()
        .filter(|height| *height < size.height);
    smaller
        .map(|height| scaled_to_height(size, height))
        .collect()
}
