//! Animations of one file: GIF, animated PNG and animated WebP, joined from pictures without
//! encoding them again where the format allows, and read back picture by picture.
//!
//! All repeat for ever. Every picture is in the file, also one that equals the one before it, so
//! that their number can be compared.

mod animated_gif;
mod animated_png;
mod animated_webp;
mod changed_area;

pub use animated_webp::{read_webp_still, split_webp_stills};

use super::image_types::{DisplayImage, PictureError};
use crate::model::codec::{AnimationFormat, PictureDelays};
use crate::model::{FrameRate, PixelSize};
use std::path::Path;

/// One picture of an animation as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnimationPicture {
    /// All of the picture, also what the file repeats from the one before.
    pub shown: DisplayImage,
    /// How long it is shown, in the ticks of [`AnimationFacts::ticks_per_second`].
    pub delay: u64,
}

/// What an animation says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnimationFacts {
    /// Size in pixels.
    pub size: PixelSize,
    /// Number of pictures that were read.
    pub pictures: usize,
    /// Ticks a second of its delays.
    pub ticks_per_second: u64,
    /// Whether it repeats for ever.
    pub repeats: bool,
}

/// Joins pictures, one or more, to one file: indexed PNG for GIF, PNG for animated PNG, WebP for
/// animated WebP. `begin` is called with the index of each before it is read, and can end the work
/// with an error.
///
/// # Errors
/// Fails if a picture cannot be read, differs in size, or the file cannot be written, and with the
/// error of `begin`.
pub fn join_pictures<E: From<PictureError>>(
    format: AnimationFormat,
    pictures: &[&Path],
    rate: FrameRate,
    out: &Path,
    begin: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let delays = PictureDelays::for_animation(format, rate);
    match format {
        AnimationFormat::Gif => animated_gif::join_gif(pictures, delays, out, begin),
        AnimationFormat::Apng => animated_png::join_apng(pictures, delays, out, begin),
        AnimationFormat::Webp => animated_webp::join_webp(pictures, delays, out, begin),
    }
}

/// Reads an animation to its end, and passes each picture with its index to `visit`.
///
/// # Errors
/// Fails on a missing, damaged or too large file.
pub fn read_animation(
    format: AnimationFormat,
    path: &Path,
    visit: impl FnMut(usize, AnimationPicture),
) -> Result<AnimationFacts, PictureError> {
    match format {
        AnimationFormat::Gif => animated_gif::read_gif(path, visit),
        AnimationFormat::Apng => animated_png::read_apng(path, visit),
        AnimationFormat::Webp => animated_webp::read_webp(path, visit),
    }
}

/// Returns 8-bit pixels as a picture for display.
fn display_image(size: PixelSize, pixels: &[[u8; 3]]) -> DisplayImage {
    let wide = |pixel: &[u8; 3]| pixel.map(|value| u16::from(value) * 257);
    DisplayImage {
        size,
        pixels: pixels.iter().map(wide).collect(),
    }
}

fn check_same_size(path: &Path, wanted: PixelSize, found: PixelSize) -> Result<(), PictureError> {
    if wanted == found {
        return Ok(());
    }
    let why = format!("it is {found}, and the first picture {wanted}");
    Err(PictureError::decode_failed(path, why))
}

#[cfg(test)]
mod tests;
