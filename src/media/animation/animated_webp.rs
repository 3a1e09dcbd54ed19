//! Animated WebP: the encoded pictures as they are, within one file.
//!
//! Format: <https://developers.google.com/speed/webp/docs/riff_container>. A file is chunks of a
//! name, a length and content, padded to an even length.

use super::{AnimationFacts, AnimationPicture, check_same_size, display_image};
use crate::media::image_types::{DisplayImage, PictureError, check_pixel_count, pixel_count};
use crate::model::PixelSize;
use crate::model::codec::PictureDelays;
use image_webp::{LoopCount, WebPDecoder};
use std::fs::File;
use std::io::{BufReader, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Bytes before the chunks of a file: `RIFF`, the length of the rest, `WEBP`.
const FILE_HEADER: usize = 12;

/// Bytes before the content of a chunk: its name and length.
const CHUNK_HEADER: usize = 8;

/// Bits of `VP8X` that say that a file is animated.
const ANIMATION_FLAG: u8 = 1 << 1;

/// How a picture is drawn: over what was there, which stays afterwards. Its pixels are opaque.
const DRAW_OVER: u8 = 1 << 1;

/// Splits WebP files that follow each other in one stream.
///
/// # Errors
/// Returns why a file is not complete.
pub fn split_webp_stills(mut stream: &[u8]) -> Result<Vec<&[u8]>, String> {
    let mut stills = Vec::new();
    while !stream.is_empty() {
        let length = still_length(stream).ok_or("it is not a WebP picture")?;
        if stream.len() < length {
            return Err("a picture is cut off".to_owned());
        }
        let (still, rest) = stream.split_at(length);
        stills.push(still);
        stream = rest;
    }
    Ok(stills)
}

/// Returns the length of the file that begins here.
fn still_length(stream: &[u8]) -> Option<usize> {
    let head = stream.get(..FILE_HEADER)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") {
        return None;
    }
    let rest = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    // The length is that of what follows it: `RIFF` and itself are not counted.
    usize::try_from(rest).ok()?.checked_add(8)
}

/// Reads a picture that is not animated. Transparency is dropped.
///
/// # Errors
/// Fails on a missing, damaged or too large file.
pub fn read_webp_still(path: &Path) -> Result<DisplayImage, PictureError> {
    let bytes = std::fs::read(path).map_err(|error| PictureError::read_failed(path, error))?;
    let damaged = |error: image_webp::DecodingError| PictureError::decode_failed(path, error);
    let mut decoder = WebPDecoder::new(Cursor::new(bytes.as_slice())).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let size = check_pixel_count(path, PixelSize::new(width, height))?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut buffer = vec![0; pixel_count(size) * channels];
    decoder.read_image(&mut buffer).map_err(damaged)?;
    Ok(display_image(size, &rgb_pixels(&buffer, channels)))
}

