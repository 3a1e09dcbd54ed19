//! Picture files of any kind: the facade over one module for each format.
//!
//! The first bytes decide about the format, because blobs in the store have no extension. Tone
//! curves and fitting are elsewhere.

use super::image_types::check_pixel_count;
use crate::base::bounded_text::read_head;
use crate::model::PixelSize;
use crate::model::file_kind::FileKind;
use std::path::Path;

pub use super::exr_file::{read_exr, write_exr};
pub use super::hdr_file::read_hdr;
pub use super::image_types::{
    DisplayImage, LinearImage, MAX_PIXELS, PictureError, PictureFacts, PictureKind, expect_memory,
    to_8_bits,
};
pub use super::jpeg_file::write_jpeg;
pub use super::png_file::{read_png, write_indexed, write_png8, write_png16};
pub use super::tiff_file::write_tiff;

/// Pictures of at most so many bytes are decoded by `validate`, which takes a second for the
/// largest. Of larger ones it reads the header.
const MOST_DECODED_BYTES: u64 = 16 << 20;

/// Returns the format of a picture file by its first bytes.
///
/// # Errors
/// Fails if the file cannot be read or has an unknown format.
pub fn sniff_kind(path: &Path) -> Result<PictureKind, PictureError> {
    let head = read_head(path, FileKind::HEAD_BYTES)
        .map_err(|error| PictureError::read_failed(path, error))?;
    match FileKind::from_head(&head) {
        FileKind::Png => Ok(PictureKind::Png),
        FileKind::Exr => Ok(PictureKind::Exr),
        FileKind::Hdr => Ok(PictureKind::Hdr),
        FileKind::Jpeg => Ok(PictureKind::Jpeg),
        FileKind::Tiff => Ok(PictureKind::Tiff),
        FileKind::Glb
        | FileKind::Json
        | FileKind::Blend
        | FileKind::LfsPointer
        | FileKind::Office(_)
        | FileKind::Other => Err(PictureError::Unknown {
            path: path.to_owned(),
        }),
    }
}

/// Reads any picture as linear light. EXR and HDR are linear; the others are decoded from sRGB.
///
/// # Errors
/// Fails on a missing, damaged, unknown or too large file.
pub fn read_picture(path: &Path) -> Result<LinearImage, PictureError> {
    match sniff_kind(path)? {
        // `exr_file` reads what it writes. A second reader of EXR could disagree with it.
        PictureKind::Exr => read_exr(path),
        PictureKind::Hdr => read_hdr(path),
        kind => {
            let image = decode_image(path, kind)?;
            let size = PixelSize::new(image.width(), image.height());
            let pixels = image
                .into_rgb32f()
                .pixels()
                .map(|pixel| pixel.0.map(super::tone::srgb_to_linear))
                .collect();
            Ok(LinearImage { size, pixels })
        }
    }
}

/// Decodes a whole picture file and returns its facts.
///
/// # Errors
/// Fails on a missing, damaged, cut-off, unknown or too large file.
pub fn check_picture(path: &Path) -> Result<PictureFacts, PictureError> {
    match sniff_kind(path)? {
        PictureKind::Exr => super::exr_file::check_exr(path),
        // Our own reader continues to the end of the file, so that a missing tail is found.
        PictureKind::Png => super::png_file::check_png(path),
        PictureKind::Hdr => Ok(PictureFacts {
            kind: PictureKind::Hdr,
            size: read_hdr(path)?.size,
            depth: 32,
        }),
        kind => {
            let image = decode_image(path, kind)?;
            let depth =
                image.color().bits_per_pixel() / u16::from(image.color().channel_count().max(1));
            let size = PixelSize::new(image.width(), image.height());
            Ok(PictureFacts {
                kind,
                size,
                depth: u8::try_from(depth).unwrap_or(u8::MAX),
            })
        }
    }
}

/// Returns the kind and the size of a picture from its header.
///
/// # Errors
/// Fails on a missing, unknown or too large file, and on a damaged header.
pub fn picture_header(path: &Path) -> Result<(PictureKind, PixelSize), PictureError> {
    let kind = sniff_kind(path)?;
    let size = match kind {
        PictureKind::Exr => super::exr_file::exr_size(path)?,
        PictureKind::Hdr => super::hdr_file::hdr_size(path)?,
        other => header_size(path, other)?,
    };
    Ok((kind, size))
}

