//! Pictures in memory, the facts of a picture file, and the errors of reading and writing one.
//!
//! A [`LinearImage`] is scene-linear light, a [`DisplayImage`] is encoded for a screen. File
//! formats and the facade over them (`picture.rs`) build on these types and are unknown here, so
//! that no format imports the facade.

use crate::base::memory::can_allocate;
use crate::model::PixelSize;
use crate::model::codec::{MAX_PICTURE_PIXELS, SequenceFormat};
use std::io;
use std::path::{Path, PathBuf};

/// The most pixels a picture may have.
pub const MAX_PIXELS: u64 = MAX_PICTURE_PIXELS;

/// Bytes a pixel of work on one picture: as light, and a copy of it in a decoder or as what it
/// becomes.
const WORKING_BYTES: u64 = 24;

/// Scene-linear RGB light, row by row from the top left.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearImage {
    /// Size in pixels.
    pub size: PixelSize,
    /// One RGB triple a pixel, BT.709 primaries.
    pub pixels: Vec<[f32; 3]>,
}

/// Display-referred RGB, encoded for an sRGB or BT.709 screen, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayImage {
    /// Size in pixels.
    pub size: PixelSize,
    /// One RGB triple a pixel; 65535 is white.
    pub pixels: Vec<[u16; 3]>,
}

/// A kind of picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// Portable Network Graphics.
    Png,
    /// OpenEXR.
    Exr,
    /// Radiance HDR.
    Hdr,
    /// JPEG.
    Jpeg,
    /// TIFF.
    Tiff,
}

/// The facts of a picture file that was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFacts {
    /// Kind of file.
    pub kind: PictureKind,
    /// Size in pixels.
    pub size: PixelSize,
    /// Bits a channel.
    pub depth: u8,
}

/// Why a picture could not be read or written. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file system returned an error.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The content is damaged or of an unsupported kind.
    #[error("decode {}: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The decoder's message.
        why: String,
    },
    /// The encoder failed.
    #[error("write {}: {why}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// The encoder's message.
        why: String,
    },
    /// More pixels than [`MAX_PIXELS`].
    #[error("read {}: it is {size}, more than the {MAX_PIXELS} pixels a picture may have", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: PixelSize,
    },
    /// The machine has no memory for it.
    #[error("read {}: there is no memory for a picture of {size}", path.display())]
    NoMemory {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: PixelSize,
    },
    /// The first bytes are those of no known format.
    #[error("read {}: it is not a PNG, EXR, HDR, JPEG or TIFF picture", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
    },
}

impl From<SequenceFormat> for PictureKind {
    fn from(format: SequenceFormat) -> Self {
        match format {
            SequenceFormat::Png => Self::Png,
            SequenceFormat::Exr => Self::Exr,
            SequenceFormat::Tiff => Self::Tiff,
            SequenceFormat::Jpeg => Self::Jpeg,
        }
    }
}

impl PictureError {
    pub(super) fn read_failed(path: &Path, source: io::Error) -> Self {
        Self::Io {
            action: "read",
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn write_failed(path: &Path, source: io::Error) -> Self {
        Self::Io {
            action: "write",
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn decode_failed(path: &Path, why: impl ToString) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }

    pub(super) fn encode_failed(path: &Path, why: impl ToString) -> Self {
        Self::Refused {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }
}

impl LinearImage {
    /// Returns a picture of one colour.
    #[must_use]
    pub fn filled_with(size: PixelSize, colour: [f32; 3]) -> Self {
        Self {
            size,
            pixels: vec![colour; pixel_count(size)],
        }
    }
}

impl DisplayImage {
    /// Returns a picture of one colour.
    #[must_use]
    pub fn filled_with(size: PixelSize, colour: [u16; 3]) -> Self {
        Self {
            size,
            pixels: vec![colour; pixel_count(size)],
        }
    }

    /// Returns the pixels rounded to 8 bits.
    #[must_use]
    pub fn to_8_bits(&self) -> Vec<[u8; 3]> {
        self.pixels
            .iter()
            .map(|pixel| pixel.map(to_8_bits))
            .collect()
    }
}

/// Rounds a 16-bit value to 8 bits. Black and white are exact.
#[must_use]
pub fn to_8_bits(value: u16) -> u8 {
    // 257 and not 256: 65535 must become 255, and 8 bits times 257 must read back unchanged.
    u8::try_from((u32::from(value) + 128) / 257).unwrap_or(u8::MAX)
}

/// Returns the number of pixels as a length in memory.
pub(super) fn pixel_count(size: PixelSize) -> usize {
    size.width as usize * size.height as usize
}

/// Fails if the machine has no memory for work on a picture of this size.
///
/// # Errors
/// [`PictureError::NoMemory`].
pub fn expect_memory(path: &Path, size: PixelSize) -> Result<(), PictureError> {
    if can_allocate(size.pixel_count().saturating_mul(WORKING_BYTES)) {
        Ok(())
    } else {
        Err(PictureError::NoMemory {
            path: path.to_owned(),
            size,
        })
    }
}

/// Fails for a size of zero or above [`MAX_PIXELS`]. Called before any allocation.
pub(super) fn check_pixel_count(path: &Path, size: PixelSize) -> Result<PixelSize, PictureError> {
    match size.pixel_count() {
        0 => Err(PictureError::decode_failed(path, "it has no pixels")),
        1..=MAX_PIXELS => expect_memory(path, size).map(|()| size),
        _ => Err(PictureError::TooLarge {
            path: path.to_owned(),
            size,
        }),
    }
}
