//! Reads and writes passes as OpenEXR. Measures and vectors have 32 bits and channels of their own
//! names; light and colour are half floats, like frames. The same values give the same bytes.

use super::exr_file::write_exr;
use super::exr_layers::ExrLayers;
use super::image_types::{LinearImage, PictureError};
use crate::model::PixelSize;
use crate::model::pass::PassDataKind;
use exr::prelude::*;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a pass. A measure is the first of the three values of a pixel.
///
/// # Errors
/// Fails if the file cannot be written.
pub fn write_pass(
    path: &Path,
    meaning: PassDataKind,
    picture: &LinearImage,
) -> std::result::Result<(), PictureError> {
    // Half floats have 11 bits of precision: enough for light, but at 100 m they resolve depth to 6
    // cm only.
    if meaning == PassDataKind::Colour {
        return write_exr(path, picture);
    }
    let channels = channel_names(meaning)
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let values: Vec<f32> = picture.pixels.iter().map(|pixel| pixel[index]).collect();
            AnyChannel::new(*name, FlatSamples::F32(values))
        });
    let encoding = Encoding {
        compression: Compression::ZIP16,
        blocks: Blocks::ScanLines,
        line_order: LineOrder::Increasing,
    };
    let extent = (picture.size.width as usize, picture.size.height as usize);
    // The format requires channels in alphabetical order.
    let channels = AnyChannels::sort(channels.collect());
    let image = Image::from_layer(Layer::new(
        extent,
        LayerAttributes::default(),
        encoding,
        channels,
    ));
    let file = File::create(path).map_err(|error| PictureError::write_failed(path, error))?;
    let mut out = BufWriter::new(file);
    let written = image.write().non_parallel().to_buffered(&mut out);
    written.map_err(|error| PictureError::encode_failed(path, error))?;
    out.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}

/// Decodes a whole pass and returns its size.
///
/// # Errors
/// Fails if the file is missing or damaged, or lacks a channel of its kind.
pub fn check_pass(
    path: &Path,
    meaning: PassDataKind,
) -> std::result::Result<PixelSize, PictureError> {
    let layers = ExrLayers::read(path)?;
    let missing = channel_names(meaning)
        .iter()
        .find(|name| layers.find_channel(name).is_none());
    match missing {
        Some(name) => Err(PictureError::decode_failed(
            path,
            format!("it has no channel {name}"),
        )),
        None => Ok(layers.size),
    }
}

/// Returns the names of the channels, in the order of the values of a pixel.
const fn channel_names(meaning: PassDataKind) -> &'static [&'static str] {
    match meaning {
        // Compositors find depth by the name `Z`, and take `R`, `G` and `B` for colour.
        PassDataKind::Measure => &["Z"],
        PassDataKind::Vector => &["X", "Y", "Z"],
        PassDataKind::Colour => &["R", "G", "B"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_keeps_every_bit_in_a_channel_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("depth.0001.exr");
        let size = PixelSize::new(3, 2);
        let depths = [1.234_567_9_f32, 1.0e10, 0.1, 70_000.5, 3.0, 4.0];
        let picture = LinearImage {
            size,
            pixels: depths.map(|depth| [depth, 0.0, 0.0]).to_vec(),
        };
        write_pass(&path, PassDataKind::Measure, &picture).unwrap();
        assert_eq!(check_pass(&path, PassDataKind::Measure).unwrap(), size);
        assert_eq!(
            ExrLayers::read(&path).unwrap().find_channel("Z").unwrap(),
            depths
        );
        let refused = check_pass(&path, PassDataKind::Colour)
            .unwrap_err()
            .to_string();
        assert!(refused.ends_with("it has no channel R"), "{refused}");
    }

    #[test]
    fn the_same_directions_are_the_same_bytes_and_come_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let picture = LinearImage::filled_with(PixelSize::new(4, 4), [0.1, -0.2, 0.3]);
        let bytes = ["a", "b"].map(|name| {
            let path = folder.path().join(name);
            write_pass(&path, PassDataKind::Vector, &picture).unwrap();
            let layers = ExrLayers::read(&path).unwrap();
            assert_eq!(
                ["X", "Y", "Z"].map(|name| layers.find_channel(name).unwrap()[7]),
                [0.1, -0.2, 0.3]
            );
            std::fs::read(path).unwrap()
        });
        assert!(bytes[0] == bytes[1]);
    }
}
