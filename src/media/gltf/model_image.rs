//! The pictures of a model: their bytes, their size, their pixels.

use super::container::{GltfContainer, read_resource};
use super::error::{GltfFault, check_limit, check_memory, fail_malformed};
use super::material::GltfMaterial;
use crate::media::integrity::check_bytes_complete;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The most pixels of one picture of a model.
const MAX_IMAGE_PIXELS: usize = 16384 * 8192;

/// A decoded picture, 8 bits a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GltfImage {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes a pixel, rows from the top.
    pub rgba: Vec<u8>,
}

/// Decodes the pictures that materials use. The others stay empty, so that indices are those of the
/// file.
pub(super) fn decode_images(
    container: &GltfContainer,
    materials: &[GltfMaterial],
) -> Result<Vec<GltfImage>, GltfFault> {
    let used = used_images(materials);
    let count = container.document.images.len();
    (0..count)
        // Pictures are independent of each other and slow to decode.
        .into_par_iter()
        .map(|index| {
            if used.contains(&index) {
                decode_picture(container, index)
            } else {
                Ok(GltfImage::default())
            }
        })
        .collect()
}

/// Checks size and end of the pictures that materials use, without decoding them.
pub(super) fn check_images(
    container: &GltfContainer,
    materials: &[GltfMaterial],
) -> Result<(), GltfFault> {
    let used: Vec<usize> = used_images(materials).into_iter().collect();
    used.into_par_iter()
        .try_for_each(|index| complete_image(container, index).map(|_| ()))
}

fn used_images(materials: &[GltfMaterial]) -> BTreeSet<usize> {
    materials
        .iter()
        .flat_map(GltfMaterial::texture_maps)
        .map(|map| map.image)
        .collect()
}

fn decode_picture(container: &GltfContainer, index: usize) -> Result<GltfImage, GltfFault> {
    let (bytes, [width, height]) = complete_image(container, index)?;
    // As it is decoded, and as four channels.
    let bytes_needed = u64::from(width) * u64::from(height) * 12;
    check_memory(format!("picture {index} of {width}x{height}"), bytes_needed)?;
    let image =
        image::load_from_memory(&bytes).map_err(|error| undecodable_image(index, &error))?;
    Ok(GltfImage {
        width,
        height,
        rgba: image.into_rgba8().into_raw(),
    })
}

/// Returns the bytes of a picture, and its width and height. Fails if it is cut short or too large.
fn complete_image(
    container: &GltfContainer,
    index: usize,
) -> Result<(Vec<u8>, [u32; 2]), GltfFault> {
    let bytes = image_bytes(container, index)?;
    let reader = image::ImageReader::new(std::io::Cursor::new(&bytes)).with_guessed_format()?;
    let (width, height) = reader
        .into_dimensions()
        .map_err(|error| undecodable_image(index, &error))?;
    // The header is cheap. A picture of a few bytes can claim gigabytes of pixels.
    check_limit(
        "pixels in one picture",
        width as usize * height as usize,
        MAX_IMAGE_PIXELS,
    )?;
    // The JPEG decoder fills a missing part with grey and reports nothing.
    check_bytes_complete(&bytes)
        .map_err(|why| GltfFault::Malformed(format!("picture {index} {why}")))?;
    Ok((bytes, [width, height]))
}

fn undecodable_image(index: usize, error: &image::ImageError) -> GltfFault {
    GltfFault::Malformed(format!("picture {index} cannot be decoded: {error}"))
}

fn image_bytes(container: &GltfContainer, index: usize) -> Result<Vec<u8>, GltfFault> {
    let image = &container.document.images[index];
    match (&image.uri, &image.buffer_view) {
        // The content decides about the format, since `mimeType` may be wrong.
        (Some(uri), _) => read_resource(&container.folder, uri),
        (None, Some(view)) => Ok(container.view_bytes(*view)?.to_vec()),
        (None, None) => fail_malformed(format!(
            "picture {index} has neither a uri nor a buffer view"
        )),
    }
}
