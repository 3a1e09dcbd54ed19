//! The table of codecs: one entry each, with every fact that the program uses.
//!
//! Validation, encoding, verification, the report and `doctor` read these entries and have no lists
//! of their own. The arguments of ffmpeg are plain text, because this module starts no process. A
//! test in `producers/encode/tests` makes files with every codec and compares them with its entry.

mod film_codecs;
mod film_colours;
mod film_container;
mod picture_codecs;
mod picture_delays;
mod sheet_layout;

#[cfg(test)]
mod tests;

use super::output::EncodingChoice;
use super::sound::SoundCodec;
use super::value_ranges::ValueRange;
use super::{FrameRate, PixelSize};
use film_codecs::{AV1, DNXHR, FFV1, H264, H265, HLS, PRORES_422, PRORES_4444, VP9};
use picture_codecs::{APNG, CONTACT_SHEET, EXR, GIF, JPEG, PNG, POSTER, TIFF, WEBP};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use film_colours::FilmColours;
pub use film_container::{ContainerClock, FILM_CONTAINERS, FilmContainer, FilmContainerSpec};
pub use picture_delays::PictureDelays;
pub use sheet_layout::{SheetLayout, TilePlace};

/// How frames become a file, or files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// ProRes 4444, 10 bits, in QuickTime.
    #[default]
    #[serde(rename = "prores_4444")]
    Prores4444,
    /// ProRes 422 HQ, 10 bits, in QuickTime.
    #[serde(rename = "prores_422")]
    Prores422,
    /// H.264, 8 bits, 4:2:0, in MP4.
    H264,
    /// H.265, 8 bits, 4:2:0, in MP4.
    H265,
    /// AV1, 8 bits, 4:2:0, in MP4.
    Av1,
    /// VP9, 8 bits, 4:2:0, in WebM.
    Vp9,
    /// FFV1, RGB of 16 bits without loss, in Matroska.
    Ffv1,
    /// DNxHR HQX, 10 bits, in QuickTime or MXF.
    Dnxhr,
    /// An animated GIF: one file, at most 255 colours a shot.
    Gif,
    /// An animated PNG: one file, 8 bits a channel.
    Apng,
    /// An animated WebP: one file.
    Webp,
    /// HTTP Live Streaming: a folder of playlists and of films of several sizes.
    Hls,
    /// One JPEG: the middle frame.
    Poster,
    /// One JPEG: the middle frame of every shot, in rows.
    ContactSheet,
    /// A folder of JPEG files, one a frame.
    #[serde(alias = "jpeg_sequence")]
    #[schemars(extend("x-also" = ["jpeg_sequence"]))]
    Jpeg,
    /// A folder of PNG files, one a frame.
    #[serde(alias = "png_sequence")]
    #[schemars(extend("x-also" = ["png_sequence"]))]
    Png,
    /// A folder of half-float OpenEXR files, one a frame.
    #[serde(alias = "exr_sequence")]
    #[schemars(extend("x-also" = ["exr_sequence"]))]
    Exr,
    /// A folder of TIFF files, one a frame.
    #[serde(alias = "tiff_sequence")]
    #[schemars(extend("x-also" = ["tiff_sequence"]))]
    Tiff,
}

/// Every codec, in the order in which `doctor` tries them.
pub static CODECS: [&CodecSpec; 18] = [
    &H264,
    &H265,
    &AV1,
    &VP9,
    &PRORES_4444,
    &PRORES_422,
    &DNXHR,
    &FFV1,
    &HLS,
    &WEBP,
    &GIF,
    &APNG,
    &POSTER,
    &CONTACT_SHEET,
    &JPEG,
    &PNG,
    &EXR,
    &TIFF,
];

/// The facts of one codec.
#[derive(Debug)]
pub struct CodecSpec {
    /// The codec of this entry.
    pub codec: Codec,
    /// Its name in documents, in JSON and in messages.
    pub id: &'static str,
    /// Its name in reports.
    pub display_name: &'static str,
    /// File extension of the film in its usual container, or of each picture, without the dot.
    pub extension: &'static str,
    /// Codec name that ffprobe reports.
    pub probed_name: &'static str,
    /// Pixel formats that ffprobe may report. Several if decoders or deliverables differ.
    pub pixel_formats: &'static [&'static str],
    /// Sizes that it supports.
    pub size_grid: SizeGrid,
    /// Frames a second that it supports, fractions included.
    pub frame_rates: ValueRange<u32>,
    /// Whether it holds transparency. No deliverable has any yet.
    pub carries_alpha: bool,
    /// Whether decoded pixels differ from the source: edges blur, and colours are added.
    pub lossy: bool,
    /// What it delivers, and how.
    pub delivery: CodecDelivery,
}

