//! Reads Radiance pictures: every orientation, with and without runs.
//!
//! A reader of our own, because that of the `image` crate knows one orientation, and only one of
//! the two first lines that programs write.

use super::image_types::{LinearImage, PictureError, check_pixel_count, pixel_count};
use crate::model::PixelSize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The longest header that is read, in bytes.
const LONGEST_HEADER: u64 = 1 << 20;
/// Lines of these lengths may be in runs of each channel.
const RUN_WIDTHS: std::ops::RangeInclusive<usize> = 8..=0x7fff;

/// One pixel as it is stored: red, green, blue, and the exponent of all three.
type SharedExponent = [u8; 4];

/// The size line of a header: how the pixels are in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PixelOrder {
    /// Pixels across and down of the picture as it is shown.
    size: PixelSize,
    /// Whether a line of the file is a column of the picture.
    in_columns: bool,
    /// Whether the first pixel is at the right edge.
    from_right: bool,
    /// Whether the first pixel is at the bottom.
    from_bottom: bool,
}

/// What the header of a file says.
#[derive(Debug, Clone, Copy, PartialEq)]
struct HdrHeader {
    order: PixelOrder,
    /// Factor by which its pixels are brighter than the light was: all of its `EXPOSURE` lines.
    exposure: f32,
}

/// The pixels of a file, row by row from the top left.
struct StoredPixels {
    header: HdrHeader,
    pixels: Vec<SharedExponent>,
}

/// Reads a picture as linear light.
///
/// # Errors
/// Fails on a missing, damaged, cut-off or too large file.
pub fn read_hdr(path: &Path) -> Result<LinearImage, PictureError> {
    let StoredPixels { header, pixels } = read_stored(path)?;
    let light = |pixel| to_light(pixel).map(|value| value / header.exposure);
    Ok(LinearImage {
        size: header.order.size,
        pixels: pixels.into_iter().map(light).collect(),
    })
}

/// Returns the file of the same light from the top left and without an exposure, if it is in another
/// order or has one.
///
/// # Errors
/// As [`read_hdr`].
pub fn upright_copy(path: &Path) -> Result<Option<Vec<u8>>, PictureError> {
    // Most programs read one order and turn the picture, or refuse it, in any other. Most pass over
    // the exposure, too.
    let StoredPixels { header, pixels } = read_stored(path)?;
    let order = header.order;
    let is_upright = !(order.in_columns || order.from_right || order.from_bottom);
    let is_exposed = header.exposure.to_bits() != 1.0_f32.to_bits();
    if is_upright && !is_exposed {
        return Ok(None);
    }
    let pixels = if is_exposed {
        let light = |pixel| to_stored(to_light(pixel).map(|value| value / header.exposure));
        pixels.into_iter().map(light).collect()
    } else {
        pixels
    };
    Ok(Some(encode_upright(order.size, &pixels)))
}

fn encode_upright(size: PixelSize, pixels: &[SharedExponent]) -> Vec<u8> {
    let PixelSize { width, height } = size;
    let mut bytes =
        format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n").into_bytes();
    for line in pixels.chunks(width as usize) {
        if !RUN_WIDTHS.contains(&line.len()) {
            bytes.extend(line.as_flattened());
            continue;
        }
        let [.., high, low] = width.to_be_bytes();
        bytes.extend([2, 2, high, low]);
        for channel in 0..4 {
            // Values as they are, at most 128 at a time. The copy lives in the store only, so its
            // size matters little.
            for run in line.chunks(128) {
                bytes.extend(u8::try_from(run.len()));
                bytes.extend(run.iter().map(|pixel| pixel[channel]));
            }
        }
    }
    bytes
}

fn read_stored(path: &Path) -> Result<StoredPixels, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let mut file = BufReader::new(file);
    let header = read_header(&mut file, path)?;
    read_pixels(&mut file, header).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => PictureError::decode_failed(path, "it ends too soon"),
        io::ErrorKind::InvalidData => PictureError::decode_failed(path, error),
        _ => PictureError::read_failed(path, error),
    })
}

/// Returns the size from the header.
pub(super) fn hdr_size(path: &Path) -> Result<PixelSize, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    read_header(&mut BufReader::new(file), path).map(|header| header.order.size)
}

