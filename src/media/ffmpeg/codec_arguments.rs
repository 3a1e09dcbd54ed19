//! Builds the arguments of ffmpeg for a film codec: its entry's arguments, and the colour tags and
//! time base that all codecs share.
//!
//! Everything that could make two runs differ is fixed: thread counts, key frames, dates and
//! version strings. What differs from codec to codec is in the table of `model/codec.rs`.

use crate::model::codec::KEY_FRAME_DISTANCE;
use crate::model::codec::{ContainerClock, FilmColours, FilmContainerSpec};
use crate::model::sound::{SoundFormat, film_language_tag, quicktime_tag};
use crate::model::{EncodingChoice, FilmEncoding, FrameRate, HdrTransfer};

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
    arguments_with_filters(film, choice, rate, None)
}

/// As [`codec_arguments`], with `filters` after the conversion of colours.
pub(super) fn arguments_with_filters(
    film: &FilmEncoding,
    choice: &EncodingChoice,
    rate: FrameRate,
    filters: Option<&str>,
) -> Vec<String> {
    let film = &film.with_choice(choice);
    let colours = film.colours(choice);
    // Metadata holds dates and version strings, which would make two runs differ.
    let mut arguments = split_arguments("-map 0:v:0 -an -sn -dn -map_metadata -1 -map_chapters -1");
    let colour_filters = colour_filters(film, colours);
    let filters = std::iter::once(colour_filters.as_str()).chain(filters);
    arguments.extend(["-vf".to_owned(), filters.collect::<Vec<_>>().join(",")]);
    // Before version 8, ffmpeg replaces the rate of its input by one that it knows within 1 %. It
    // knows 120 and 240 and not their broadcast forms: 120000/1001 would become 120, with frames
    // shown twice.
    arguments.extend(["-r".to_owned(), format!("{}/{}", rate.num, rate.den)]);
    arguments.extend(chosen_arguments(
        film,
        choice,
        encoder_arguments(film, rate),
    ));
    arguments.extend(colour_tags(film, colours));
    arguments.extend(split_arguments(&format!(
        // `bitexact` keeps the encoder's version out of the file.
        "-threads {THREADS} -flags:v +bitexact -fflags +bitexact"
    )));
    if film.has_ticks() {
        let timescale = FrameTimebase::for_rate(rate).timescale;
        arguments.extend(["-video_track_timescale".to_owned(), timescale.to_string()]);
    }
    arguments
}

/// Returns the filters that convert the colours of a frame.
fn colour_filters(film: &FilmEncoding, colours: FilmColours) -> String {
    let format = film.pixel_format;
    let FilmColours {
        matrix,
        primaries,
        transfer,
        ..
    } = colours;
    if film.is_rgb() {
        return format!(
            "format={format},setparams=range=pc:color_primaries={primaries}:color_trc={transfer}:colorspace=gbr"
        );
    }
    // ProRes takes its colour tags from the frames, hence `setparams`. The other codecs take them
    // from the arguments of the encoder. The matrix is named because swscale would use BT.601.
    let scaled = matrix.trim_end_matches("nc");
    format!(
        "scale=out_color_matrix={scaled}:out_range=tv:flags=lanczos+accurate_rnd+full_chroma_int+bitexact,\
         format={format},\
         setparams=range=tv:color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}"
    )
}

/// Returns the colour tags as arguments of the encoder. Empty: the file has none.
fn colour_tags(film: &FilmEncoding, colours: FilmColours) -> Vec<String> {
    if film.containers.is_empty() {
        return Vec::new();
    }
    // ffmpeg before version 7 knows `gbr` by this name only.
    let matrix = if film.is_rgb() { "rgb" } else { colours.matrix };
    split_arguments(&format!(
        "-colorspace {matrix} -color_primaries {} -color_trc {} -color_range {}",
        colours.primaries,
        colours.transfer,
        colours.range()
    ))
}

/// Returns the arguments of the muxer of a whole film.
#[must_use]
pub fn muxer_arguments(
    container: &FilmContainerSpec,
    film: &FilmEncoding,
    rate: FrameRate,
) -> Vec<String> {
    let rate_arguments = || vec!["-r".to_owned(), format!("{}/{}", rate.num, rate.den)];
    match container.clock {
        ContainerClock::Ticks => {
            let timescale = FrameTimebase::for_rate(rate).timescale;
            vec![
                "-video_track_timescale".to_owned(),
                timescale.to_string(),
                // The index comes before the pictures, so that players can start while they
                // download.
                "-movflags".to_owned(),
                "+faststart".to_owned(),
            ]
        }
        // These files name the rate itself, which the muxer would guess from the first segment.
        ContainerClock::Frames => rate_arguments(),
        ContainerClock::Milliseconds => {
            // QuickTime has no place for the range, so segments without it in their stream, as of
            // FFV1, have lost it.
            let range = if film.is_rgb() { "pc" } else { "tv" };
            let mut arguments = rate_arguments();
            arguments.extend(["-color_range".to_owned(), range.to_owned()]);
            arguments
        }
    }
}

/// Returns the arguments of the encoder of sound, and those of its track.
#[must_use]
pub fn sound_arguments(format: &SoundFormat, container: &FilmContainerSpec) -> Vec<String> {
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
        let language = if container.bibliographic_languages {
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
        if !variant.encoder_profile.is_empty() {
            set_option(&mut arguments, "-profile:v", variant.encoder_profile);
        }
        for [option, value] in variant.encoder_options {
            set_option(&mut arguments, option, value);
        }
        if variant.reorder_delay == 0 && arguments.iter().any(|argument| argument == "-bf") {
            set_option(&mut arguments, "-bf", "0");
        }
    }
    if choice.hdr == Some(HdrTransfer::Pq) {
        for [option, parameters] in film.mastering_options {
            append_parameters(&mut arguments, option, parameters);
        }
    }
    arguments
}

/// Adds parameters to those that an option has already.
fn append_parameters(arguments: &mut [String], option: &str, parameters: &str) {
    let place = arguments.iter().position(|argument| argument == option);
    if let Some(value) = place.and_then(|place| arguments.get_mut(place + 1)) {
        value.push(':');
        value.push_str(parameters);
    }
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

/// Returns the arguments of the tracks of text of a film, in these languages. `first` is the number
/// of the input of the first.
pub(super) fn text_arguments<'a>(
    languages: impl Iterator<Item = &'a str>,
    first: usize,
    container: &FilmContainerSpec,
) -> Vec<String> {
    let mut arguments = Vec::new();
    for (index, language) in languages.enumerate() {
        arguments.extend(["-map".to_owned(), format!("{}:s:0", first + index)]);
        if let Some(tag) = film_language_tag(language) {
            let tag = if container.bibliographic_languages {
                quicktime_tag(tag)
            } else {
                tag
            };
            arguments.extend([format!("-metadata:s:s:{index}"), format!("language={tag}")]);
        }
    }
    if !arguments.is_empty() {
        arguments.extend(["-c:s".to_owned(), "mov_text".to_owned()]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec::{CODECS, FilmContainer};
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
        let mp4 = FilmContainer::Mp4.spec();
        let text = |codec| sound_arguments(&format(codec), mp4).join(" ");
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
        let quicktime = FilmContainer::Mov.spec();
        assert!(sound_arguments(&german, quicktime).contains(&"language=ger".to_owned()));
        assert!(sound_arguments(&german, mp4).contains(&"language=deu".to_owned()));
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
            let Some(film) = spec.codec.tool_encoding() else {
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
