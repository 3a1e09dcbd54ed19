//! Reads EXR files of many layers, as Blender writes them: every channel by name.

use super::image_types::{PictureError, check_pixel_count, pixel_count};
use crate::model::PixelSize;
use exr::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Every channel of one picture, as 32-bit floats, rows from the top.
#[derive(Debug)]
pub struct ExrLayers {
    /// Size in pixels.
    pub size: PixelSize,
    channels: BTreeMap<String, Vec<f32>>,
}

impl ExrLayers {
    /// Reads every channel of the first picture in the file.
    ///
    /// # Errors
    /// Fails on a missing, damaged or too large file.
    pub fn read(path: &Path) -> std::result::Result<Self, PictureError> {
        let damaged = |error: &dyn std::fmt::Display| PictureError::decode_failed(path, error);
        let file =
            std::fs::File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
        let meta = MetaData::read_from_buffered(std::io::BufReader::new(file), false);
        let meta = meta.map_err(|error| damaged(&error))?;
        // The size comes before the pixels: a forged header must not decide how much is allocated.
        let header = meta
            .headers
            .first()
            .ok_or_else(|| damaged(&"it holds no picture"))?;
        let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let size = PixelSize::new(
            side(header.layer_size.width()),
            side(header.layer_size.height()),
        );
        let size = check_pixel_count(path, size)?;
        let reader = read()
            .no_deep_data()
            .largest_resolution_level()
            .all_channels()
            .first_valid_layer();
        let image = reader
            .all_attributes()
            .non_parallel()
            .from_file(path)
            .map_err(|error| damaged(&error))?;
        let channels = image.layer_data.channel_data.list.into_iter();
        let channels: BTreeMap<String, Vec<f32>> = channels
            .map(|channel| {
                (
                    channel.name.to_string(),
                    channel.sample_data.values_as_f32().collect(),
                )
            })
            .collect();
        if channels
            .values()
            // Subsampled channels have fewer values. Indexing them as pixels would shift the
            // picture.
            .any(|values| values.len() != pixel_count(size))
        {
            return Err(damaged(&"its channels are not of one size"));
        }
        Ok(Self { size, channels })
    }

    /// Returns the channels `letters` of the first layer in `names` that has all of them. A prefix,
    /// such as the name of a view layer, is ignored. The main layer has an empty name.
    #[must_use]
    pub fn layer_channels<const N: usize>(
        &self,
        names: &[&str],
        letters: [&str; N],
    ) -> Option<[&[f32]; N]> {
        // Blender renamed passes between versions, so callers give all names of one.
        names.iter().find_map(|name| {
            let full = |letter: &str| {
                if name.is_empty() {
                    letter.to_owned()
                } else {
                    format!("{name}.{letter}")
                }
            };
            let channels = letters.map(|letter| self.find_channel(&full(letter)));
            channels
                .iter()
                .all(Option::is_some)
                .then(|| channels.map(Option::unwrap_or_default))
        })
    }

    pub(super) fn find_channel(&self, name: &str) -> Option<&[f32]> {
        let matches_name = |full: &str| {
            full.strip_suffix(name)
                // Only whole parts of a name count: `Z` must not match `DenoisingZ`.
                .is_some_and(|left| left.is_empty() || left.ends_with('.'))
        };
        self.channels
            .iter()
            .find(|(full, _)| matches_name(full))
            .map(|(_, values)| values.as_slice())
    }
}
