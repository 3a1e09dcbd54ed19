//! The table of codecs: one entry each, with every fact that the program uses.
//!
//! Validation, encoding, verification, the report and `doctor` read these entries and have no lists
//! of their own. The arguments of ffmpeg are plain text, because this module starts no process. A
//! test in `producers/encode/tests` makes files with every codec and compares them with its entry.

use super::output::EncodingChoice;
use super::sound::SoundCodec;
use super::value_ranges::ValueRange;
use super::{FrameRate, PixelSize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
pub static CODECS: [&CodecSpec; 7] = [&H264, &H265, &PRORES_4444, &PRORES_422, &PNG, &EXR, &TIFF];

/// The facts of one codec.
#[derive(Debug)]
pub struct CodecSpec {
    /// The codec of this entry.
    pub codec: Codec,
    /// Its name in documents, in JSON and in messages.
    pub id: &'static str,
    /// Its name in reports.
    pub display_name: &'static str,
    /// File extension of the film, or of each picture, without the dot.
    pub extension: &'static str,
    /// Codec name that ffprobe reports.
    pub probed_name: &'static str,
    /// Pixel formats that ffprobe may report. Several if decoders or deliverables differ.
    pub pixel_formats: &'static [&'static str],
    /// Sizes that it supports.
    pub size_grid: SizeGrid,
    /// Frames a second that it supports, fractions included.
    pub frame_rates: ValueRange<u32>,
    /// The codecs of sound that its container holds. The first is the default. Empty: pictures have
    /// no sound.
    pub sound_codecs: &'static [SoundCodec],
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
    /// The most pixels across or down.
    pub largest_side: u32,
}

/// What a codec delivers, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodecDelivery {
    /// One file, encoded by ffmpeg.
    Film(FilmEncoding),
    /// A folder of numbered pictures, written without a tool.
    Sequence(SequenceFormat),
}

/// The arguments of ffmpeg for a film codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmEncoding {
    /// ffmpeg's name of the muxer.
    pub muxer: &'static str,
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
    /// ffmpeg's name of the profile.
    pub encoder_profile: &'static str,
    /// Pixel formats that it holds. The first is the default.
    pub pixel_formats: &'static [&'static str],
    /// What ffprobe calls the profile, if that identifies it.
    pub probed_profile: Option<&'static str>,
    /// By how many frames decoding order is ahead of display order.
    pub reorder_delay: u64,
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
}

/// Placeholder in [`FilmEncoding::encoder_arguments`] for the number of frames from one key frame
/// to the next.
// The distance depends on the rate of the output, and these tables are constants.
pub const KEY_FRAME_DISTANCE: &str = "KEY_FRAME_DISTANCE";

/// The most pixels across or down of any picture.
// libx264 and libx265 refuse more.
pub const MAX_SIDE_PIXELS: u32 = 16_384;

/// The most pixels of any picture: 16384 x 8192, the largest environment in common use.
// Memory is claimed by the header's size, so a forged header needs a limit. Float RGB of this size
// takes 1.5 GiB.
pub const MAX_PICTURE_PIXELS: u64 = 1 << 27;

/// Any size up to the limit.
const EVERY_SIZE: SizeGrid = SizeGrid {
    columns: 1,
    rows: 1,
    largest_side: MAX_SIDE_PIXELS,
};

/// Sizes of 4:2:0, which halves the columns and the rows of chroma.
const EVEN_SIZE: SizeGrid = SizeGrid {
    columns: 2,
    rows: 2,
    ..EVERY_SIZE
};

/// Rates that encoders and players support.
const PLAYABLE_RATES: ValueRange<u32> = ValueRange::new(1, 240);

/// Codecs of sound in MP4.
const MP4_SOUND: &[SoundCodec] = &[SoundCodec::Aac, SoundCodec::Opus, SoundCodec::Flac];

