//! Reads and writes scene-linear frames as half-float RGB OpenEXR. The same pixels give the same
//! bytes.
//!
//! Compression was chosen by measuring a 960x540 render-like frame with noise of 0, 2 and 10 % (one
//! busy core, milliseconds and size against raw): uncompressed writes in 12-21 and reads in 5 at
//! 1.00; RLE 13-48, 4-13, 0.08-0.36; ZIP of 16 lines 25-45, 6-22, 0.02-0.18; PIZ 39-49, 29-42,
//! 0.08-0.35. ZIP of 16 lines halves the RLE file for some 20 ms a frame, reads as fast, and is
//! what every other program writes.

use super::image_types::{
    LinearImage, PictureError, PictureFacts, PictureKind, check_pixel_count, pixel_count,
};
use crate::model::PixelSize;
use exr::prelude::*;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The largest finite half float. More light would become infinite.
const HALF_MAX: f32 = 65504.0;

/// Writes half-float RGB. Values beyond the half range are clamped, NaN becomes black.
///
/// # Errors
/// Fails if the file cannot be written.
pub fn write_exr(path: &Path, picture: &LinearImage) -> std::result::Result<(), PictureError> {
    let file = File::create(path).map_err(|error| PictureError::write_failed(path, error))?;
    let mut out = BufWriter::new(file);
    encode_exr(picture, &mut out).map_err(|error| PictureError::encode_failed(path, error))?;
    out.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}

/// Encodes on the calling thread.
fn encode_exr(picture: &LinearImage, out: impl Write + std::io::Seek) -> exr::error::UnitResult {
    let width = picture.size.width as usize;
    let channels = SpecificChannels::build()
        .with_channel::<f16>("R")
        .with_channel::<f16>("G")
        .with_channel::<f16>("B")
        .with_pixel_fn(|position: Vec2<usize>| {
            let [red, green, blue] =
                picture.pixels[position.y() * width + position.x()].map(to_half_float);
            (red, green, blue)
        });
    // Every choice is fixed here and not left to the crate: a new default would change the bytes,
    // and with them the digest, of every frame.
    let encoding = Encoding {
        compression: Compression::ZIP16,
        blocks: Blocks::ScanLines,
        line_order: LineOrder::Increasing,
    };
    let extent = (width, picture.size.height as usize);
    let image = Image::from_layer(Layer::new(
        extent,
        LayerAttributes::default(),
        encoding,
        channels,
    ));
    // The crate would build a thread pool for each frame, and jobs run side by side anyway.
    image.write().non_parallel().to_buffered(out)
}

fn to_half_float(value: f32) -> f16 {
    // NaN and infinity spread: one such pixel blackens a whole neighbourhood in blur and
    // resampling.
    f16::from_f32(if value.is_nan() {
        0.0
    } else {
        value.clamp(-HALF_MAX, HALF_MAX)
    })
}

/// Reads the first layer with red, green and blue, of any sample type, as its display window shows
/// it: what its data window lacks there is black, and what it has beyond is cut.
///
/// # Errors
/// Fails on a missing, damaged or too large file, and on one without R, G and B.
pub fn read_exr(path: &Path) -> std::result::Result<LinearImage, PictureError> {
    // The header is read first, so that the size is checked before the decoder allocates.
    let header = read_header(path)?;
    let ExrHeader { size, .. } = header;
    let create = move |_: Vec2<usize>, _: &_| vec![[0.0; 3]; pixel_count(size)];
    let set = move |pixels: &mut Vec<[f32; 3]>,
                    position: Vec2<usize>,
                    (red, green, blue): (f32, f32, f32)| {
        if let Some(pixel) = header
            .shown_index(position)
            .and_then(|index| pixels.get_mut(index))
        {
            *pixel = [red, green, blue];
        }
    };
    let reader = read()
        .no_deep_data()
        .largest_resolution_level()
        .rgb_channels(create, set);
    let reader = reader.first_valid_layer().all_attributes().non_parallel();
    let image = reader
        .from_file(path)
        .map_err(|error| PictureError::decode_failed(path, error))?;
    // The layer that is decoded may be another than the header's.
    if image.layer_data.size != header.stored {
        return Err(PictureError::decode_failed(
            path,
            "its first layer is not of one size",
        ));
    }
    let pixels = image.layer_data.channel_data.pixels;
    Ok(LinearImage { size, pixels })
}