/// Checks that a picture can be used as light: header and channels, and the pixels of a file of at
/// most 16 MiB.
///
/// # Errors
/// Returns why it cannot be read, in words without the path.
pub fn check_light_picture(path: &Path) -> Result<(), String> {
    let small = std::fs::metadata(path).is_ok_and(|found| found.len() <= MOST_DECODED_BYTES);
    let result = match sniff_kind(path) {
        Err(error) => Err(error),
        // In full, since a header says nothing about a missing end.
        Ok(_) if small => read_picture(path).map(|_| ()),
        Ok(PictureKind::Exr) => super::exr_file::exr_size(path).map(|_| ()),
        Ok(PictureKind::Hdr) => super::hdr_file::hdr_size(path).map(|_| ()),
        Ok(_) => Ok(()),
    };
    result.map_err(|error| match error {
        PictureError::Damaged { why, .. } => why,
        PictureError::Io { source, .. } => source.to_string(),
        PictureError::TooLarge { size, .. } => {
            format!("it is {size}, more than the {MAX_PIXELS} pixels a picture may have")
        }
        other => other.to_string(),
    })
}

/// Decodes with the `image` crate, after checking the size in the header.
fn decode_image(path: &Path, kind: PictureKind) -> Result<image::DynamicImage, PictureError> {
    header_size(path, kind)?;
    let mut reader =
        image::ImageReader::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    reader.set_format(image_format(kind));
    // The default limit of the crate, 512 MiB, is too low for 16 bits a channel at `MAX_PIXELS`.
    reader.no_limits();
    reader
        .decode()
        .map_err(|error| PictureError::decode_failed(path, error))
}

/// Returns the size in the header of a picture that the `image` crate reads.
fn header_size(path: &Path, kind: PictureKind) -> Result<PixelSize, PictureError> {
    let mut header =
        image::ImageReader::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    header.set_format(image_format(kind));
    let (width, height) = header
        .into_dimensions()
        .map_err(|error| PictureError::decode_failed(path, error))?;
    check_pixel_count(path, PixelSize::new(width, height))
}

const fn image_format(kind: PictureKind) -> image::ImageFormat {
    match kind {
        PictureKind::Png => image::ImageFormat::Png,
        PictureKind::Exr => image::ImageFormat::OpenExr,
        PictureKind::Hdr => image::ImageFormat::Hdr,
        PictureKind::Jpeg => image::ImageFormat::Jpeg,
        PictureKind::Tiff => image::ImageFormat::Tiff,
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    #[test]
    fn file_kinds_are_recognized_without_an_extension() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blob");
        let size = PixelSize::new(4, 2);
        write_exr(&path, &LinearImage::filled_with(size, [2.0, 0.5, 0.0])).unwrap();
        assert_eq!(
            check_picture(&path).unwrap(),
            PictureFacts {
                kind: PictureKind::Exr,
                size,
                depth: 16
            }
        );
        write_tiff(&path, &DisplayImage::filled_with(size, [1, 2, 3])).unwrap();
        assert_eq!(
            check_picture(&path).unwrap(),
            PictureFacts {
                kind: PictureKind::Tiff,
                size,
                depth: 16
            }
        );
        write_png8(&path, size, &[[1, 2, 3]; 8]).unwrap();
        assert_eq!(
            check_picture(&path).unwrap(),
            PictureFacts {
                kind: PictureKind::Png,
                size,
                depth: 8
            }
        );
    }

    #[test]
    fn a_text_file_is_not_a_picture() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        std::fs::write(&path, "hello").unwrap();
        assert!(matches!(
            check_picture(&path),
            Err(PictureError::Unknown { .. })
        ));
    }

    #[test]
    fn a_truncated_picture_does_not_pass_the_check() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frame");
        let size = PixelSize::new(64, 64);
        let noisy = (0..64 * 64u32)
            .map(|i| [(i * 40503 % 65536) as u16, (i * 9973 % 65536) as u16, 7])
            .collect();
        let shown = DisplayImage {
            size,
            pixels: noisy,
        };
        let light = LinearImage {
            size,
            pixels: shown.pixels.iter().map(|p| p.map(f32::from)).collect(),
        };
        for write in [0, 1, 2] {
            match write {
                0 => write_exr(&path, &light).unwrap(),
                1 => write_png16(&path, &shown).unwrap(),
                _ => write_tiff(&path, &shown).unwrap(),
            }
            assert!(check_picture(&path).is_ok());
            let whole = std::fs::read(&path).unwrap();
            for keep in [0, 7, 40, whole.len() / 2, whole.len() - 100] {
                std::fs::write(&path, &whole[..keep]).unwrap();
                assert!(
                    check_picture(&path).is_err(),
                    "kind {write} kept {keep} of {}",
                    whole.len()
                );
            }
        }
    }

    #[test]
    fn a_jpeg_is_read_as_linear_light() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo");
        let grey = image::RgbImage::from_pixel(16, 16, image::Rgb([128; 3]));
        grey.save_with_format(&path, image::ImageFormat::Jpeg)
            .unwrap();
        let picture = read_picture(&path).unwrap();
        assert!(
            (picture.pixels[0][0] - 0.2158).abs() < 0.01,
            "{:?}",
            picture.pixels[0]
        );
    }
}