/// Codecs of sound in QuickTime.
// Editors refuse QuickTime files with anything else.
const MOV_SOUND: &[SoundCodec] = &[SoundCodec::Pcm, SoundCodec::Aac];

/// Constant rate factors of x264 and x265.
// 0 is lossless in x264, and a profile of its own that few players know.
const CRF_RANGE: ValueRange<u32> = ValueRange::new(1, 51);

/// Returns a variant of a codec that chooses the profile itself by the pixel format.
const fn lossy_variant(profile: &'static str, encoder_profile: &'static str) -> EncodingVariant {
    EncodingVariant {
        profile,
        display_name: None,
        encoder_profile,
        pixel_formats: &[],
        probed_profile: None,
        // A pyramid of B-frames needs two.
        reorder_delay: 2,
    }
}

const fn prores_variant(
    profile: &'static str,
    display_name: &'static str,
    pixel_formats: &'static [&'static str],
    probed_profile: &'static str,
) -> EncodingVariant {
    EncodingVariant {
        profile,
        display_name: Some(display_name),
        // The encoder has the names that documents have.
        encoder_profile: profile,
        pixel_formats,
        probed_profile: Some(probed_profile),
        reorder_delay: 0,
    }
}

static H264: CodecSpec = CodecSpec {
    codec: Codec::H264,
    id: "h264",
    display_name: "H.264",
    extension: "mp4",
    probed_name: "h264",
    pixel_formats: &["yuv420p"],
    size_grid: EVEN_SIZE,
    frame_rates: PLAYABLE_RATES,
    sound_codecs: MP4_SOUND,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mp4",
        encoder: "libx264",
        // A lossy master of high quality: 17 is close to visually lossless. Scene cuts make no key
        // frames, since their place must not depend on the picture.
        encoder_arguments: "-c:v libx264 -preset veryfast -crf 17 -profile:v high -bf 3 -g KEY_FRAME_DISTANCE \
            -keyint_min KEY_FRAME_DISTANCE -sc_threshold 0 -flags +cgop -tag:v avc1",
        pixel_format: "yuv420p",
        // A pyramid of B-frames needs two.
        reorder_delay: 2,
        probe_check: ProbeCheck::PixelFormat("yuv420p"),
        crf_range: Some(CRF_RANGE),
        takes_bit_rate: true,
        variants: &[
            EncodingVariant {
                pixel_formats: &["yuv420p"],
                ..lossy_variant("high", "high")
            },
            EncodingVariant {
                pixel_formats: &["yuv420p"],
                ..lossy_variant("main", "main")
            },
            EncodingVariant {
                pixel_formats: &["yuv420p"],
                // This profile has no frames that refer to later ones.
                reorder_delay: 0,
                ..lossy_variant("baseline", "baseline")
            },
            EncodingVariant {
                pixel_formats: &["yuv420p10le"],
                ..lossy_variant("high10", "high10")
            },
            EncodingVariant {
                pixel_formats: &["yuv422p", "yuv422p10le"],
                ..lossy_variant("high422", "high422")
            },
            EncodingVariant {
                pixel_formats: &["yuv444p", "yuv444p10le"],
                ..lossy_variant("high444", "high444")
            },
        ],
    }),
};