fn rgb_pixels(buffer: &[u8], channels: usize) -> Vec<[u8; 3]> {
    let pixels = buffer.chunks_exact(channels);
    pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// Joins WebP files.
pub(super) fn join_webp<E: From<PictureError>>(
    pictures: &[&Path],
    delays: PictureDelays,
    out: &Path,
    mut begin: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: std::io::Error| PictureError::write_failed(out, error);
    if pictures.is_empty() {
        return Err(PictureError::encode_failed(out, "it would have no pictures").into());
    }
    let mut file = BufWriter::new(File::create(out).map_err(failed)?);
    let mut size = None;
    for (index, path) in pictures.iter().enumerate() {
        begin(index)?;
        let still = std::fs::read(path).map_err(|error| PictureError::read_failed(path, error))?;
        let found = still_size(path, &still)?;
        let wanted = *size.get_or_insert(found);
        check_same_size(path, wanted, found)?;
        // The header has the size, which the first picture decides.
        if index == 0 {
            write_file_header(&mut file, wanted).map_err(failed)?;
        }
        let chunks = picture_chunks(&still)
            .ok_or_else(|| PictureError::decode_failed(path, "it has no pixels"))?;
        write_picture(&mut file, wanted, delays.delay(index), &chunks).map_err(failed)?;
    }
    finish_length(file).map_err(failed)?;
    Ok(())
}

/// Writes the length of the file into its header.
fn finish_length(mut file: BufWriter<File>) -> std::io::Result<()> {
    let end = file.stream_position()?;
    let length = u32::try_from(end.saturating_sub(8))
        .map_err(|_| std::io::Error::other("a WebP file has at most 4 GiB"))?;
    file.seek(SeekFrom::Start(4))?;
    file.write_all(&length.to_le_bytes())?;
    file.flush()
}

fn still_size(path: &Path, still: &[u8]) -> Result<PixelSize, PictureError> {
    let decoder = WebPDecoder::new(Cursor::new(still))
        .map_err(|error| PictureError::decode_failed(path, error))?;
    let (width, height) = decoder.dimensions();
    check_pixel_count(path, PixelSize::new(width, height))
}

/// Returns the chunks of a file that hold its pixels, with their headers.
fn picture_chunks(still: &[u8]) -> Option<Vec<u8>> {
    let mut rest = still.get(FILE_HEADER..)?;
    let mut pixels = Vec::new();
    while rest.len() >= CHUNK_HEADER {
        let length = u32::from_le_bytes([rest[4], rest[5], rest[6], rest[7]]);
        let length = usize::try_from(length).ok()?;
        let padded = CHUNK_HEADER.checked_add(length.next_multiple_of(2))?;
        // The last chunk may be without its padding, which is added below.
        let chunk = rest.get(..padded.min(rest.len()))?;
        if [b"VP8 ", b"VP8L", b"ALPH"]
            .iter()
            .any(|name| chunk.starts_with(*name))
        {
            pixels.extend_from_slice(chunk);
            pixels.resize(pixels.len().next_multiple_of(2), 0);
        }
        rest = rest.get(padded..).unwrap_or_default();
    }
    (!pixels.is_empty()).then_some(pixels)
}

fn write_file_header(file: &mut impl Write, size: PixelSize) -> std::io::Result<()> {
    // The length is written at the end.
    file.write_all(b"RIFF\0\0\0\0WEBP")?;
    file.write_all(b"VP8X")?;
    file.write_all(&10_u32.to_le_bytes())?;
    file.write_all(&[ANIMATION_FLAG, 0, 0, 0])?;
    // Sides are written less one.
    file.write_all(&three_bytes(size.width - 1))?;
    file.write_all(&three_bytes(size.height - 1))?;
    file.write_all(b"ANIM")?;
    file.write_all(&6_u32.to_le_bytes())?;
    // The background, which nothing shows.
    file.write_all(&[0, 0, 0, 255])?;
    // Repeated for ever.
    file.write_all(&0_u16.to_le_bytes())
}

fn write_picture(
    file: &mut impl Write,
    size: PixelSize,
    delay: u64,
    chunks: &[u8],
) -> std::io::Result<()> {
    const FRAME_HEADER: usize = 16;
    let length = u32::try_from(FRAME_HEADER + chunks.len()).map_err(std::io::Error::other)?;
    file.write_all(b"ANMF")?;
    file.write_all(&length.to_le_bytes())?;
    // Every picture covers all of the animation.
    file.write_all(&[0; 6])?;
    file.write_all(&three_bytes(size.width - 1))?;
    file.write_all(&three_bytes(size.height - 1))?;
    file.write_all(&three_bytes(u32::try_from(delay).unwrap_or(u32::MAX)))?;
    file.write_all(&[DRAW_OVER])?;
    file.write_all(chunks)
}

fn three_bytes(value: u32) -> [u8; 3] {
    let [low, middle, high, _] = value.min(0xff_ffff).to_le_bytes();
    [low, middle, high]
}

/// Reads an animated WebP.
pub(super) fn read_webp(
    path: &Path,
    mut visit: impl FnMut(usize, AnimationPicture),
) -> Result<AnimationFacts, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let damaged = |error: image_webp::DecodingError| PictureError::decode_failed(path, error);
    expect_whole_file(path, &file)?;
    let mut decoder = WebPDecoder::new(BufReader::new(file)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let size = check_pixel_count(path, PixelSize::new(width, height))?;
    if !decoder.is_animated() {
        return Err(PictureError::decode_failed(path, "it is not animated"));
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut buffer = vec![0; pixel_count(size) * channels];
    let pictures = decoder.num_frames() as usize;
    for index in 0..pictures {
        let delay = decoder.read_frame(&mut buffer).map_err(damaged)?;
        let picture = AnimationPicture {
            shown: display_image(size, &rgb_pixels(&buffer, channels)),
            delay: delay.into(),
        };
        visit(index, picture);
    }
    Ok(AnimationFacts {
        size,
        pictures,
        ticks_per_second: 1000,
        repeats: matches!(decoder.loop_count(), LoopCount::Forever),
    })
}

/// Fails if the file is shorter or longer than it says.
fn expect_whole_file(path: &Path, mut file: &File) -> Result<(), PictureError> {
    let failed = |error| PictureError::read_failed(path, error);
    let mut head = [0; FILE_HEADER];
    file.read_exact(&mut head).map_err(failed)?;
    let found = file.seek(SeekFrom::End(0)).map_err(failed)?;
    file.rewind().map_err(failed)?;
    match still_length(&head) {
        Some(length) if length as u64 == found => Ok(()),
        Some(_) => Err(PictureError::decode_failed(path, "it is cut off")),
        None => Err(PictureError::decode_failed(path, "it is not a WebP file")),
    }
}
