//! Small JPEG pictures for reports.

use super::picture::Shown;
use super::png_file::read_png;
use super::resample::{Filter, fit};
use crate::media::PictureError;
use crate::model::PixelSize;
use crate::model::retro_treatment::FitMode;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::path::Path;

/// Quality of the JPEG, 1 to 100.
const QUALITY: u8 = 82;

/// Returns the PNG at `path` as a JPEG at most `width` pixels wide.
///
/// # Errors
/// Fails when the picture cannot be read.
pub fn thumbnail(path: &Path, width: u32) -> Result<Vec<u8>, PictureError> {
    let shown = read_png(path)?;
    encode(path, &fit_width(shown, width))
}

fn fit_width(shown: Shown, width: u32) -> Shown {
    let old = shown.size;
    if old.width <= width {
        return shown;
    }
    let height = (u64::from(old.height) * u64::from(width) / u64::from(old.width)).max(1);
    let size = PixelSize::new(width, u32::try_from(height).unwrap_or(u32::MAX));
    fit(shown, size, FitMode::Stretch, Filter::Area)
}

fn encode(path: &Path, shown: &Shown) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let pixels = shown.to_8_bits();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    let written = encoder.write_image(
        pixels.as_flattened(),
        shown.size.width,
        shown.size.height,
        ExtendedColorType::Rgb8,
    );
    written.map_err(|error| PictureError::refused(path, error))?;
    Ok(bytes)
}
