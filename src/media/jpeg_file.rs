//! Writes JPEG files for people: posters, sheets, thumbnails.

use super::image_types::{DisplayImage, PictureError, pixel_count};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Quality, 1 to 100. Above it, files grow and pictures hardly change.
const JPEG_QUALITY: u8 = 92;

/// Writes 8 bits a channel, with colours at full resolution.
///
/// # Errors
/// Fails if the file cannot be written, or if the number of pixels does not match the size.
pub fn write_jpeg(path: &Path, image: &DisplayImage) -> Result<(), PictureError> {
    if image.pixels.len() != pixel_count(image.size) {
        let why = "the number of its pixels does not match its size";
        return Err(PictureError::encode_failed(path, why));
    }
    let file = File::create(path).map_err(|error| PictureError::write_failed(path, error))?;
    let mut out = BufWriter::new(file);
    let pixels = image.to_8_bits();
    JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)
        .write_image(
            pixels.as_flattened(),
            image.size.width,
            image.size.height,
            ExtendedColorType::Rgb8,
        )
        .map_err(|error| PictureError::encode_failed(path, error))?;
    out.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}
