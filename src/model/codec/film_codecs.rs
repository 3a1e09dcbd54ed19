//! The entries of film codecs, which ffmpeg encodes.

use super::{
    Codec, CodecDelivery, CodecSpec, EncodingVariant, FilmContainer, FilmEncoding, MAX_SIDE_PIXELS,
    ProbeCheck, SizeGrid, StreamFormat,
};
use crate::model::PixelSize;
use crate::model::sound::SoundCodec;
use crate::model::value_ranges::ValueRange;

/// Any size up to the limit.
pub(super) const EVERY_SIZE: SizeGrid = SizeGrid {
    columns: 1,
    rows: 1,
    smallest: PixelSize::new(1, 1),
    largest_side: MAX_SIDE_PIXELS,
};

/// Sizes of 4:2:0, which halves the columns and the rows of chroma.
const EVEN_SIZE: SizeGrid = SizeGrid {
    columns: 2,
    rows: 2,
    ..EVERY_SIZE
};

/// Rates that encoders and players support.
pub(super) const PLAYABLE_RATES: ValueRange<u32> = ValueRange::new(1, 240);

/// The containers of H.264 and H.265.
const PLAYER_CONTAINERS: &[FilmContainer] =
    &[FilmContainer::Mp4, FilmContainer::Mov, FilmContainer::Mkv];

/// Constant rate factors of x264 and x265.
// 0 is lossless in x264, and a profile of its own that few players know.
const CRF_RANGE: ValueRange<u32> = ValueRange::new(1, 51);

/// The screen on which PQ is mastered, for x265: primaries of P3 with the white of D65, 0.0001 to
/// 1000 cd/m2. The brightest pixel is that of the tone curve; the brightest average is not known
/// before all shots are encoded, and 0 says so.
const X265_MASTERING: &str = "hdr10=1:repeat-headers=1:\
    master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,0";

/// The same screen, for SVT-AV1.
const SVT_AV1_MASTERING: &str = "enable-hdr=1:\
    mastering-display=G(0.265,0.69)B(0.15,0.06)R(0.68,0.32)WP(0.3127,0.329)L(1000,0.0001):\
    content-light=1000,0";

/// Returns a variant of a codec that chooses the profile itself by the pixel format.
const fn lossy_variant(profile: &'static str, encoder_profile: &'static str) -> EncodingVariant {
    EncodingVariant {
        profile,
        display_name: None,
        encoder_profile,
        encoder_options: &[],
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
        encoder_options: &[],
        pixel_formats,
        probed_profile: Some(probed_profile),
        reorder_delay: 0,
    }
}

pub(super) static H264: CodecSpec = CodecSpec {
    codec: Codec::H264,
    id: "h264",
    display_name: "H.264",
    extension: "mp4",
    probed_name: "h264",
    pixel_formats: &["yuv420p"],
    size_grid: EVEN_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mp4",
        segment_extension: "mp4",
        containers: PLAYER_CONTAINERS,
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
        hdr_profile: None,
        mastering_options: &[],
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

pub(super) static H265: CodecSpec = CodecSpec {
    codec: Codec::H265,
    id: "h265",
    display_name: "H.265",
    extension: "mp4",
    probed_name: "hevc",
    pixel_formats: &["yuv420p"],
    size_grid: SizeGrid {
        // x265 refuses less.
        smallest: PixelSize::new(16, 16),
        ..EVEN_SIZE
    },
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mp4",
        segment_extension: "mp4",
        containers: PLAYER_CONTAINERS,
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
        hdr_profile: Some("main10"),
        mastering_options: &[["-x265-params", X265_MASTERING]],
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

pub(super) static PRORES_4444: CodecSpec = CodecSpec {
    codec: Codec::Prores4444,
    id: "prores_4444",
    display_name: "ProRes 4444",
    extension: "mov",
    probed_name: "prores",
    // Encoded from 10 bits. Newer decoders of this profile return 12.
    pixel_formats: &["yuv444p10le", "yuv444p12le"],
    size_grid: EVERY_SIZE,
    frame_rates: PLAYABLE_RATES,
    // The profile has alpha; `-alpha_bits 0` leaves it out, since frames have none.
    carries_alpha: true,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mov",
        segment_extension: "mov",
        containers: &[FilmContainer::Mov, FilmContainer::Mkv],
        encoder: "prores_ks",
        encoder_arguments: "-c:v prores_ks -profile:v 4444 -vendor apl0 -alpha_bits 0",
        pixel_format: "yuv444p10le",
        reorder_delay: 0,
        probe_check: ProbeCheck::Profile("4444"),
        crf_range: None,
        hdr_profile: Some("4444"),
        mastering_options: &[],
        takes_bit_rate: false,
        variants: &[
            prores_variant("4444", "ProRes 4444", &["yuv444p10le"], "4444"),
            prores_variant("4444xq", "ProRes 4444 XQ", &["yuv444p10le"], "XQ"),
        ],
    }),
};