/// Sizes that a codec supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeGrid {
    /// The width is a multiple of this: columns of pixels that share one chroma sample.
    pub columns: u32,
    /// The height is a multiple of this: rows of pixels that share one chroma sample.
    pub rows: u32,
    /// The least pixels across and down.
    pub smallest: PixelSize,
    /// The most pixels across or down.
    pub largest_side: u32,
}

/// What a codec delivers, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodecDelivery {
    /// One file, encoded by ffmpeg.
    Film(FilmEncoding),
    /// One file of pictures that each last for their time.
    Animation(AnimationEncoding),
    /// A folder of the same film in several sizes, and playlists.
    Stream(StreamFormat),
    /// One picture, made of one frame a shot.
    Still(StillFormat),
    /// A folder of numbered pictures, written without a tool.
    Sequence(SequenceFormat),
}

/// The arguments of ffmpeg for a film codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmEncoding {
    /// ffmpeg's name of the muxer of segments.
    // Segments are joined on an exact grid of ticks, which only MP4 and QuickTime have.
    pub muxer: &'static str,
    /// File extension of segments, without the dot.
    pub segment_extension: &'static str,
    /// The containers of the film, the usual one first. Empty: they are single pictures.
    pub containers: &'static [FilmContainer],
    /// ffmpeg's name of the encoder.
    pub encoder: &'static str,
    /// Arguments of the encoder, separated by spaces. [`KEY_FRAME_DISTANCE`] is replaced by a
    /// number.
    pub encoder_arguments: &'static str,
    /// Pixel format that frames are converted to for the encoder.
    pub pixel_format: &'static str,
    /// By how many frames decoding order is ahead of display order.
    pub reorder_delay: u64,
    /// The fact that identifies the variant of the codec.
    pub probe_check: ProbeCheck,
    /// The constant rate factors that the encoder takes, from best to smallest. `None`: it has
    /// none.
    pub crf_range: Option<ValueRange<u32>>,
    /// The variant of outputs of high dynamic range. `None`: players of those do not know the
    /// codec.
    pub hdr_profile: Option<&'static str>,
    /// Parameters that tell the encoder of the screen on which PQ was mastered, each with its
    /// option.
    pub mastering_options: &'static [[&'static str; 2]],
    /// Whether the encoder can be held to a bit rate.
    pub takes_bit_rate: bool,
    /// The variants that a document can ask for. The first is the default.
    pub variants: &'static [EncodingVariant],
}

/// One variant of a film codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodingVariant {
    /// Its name in documents.
    pub profile: &'static str,
    /// The name of the codec in reports, if this variant has one of its own.
    pub display_name: Option<&'static str>,
    /// ffmpeg's name of the profile. Empty: the encoder chooses it by the pixel format.
    pub encoder_profile: &'static str,
    /// Options of the encoder with their values, in place of those of the codec.
    pub encoder_options: &'static [[&'static str; 2]],
    /// Pixel formats that it holds. The first is the default.
    pub pixel_formats: &'static [&'static str],
    /// What ffprobe calls the profile, if that identifies it.
    pub probed_profile: Option<&'static str>,
    /// By how many frames decoding order is ahead of display order.
    pub reorder_delay: u64,
}

/// How pictures become one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnimationEncoding {
    /// The kind of file.
    pub format: AnimationFormat,
    /// File extension of the pictures that it is joined from, without the dot.
    pub still_extension: &'static str,
    /// How ffmpeg encodes these pictures. `None`: they are written without a tool.
    pub still_encoding: Option<FilmEncoding>,
}

/// The kinds of animations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnimationFormat {
    /// GIF, with a palette for each shot.
    Gif,
    /// PNG with more than one picture.
    Apng,
    /// WebP with more than one picture.
    Webp,
}

/// A stream: the same film in several sizes, of which players choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamFormat {
    /// The codec of its pictures.
    pub rendition: Codec,
    /// The codecs of its sound, the usual one first.
    pub sound_codecs: &'static [SoundCodec],
}

/// The kinds of single pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StillFormat {
    /// The middle frame of the shot in the middle.
    Poster,
    /// The middle frame of every shot, in rows. The size of the output is that of one of them.
    ContactSheet,
}

/// What ffprobe must report besides the name of the codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeCheck {
    /// This profile. For codecs whose pixel format depends on the version of ffmpeg that decodes.
    Profile(&'static str),
    /// This pixel format. For encoders that choose the profile by size and rate.
    PixelFormat(&'static str),
}

/// How the pictures of a sequence are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceFormat {
    /// PNG of 8 bits a channel. A retro picture is indexed, so that it has exactly the colours of
    /// its palette.
    Png,
    /// OpenEXR of half floats, in linear light.
    Exr,
    /// TIFF of 16 bits a channel.
    Tiff,
    /// JPEG of 8 bits a channel.
    Jpeg,
}