static H265: CodecSpec = CodecSpec {
    codec: Codec::H265,
    id: "h265",
    display_name: "H.265",
    extension: "mp4",
    probed_name: "hevc",
    pixel_formats: &["yuv420p"],
    size_grid: EVEN_SIZE,
    frame_rates: PLAYABLE_RATES,
    sound_codecs: MP4_SOUND,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mp4",
        encoder: "libx265",
        // x265 has options of its own for what x264 takes from ffmpeg. Pool and threads are fixed,
        // as `THREADS` is in `media`.
        encoder_arguments: "-c:v libx265 -preset medium -crf 19 -x265-params keyint=KEY_FRAME_DISTANCE:\
            min-keyint=KEY_FRAME_DISTANCE:scenecut=0:open-gop=0:bframes=4:b-pyramid=1:frame-threads=2:pools=4:info=0:\
            log-level=error -tag:v hvc1",
        pixel_format: "yuv420p",
        reorder_delay: 2,
        probe_check: ProbeCheck::PixelFormat("yuv420p"),
        crf_range: Some(CRF_RANGE),
        takes_bit_rate: true,
        variants: &[
            EncodingVariant {
                pixel_formats: &["yuv420p"],
                ..lossy_variant("main", "main")
            },
            EncodingVariant {
                pixel_formats: &["yuv420p10le"],
                ..lossy_variant("main10", "main10")
            },
            EncodingVariant {
                pixel_formats: &["yuv422p10le"],
                ..lossy_variant("main422-10", "main422-10")
            },
            EncodingVariant {
                pixel_formats: &["yuv444p"],
                ..lossy_variant("main444-8", "main444-8")
            },
            EncodingVariant {
                pixel_formats: &["yuv444p10le"],
                ..lossy_variant("main444-10", "main444-10")
            },
        ],
    }),
};

static PRORES_4444: CodecSpec = CodecSpec {
    codec: Codec::Prores4444,
    id: "prores_4444",
    display_name: "ProRes 4444",
    extension: "mov",
    probed_name: "prores",
    // Encoded from 10 bits. Newer decoders of this profile return 12.
    pixel_formats: &["yuv444p10le", "yuv444p12le"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    sound_codecs: MOV_SOUND,
    // The profile has alpha; `-alpha_bits 0` leaves it out, since frames have none.
    carries_alpha: true,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mov",
        encoder: "prores_ks",
        encoder_arguments: "-c:v prores_ks -profile:v 4444 -vendor apl0 -alpha_bits 0",
        pixel_format: "yuv444p10le",
        reorder_delay: 0,
        probe_check: ProbeCheck::Profile("4444"),
        crf_range: None,
        takes_bit_rate: false,
        variants: &[
            prores_variant("4444", "ProRes 4444", &["yuv444p10le"], "4444"),
            prores_variant("4444xq", "ProRes 4444 XQ", &["yuv444p10le"], "XQ"),
        ],
    }),
};

static PRORES_422: CodecSpec = CodecSpec {
    codec: Codec::Prores422,
    id: "prores_422",
    display_name: "ProRes 422 HQ",
    extension: "mov",
    probed_name: "prores",
    pixel_formats: &["yuv422p10le"],
    size_grid: SizeGrid {
        // 4:2:2 halves the columns of chroma and not the rows.
        columns: 2,
        ..EVERY_SIZE
    },
    frame_rates: PLAYABLE_RATES,
    sound_codecs: MOV_SOUND,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mov",
        encoder: "prores_ks",
        encoder_arguments: "-c:v prores_ks -profile:v hq -vendor apl0",
        pixel_format: "yuv422p10le",
        reorder_delay: 0,
        probe_check: ProbeCheck::Profile("HQ"),
        crf_range: None,
        takes_bit_rate: false,
        variants: &[
            prores_variant("hq", "ProRes 422 HQ", &["yuv422p10le"], "HQ"),
            prores_variant("standard", "ProRes 422", &["yuv422p10le"], "Standard"),
            prores_variant("lt", "ProRes 422 LT", &["yuv422p10le"], "LT"),
            prores_variant("proxy", "ProRes 422 Proxy", &["yuv422p10le"], "Proxy"),
        ],
    }),
};