pub(super) static PRORES_422: CodecSpec = CodecSpec {
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
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mov",
        segment_extension: "mov",
        containers: &[FilmContainer::Mov, FilmContainer::Mkv],
        encoder: "prores_ks",
        encoder_arguments: "-c:v prores_ks -profile:v hq -vendor apl0",
        pixel_format: "yuv422p10le",
        reorder_delay: 0,
        probe_check: ProbeCheck::Profile("HQ"),
        crf_range: None,
        hdr_profile: Some("hq"),
        mastering_options: &[],
        takes_bit_rate: false,
        variants: &[
            prores_variant("hq", "ProRes 422 HQ", &["yuv422p10le"], "HQ"),
            prores_variant("standard", "ProRes 422", &["yuv422p10le"], "Standard"),
            prores_variant("lt", "ProRes 422 LT", &["yuv422p10le"], "LT"),
            prores_variant("proxy", "ProRes 422 Proxy", &["yuv422p10le"], "Proxy"),
        ],
    }),
};

/// Returns a variant that has no B-frames.
const fn flat_variant(
    profile: &'static str,
    encoder_profile: &'static str,
    pixel_formats: &'static [&'static str],
) -> EncodingVariant {
    EncodingVariant {
        pixel_formats,
        reorder_delay: 0,
        ..lossy_variant(profile, encoder_profile)
    }
}

pub(super) static AV1: CodecSpec = CodecSpec {
    codec: Codec::Av1,
    id: "av1",
    display_name: "AV1",
    extension: "mp4",
    probed_name: "av1",
    pixel_formats: &["yuv420p"],
    size_grid: SizeGrid {
        // SVT-AV1 refuses less.
        smallest: PixelSize::new(64, 64),
        // Its limit is 16384 by 8704.
        largest_side: 8192,
        ..EVEN_SIZE
    },
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mp4",
        segment_extension: "mp4",
        containers: &[FilmContainer::Mp4, FilmContainer::Webm, FilmContainer::Mkv],
        encoder: "libsvtav1",
        // SVT-AV1 and neither libaom nor rav1e: with a factor in place of a bit rate, its bytes do
        // not depend on the number of threads, and it is many times faster than libaom. Key frames
        // are closed (2) and at fixed places.
        encoder_arguments: "-c:v libsvtav1 -preset 7 -crf 23 -g KEY_FRAME_DISTANCE -svtav1-params \
            lp=4:scd=0:irefresh-type=2",
        pixel_format: "yuv420p",
        reorder_delay: 0,
        probe_check: ProbeCheck::PixelFormat("yuv420p"),
        crf_range: Some(ValueRange::new(1, 63)),
        // Held to a bit rate, its bytes differ from run to run.
        hdr_profile: Some("main10"),
        mastering_options: &[["-svtav1-params", SVT_AV1_MASTERING]],
        takes_bit_rate: false,
        variants: &[
            // The encoder chooses the profile by the pixel format.
            flat_variant("main", "", &["yuv420p"]),
            flat_variant("main10", "", &["yuv420p10le"]),
        ],
    }),
};

pub(super) static VP9: CodecSpec = CodecSpec {
    codec: Codec::Vp9,
    id: "vp9",
    display_name: "VP9",
    extension: "webm",
    probed_name: "vp9",
    pixel_formats: &["yuv420p"],
    size_grid: EVEN_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mp4",
        segment_extension: "mp4",
        containers: &[FilmContainer::Webm, FilmContainer::Mp4, FilmContainer::Mkv],
        encoder: "libvpx-vp9",
        // `-b:v 0` leaves the quality to the factor alone. Hidden frames are packed with the next
        // one that is shown, so a packet is a frame, and frames are in the order of display.
        encoder_arguments: "-c:v libvpx-vp9 -crf 24 -b:v 0 -profile:v 0 -deadline good -cpu-used 4 \
            -row-mt 1 -tile-columns 2 -auto-alt-ref 1 -lag-in-frames 25 -g KEY_FRAME_DISTANCE \
            -keyint_min KEY_FRAME_DISTANCE",
        pixel_format: "yuv420p",
        reorder_delay: 0,
        probe_check: ProbeCheck::PixelFormat("yuv420p"),
        crf_range: Some(ValueRange::new(1, 63)),
        hdr_profile: Some("2"),
        mastering_options: &[],
        takes_bit_rate: false,
        variants: &[
            flat_variant("0", "0", &["yuv420p"]),
            flat_variant("1", "1", &["yuv422p", "yuv444p"]),
            flat_variant("2", "2", &["yuv420p10le"]),
            flat_variant("3", "3", &["yuv422p10le", "yuv444p10le"]),
        ],
    }),
};