fn read_header(file: &mut impl BufRead, path: &Path) -> Result<HdrHeader, PictureError> {
    let mut header = file.take(LONGEST_HEADER);
    let mut exposure = 1.0;
    // The first line says that it is a Radiance picture, as `#?RADIANCE` or `#?RGBE`, or by the
    // name of the program that wrote it. The kind was known by its first bytes before.
    loop {
        let line = read_line(&mut header, path)?;
        if line.is_empty() {
            break;
        }
        if let Some(format) = line.strip_prefix("FORMAT=")
            && format.trim() != "32-bit_rle_rgbe"
        {
            let why = format!(
                "its FORMAT is {}, and only 32-bit_rle_rgbe is read",
                format.trim()
            );
            return Err(PictureError::decode_failed(path, why));
        }
        // A program that changes the brightness adds a line, so they multiply.
        if let Some(factor) = line.strip_prefix("EXPOSURE=") {
            exposure *= parse_exposure(factor, path)?;
        }
    }
    let line = read_line(&mut header, path)?;
    let order = parse_size_line(&line).ok_or_else(|| {
        PictureError::decode_failed(
            path,
            format!("`{line}` is no size such as `-Y 512 +X 1024`"),
        )
    })?;
    check_pixel_count(path, order.size)?;
    Ok(HdrHeader { order, exposure })
}

fn parse_exposure(text: &str, path: &Path) -> Result<f32, PictureError> {
    let factor = text.trim().parse::<f32>().ok();
    let factor = factor.filter(|factor| factor.is_normal() && *factor > 0.0);
    factor.ok_or_else(|| {
        let why = format!("its EXPOSURE is `{}`, which is no factor", text.trim());
        PictureError::decode_failed(path, why)
    })
}

/// Returns the next line without its end. Fails at the end of the file.
fn read_line(header: &mut impl BufRead, path: &Path) -> Result<String, PictureError> {
    let mut line = Vec::new();
    let length = header
        .read_until(b'\n', &mut line)
        .map_err(|error| PictureError::read_failed(path, error))?;
    if length == 0 {
        return Err(PictureError::decode_failed(path, "it ends in its header"));
    }
    // Comments may be in any encoding.
    Ok(String::from_utf8_lossy(&line).trim().to_owned())
}

/// Parses a line such as `-Y 512 +X 1024`: first the lines of the file, then the pixels of one.
fn parse_size_line(line: &str) -> Option<PixelOrder> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [outer, outer_length, inner, inner_length] = words.as_slice() else {
        return None;
    };
    let outer_length = outer_length.parse().ok()?;
    let inner_length = inner_length.parse().ok()?;
    let in_columns = outer.ends_with('X');
    let x = if in_columns { *outer } else { *inner };
    let y = if in_columns { *inner } else { *outer };
    if !matches!(x, "-X" | "+X") || !matches!(y, "-Y" | "+Y") {
        return None;
    }
    let size = if in_columns {
        PixelSize::new(outer_length, inner_length)
    } else {
        PixelSize::new(inner_length, outer_length)
    };
    Some(PixelOrder {
        size,
        in_columns,
        from_right: x == "-X",
        from_bottom: y == "+Y",
    })
}

fn read_pixels(file: &mut impl BufRead, header: HdrHeader) -> io::Result<StoredPixels> {
    let order = header.order;
    let PixelSize { width, height } = order.size;
    let width = width as usize;
    let height = height as usize;
    let mut pixels = vec![[0; 4]; pixel_count(order.size)];
    let line_length = if order.in_columns { height } else { width };
    let line_count = if order.in_columns { width } else { height };
    let mut line = vec![[0; 4]; line_length];
    for outer in 0..line_count {
        read_scan_line(file, &mut line)?;
        for (inner, pixel) in line.iter().enumerate() {
            let across = if order.in_columns { outer } else { inner };
            let down = if order.in_columns { inner } else { outer };
            let x = if order.from_right {
                width - 1 - across
            } else {
                across
            };
            let y = if order.from_bottom {
                height - 1 - down
            } else {
                down
            };
            pixels[y * width + x] = *pixel;
        }
    }
    Ok(StoredPixels { header, pixels })
}

/// Reads one line in any of the three encodings.
fn read_scan_line(file: &mut impl BufRead, line: &mut [SharedExponent]) -> io::Result<()> {
    let mut first: SharedExponent = [0; 4];
    file.read_exact(&mut first)?;
    let [a, b, c, d] = first;
    let marked = [a, b] == [2, 2] && usize::from(c) << 8 | usize::from(d) == line.len();
    if RUN_WIDTHS.contains(&line.len()) && marked {
        read_channel_runs(file, line)
    } else {
        read_pixel_runs(file, first, line)
    }
}

/// Reads a line in which each channel is encoded by itself.
fn read_channel_runs(file: &mut impl BufRead, line: &mut [SharedExponent]) -> io::Result<()> {
    for channel in 0..4 {
        let mut column = 0;
        while column < line.len() {
            let count = usize::from(read_byte(file)?);
            // Above 128 one value repeats; up to 128 as many values follow. A count of zero makes
            // no progress, and the loop would never end.
            let repeats = count > 128;
            let length = if repeats { count - 128 } else { count };
            let Some(run) = line.get_mut(column..column + length).filter(|_| length > 0) else {
                return Err(bad_run());
            };
            let mut value = 0;
            for (index, pixel) in run.iter_mut().enumerate() {
                if index == 0 || !repeats {
                    value = read_byte(file)?;
                }
                pixel[channel] = value;
            }
            column += length;
        }
    }
    Ok(())
}