static PNG: CodecSpec = CodecSpec {
    codec: Codec::Png,
    id: "png",
    display_name: "PNG sequence",
    extension: "png",
    probed_name: "png",
    // `pal8` is that of retro pictures.
    pixel_formats: &["rgb24", "pal8"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    sound_codecs: &[],
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Sequence(SequenceFormat::Png),
};

static EXR: CodecSpec = CodecSpec {
    codec: Codec::Exr,
    id: "exr",
    display_name: "OpenEXR sequence",
    extension: "exr",
    probed_name: "exr",
    // ffmpeg decodes half floats to this.
    pixel_formats: &["gbrpf32le"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    sound_codecs: &[],
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Sequence(SequenceFormat::Exr),
};

static TIFF: CodecSpec = CodecSpec {
    codec: Codec::Tiff,
    id: "tiff",
    display_name: "TIFF sequence",
    extension: "tif",
    probed_name: "tiff",
    pixel_formats: &["rgb48le"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    sound_codecs: &[],
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Sequence(SequenceFormat::Tiff),
};

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
            Self::Png => &PNG,
            Self::Exr => &EXR,
            Self::Tiff => &TIFF,
        }
    }

    /// Returns whether it delivers a folder of numbered pictures.
    #[must_use]
    pub const fn is_sequence(self) -> bool {
        match self.spec().delivery {
            // No wildcard: a third kind of delivery must be decided here.
            CodecDelivery::Film(_) => false,
            CodecDelivery::Sequence(_) => true,
        }
    }

    /// Returns the file extension of the deliverable, or of its frames.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        self.spec().extension
    }

    /// Returns the id used in documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.spec().id
    }

    /// Returns whether it needs ffmpeg.
    #[must_use]
    pub const fn needs_ffmpeg(self) -> bool {
        !self.is_sequence()
    }

    /// Returns the arguments of ffmpeg. `None`: a picture sequence.
    #[must_use]
    pub const fn film_encoding(self) -> Option<&'static FilmEncoding> {
        match &self.spec().delivery {
            CodecDelivery::Film(film) => Some(film),
            CodecDelivery::Sequence(_) => None,
        }
    }
}

impl CodecSpec {
    /// Returns whether its container holds sound.
    #[must_use]
    pub const fn carries_sound(&self) -> bool {
        !self.sound_codecs.is_empty()
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
        let variant = match &self.delivery {
            CodecDelivery::Film(film) => choice
                .profile
                .as_deref()
                .and_then(|name| film.variant(name)),
            CodecDelivery::Sequence(_) => None,
        };
        variant
            .and_then(|variant| variant.display_name)
            .unwrap_or(self.display_name)
    }
}

impl FilmEncoding {
    /// Returns the variant of this name.
    #[must_use]
    pub fn variant(&self, profile: &str) -> Option<&'static EncodingVariant> {
        self.variants.iter().find(|known| known.profile == profile)
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
            Self::Exr | Self::Tiff => false,
        }
    }
}

