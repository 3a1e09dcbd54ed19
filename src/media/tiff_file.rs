//! Writes TIFF files of 16 bits a channel, for editors that read nothing else.

use super::image_types::{DisplayImage, PictureError, pixel_count};
use image::ImageEncoder;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes 16 bits a channel, uncompressed.
///
/// # Errors
/// Fails if the file cannot be written, or if the number of pixels does not match the size.
pub fn write_tiff(path: &Path, image: &DisplayImage) -> Result<(), PictureError> {
    if image.pixels.len() != pixel_count(image.size) {
        return Err(PictureError::encode_failed(
            path,
            "the number of its pixels does not match its size",
        ));
    }
    let file = File::create(path).map_err(|error| PictureError::write_failed(path, error))?;
    let mut out = BufWriter::new(file);
    let bytes: &[u8] = bytemuck::cast_slice(image.pixels.as_flattened());
    let width = image.size.width;
    let height = image.size.height;
    // Uncompressed, because not every reader of TIFF knows every compression.
    image::codecs::tiff::TiffEncoder::new(&mut out)
        .write_image(bytes, width, height, image::ExtendedColorType::Rgb16)
        .map_err(|error| PictureError::encode_failed(path, error))?;
    out.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}
