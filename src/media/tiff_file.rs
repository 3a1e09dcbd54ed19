//! TIFF files of 16 bits a channel, for editors that read nothing else.

use super::picture::{PictureError, Shown, pixel_count};
use image::ImageEncoder;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes 16 bits a channel, uncompressed, so that every reader reads it.
///
/// # Errors
/// Fails when the file cannot be written, or when there are not as many pixels as the size says.
pub fn write_tiff(path: &Path, shown: &Shown) -> Result<(), PictureError> {
    if shown.pixels.len() != pixel_count(shown.size) {
        return Err(PictureError::refused(
            path,
            "there are not as many pixels as its size says",
        ));
    }
    let file = File::create(path).map_err(|error| PictureError::write(path, error))?;
    let mut out = BufWriter::new(file);
    let bytes: &[u8] = bytemuck::cast_slice(shown.pixels.as_flattened());
    let (width, height) = (shown.size.width, shown.size.height);
    image::codecs::tiff::TiffEncoder::new(&mut out)
        .write_image(bytes, width, height, image::ExtendedColorType::Rgb16)
        .map_err(|error| PictureError::refused(path, error))?;
    out.flush()
        .map_err(|error| PictureError::write(path, error))
}