/// Placeholder in [`FilmEncoding::encoder_arguments`] for the number of frames from one key frame
/// to the next.
// The distance depends on the rate of the output, and these tables are constants.
pub const KEY_FRAME_DISTANCE: &str = "KEY_FRAME_DISTANCE";

/// The most pixels across or down of any picture.
// libx264 and libx265 refuse more.
pub const MAX_SIDE_PIXELS: u32 = 16_384;

/// The longest side of a JPEG.
pub const MAX_JPEG_SIDE: u32 = 65_535;

/// The most pixels of any picture: 16384 x 8192, the largest environment in common use.
// Memory is claimed by the header's size, so a forged header needs a limit. Float RGB of this size
// takes 1.5 GiB.
pub const MAX_PICTURE_PIXELS: u64 = 1 << 27;

impl Codec {
    /// Returns its entry in the table.
    #[must_use]
    pub const fn spec(self) -> &'static CodecSpec {
        // A match and no search, so that the compiler asks for the entry of a new codec. A test
        // finds one that is missing in `CODECS`.
        match self {
            Self::Prores4444 => &PRORES_4444,
            Self::Prores422 => &PRORES_422,
            Self::H264 => &H264,
            Self::H265 => &H265,
            Self::Av1 => &AV1,
            Self::Vp9 => &VP9,
            Self::Ffv1 => &FFV1,
            Self::Dnxhr => &DNXHR,
            Self::Gif => &GIF,
            Self::Apng => &APNG,
            Self::Webp => &WEBP,
            Self::Hls => &HLS,
            Self::Poster => &POSTER,
            Self::ContactSheet => &CONTACT_SHEET,
            Self::Jpeg => &JPEG,
            Self::Png => &PNG,
            Self::Exr => &EXR,
            Self::Tiff => &TIFF,
        }
    }

    /// Returns whether it delivers a folder of numbered pictures.
    #[must_use]
    pub const fn is_sequence(self) -> bool {
        match self.spec().delivery {
            // No wildcard: another kind of delivery must be decided here.
            CodecDelivery::Film(_)
            | CodecDelivery::Animation(_)
            | CodecDelivery::Stream(_)
            | CodecDelivery::Still(_) => false,
            CodecDelivery::Sequence(_) => true,
        }
    }

    /// Returns whether it delivers a folder.
    #[must_use]
    pub const fn is_folder(self) -> bool {
        self.is_sequence() || self.stream_format().is_some()
    }

    /// Returns the stream that it makes. `None`: it makes none.
    #[must_use]
    pub const fn stream_format(self) -> Option<&'static StreamFormat> {
        match &self.spec().delivery {
            CodecDelivery::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// Returns the file extension of the deliverable in its usual container, or of its frames.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        self.spec().extension
    }

    /// Returns the kind of animation that it makes. `None`: it makes none.
    #[must_use]
    pub const fn animation_format(self) -> Option<AnimationFormat> {
        match &self.spec().delivery {
            CodecDelivery::Animation(animation) => Some(animation.format),
            _ => None,
        }
    }

    /// Returns the kind of single picture that it makes. `None`: it makes none.
    #[must_use]
    pub const fn still_format(self) -> Option<StillFormat> {
        match &self.spec().delivery {
            CodecDelivery::Still(format) => Some(*format),
            _ => None,
        }
    }

    /// Returns the file extension of the pictures of a sequence, or of those that an animation or
    /// a single picture is joined from.
    #[must_use]
    pub const fn still_extension(self) -> &'static str {
        match &self.spec().delivery {
            CodecDelivery::Animation(animation) => animation.still_extension,
            // Without loss until they are joined.
            CodecDelivery::Still(_) => PNG.extension,
            CodecDelivery::Film(_) | CodecDelivery::Sequence(_) | CodecDelivery::Stream(_) => {
                self.spec().extension
            }
        }
    }

    /// Returns the id used in documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.spec().id
    }

    /// Returns whether it needs ffmpeg.
    #[must_use]
    pub const fn needs_ffmpeg(self) -> bool {
        self.tool_encoding().is_some()
    }

    /// Returns the arguments of ffmpeg for a film. `None`: its pictures are not a film.
    #[must_use]
    pub const fn film_encoding(self) -> Option<&'static FilmEncoding> {
        match &self.spec().delivery {
            CodecDelivery::Film(film) => Some(film),
            _ => None,
        }
    }

    /// Returns the arguments of ffmpeg, for a film, for those of a stream, or for the pictures of an
    /// animation. `None`: it needs no tool.
    #[must_use]
    pub const fn tool_encoding(self) -> Option<&'static FilmEncoding> {
        match &self.spec().delivery {
            CodecDelivery::Film(film) => Some(film),
            CodecDelivery::Animation(animation) => animation.still_encoding.as_ref(),
            CodecDelivery::Stream(stream) => stream.rendition.film_encoding(),
            CodecDelivery::Sequence(_) | CodecDelivery::Still(_) => None,
        }
    }
}

