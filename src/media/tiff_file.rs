//! TIFF files of 16 bits a channel, for editors that read nothing else.

use super::image_types::{DisplayImage, PictureError, pixel_count};
use image::ImageEncoder;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes 16 bits a channel, uncompressed, so that every reader reads it.
///
/// # Errors
/// Fails when the file cannot be written, or when there are not as many pixels as the size says.
pub fn write_tiff(path: &Path, image: &DisplayImage) -> Result<(), PictureError> {
    if image.pixels.len() != pixel_count(image.size) {
        return Err(PictureError::encode_failed(
            path,
            "there are not as many pixels as its size says",
        ));
    }
    let file = File::create(path).map_err(|error| PictureError::write_failed(path, error))?;
    let mut out = BufWriter::new(file);
    let bytes: &[u8] = bytemuck::cast_slice(image.pixels.as_flattened());
    let (width, height) = (image.size.width, image.size.height);
    image::codecs::tiff::TiffEncoder::new(&mut out)
        .write_image(bytes, width, height, image::ExtendedColorType::Rgb16)
        .map_err(|error| PictureError::encode_failed(path, error))?;
    out.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}
