//! Animated GIF: a palette for each picture, and only what differs from the picture before.

use super::changed_area::ChangedArea;
use super::{AnimationFacts, AnimationPicture, check_same_size, display_image};
use crate::media::image_types::{PictureError, check_pixel_count};
use crate::media::png_file::{IndexedImage, read_indexed};
use crate::model::PixelSize;
use crate::model::codec::PictureDelays;
use gif::{ColorOutput, DecodeOptions, DisposalMethod, Encoder, Frame, MemoryLimit, Repeat};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// Joins indexed PNG files.
pub(super) fn join_gif<E: From<PictureError>>(
    pictures: &[&Path],
    delays: PictureDelays,
    out: &Path,
    mut begin: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let Some((first, rest)) = pictures.split_first() else {
        return Err(PictureError::encode_failed(out, "it would have no pictures").into());
    };
    let failed = |error: gif::EncodingError| PictureError::encode_failed(out, error);
    begin(0)?;
    let now = read_indexed(first)?;
    let size = now.size;
    let file = File::create(out).map_err(|error| PictureError::write_failed(out, error))?;
    let mut file = BufWriter::new(file);
    let mut encoder = Encoder::new(
        &mut file,
        side(out, size.width)?,
        side(out, size.height)?,
        &[],
    )
    .map_err(failed)?;
    encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
    encoder
        .write_frame(&whole_frame(&now, delays.delay(0)))
        .map_err(failed)?;
    let mut before = now.colours();
    for (index, path) in (1..).zip(rest) {
        begin(index)?;
        let now = read_indexed(path)?;
        check_same_size(path, size, now.size)?;
        let colours = now.colours();
        encoder
            .write_frame(&changed_frame(&now, &colours, &before, delays.delay(index)))
            .map_err(failed)?;
        before = colours;
    }
    // The trailer is written here, where its failure can be seen.
    encoder.into_inner().map_err(failed)?;
    file.flush()
        .map_err(|error| PictureError::write_failed(out, error))?;
    Ok(())
}

fn side(path: &Path, pixels: u32) -> Result<u16, PictureError> {
    u16::try_from(pixels)
        .map_err(|_| PictureError::encode_failed(path, "a GIF has at most 65535 pixels a side"))
}

fn whole_frame(now: &IndexedImage, delay: u64) -> Frame<'static> {
    area_frame(
        now,
        ChangedArea::whole(now.size),
        now.indices.clone(),
        delay,
    )
}

/// Returns what differs from the picture before. Where the palette has room for it, equal pixels in
/// between are transparent, which packs better.
fn changed_frame(
    now: &IndexedImage,
    colours: &[[u8; 3]],
    before: &[[u8; 3]],
    delay: u64,
) -> Frame<'static> {
    let area = ChangedArea::between(now.size, before, colours);
    let width = now.size.width;
    let mut indices = area.cut(width, &now.indices);
    // The index behind the last colour. A palette of 256 colours has none left.
    let transparent = u8::try_from(now.palette.len()).ok();
    if let Some(transparent) = transparent {
        let same = area
            .rows(width)
            .flatten()
            .map(|at| before[at] == colours[at]);
        for (index, same) in indices.iter_mut().zip(same) {
            if same {
                *index = transparent;
            }
        }
    }
    let mut frame = area_frame(now, area, indices, delay);
    frame.transparent = transparent;
    if let (Some(_), Some(palette)) = (transparent, &mut frame.palette) {
        // The index needs a colour, which nothing shows.
        palette.extend([0; 3]);
    }
    frame
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the sides were checked, and a delay has 16 bits at every rate of at least 1 in 655 s"
)]
fn area_frame(
    now: &IndexedImage,
    area: ChangedArea,
    indices: Vec<u8>,
    delay: u64,
) -> Frame<'static> {
    Frame {
        delay: delay.min(u64::from(u16::MAX)) as u16,
        // What is not drawn stays.
        dispose: DisposalMethod::Keep,
        left: area.left as u16,
        top: area.top as u16,
        width: area.size.width as u16,
        height: area.size.height as u16,
        palette: Some(now.palette.as_flattened().to_vec()),
        buffer: Cow::Owned(indices),
        ..Frame::default()
    }
}

/// Reads an animated GIF.
pub(super) fn read_gif(
    path: &Path,
    mut visit: impl FnMut(usize, AnimationPicture),
) -> Result<AnimationFacts, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let damaged = |error: gif::DecodingError| PictureError::decode_failed(path, error);
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    // The limit is the one of all pictures, which is checked below.
    options.set_memory_limit(MemoryLimit::Unlimited);
    let mut decoder = options.read_info(BufReader::new(file)).map_err(damaged)?;
    let size = PixelSize::new(decoder.width().into(), decoder.height().into());
    let size = check_pixel_count(path, size)?;
    let global = decoder.global_palette().map(<[u8]>::to_vec);
    let mut shown = vec![[0; 3]; size.width as usize * size.height as usize];
    let mut pictures = 0;
    while let Some(frame) = decoder.read_next_frame().map_err(damaged)? {
        let palette = frame.palette.as_deref().or(global.as_deref());
        let palette =
            palette.ok_or_else(|| PictureError::decode_failed(path, "it has no palette"))?;
        draw_frame(path, frame, palette, size, &mut shown)?;
        let picture = AnimationPicture {
            shown: display_image(size, &shown),
            delay: frame.delay.into(),
        };
        visit(pictures, picture);
        pictures += 1;
    }
    Ok(AnimationFacts {
        size,
        pictures,
        ticks_per_second: 100,
        repeats: matches!(decoder.repeat(), Repeat::Infinite),
    })
}

fn draw_frame(
    path: &Path,
    frame: &Frame<'_>,
    palette: &[u8],
    size: PixelSize,
    shown: &mut [[u8; 3]],
) -> Result<(), PictureError> {
    let damaged = |why: &str| PictureError::decode_failed(path, why);
    let area = ChangedArea {
        left: frame.left.into(),
        top: frame.top.into(),
        size: PixelSize::new(frame.width.into(), frame.height.into()),
    };
    if !area.fits(size) {
        return Err(damaged("a picture is outside of the animation"));
    }
    let places = area.rows(size.width).flatten();
    for (place, index) in places.zip(frame.buffer.iter()) {
        if Some(*index) == frame.transparent {
            continue;
        }
        let start = usize::from(*index) * 3;
        let colour = palette.get(start..start + 3);
        let colour = colour.ok_or_else(|| damaged("a pixel has no colour in the palette"))?;
        shown[place] = [colour[0], colour[1], colour[2]];
    }
    Ok(())
}
