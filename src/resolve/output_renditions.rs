//! Resolves the sizes of the films of a stream.

use super::context::ResolveContext;
use super::value_parsers::parse_size;
use crate::document::ScalarOrList;
use crate::document::draft::OutputDraft;
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
    let mut sizes = match &merged.renditions {
        Some(written) => written
            .iter()
            .filter_map(|text| parse_size(context, &ScalarOrList::One(text.clone())))
            .collect(),
        None => usual_sizes(size),
    };
    let grid = stream.rendition.spec().size_grid;
    sizes.push(size);
    // A rendition whose colours need an even size gets the next one, since it is only a choice of
    // the player. That of the output itself is reported if it is odd.
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

/// Returns the usual smaller sizes of the same aspect.
fn usual_sizes(size: PixelSize) -> Vec<PixelSize> {
    let smaller = USUAL_HEIGHTS
        .into_iter()
        .filter(|height| *height < size.height);
    smaller
        .map(|height| {
            let width = u64::from(size.width) * u64::from(height) / u64::from(size.height.max(1));
            PixelSize::new(u32::try_from(width.max(1)).unwrap_or(u32::MAX), height)
        })
        .collect()
}