impl SizeGrid {
    /// Returns whether both sides are from 1 to the limit.
    #[must_use]
    pub fn has_room_for(&self, size: PixelSize) -> bool {
        [size.width, size.height]
            .into_iter()
            .all(|side| (1..=self.largest_side).contains(&side))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The schema is derived from the variants, so it knows one that is missing in the table.
    #[test]
    fn every_variant_is_in_the_table_once_under_the_name_that_documents_use() {
        let schema = serde_json::to_value(schemars::schema_for!(Codec)).unwrap();
        let variants = schema["oneOf"].as_array().unwrap().iter();
        let named: BTreeSet<&str> = variants
            .map(|each| each["const"].as_str().unwrap())
            .collect();
        let listed: BTreeSet<&str> = CODECS.iter().map(|spec| spec.id).collect();
        assert_eq!(listed, named);
        assert_eq!(CODECS.len(), named.len(), "an entry is in the table twice");
        for spec in CODECS {
            assert!(std::ptr::eq(spec.codec.spec(), spec), "{}", spec.id);
            let written = serde_json::to_value(spec.codec).unwrap();
            assert_eq!(written, spec.id);
        }
    }

    #[test]
    fn a_variant_of_prores_is_called_by_its_own_name() {
        let choice = |profile: &str| EncodingChoice {
            profile: Some(profile.to_owned()),
            ..EncodingChoice::default()
        };
        let prores = Codec::Prores422.spec();
        assert_eq!(prores.chosen_name(&choice("lt")), "ProRes 422 LT");
        assert_eq!(prores.chosen_name(&choice("standard")), "ProRes 422");
        assert_eq!(
            prores.chosen_name(&EncodingChoice::default()),
            "ProRes 422 HQ"
        );
        assert_eq!(Codec::H264.spec().chosen_name(&choice("main")), "H.264");
    }

    #[test]
    fn display_names_differ() {
        let names: BTreeSet<&str> = CODECS.iter().map(|spec| spec.display_name).collect();
        assert_eq!(names.len(), CODECS.len());
    }

    #[test]
    fn the_facts_of_an_entry_agree_with_each_other() {
        for spec in CODECS {
            let id = spec.id;
            let grid = spec.size_grid;
            assert!(grid.columns > 0 && grid.rows > 0, "{id}");
            assert!(grid.largest_side <= MAX_SIDE_PIXELS, "{id}");
            assert!(0 < spec.frame_rates.low && spec.frame_rates.low <= spec.frame_rates.high);
            assert!(!spec.pixel_formats.is_empty(), "{id}");
            assert!(!spec.extension.starts_with('.'), "{id}");
            let CodecDelivery::Film(film) = spec.delivery else {
                assert!(!spec.carries_sound(), "{id}: a picture has no sound");
                continue;
            };
            assert!(spec.carries_sound(), "{id}");
            assert!(spec.pixel_formats.contains(&film.pixel_format), "{id}");
            let encoder = format!("-c:v {} ", film.encoder);
            assert!(film.encoder_arguments.starts_with(&encoder), "{id}");
            let first = film.variants.first().expect("a default variant");
            assert_eq!(
                first.pixel_formats.first(),
                Some(&film.pixel_format),
                "{id}"
            );
            assert_eq!(first.reorder_delay, film.reorder_delay, "{id}");
            if let ProbeCheck::PixelFormat(format) = film.probe_check {
                assert_eq!(spec.pixel_formats, [format], "{id}");
            }
        }
    }

    /// Two codecs in files of one extension must differ in what ffprobe reports, else one passes
    /// for the other.
    #[test]
    fn ffprobe_names_of_codecs_are_distinct() {
        let marks: BTreeSet<String> = CODECS
            .iter()
            .map(|spec| {
                format!(
                    "{} {:?}",
                    spec.probed_name,
                    spec.codec.film_encoding().map(|film| film.probe_check)
                )
            })
            .collect();
        assert_eq!(marks.len(), CODECS.len());
    }

    #[test]
    fn an_odd_size_is_moved_to_the_next_even_one_where_chroma_is_halved() {
        let odd = PixelSize::new(853, 481);
        let next = |codec: Codec| codec.spec().size_grid.next_size(odd);
        assert_eq!(next(Codec::H264), PixelSize::new(854, 482));
        assert_eq!(next(Codec::Prores422), PixelSize::new(854, 481));
        assert_eq!(next(Codec::Prores4444), odd);
    }

    #[test]
    fn rates_and_sides_have_inclusive_ends() {
        let spec = Codec::H264.spec();
        let has_rate = |text: &str| spec.has_rate(FrameRate::parse(text).unwrap());
        assert!(has_rate("1") && has_rate("23.976") && has_rate("240"));
        assert!(!has_rate("1/2") && !has_rate("241"));
        let grid = spec.size_grid;
        assert!(grid.has_room_for(PixelSize::new(16_384, 1)));
        assert!(!grid.has_room_for(PixelSize::new(16_385, 1)));
        assert!(!grid.has_room_for(PixelSize::new(0, 1)));
    }

    #[test]
    fn the_guide_to_documents_names_every_codec() {
        let guide = include_str!("../../docs/document.md");
        for spec in CODECS {
            assert!(guide.contains(&format!("`{}`", spec.id)), "{}", spec.id);
            assert!(
                guide.contains(&format!(".{}`", spec.extension)),
                "{}",
                spec.id
            );
        }
    }
}