/// Returns the file of the same picture as its display window shows it, if its data window is
/// another.
///
/// # Errors
/// As [`read_exr`].
pub fn framed_copy(path: &Path) -> std::result::Result<Option<Vec<u8>>, PictureError> {
    // Programs differ in what they make of a data window, and all renderers should show the same.
    let header = read_header(path)?;
    if header.is_whole() {
        return Ok(None);
    }
    let picture = read_exr(path)?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    encode_float_exr(&picture, &mut bytes)
        .map_err(|error| PictureError::encode_failed(path, error))?;
    Ok(Some(bytes.into_inner()))
}

/// Encodes with all the range of 32 bits a channel: a sun is brighter than half floats can be.
fn encode_float_exr(
    picture: &LinearImage,
    out: impl Write + std::io::Seek,
) -> exr::error::UnitResult {
    let width = picture.size.width as usize;
    let channels = SpecificChannels::rgb(|position: Vec2<usize>| {
        let [red, green, blue] = picture.pixels[position.y() * width + position.x()];
        (red, green, blue)
    });
    let encoding = Encoding {
        compression: Compression::ZIP16,
        blocks: Blocks::ScanLines,
        line_order: LineOrder::Increasing,
    };
    let extent = (width, picture.size.height as usize);
    let layer = Layer::new(extent, LayerAttributes::default(), encoding, channels);
    let image = Image::from_layer(layer);
    image.write().non_parallel().to_buffered(out)
}

/// Decodes the whole file and returns its facts.
pub(super) fn check_exr(path: &Path) -> std::result::Result<PictureFacts, PictureError> {
    let depth = read_header(path)?.depth;
    let size = read_exr(path)?.size;
    Ok(PictureFacts {
        kind: PictureKind::Exr,
        size,
        depth,
    })
}

/// Returns the size from the header. Fails without R, G and B.
pub(super) fn exr_size(path: &Path) -> std::result::Result<PixelSize, PictureError> {
    read_header(path).map(|header| header.size)
}

/// What is known of a picture by its header.
#[derive(Debug, Clone, Copy)]
struct ExrHeader {
    /// Size of the display window.
    size: PixelSize,
    /// Size of the data window.
    stored: Vec2<usize>,
    /// Where the data window is in the display window.
    offset: [i64; 2],
    /// Bits a channel.
    depth: u8,
}

impl ExrHeader {
    /// Returns whether the file has the pixels of the display window and no others.
    fn is_whole(&self) -> bool {
        let PixelSize { width, height } = self.size;
        let is_as_large = self.stored == Vec2(width as usize, height as usize);
        is_as_large && self.offset == [0, 0]
    }

    /// Returns the index of a stored pixel in the picture that is shown. `None`: it is not shown.
    fn shown_index(&self, position: Vec2<usize>) -> Option<usize> {
        let place = |stored: usize, offset: i64, side: u32| {
            let place = i64::try_from(stored).ok()?.checked_add(offset)?;
            let place = usize::try_from(place).ok()?;
            (place < side as usize).then_some(place)
        };
        let x = place(position.x(), self.offset[0], self.size.width)?;
        let y = place(position.y(), self.offset[1], self.size.height)?;
        Some(y * self.size.width as usize + x)
    }
}

/// Returns what the header says of the first layer with red, green and blue.
fn read_header(path: &Path) -> std::result::Result<ExrHeader, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let meta = MetaData::read_from_buffered(std::io::BufReader::new(file), false);
    let meta = meta.map_err(|error| match unread_compression(path) {
        Some(name) => unread_picture(path, &name),
        None => PictureError::decode_failed(path, error),
    })?;
    let header = meta.headers.iter().find(|header| has_rgb(header));
    let header = header
        .ok_or_else(|| PictureError::decode_failed(path, "it has no layer with R, G and B"))?;
    // The decoder knows the headers of these, and not their pictures.
    match header.compression {
        Compression::HTJ2K256 => return Err(unread_picture(path, "HTJ2K256")),
        Compression::HTJ2K32 => return Err(unread_picture(path, "HTJ2K32")),
        _ => {}
    }
    let display = header.shared_attributes.display_window;
    let position = header.own_attributes.layer_position;
    let offset = |at: i32, origin: i32| i64::from(at) - i64::from(origin);
    // The widest channel counts: a mixed file is not half float.
    let half = header
        .channels
        .list
        .iter()
        .all(|channel| channel.sample_type == SampleType::F16);
    check_pixel_count(path, to_pixel_size(header.layer_size))?;
    Ok(ExrHeader {
        size: check_pixel_count(path, to_pixel_size(display.size))?,
        stored: header.layer_size,
        offset: [
            offset(position.x(), display.position.x()),
            offset(position.y(), display.position.y()),
        ],
        depth: if half { 16 } else { 32 },
    })
}

