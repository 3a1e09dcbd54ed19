//! Pictures with transparency, as PNG of 8 bits: the frames and the sheets of sprites.

use super::image_types::{PictureError, check_pixel_count, pixel_count, to_8_bits};
use super::tone::{filmic_tonemap, to_16_bits};
use crate::model::PixelSize;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// Display-referred RGB with straight alpha, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlphaImage {
    /// Size in pixels.
    pub size: PixelSize,
    /// Red, green, blue and alpha of each pixel. Where alpha is 0, so are the others.
    pub pixels: Vec<[u8; 4]>,
}

impl AlphaImage {
    /// Returns a transparent picture.
    #[must_use]
    pub fn transparent(size: PixelSize) -> Self {
        Self {
            size,
            pixels: vec![[0; 4]; pixel_count(size)],
        }
    }

    /// Returns scene-linear light, multiplied by its alpha, as a screen shows it.
    #[must_use]
    pub fn from_light(size: PixelSize, light: &[[f32; 4]]) -> Self {
        Self {
            size,
            pixels: light.iter().map(shown_pixel).collect(),
        }
    }

    /// Returns the part at `place`, which must be inside.
    #[must_use]
    pub fn part(&self, place: [u32; 2], size: PixelSize) -> Self {
        let width = self.size.width as usize;
        let rows = (place[1]..place[1] + size.height).map(|y| y as usize * width);
        let pixels = rows.flat_map(|row| {
            let start = row + place[0] as usize;
            self.pixels[start..start + size.width as usize].iter()
        });
        Self {
            size,
            pixels: pixels.copied().collect(),
        }
    }

    /// Puts a picture at `place`, where all of it must be inside.
    pub fn put(&mut self, picture: &Self, place: [u32; 2]) {
        let width = picture.size.width.max(1) as usize;
        for (y, row) in picture.pixels.chunks(width).enumerate() {
            let start = (place[1] as usize + y) * self.size.width as usize + place[0] as usize;
            self.pixels[start..start + row.len()].copy_from_slice(row);
        }
    }

    /// Writes it as PNG.
    ///
    /// # Errors
    /// Fails if the file cannot be written, or if the number of pixels does not match the size.
    pub fn write_png(&self, path: &Path) -> Result<(), PictureError> {
        let refused = |error: png::EncodingError| match error {
            png::EncodingError::IoError(source) => PictureError::write_failed(path, source),
            other => PictureError::encode_failed(path, other),
        };
        let file = File::create(path).map_err(|error| PictureError::write_failed(path, error))?;
        let mut file = BufWriter::new(file);
        let mut encoder = png::Encoder::new(&mut file, self.size.width, self.size.height);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_color(png::ColorType::Rgba);
        // The colours are those of a screen, and games load the size of the file.
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header().map_err(refused)?;
        writer
            .write_image_data(self.pixels.as_flattened())
            .map_err(refused)?;
        writer.finish().map_err(refused)?;
        file.flush()
            .map_err(|error| PictureError::write_failed(path, error))
    }

    /// Reads a PNG that was written by [`Self::write_png`].
    ///
    /// # Errors
    /// Fails on a missing, damaged or too large file, and on one of another kind.
    pub fn read_png(path: &Path) -> Result<Self, PictureError> {
        let damaged = |error| PictureError::decode_failed(path, error);
        let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
        let mut decoder = png::Decoder::new(BufReader::new(file));
        decoder.set_limits(png::Limits { bytes: usize::MAX });
        let mut reader = decoder.read_info().map_err(damaged)?;
        let info = reader.info();
        let size = check_pixel_count(path, PixelSize::new(info.width, info.height))?;
        if (info.color_type, info.bit_depth) != (png::ColorType::Rgba, png::BitDepth::Eight) {
            let why = "it has no alpha channel of 8 bits";
            return Err(PictureError::decode_failed(path, why));
        }
        let mut pixels = vec![[0; 4]; pixel_count(size)];
        reader
            .next_frame(pixels.as_flattened_mut())
            .map_err(damaged)?;
        // Chunks behind the pixels too, so that a missing tail is an error.
        reader.finish().map_err(damaged)?;
        Ok(Self { size, pixels })
    }
}

fn shown_pixel(light: &[f32; 4]) -> [u8; 4] {
    let [red, green, blue, alpha] = *light;
    let to_bytes = |value: f32| to_8_bits(to_16_bits(value));
    let shown_alpha = to_bytes(alpha);
    // A pixel that nobody sees has no colour, so that equal pictures have equal bytes.
    if shown_alpha == 0 {
        return [0; 4];
    }
    let light = [red, green, blue].map(|value| value / alpha);
    let [red, green, blue] = filmic_tonemap(light).map(to_bytes);
    [red, green, blue, shown_alpha]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_behind_half_an_edge_keeps_its_colour() {
        let full = [0.4, 0.2, 0.1, 1.0];
        let half = full.map(|value| value * 0.5);
        let size = PixelSize::new(3, 1);
        let shown = AlphaImage::from_light(size, &[full, half, [0.0; 4]]);
        assert_eq!(shown.pixels[0][..3], shown.pixels[1][..3]);
        assert_eq!(shown.pixels[0][3], 255);
        assert_eq!(shown.pixels[1][3], 128);
        assert_eq!(shown.pixels[2], [0; 4]);
    }

    #[test]
    fn light_that_is_no_number_is_shown_as_something() {
        let light = [f32::NAN, f32::INFINITY, -1.0, f32::NAN];
        let shown = AlphaImage::from_light(PixelSize::new(1, 1), &[light]);
        assert_eq!(shown.pixels, [[0; 4]]);
    }

    #[test]
    fn a_picture_reads_back_exactly() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let mut picture = AlphaImage::transparent(PixelSize::new(5, 3));
        picture.pixels[7] = [1, 2, 3, 4];
        picture.write_png(&path).unwrap();
        assert_eq!(AlphaImage::read_png(&path).unwrap(), picture);
        std::fs::write(&path, []).unwrap();
        assert!(AlphaImage::read_png(&path).is_err());
    }

    #[test]
    fn parts_are_put_where_they_were() {
        let mut picture = AlphaImage::transparent(PixelSize::new(4, 4));
        picture.pixels[6] = [9; 4];
        let part = picture.part([2, 1], PixelSize::new(2, 2));
        assert_eq!(part.pixels, [[9; 4], [0; 4], [0; 4], [0; 4]]);
        let mut other = AlphaImage::transparent(picture.size);
        other.put(&part, [2, 1]);
        assert_eq!(other, picture);
    }
}
