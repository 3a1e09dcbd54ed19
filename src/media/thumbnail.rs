//! Small JPEG pictures for reports.

use super::image_types::DisplayImage;
use super::png_file::read_png;
use super::resample::{ResampleFilter, fit_to_size};
use crate::media::PictureError;
use crate::model::PixelSize;
use crate::model::retro_treatment::FitMode;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::path::Path;

/// Quality of the JPEG, 1 to 100.
const JPEG_QUALITY: u8 = 82;

/// Returns the PNG at `path` as a JPEG of at most `width` pixels across.
///
/// # Errors
/// Fails if the picture cannot be read.
pub fn jpeg_thumbnail(path: &Path, width: u32) -> Result<Vec<u8>, PictureError> {
    let image = read_png(path)?;
    encode_jpeg(path, &fit_width(image, width))
}

fn fit_width(image: DisplayImage, width: u32) -> DisplayImage {
    let old = image.size;
    // Retro pictures are small. Enlarging them would only blur them.
    if old.width <= width {
        return image;
    }
    let height = (u64::from(old.height) * u64::from(width) / u64::from(old.width)).max(1);
    let size = PixelSize::new(width, u32::try_from(height).unwrap_or(u32::MAX));
    // The height follows from the aspect, so `Stretch` distorts by less than a pixel.
    fit_to_size(image, size, FitMode::Stretch, ResampleFilter::Area)
}

fn encode_jpeg(path: &Path, image: &DisplayImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let pixels = image.to_8_bits();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    let written = encoder.write_image(
        pixels.as_flattened(),
        image.size.width,
        image.size.height,
        ExtendedColorType::Rgb8,
    );
    written.map_err(|error| PictureError::encode_failed(path, error))?;
    Ok(bytes)
}
