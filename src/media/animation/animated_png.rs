//! Animated PNG: every picture without loss, and only the area that differs from the one before.

use super::changed_area::ChangedArea;
use super::{AnimationFacts, AnimationPicture, check_same_size, display_image};
use crate::media::image_types::{PictureError, check_pixel_count, pixel_count};
use crate::media::png_file::read_png;
use crate::model::PixelSize;
use crate::model::codec::PictureDelays;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// Joins PNG files.
pub(super) fn join_apng<E: From<PictureError>>(
    pictures: &[&Path],
    delays: PictureDelays,
    out: &Path,
    mut begin: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let Some((first, _)) = pictures.split_first() else {
        return Err(PictureError::encode_failed(out, "it would have no pictures").into());
    };
    let failed = |error: png::EncodingError| PictureError::encode_failed(out, error);
    begin(0)?;
    let shown = read_png(first)?;
    let size = shown.size;
    let mut before = shown.to_8_bits();
    let file = File::create(out).map_err(|error| PictureError::write_failed(out, error))?;
    let mut file = BufWriter::new(file);
    let mut writer = png_header(&mut file, size, pictures.len()).map_err(failed)?;
    set_delay(&mut writer, delays, 0).map_err(failed)?;
    writer
        .write_image_data(before.as_flattened())
        .map_err(failed)?;
    for (index, path) in pictures.iter().enumerate().skip(1) {
        begin(index)?;
        let shown = read_png(path)?;
        check_same_size(path, size, shown.size)?;
        let now = shown.to_8_bits();
        let area = ChangedArea::between(size, &before, &now);
        write_area(
            &mut writer,
            area,
            &area.cut(size.width, &now),
            delays,
            index,
        )
        .map_err(failed)?;
        before = now;
    }
    writer.finish().map_err(failed)?;
    file.flush()
        .map_err(|error| PictureError::write_failed(out, error))?;
    Ok(())
}

fn png_header<W: Write>(
    file: W,
    size: PixelSize,
    pictures: usize,
) -> Result<png::Writer<W>, png::EncodingError> {
    let mut encoder = png::Encoder::new(file, size.width, size.height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    // 0 plays: for ever.
    encoder.set_animated(u32::try_from(pictures).unwrap_or(u32::MAX), 0)?;
    encoder.write_header()
}

fn set_delay<W: Write>(
    writer: &mut png::Writer<W>,
    delays: PictureDelays,
    index: usize,
) -> Result<(), png::EncodingError> {
    // A picture is shown for a second at most, and there are 1000 ticks in it.
    let bits = |value: u64| u16::try_from(value).unwrap_or(u16::MAX);
    writer.set_frame_delay(bits(delays.delay(index)), bits(delays.ticks_per_second()))
}

fn write_area<W: Write>(
    writer: &mut png::Writer<W>,
    area: ChangedArea,
    pixels: &[[u8; 3]],
    delays: PictureDelays,
    index: usize,
) -> Result<(), png::EncodingError> {
    // The place is checked against the size that is set, so it is taken back first.
    writer.reset_frame_position()?;
    writer.set_frame_dimension(area.size.width, area.size.height)?;
    writer.set_frame_position(area.left, area.top)?;
    set_delay(writer, delays, index)?;
    writer.write_image_data(pixels.as_flattened())
}

/// Reads an animated PNG.
pub(super) fn read_apng(
    path: &Path,
    mut visit: impl FnMut(usize, AnimationPicture),
) -> Result<AnimationFacts, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let damaged = |error: png::DecodingError| PictureError::decode_failed(path, error);
    let not_ours = |why: &str| PictureError::decode_failed(path, why);
    let mut decoder = png::Decoder::new(BufReader::new(file));
    decoder.set_limits(png::Limits { bytes: usize::MAX });
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = PixelSize::new(reader.info().width, reader.info().height);
    let size = check_pixel_count(path, size)?;
    if reader.output_color_type() != (png::ColorType::Rgb, png::BitDepth::Eight) {
        return Err(not_ours("it is not RGB of 8 bits"));
    }
    let control = reader.info().animation_control().copied();
    let control = control.ok_or_else(|| not_ours("it is not animated"))?;
    let mut shown = vec![[0; 3]; pixel_count(size)];
    let mut buffer = vec![0; pixel_count(size) * 3];
    let mut ticks_per_second = 0;
    for index in 0..control.num_frames as usize {
        let info = reader.next_frame(&mut buffer).map_err(damaged)?;
        let frame = reader.info().frame_control().copied();
        let frame = frame.ok_or_else(|| not_ours("a picture has no time"))?;
        let area = ChangedArea {
            left: frame.x_offset,
            top: frame.y_offset,
            size: PixelSize::new(frame.width, frame.height),
        };
        if !area.fits(size) || (info.width, info.height) != (frame.width, frame.height) {
            return Err(not_ours("a picture is outside of the animation"));
        }
        let pixels = buffer.chunks_exact(3);
        for (place, pixel) in area.rows(size.width).flatten().zip(pixels) {
            shown[place] = [pixel[0], pixel[1], pixel[2]];
        }
        // 0 stands for hundredths.
        let den = if frame.delay_den == 0 {
            100
        } else {
            frame.delay_den
        };
        ticks_per_second = den.into();
        let picture = AnimationPicture {
            shown: display_image(size, &shown),
            delay: frame.delay_num.into(),
        };
        visit(index, picture);
    }
    reader.finish().map_err(damaged)?;
    Ok(AnimationFacts {
        size,
        pictures: control.num_frames as usize,
        ticks_per_second,
        repeats: control.num_plays == 0,
    })
}