fn to_pixel_size(extent: Vec2<usize>) -> PixelSize {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    PixelSize::new(side(extent.width()), side(extent.height()))
}

fn unread_picture(path: &Path, compression: &str) -> PictureError {
    let why = format!(
        "its compression is {compression}, which is not read; save it with ZIP, PIZ or DWAA"
    );
    PictureError::decode_failed(path, why)
}

/// Returns the compression of a picture if the decoder does not know its number.
// The decoder refuses such a header whole, and without a name.
fn unread_compression(path: &Path) -> Option<String> {
    let file = File::open(path).ok()?;
    let number = super::integrity::exr_compression(&mut std::io::BufReader::new(file))?;
    let newer = || format!("number {number}, of a newer OpenEXR");
    // Those of OpenEXR 3.5.
    Some(match number {
        0..=11 => return None,
        12 => "LJ2K".to_owned(),
        13 => "ZSTD".to_owned(),
        _ => newer(),
    })
}

fn has_rgb(header: &exr::meta::header::Header) -> bool {
    ["R", "G", "B"].into_iter().all(|name| {
        header
            .channels
            .list
            .iter()
            .any(|channel| channel.name == *name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exr_reads_back_within_half_precision() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0001.exr");
        let size = PixelSize::new(33, 21);
        let pixels = (0..33 * 21)
            .map(|i| [i as f32 * 0.01, -0.5, 3.0e9])
            .collect();
        write_exr(&path, &LinearImage { size, pixels }).unwrap();
        let back = read_exr(&path).unwrap();
        assert_eq!(back.size, size);
        assert!((back.pixels[500][0] - 5.0).abs() < 0.01);
        assert_eq!(back.pixels[0], [0.0, -0.5, HALF_MAX]);
    }

    #[test]
    fn the_same_picture_is_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let picture = LinearImage {
            size: PixelSize::new(40, 40),
            pixels: (0..1600).map(|i| [(i % 7) as f32; 3]).collect(),
        };
        let bytes = ["a", "b"].map(|name| {
            let path = folder.path().join(name);
            write_exr(&path, &picture).unwrap();
            std::fs::read(path).unwrap()
        });
        assert!(bytes[0] == bytes[1]);
    }

    /// Writes a picture whose data window is here in a display window of 8 by 4 at (10, 20).
    fn write_windowed(path: &Path, at: [i32; 2], extent: [usize; 2]) {
        let channels = SpecificChannels::rgb(|position: Vec2<usize>| {
            (
                position.x() as f32 + 1.0,
                position.y() as f32 + 1.0,
                100_000.0_f32,
            )
        });
        let attributes = LayerAttributes {
            layer_position: Vec2(at[0], at[1]),
            ..LayerAttributes::default()
        };
        let extent = (extent[0], extent[1]);
        let layer = Layer::new(extent, attributes, Encoding::FAST_LOSSLESS, channels);
        let display = IntegerBounds::new((10, 20), (8, 4));
        let image = Image::new(ImageAttributes::new(display), layer);
        image.write().to_file(path).unwrap();
    }

    #[test]
    fn a_data_window_is_laid_into_the_display_window() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.exr");
        let size = PixelSize::new(8, 4);
        for (at, extent) in [
            // Inside, beyond on all sides, offset to two sides, and not there at all.
            ([12, 21], [3, 2]),
            ([8, 18], [12, 8]),
            ([6, 22], [8, 4]),
            ([100, 100], [8, 4]),
        ] {
            write_windowed(&path, at, extent);
            let picture = read_exr(&path).unwrap();
            assert_eq!(picture.size, size);
            let copy = framed_copy(&path).unwrap().unwrap();
            let copied = folder.path().join("copy.exr");
            std::fs::write(&copied, copy).unwrap();
            assert_eq!(read_exr(&copied).unwrap(), picture);
            assert_eq!(framed_copy(&copied).unwrap(), None);
            for (index, pixel) in picture.pixels.iter().enumerate() {
                let place = [index % 8, index / 8].map(|part| i32::try_from(part).unwrap());
                let column = place[0] + 10 - at[0];
                let row = place[1] + 20 - at[1];
                let side = |length: usize| i32::try_from(length).unwrap();
                let is_stored =
                    (0..side(extent[0])).contains(&column) && (0..side(extent[1])).contains(&row);
                let expected = if is_stored {
                    [column as f32 + 1.0, row as f32 + 1.0, 100_000.0]
                } else {
                    [0.0; 3]
                };
                assert_eq!(*pixel, expected, "{at:?} {place:?}");
            }
        }
    }

    #[test]
    fn a_compression_that_is_not_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.exr");
        write_exr(
            &path,
            &LinearImage::filled_with(PixelSize::new(4, 4), [1.0; 3]),
        )
        .unwrap();
        let whole = std::fs::read(&path).unwrap();
        let name = b"compression\0compression\0\x01\0\0\0";
        let place = whole.windows(name.len()).position(|window| window == name);
        let place = place.unwrap() + name.len();
        for (number, name) in [
            (10, "HTJ2K256"),
            (11, "HTJ2K32"),
            (12, "LJ2K"),
            (13, "ZSTD"),
            (77, "number 77"),
        ] {
            let mut bytes = whole.clone();
            bytes[place] = number;
            std::fs::write(&path, bytes).unwrap();
            let text = exr_size(&path).unwrap_err().to_string();
            assert!(
                text.contains(&format!("its compression is {name}")),
                "{text}"
            );
        }
    }

    fn pattern() -> LinearImage {
        LinearImage {
            size: PixelSize::new(70, 50),
            pixels: (0..3500)
                .map(|i| [(i % 91) as f32, (i % 7) as f32, 0.5])
                .collect(),
        }
    }

    #[test]
    fn tiles_and_every_known_compression_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.exr");
        let picture = pattern();
        let channels = || {
            SpecificChannels::rgb(|position: Vec2<usize>| {
                let [red, green, blue] = picture.pixels[position.y() * 70 + position.x()];
                (red, green, blue)
            })
        };
        let compressions = [
            Compression::Uncompressed,
            Compression::RLE,
            Compression::ZIP1,
            Compression::ZIP16,
            Compression::PIZ,
            Compression::PXR24,
        ];
        for compression in compressions {
            for blocks in [Blocks::ScanLines, Blocks::Tiles(Vec2(32, 16))] {
                let encoding = Encoding {
                    compression,
                    blocks,
                    line_order: LineOrder::Increasing,
                };
                let layer = Layer::new(
                    (70, 50),
                    LayerAttributes::named("light"),
                    encoding,
                    channels(),
                );
                Image::from_layer(layer).write().to_file(&path).unwrap();
                let back = read_exr(&path).unwrap();
                assert_eq!(back, picture, "{compression:?} {blocks:?}");
            }
        }
    }

    #[test]
    fn the_first_part_with_colours_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.exr");
        let picture = pattern();
        // The first part has depth alone.
        let depth = AnyChannels::sort(
            std::iter::once(AnyChannel::new("Z", FlatSamples::F32(vec![1.0; 3500]))).collect(),
        );
        let colours = ["R", "G", "B"].iter().enumerate().map(|(part, name)| {
            let values = picture.pixels.iter().map(|pixel| pixel[part]).collect();
            AnyChannel::new(*name, FlatSamples::F32(values))
        });
        let colours = AnyChannels::sort(colours.collect());
        let layer = |name: &str, channels: AnyChannels<FlatSamples>| {
            Layer::new(
                (70, 50),
                LayerAttributes::named(name),
                Encoding::FAST_LOSSLESS,
                channels,
            )
        };
        let parts = [layer("depth", depth), layer("colour", colours)];
        let size = IntegerBounds::from_dimensions((70, 50));
        let image = Image::from_layers(ImageAttributes::new(size), parts.to_vec());
        image.write().to_file(&path).unwrap();
        assert_eq!(read_exr(&path).unwrap(), picture);
    }

    #[test]
    fn not_a_number_becomes_black() {
        assert_eq!(to_half_float(f32::NAN), f16::ZERO);
        assert_eq!(to_half_float(f32::INFINITY).to_f32(), HALF_MAX);
    }
}