pub(super) static FFV1: CodecSpec = CodecSpec {
    codec: Codec::Ffv1,
    id: "ffv1",
    display_name: "FFV1",
    extension: "mkv",
    probed_name: "ffv1",
    pixel_formats: &["gbrp16le"],
    size_grid: SizeGrid {
        // A picture has four rows and columns of slices. Slices of a few pixels come back as other
        // ones: see `findings/ffmpeg-ffv1-slices.sh`.
        smallest: PixelSize::new(16, 16),
        ..EVERY_SIZE
    },
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: false,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mov",
        segment_extension: "mov",
        containers: &[FilmContainer::Mkv, FilmContainer::Mov],
        encoder: "ffv1",
        // Version 3 with a checksum in every slice, as archives ask for: damage is found, and the
        // rest of the picture survives. Every frame is a key frame. The number of slices is part of
        // the bytes, so it does not follow the number of threads.
        encoder_arguments: "-c:v ffv1 -level 3 -coder 1 -context 0 -g 1 -slices 16 -slicecrc 1",
        // The graded frame itself: RGB of 16 bits.
        pixel_format: "gbrp16le",
        reorder_delay: 0,
        probe_check: ProbeCheck::PixelFormat("gbrp16le"),
        crf_range: None,
        hdr_profile: Some("rgb"),
        mastering_options: &[],
        takes_bit_rate: false,
        variants: &[
            flat_variant("rgb", "", &["gbrp16le", "gbrp12le", "gbrp10le"]),
            flat_variant(
                "yuv",
                "",
                &["yuv422p10le", "yuv444p10le", "yuv420p10le", "yuv420p"],
            ),
        ],
    }),
};

const fn dnxhr_variant(
    profile: &'static str,
    display_name: &'static str,
    encoder_profile: &'static str,
    pixel_formats: &'static [&'static str],
    probed_profile: &'static str,
) -> EncodingVariant {
    EncodingVariant {
        display_name: Some(display_name),
        encoder_profile,
        ..prores_variant(profile, display_name, pixel_formats, probed_profile)
    }
}

pub(super) static DNXHR: CodecSpec = CodecSpec {
    codec: Codec::Dnxhr,
    id: "dnxhr",
    display_name: "DNxHR HQX",
    extension: "mov",
    probed_name: "dnxhd",
    pixel_formats: &["yuv422p10le"],
    size_grid: SizeGrid {
        columns: 2,
        // The encoder refuses less.
        smallest: PixelSize::new(256, 120),
        ..EVERY_SIZE
    },
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Film(FilmEncoding {
        muxer: "mov",
        segment_extension: "mov",
        containers: &[FilmContainer::Mov, FilmContainer::Mxf],
        encoder: "dnxhd",
        encoder_arguments: "-c:v dnxhd -profile:v dnxhr_hqx",
        pixel_format: "yuv422p10le",
        reorder_delay: 0,
        probe_check: ProbeCheck::Profile("DNXHR HQX"),
        crf_range: None,
        hdr_profile: Some("hqx"),
        mastering_options: &[],
        takes_bit_rate: false,
        variants: &[
            dnxhr_variant(
                "hqx",
                "DNxHR HQX",
                "dnxhr_hqx",
                &["yuv422p10le"],
                "DNXHR HQX",
            ),
            dnxhr_variant("hq", "DNxHR HQ", "dnxhr_hq", &["yuv422p"], "DNXHR HQ"),
            dnxhr_variant("sq", "DNxHR SQ", "dnxhr_sq", &["yuv422p"], "DNXHR SQ"),
            dnxhr_variant("lb", "DNxHR LB", "dnxhr_lb", &["yuv422p"], "DNXHR LB"),
            dnxhr_variant(
                "444",
                "DNxHR 444",
                "dnxhr_444",
                &["yuv444p10le"],
                "DNXHR 444",
            ),
        ],
    }),
};

pub(super) static HLS: CodecSpec = CodecSpec {
    codec: Codec::Hls,
    id: "hls",
    display_name: "HLS",
    // That of its playlists.
    extension: "m3u8",
    probed_name: "h264",
    pixel_formats: &["yuv420p"],
    size_grid: EVEN_SIZE,
    frame_rates: PLAYABLE_RATES,
    carries_alpha: false,
    lossy: true,
    delivery: CodecDelivery::Stream(StreamFormat {
        // Every player of HLS knows it.
        rendition: Codec::H264,
        sound_codecs: &[SoundCodec::Aac],
    }),
};
