//! The format of a deliverable: codec, size, rate, fit and retro.

use super::codec::{Codec, FilmContainer};
use super::frame_rate::{FrameRate, PixelSize};
use super::retro_treatment::{FitMode, RetroTreatment};
use super::sound::SoundCodec;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The format of one deliverable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputFormat {
    /// How frames become files.
    pub codec: Codec,
    /// Size in pixels, exact.
    // Size, rate and frame count of a deliverable never depend on the quality tier. A draft can
    // therefore stand in for the final film in any edit.
    pub size: PixelSize,
    /// Frames a second, exact.
    pub rate: FrameRate,
    /// How a picture of another aspect is fitted.
    pub fit: FitMode,
    /// A retro treatment, if any. Its size is then that of the deliverable.
    pub retro: Option<RetroTreatment>,
    /// How it is encoded, where the document chooses.
    // Left out at its default: jobs from before there was a choice keep their identity.
    #[serde(default, skip_serializing_if = "EncodingChoice::is_default")]
    pub encoding: EncodingChoice,
}

/// What a document chooses of the encoding of a film. Unset fields are the codec's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EncodingChoice {
    /// Constant rate factor: smaller is better and larger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crf: Option<u32>,
    /// Bits a second that the film has on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// Variant of the codec, by its name in documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Pixel format, as ffmpeg names it. Set whenever `profile` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pixel_format: Option<String>,
    /// The kind of file, if it is not the usual one of the codec.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<FilmContainer>,
    /// How light brighter than a usual screen is encoded. `None`: it is not, and colours are those
    /// of BT.709.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hdr: Option<HdrTransfer>,
    /// The sizes of the films of a stream, the largest first. Empty: it is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renditions: Vec<PixelSize>,
}

/// How the light of a picture of high dynamic range is encoded, in colours of BT.2020.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HdrTransfer {
    /// Perceptual quantiser, SMPTE ST 2084: absolute light.
    #[serde(alias = "hdr10")]
    #[schemars(extend("x-also" = ["hdr10"]))]
    Pq,
    /// Hybrid log-gamma, ARIB STD-B67: light relative to the screen.
    Hlg,
}

impl OutputFormat {
    /// Returns the kind of file of a film. `None`: it is pictures.
    #[must_use]
    pub fn container(&self) -> Option<FilmContainer> {
        let film = self.codec.film_encoding()?;
        self.encoding.container.or(film.containers.first().copied())
    }

    /// Returns the file extension of the deliverable, or of each picture, without the dot.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        self.container().map_or_else(
            || self.codec.extension(),
            |container| container.spec().extension,
        )
    }

    /// Returns the codecs of sound that its file holds, the usual one first. Empty: none.
    #[must_use]
    pub fn sound_codecs(&self) -> &'static [SoundCodec] {
        match self.container() {
            Some(container) => container.spec().sound_codecs,
            None => self.codec.spec().sound_codecs(),
        }
    }

    /// Returns the seconds at which its first frame is shown. Fragments of a stream have no list of
    /// edits, so the time by which decoding runs ahead is not taken off there.
    #[must_use]
    pub fn start_seconds(&self) -> f64 {
        let Some(stream) = self.codec.stream_format() else {
            return 0.0;
        };
        let film = stream.rendition.film_encoding();
        let ahead = film.map_or(0, |film| film.with_choice(&self.encoding).reorder_delay);
        self.rate
            .duration_seconds(usize::try_from(ahead).unwrap_or_default())
    }

    /// Returns the formats of the films that are encoded: that of the output, or those of a stream.
    #[must_use]
    pub fn encoded_formats(&self) -> Vec<Self> {
        let Some(stream) = self.codec.stream_format() else {
            return vec![self.segment_format()];
        };
        let renditions = self.encoding.renditions.iter();
        renditions
            .map(|size| Self {
                codec: stream.rendition,
                size: *size,
                encoding: EncodingChoice {
                    renditions: Vec::new(),
                    ..self.encoding.clone()
                },
                ..self.clone()
            })
            .collect()
    }

    /// Returns the format of the segments that its film is joined from.
    #[must_use]
    pub fn segment_format(&self) -> Self {
        // Segments of one encoding are the same files for every container, so they are made once.
        Self {
            encoding: EncodingChoice {
                container: None,
                ..self.encoding.clone()
            },
            ..self.clone()
        }
    }
}

impl EncodingChoice {
    /// Returns whether nothing is chosen.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
