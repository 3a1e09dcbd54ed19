//! Builds the arguments of ffmpeg for a film codec: its entry's arguments, and the colour tags and
//! time base that all codecs share.
//!
//! Everything that could make two runs differ is fixed: thread counts, key frames, dates and
//! version strings. What differs from codec to codec is in the table of `model/codec.rs`.

use crate::model::codec::KEY_FRAME_DISTANCE;
use crate::model::sound::{SoundFormat, quicktime_tag};
use crate::model::{EncodingChoice, FilmEncoding, FrameRate};

/// Threads of every encoder.
// A constant, because the output of x264 depends on the number of threads. Two machines with
// different cores must make the same bytes.
const THREADS: &str = "4";

/// The time grid of segments and of the film joined from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTimebase {
    /// Ticks a second.
    pub timescale: u64,
    /// Ticks a frame.
    pub ticks_per_frame: u64,
}

impl FrameTimebase {
    /// Returns a grid on which a frame is a whole number of ticks and a tick is at most 0.1 ms.
    ///
    /// The concat demuxer rounds to microseconds. On so fine a grid,
    /// [`super::FfmpegTools::concat_segments`] can round every frame back to its tick.
    #[must_use]
    pub fn for_rate(rate: FrameRate) -> Self {
        let fold = 10_000_u64.div_ceil(u64::from(rate.num));
        Self {
            timescale: u64::from(rate.num) * fold,
            ticks_per_frame: u64::from(rate.den) * fold,
        }
    }
}

/// Returns the arguments between input and output: filter, encoder, quality, tags and time base.
#[must_use]
pub fn codec_arguments(
    film: &FilmEncoding,
    choice: &EncodingChoice,
    rate: FrameRate,
) -> Vec<String> {
    let film = &film.with_choice(choice);
    // ProRes takes its colour tags from the frames, hence `setparams`. The other codecs take them
    // from the arguments below. The matrix is named because swscale would use BT.601.
    let subsampled = format!(
        "scale=out_color_matrix=bt709:out_range=tv:flags=lanczos+accurate_rnd+full_chroma_int+bitexact,format={},\
         setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
        film.pixel_format
    );
    let timebase = FrameTimebase::for_rate(rate);
    // Metadata holds dates and version strings, which would make two runs differ.
    let mut arguments = split_arguments("-map 0:v:0 -an -sn -dn -map_metadata -1 -map_chapters -1");
    arguments.extend(["-vf".to_owned(), subsampled]);
    // Before version 8, ffmpeg replaces the rate of its input by one that it knows within 1 %. It
    // knows 120 and 240 and not their broadcast forms: 120000/1001 would become 120, with frames
    // shown twice.
    arguments.extend(["-r".to_owned(), format!("{}/{}", rate.num, rate.den)]);
    arguments.extend(chosen_arguments(
        film,
        choice,
        encoder_arguments(film, rate),
    ));
    arguments.extend(split_arguments(
        "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv",
    ));
    arguments.extend(split_arguments(&format!(
        // `bitexact` keeps the encoder's version out of the file.
        "-threads {THREADS} -flags:v +bitexact -fflags +bitexact -video_track_timescale {}",
        timebase.timescale
    )));
    arguments
}

/// Returns the arguments of the encoder of sound, and those of its track.
#[must_use]
pub fn sound_arguments(format: &SoundFormat, muxer: &str) -> Vec<String> {
    let spec = format.codec.spec();
    let mut arguments = split_arguments(&format!("-c:a {}", spec.encoder));
    arguments.extend(split_arguments(spec.encoder_arguments));
    if let Some(bit_rate) = spec.bit_rate {
        let bit_rate = format.bit_rate.unwrap_or(bit_rate);
        arguments.extend(["-b:a".to_owned(), bit_rate.to_string()]);
    }
    // It keeps AAC the same on every processor.
    arguments.extend(split_arguments("-flags:a +bitexact"));
    if format.encoded_rate() != format.sample_rate {
        arguments.extend(["-ar".to_owned(), format.encoded_rate().to_string()]);
    }
    if let Some(language) = format.language_tag() {
        let language = if muxer == "mov" {
            quicktime_tag(language)
        } else {
            language
        };
        arguments.extend(["-metadata:s:a:0".to_owned(), format!("language={language}")]);
    }
    arguments
}

/// Returns the arguments that make the clock of a film that of its sound, for a version of ffmpeg.
#[must_use]
pub fn clock_arguments(format: &SoundFormat, ffmpeg_version: &str) -> Vec<String> {
    // By default the clock counts milliseconds, and the track ends up to 48 samples early. Versions
    // before 5 have no choice.
    let major = ffmpeg_version
        .split(|letter: char| !letter.is_ascii_digit())
        .next();
    let is_old = major
        .and_then(|major| major.parse::<u32>().ok())
        .is_some_and(|major| major < 5);
    if is_old {
        return Vec::new();
    }
    vec![
        "-movie_timescale".to_owned(),
        format.encoded_rate().to_string(),
    ]
}

