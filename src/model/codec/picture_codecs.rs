//! The entries of codecs that write pictures: numbered files, and animations of one file.

use super::film_codecs::{EVERY_SIZE, PLAYABLE_RATES};
use super::{
    AnimationEncoding, AnimationFormat, Codec, CodecDelivery, CodecSpec, EncodingVariant,
    FilmEncoding, MAX_SIDE_PIXELS, ProbeCheck, SequenceFormat, SizeGrid, StillFormat,
};
use crate::model::value_ranges::ValueRange;

pub(super) static PNG: CodecSpec = CodecSpec {
    codec: Codec::Png,
    id: "png",
    display_name: "PNG sequence",
    extension: "png",
    probed_name: "png",
    // `pal8` is that of retro pictures.
    pixel_formats: &["rgb24", "pal8"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Sequence(SequenceFormat::Png),
};

pub(super) static EXR: CodecSpec = CodecSpec {
    codec: Codec::Exr,
    id: "exr",
    display_name: "OpenEXR sequence",
    extension: "exr",
    probed_name: "exr",
    // ffmpeg decodes half floats to this.
    pixel_formats: &["gbrpf32le"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Sequence(SequenceFormat::Exr),
};

pub(super) static TIFF: CodecSpec = CodecSpec {
    codec: Codec::Tiff,
    id: "tiff",
    display_name: "TIFF sequence",
    extension: "tif",
    probed_name: "tiff",
    pixel_formats: &["rgb48le"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Sequence(SequenceFormat::Tiff),
};

pub(super) static GIF: CodecSpec = CodecSpec {
    codec: Codec::Gif,
    id: "gif",
    display_name: "GIF",
    extension: "gif",
    probed_name: "gif",
    // ffmpeg adds the alpha that the format may have.
    pixel_formats: &["bgra"],
    size_grid: EVERY_SIZE,
    // A frame of less than 2 hundredths of a second lasts 10 in browsers.
    frame_rates: ValueRange::new(1, 50),
    carries_alpha: true,
    // 255 colours a shot.
    lossy: true,
    delivery: CodecDelivery::Animation(AnimationEncoding {
        format: AnimationFormat::Gif,
        still_extension: "png",
        still_encoding: None,
    }),
};

/// Rates at which a frame of an animation lasts longer than the 10 ms that browsers take for 100.
const ANIMATION_RATES: ValueRange<u32> = ValueRange::new(1, 60);

pub(super) static APNG: CodecSpec = CodecSpec {
    codec: Codec::Apng,
    id: "apng",
    display_name: "animated PNG",
    extension: "png",
    probed_name: "apng",
    pixel_formats: &["rgb24"],
    size_grid: EVERY_SIZE,
    frame_rates: ANIMATION_RATES,
    carries_alpha: true,
    lossy: false,
    delivery: CodecDelivery::Animation(AnimationEncoding {
        format: AnimationFormat::Apng,
        still_extension: "png",
        still_encoding: None,
    }),
};

const fn webp_variant(
    profile: &'static str,
    encoder_options: &'static [[&'static str; 2]],
) -> EncodingVariant {
    EncodingVariant {
        profile,
        display_name: None,
        encoder_profile: "",
        encoder_options,
        pixel_formats: &["bgra"],
        probed_profile: None,
        reorder_delay: 0,
    }
}

pub(super) static WEBP: CodecSpec = CodecSpec {
    codec: Codec::Webp,
    id: "webp",
    display_name: "animated WebP",
    extension: "webp",
    probed_name: "webp",
    pixel_formats: &["yuv420p", "argb"],
    size_grid: SizeGrid {
        // The format has 14 bits for a side.
        largest_side: MAX_SIDE_PIXELS - 1,
        ..EVERY_SIZE
    },
    frame_rates: ANIMATION_RATES,
    carries_alpha: true,
    lossy: true,
    delivery: CodecDelivery::Animation(AnimationEncoding {
        format: AnimationFormat::Webp,
        still_extension: "webp",
        still_encoding: Some(FilmEncoding {
            // Whole files, one after the other.
            muxer: "image2pipe",
            segment_extension: "webp",
            containers: &[],
            encoder: "libwebp",
            encoder_arguments: "-c:v libwebp -lossless 0 -quality 90 -compression_level 4",
            // WebP has a matrix of its own, so libwebp converts the colours.
            pixel_format: "bgra",
            reorder_delay: 0,
            probe_check: ProbeCheck::PixelFormat("bgra"),
            crf_range: None,
            hdr_profile: None,
            mastering_options: &[],
            takes_bit_rate: false,
            variants: &[
                webp_variant("lossy", &[]),
                webp_variant("lossless", &[["-lossless", "1"]]),
            ],
        }),
    }),
};

pub(super) static JPEG: CodecSpec = CodecSpec {
    codec: Codec::Jpeg,
    id: "jpeg",
    display_name: "JPEG sequence",
    extension: "jpg",
    probed_name: "mjpeg",
    pixel_formats: &["yuvj444p"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Sequence(SequenceFormat::Jpeg),
};

pub(super) static POSTER: CodecSpec = CodecSpec {
    codec: Codec::Poster,
    id: "poster",
    display_name: "poster frame",
    delivery: CodecDelivery::Still(StillFormat::Poster),
    ..STILL
};

pub(super) static CONTACT_SHEET: CodecSpec = CodecSpec {
    codec: Codec::ContactSheet,
    id: "contact_sheet",
    display_name: "contact sheet",
    delivery: CodecDelivery::Still(StillFormat::ContactSheet),
    ..STILL
};

/// What single pictures have in common.
const STILL: CodecSpec = CodecSpec {
    codec: Codec::Poster,
    id: "",
    display_name: "",
    extension: "jpg",
    probed_name: "mjpeg",
    pixel_formats: &["yuvj444p"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Still(StillFormat::Poster),
};