impl CodecSpec {
    /// Returns the codecs of sound that its usual container holds, the usual one first. Empty:
    /// pictures have no sound.
    #[must_use]
    pub fn sound_codecs(&self) -> &'static [SoundCodec] {
        match &self.delivery {
            CodecDelivery::Film(film) => {
                let container = film.containers.first();
                container.map_or(&[], |container| container.spec().sound_codecs)
            }
            CodecDelivery::Stream(stream) => stream.sound_codecs,
            _ => &[],
        }
    }

    /// Returns whether its container holds sound.
    #[must_use]
    pub fn carries_sound(&self) -> bool {
        !self.sound_codecs().is_empty()
    }

    /// Returns whether the codec supports this rate.
    #[must_use]
    pub fn has_rate(&self, rate: FrameRate) -> bool {
        let lowest = f64::from(self.frame_rates.low);
        let highest = f64::from(self.frame_rates.high);
        // The ends are whole numbers, and 59.94 is between them. As a fraction it would have to be
        // compared with both.
        rate.den > 0 && (lowest..=highest).contains(&rate.as_f64())
    }
}

impl CodecSpec {
    /// Returns the name for people of the codec, as an output chooses its variant.
    #[must_use]
    pub fn chosen_name(&self, choice: &EncodingChoice) -> &'static str {
        let profile = choice.profile.as_deref();
        let variant = self
            .codec
            .tool_encoding()
            .and_then(|film| film.variant(profile?));
        variant
            .and_then(|variant| variant.display_name)
            .unwrap_or(self.display_name)
    }
}

impl FilmEncoding {
    /// Returns whether segments have a clock of ticks.
    #[must_use]
    pub fn has_ticks(&self) -> bool {
        matches!(self.muxer, "mp4" | "mov")
    }

    /// Returns the variant of this name.
    #[must_use]
    pub fn variant(&self, profile: &str) -> Option<&'static EncodingVariant> {
        self.variants.iter().find(|known| known.profile == profile)
    }

    /// Returns the kind of file of its segments.
    #[must_use]
    pub fn segment_container(&self) -> FilmContainer {
        FilmContainer::from_extension(self.segment_extension).unwrap_or(FilmContainer::Mov)
    }

    /// Returns the kind of file of the film that an output chooses. `None`: it is single pictures.
    #[must_use]
    pub fn container(&self, choice: &EncodingChoice) -> Option<FilmContainer> {
        choice.container.or(self.containers.first().copied())
    }

    /// Returns the encoding with the variant that an output chooses.
    #[must_use]
    pub fn with_choice(&self, choice: &EncodingChoice) -> Self {
        let Some(variant) = choice
            .profile
            .as_ref()
            .and_then(|profile| self.variant(profile))
        else {
            return *self;
        };
        let chosen = choice.pixel_format.as_deref();
        let known = |format: &&&str| chosen == Some(**format);
        let pixel_format = variant.pixel_formats.iter().find(known);
        let pixel_format = pixel_format.or(variant.pixel_formats.first());
        let pixel_format = pixel_format.copied().unwrap_or(self.pixel_format);
        Self {
            pixel_format,
            reorder_delay: variant.reorder_delay,
            probe_check: match variant.probed_profile {
                Some(profile) => ProbeCheck::Profile(profile),
                None => ProbeCheck::PixelFormat(pixel_format),
            },
            ..*self
        }
    }
}

impl SequenceFormat {
    /// Returns whether a retro picture reads back with exactly the colours of its palette.
    #[must_use]
    pub const fn keeps_palette(self) -> bool {
        match self {
            Self::Png => true,
            Self::Exr | Self::Tiff | Self::Jpeg => false,
        }
    }
}

impl SizeGrid {
    /// Returns whether both sides are within the limits.
    #[must_use]
    pub fn has_room_for(&self, size: PixelSize) -> bool {
        (self.smallest.width..=self.largest_side).contains(&size.width)
            && (self.smallest.height..=self.largest_side).contains(&size.height)
    }

    /// Returns the size if it is on the grid, else the next larger one.
    #[must_use]
    pub const fn next_size(&self, size: PixelSize) -> PixelSize {
        PixelSize::new(
            size.width.next_multiple_of(self.columns),
            size.height.next_multiple_of(self.rows),
        )
    }
}