/// Reads a line of whole pixels, where `1 1 1 N` repeats the one before N times.
fn read_pixel_runs(
    file: &mut impl BufRead,
    first: SharedExponent,
    line: &mut [SharedExponent],
) -> io::Result<()> {
    let mut column = 0;
    let mut shift = 0;
    let mut next = Some(first);
    while column < line.len() {
        let pixel = match next.take() {
            Some(pixel) => pixel,
            None => {
                let mut pixel = [0; 4];
                file.read_exact(&mut pixel)?;
                pixel
            }
        };
        let [r, g, b, count] = pixel;
        if [r, g, b] == [1, 1, 1] {
            // Repeats that follow each other are the digits of one count, lowest first.
            let length = usize::from(count).checked_shl(shift).ok_or_else(bad_run)?;
            let before = column.checked_sub(1).ok_or_else(bad_run)?;
            let value = line[before];
            let end = column.checked_add(length).filter(|end| *end <= line.len());
            line[column..end.ok_or_else(bad_run)?].fill(value);
            column += length;
            shift += 8;
            // A repeat of nothing at all makes no progress, and files may have many.
            if shift > 24 {
                return Err(bad_run());
            }
        } else {
            line[column] = pixel;
            column += 1;
            shift = 0;
        }
    }
    Ok(())
}

fn read_byte(file: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

fn bad_run() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a run is longer than its line, or empty",
    )
}

fn to_light([r, g, b, exponent]: SharedExponent) -> [f32; 3] {
    if exponent == 0 {
        return [0.0; 3];
    }
    // Radiance: value times two to the power of the exponent less 128, of which eight bits are
    // those of the value.
    let scale = (f32::from(exponent) - 136.0).exp2();
    [r, g, b].map(|value| f32::from(value) * scale)
}