/// Returns the encoder's arguments with the distance of key frames filled in.
fn encoder_arguments(film: &FilmEncoding, rate: FrameRate) -> Vec<String> {
    // One key frame a second, at fixed places, each starting a closed group: players can seek, and
    // segments can be joined without decoding.
    let distance = (rate.num + rate.den / 2).div_euclid(rate.den).max(1);
    let distance = distance.to_string();
    split_arguments(
        &film
            .encoder_arguments
            .replace(KEY_FRAME_DISTANCE, &distance),
    )
}

/// Returns the arguments of the encoder with what the document chooses in their place.
fn chosen_arguments(
    film: &FilmEncoding,
    choice: &EncodingChoice,
    mut arguments: Vec<String>,
) -> Vec<String> {
    if let Some(crf) = choice.crf {
        set_option(&mut arguments, "-crf", &crf.to_string());
    }
    if let Some(bit_rate) = choice.bit_rate {
        // With a factor beside it, the encoder would hold the factor and not the rate.
        remove_option(&mut arguments, "-crf");
        set_option(&mut arguments, "-b:v", &bit_rate.to_string());
    }
    let profile = choice.profile.as_ref();
    if let Some(variant) = profile.and_then(|profile| film.variant(profile)) {
        set_option(&mut arguments, "-profile:v", variant.encoder_profile);
        if variant.reorder_delay == 0 && arguments.iter().any(|argument| argument == "-bf") {
            set_option(&mut arguments, "-bf", "0");
        }
    }
    arguments
}

fn set_option(arguments: &mut Vec<String>, option: &str, value: &str) {
    match arguments.iter().position(|argument| argument == option) {
        Some(place) if place + 1 < arguments.len() => value.clone_into(&mut arguments[place + 1]),
        _ => arguments.extend([option.to_owned(), value.to_owned()]),
    }
}

fn remove_option(arguments: &mut Vec<String>, option: &str) {
    if let Some(place) = arguments.iter().position(|argument| argument == option) {
        arguments.drain(place..(place + 2).min(arguments.len()));
    }
}

fn split_arguments(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec::CODECS;
    use crate::model::sound::SoundCodec;

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

    #[test]
    fn a_choice_takes_the_place_of_the_default() {
        let film = crate::model::Codec::H264.film_encoding().unwrap();
        let rate = FrameRate::from_fps(24);
        let text = |choice: EncodingChoice| codec_arguments(film, &choice, rate).join(" ");
        let choice = EncodingChoice {
            crf: Some(23),
            ..EncodingChoice::default()
        };
        assert!(text(choice).contains("-crf 23 -profile:v high "));
        let choice = EncodingChoice {
            bit_rate: Some(8_000_000),
            profile: Some("baseline".to_owned()),
            pixel_format: Some("yuv420p".to_owned()),
            ..EncodingChoice::default()
        };
        let arguments = text(choice);
        assert!(
            arguments.contains("-profile:v baseline -bf 0 "),
            "{arguments}"
        );
        assert!(arguments.contains("-b:v 8000000") && !arguments.contains("-crf"));
        let choice = EncodingChoice {
            profile: Some("high422".to_owned()),
            pixel_format: Some("yuv422p10le".to_owned()),
            ..EncodingChoice::default()
        };
        assert!(text(choice).contains("format=yuv422p10le,"));
    }

    #[test]
    fn sound_is_encoded_alike_everywhere_and_marked_with_its_language() {
        let format = |codec| SoundFormat {
            codec,
            sample_rate: 48_000,
            length: 1,
            bit_rate: None,
            language: Some("en-GB".to_owned()),
        };
        let text = |codec| sound_arguments(&format(codec), "mp4").join(" ");
        assert_eq!(
            text(SoundCodec::Aac),
            "-c:a aac -b:a 256000 -flags:a +bitexact -metadata:s:a:0 language=eng"
        );
        assert_eq!(
            text(SoundCodec::Pcm),
            "-c:a pcm_s24le -flags:a +bitexact -metadata:s:a:0 language=eng"
        );
        let german = SoundFormat {
            language: Some("de".to_owned()),
            ..format(SoundCodec::Pcm)
        };
        assert!(sound_arguments(&german, "mov").contains(&"language=ger".to_owned()));
        assert!(sound_arguments(&german, "mp4").contains(&"language=deu".to_owned()));
        let clock = |version| clock_arguments(&format(SoundCodec::Aac), version).join(" ");
        assert_eq!(clock("5.1.9-0+deb12u1"), "-movie_timescale 48000");
        assert_eq!(clock("N-112233-gabcdef"), "-movie_timescale 48000");
        assert_eq!(clock("4.4.2-0ubuntu0"), "");
    }

    /// A changed argument changes every film that is made from now on, so it shows here first.
    #[test]
    fn the_arguments_of_each_film_codec_are_as_recorded() {
        let mut record = String::new();
        for spec in CODECS {
            let Some(film) = spec.codec.film_encoding() else {
                continue;
            };
            for text in ["24", "29.97"] {
                let rate = FrameRate::parse(text).unwrap();
                record += &format!("{} at {text}\n", spec.id);
                for argument in codec_arguments(film, &EncodingChoice::default(), rate) {
                    record += &format!("  {argument}\n");
                }
            }
        }
        insta::assert_snapshot!(record);
    }
}
