//! Picture files as the renderer needs them.

use crate::gpu::Equirect;
use crate::model::Size;
use crate::producers::task::{Failure, FailureClass};
use std::path::Path;

/// Reads an equirectangular HDR or EXR picture.
pub(super) fn equirect(path: &Path) -> Result<Equirect, Failure> {
    let fail = |error: &dyn std::fmt::Display| {
        Failure::new(FailureClass::MissingInput, format!("read picture `{}`: {error}", path.display()))
    };
    let reader = image::ImageReader::open(path).map_err(|e| fail(&e))?.with_guessed_format().map_err(|e| fail(&e))?;
    let rgb = reader.decode().map_err(|e| fail(&e))?.into_rgb32f();
    let size = Size::new(rgb.width(), rgb.height());
    Ok(Equirect { size, pixels: rgb.pixels().map(|pixel| pixel.0).collect() })
}

/// Writes a scene-linear picture as half-float EXR.
pub(super) fn write_exr(path: &Path, size: Size, pixels: &[[f32; 3]]) -> Result<(), Failure> {
    use exr::prelude::{SpecificChannels, WritableImage, f16};
    let width = size.width as usize;
    let at = |place: exr::prelude::Vec2<usize>| {
        let [r, g, b] = pixels[place.y() * width + place.x()].map(f16::from_f32);
        (r, g, b)
    };
    let image = exr::prelude::Image::from_channels((width, size.height as usize), SpecificChannels::rgb(at));
    let failure = |error: exr::error::Error| Failure::new(FailureClass::Crash, format!("write `{}`: {error}", path.display()));
    image.write().to_file(path).map_err(failure)
}

/// Writes linear light as an 8-bit sRGB PNG, tone-mapped.
pub(super) fn write_png(path: &Path, size: Size, pixels: &[[f32; 3]]) -> Result<(), Failure> {
    let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| pixel.map(shown)).collect();
    let failure = |error: image::ImageError| Failure::new(FailureClass::Crash, format!("write `{}`: {error}", path.display()));
    image::save_buffer_with_format(path, &bytes, size.width, size.height, image::ColorType::Rgb8, image::ImageFormat::Png)
        .map_err(failure)
}

/// Narkowicz's fit of the ACES curve (2015), then sRGB.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn shown(light: f32) -> u8 {
    let x = light.max(0.0) * 0.8;
    let curved = (x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)).clamp(0.0, 1.0);
    let srgb = if curved <= 0.003_130_8 { 12.92 * curved } else { 1.055 * curved.powf(1.0 / 2.4) - 0.055 };
    (srgb * 255.0 + 0.5) as u8
}
