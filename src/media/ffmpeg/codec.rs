//! What each codec is called with: encoder, pixel format, quality, colour tags and time base.
//!
//! Everything that could make two runs differ is fixed: thread counts, key frames, dates and version strings.

use crate::model::{Codec, FrameRate, PixelSize};

/// Threads for every encoder. A constant, not the machine's cores: x264's result depends on it.
const THREADS: &str = "4";

/// The time grid of a segment and of the film joined from segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTimebase {
    /// Ticks a second.
    pub timescale: u64,
    /// Ticks a frame.
    pub ticks_per_frame: u64,
}

impl FrameTimebase {
    /// Returns a grid on which a frame is a whole number of ticks, and a tick at most a tenth of a millisecond.
    ///
    /// The concat demuxer rounds to microseconds; so fine a grid lets the stitch put every frame back in its place.
    #[must_use]
    pub fn for_rate(rate: FrameRate) -> Self {
        let fold = 10_000_u64.div_ceil(u64::from(rate.num));
        Self {
            timescale: u64::from(rate.num) * fold,
            ticks_per_frame: u64::from(rate.den) * fold,
        }
    }
}

/// Returns ffmpeg's name for the encoder, or `None` for picture sequences.
#[must_use]
pub const fn encoder_name(codec: Codec) -> Option<&'static str> {
    match codec {
        Codec::H264 => Some("libx264"),
        Codec::H265 => Some("libx265"),
        Codec::Prores4444 | Codec::Prores422 => Some("prores_ks"),
        Codec::Png | Codec::Exr | Codec::Tiff => None,
    }
}

/// Returns the codec name that ffprobe reports.
#[must_use]
pub const fn probed_name(codec: Codec) -> &'static str {
    match codec {
        Codec::H264 => "h264",
        Codec::H265 => "hevc",
        Codec::Prores4444 | Codec::Prores422 => "prores",
        Codec::Png => "png",
        Codec::Exr => "exr",
        Codec::Tiff => "tiff",
    }
}

/// Returns by how many frames decoding order runs ahead of showing order: pyramids of B-frames need two.
#[must_use]
pub const fn reorder_delay(codec: Codec) -> u64 {
    match codec {
        Codec::H264 | Codec::H265 => 2,
        _ => 0,
    }
}

/// Returns why this size cannot be encoded, with the fix; chroma at half resolution needs even sides.
#[must_use]
pub fn size_problem(codec: Codec, size: PixelSize) -> Option<String> {
    let (wide, high) = match codec {
        Codec::H264 | Codec::H265 => (2, 2),
        Codec::Prores422 => (2, 1),
        _ => (1, 1),
    };
    let even = PixelSize::new(
        size.width.next_multiple_of(wide),
        size.height.next_multiple_of(high),
    );
    (even != size).then(|| {
        format!(
            "encode {size} as {}: its sides must be even; use {even}",
            codec.id()
        )
    })
}

/// Returns the arguments between input and output: filter, encoder, quality, tags and time base.
#[must_use]
pub fn codec_arguments(codec: Codec, rate: FrameRate) -> Vec<String> {
    // ProRes takes its colour tags from the frames, the others from the arguments further down.
    let subsampled = format!(
        "scale=out_color_matrix=bt709:out_range=tv:flags=lanczos+accurate_rnd+full_chroma_int+bitexact,format={},\
         setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
        pixel_format(codec)
    );
    let timebase = FrameTimebase::for_rate(rate);
    let mut arguments = split_arguments("-map 0:v:0 -an -sn -dn -map_metadata -1 -map_chapters -1");
    arguments.extend(["-vf".to_owned(), subsampled]);
    arguments.extend(encoder_arguments(codec, rate));
    arguments.extend(split_arguments(
        "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv",
    ));
    arguments.extend(split_arguments(&format!(
        "-threads {THREADS} -flags:v +bitexact -fflags +bitexact -video_track_timescale {}",
        timebase.timescale
    )));
    arguments
}

const fn pixel_format(codec: Codec) -> &'static str {
    match codec {
        Codec::Prores4444 => "yuv444p10le",
        Codec::Prores422 => "yuv422p10le",
        _ => "yuv420p",
    }
}

fn encoder_arguments(codec: Codec, rate: FrameRate) -> Vec<String> {
    // One key frame a second, always in the same places, each starting a closed group: players can seek, and segments
    // can be joined without decoding.
    let group = (rate.num + rate.den / 2).div_euclid(rate.den).max(1);
    split_arguments(&match codec {
        Codec::H264 => format!(
            "-c:v libx264 -preset veryfast -crf 17 -profile:v high -bf 3 -g {group} -keyint_min {group} -sc_threshold 0 \
             -flags +cgop -tag:v avc1"
        ),
        Codec::H265 => format!(
            "-c:v libx265 -preset medium -crf 19 -x265-params keyint={group}:min-keyint={group}:scenecut=0:open-gop=0:\
             bframes=4:b-pyramid=1:frame-threads=2:pools=4:info=0:log-level=error -tag:v hvc1"
        ),
        Codec::Prores4444 => "-c:v prores_ks -profile:v 4444 -vendor apl0 -alpha_bits 0".to_owned(),
        Codec::Prores422 => "-c:v prores_ks -profile:v hq -vendor apl0".to_owned(),
        Codec::Png | Codec::Exr | Codec::Tiff => String::new(),
    })
}

fn split_arguments(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_a_whole_number_of_ticks() {
        for text in ["24", "23.976", "29.97", "12.5", "60", "1/2"] {
            let rate = FrameRate::parse(text).unwrap();
            let timing = FrameTimebase::for_rate(rate);
            assert_eq!(
                timing.ticks_per_frame * u64::from(rate.num),
                timing.timescale * u64::from(rate.den),
                "{text}"
            );
            assert!(timing.timescale >= 10_000 && timing.timescale < u64::from(u32::MAX));
        }
    }

    /// A changed argument changes every film that is made from now on, so it shows here first.
    #[test]
    fn the_arguments_of_each_film_codec_are_as_recorded() {
        let mut record = String::new();
        for codec in [
            Codec::Prores4444,
            Codec::Prores422,
            Codec::H264,
            Codec::H265,
        ] {
            for text in ["24", "29.97"] {
                let rate = FrameRate::parse(text).unwrap();
                record += &format!("{} at {text}\n", codec.id());
                for argument in codec_arguments(codec, rate) {
                    record += &format!("  {argument}\n");
                }
            }
        }
        insta::assert_snapshot!(record);
    }

    #[test]
    fn an_odd_size_for_h264_names_the_even_one() {
        let problem = size_problem(Codec::H264, PixelSize::new(853, 480)).unwrap();
        assert!(problem.contains("854x480"), "{problem}");
        assert_eq!(
            size_problem(Codec::Prores4444, PixelSize::new(853, 481)),
            None
        );
    }
}