/// Returns light as it is stored, the opposite of [`to_light`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and the values fit"
)]
fn to_stored(light: [f32; 3]) -> SharedExponent {
    let brightest = light.into_iter().fold(0.0, f32::max);
    if !brightest.is_finite() || brightest < 1e-38 {
        return if brightest.is_finite() {
            [0; 4]
        } else {
            [255; 4]
        };
    }
    // The exponent that leaves the brightest channel its eight bits.
    let exponent = (brightest.log2().floor() as i32 + 1).clamp(-127, 127);
    let scale = (8.0 - exponent as f32).exp2();
    let [r, g, b] = light.map(|value| (value * scale).round() as u8);
    [r, g, b, (exponent + 128) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<LinearImage, PictureError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.hdr");
        std::fs::write(&path, bytes).unwrap();
        read_hdr(&path)
    }

    /// A picture of 8 by 2 pixels, in the encodings of the two lines.
    fn two_lines(first_line: &str, size_line: &str) -> Vec<u8> {
        let mut bytes =
            format!("{first_line}\n# made by hand\nFORMAT=32-bit_rle_rgbe\n\n{size_line}\n")
                .into_bytes();
        // In runs of channels: red counts from 1, green and blue are 8, the exponent is 136.
        bytes.extend([2, 2, 0, 8]);
        bytes.push(8);
        bytes.extend(1..=8);
        bytes.extend([128 + 8, 8, 128 + 8, 8, 128 + 8, 136]);
        // In pixels, of which the last repeats.
        bytes.extend([100, 0, 0, 136, 50, 0, 0, 136, 1, 1, 1, 6]);
        bytes
    }

    #[test]
    fn both_first_lines_and_both_encodings_are_read() {
        for first_line in ["#?RADIANCE", "#?RGBE"] {
            let picture = read(&two_lines(first_line, "-Y 2 +X 8")).unwrap();
            assert_eq!(picture.size, PixelSize::new(8, 2));
            assert_eq!(picture.pixels[0], [1.0, 8.0, 8.0]);
            assert_eq!(picture.pixels[7], [8.0, 8.0, 8.0]);
            assert_eq!(picture.pixels[8], [100.0, 0.0, 0.0]);
            assert_eq!(picture.pixels[15], [50.0, 0.0, 0.0]);
        }
    }

    #[test]
    fn a_picture_of_another_orientation_is_turned() {
        let red_at = |size_line: &str, x: usize, y: usize| {
            let picture = read(&two_lines("#?RGBE", size_line)).unwrap();
            picture.pixels[y * picture.size.width as usize + x][0]
        };
        // The first pixel of the file has red 1, the first of its second line 100.
        for (size_line, first, second) in [
            ("-Y 2 +X 8", [0, 0], [0, 1]),
            ("+Y 2 +X 8", [0, 1], [0, 0]),
            ("-Y 2 -X 8", [7, 0], [7, 1]),
            ("+X 2 -Y 8", [0, 0], [1, 0]),
            ("-X 2 +Y 8", [1, 7], [0, 7]),
        ] {
            assert!(
                (red_at(size_line, first[0], first[1]) - 1.0).abs() < 1e-6,
                "{size_line}"
            );
            assert!(
                (red_at(size_line, second[0], second[1]) - 100.0).abs() < 1e-6,
                "{size_line}"
            );
        }
    }

    #[test]
    fn an_upright_copy_shows_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.hdr");
        for size_line in ["+Y 2 +X 8", "-Y 2 -X 8", "+X 2 -Y 8", "-X 2 +Y 8"] {
            std::fs::write(&path, two_lines("#?RGBE", size_line)).unwrap();
            let copy = upright_copy(&path).unwrap().unwrap();
            assert_eq!(
                read(&copy).unwrap(),
                read_hdr(&path).unwrap(),
                "{size_line}"
            );
        }
        std::fs::write(&path, two_lines("#?RGBE", "-Y 2 +X 8")).unwrap();
        assert_eq!(upright_copy(&path).unwrap(), None);
    }

    #[test]
    fn an_exposure_is_taken_out_of_the_light() {
        let lines = "EXPOSURE= 4\nEXPOSURE=0.5\n\n";
        let exposed = |size_line: &str| {
            let bytes = two_lines("#?RGBE", size_line);
            let place = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
            [&bytes[..place], lines.as_bytes(), &bytes[place + 1..]].concat()
        };
        let bright = read(&two_lines("#?RGBE", "-Y 2 +X 8")).unwrap();
        let picture = read(&exposed("-Y 2 +X 8")).unwrap();
        let pairs = bright.pixels.iter().zip(&picture.pixels);
        for (bright, light) in pairs {
            assert_eq!(bright.map(|value| value / 2.0), *light);
        }
        // Engines that know no exposure read the same of the copy.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.hdr");
        for size_line in ["-Y 2 +X 8", "+Y 2 +X 8"] {
            std::fs::write(&path, exposed(size_line)).unwrap();
            let copy = upright_copy(&path).unwrap().unwrap();
            assert!(!copy.windows(8).any(|window| window == b"EXPOSURE"));
            assert_eq!(read(&copy).unwrap(), read_hdr(&path).unwrap());
        }
    }

    #[test]
    fn light_is_stored_as_it_was() {
        for light in [
            [1.0, 0.5, 0.25],
            [100.0, 0.5, 3.0],
            [1e-6, 0.0, 2e-6],
            [3e30, 1.0, 0.0],
        ] {
            let back = to_light(to_stored(light));
            let most = light.into_iter().fold(0.0, f32::max);
            for (a, b) in light.into_iter().zip(back) {
                assert!((a - b).abs() <= most / 255.0, "{light:?} {back:?}");
            }
        }
        assert_eq!(to_stored([0.0; 3]), [0; 4]);
        assert_eq!(to_stored([f32::INFINITY; 3]), [255; 4]);
    }

    #[test]
    fn a_damaged_hdr_file_says_why() {
        let words = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        let whole = two_lines("#?RGBE", "-Y 2 +X 8");
        assert!(words(&whole[..whole.len() - 1]).ends_with("it ends too soon"));
        assert!(words(b"#?RGBE\n").ends_with("it ends in its header"));
        assert!(words(&two_lines("#?RGBE", "2 8")).contains("is no size such as"));
        let colours = b"#?RGBE\nFORMAT=32-bit_rle_xyze\n\n-Y 1 +X 1\n1234";
        assert!(words(colours).contains("32-bit_rle_xyze"));
        assert!(words(b"#?RGBE\n\n-Y 99999 +X 99999\n").contains("99999x99999"));
        assert!(words(b"#?RGBE\n\n-Y 0 +X 8\n").contains("no pixels"));
        assert!(words(b"#?RGBE\nEXPOSURE=0\n\n-Y 1 +X 1\n1234").contains("no factor"));
        // A run past the end of its line, and a repeat before any pixel.
        assert!(words(b"#?RGBE\n\n-Y 1 +X 8\n\x02\x02\x00\x08\xff\x01").contains("a run"));
        assert!(words(b"#?RGBE\n\n-Y 1 +X 8\n\x01\x01\x01\x08").contains("a run"));
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5)) {
            let mut bytes = two_lines("#?RGBE", "-Y 2 +X 8");
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            let _ = read(&bytes);
        }
    }
}
