//! Walks the table of codecs: real files are made in each, and compared with every fact of its
//! entry.
//!
//! A new codec needs no test of its own. Without ffmpeg or an encoder, its tests are skipped,
//! unless the tests were started with everything required.

use super::{SMALL, encode, film, verify};
use crate::base::CancelToken;
use crate::media::picture::{DisplayImage, LinearImage, read_picture, read_png};
use crate::media::resample::linear_table;
use crate::media::{FfmpegTools, tone};
use crate::model::codec::{CODECS, CodecDelivery, CodecSpec, FilmEncoding, SequenceFormat};
use crate::model::{FrameRate, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::FailureClass;
use crate::producers::testing::{TestBench, find_tools, output_format, require_or_skip};
use std::path::Path;
use std::process::Command;

/// Returns the codecs that can be made here, each with the tools if there are any.
pub(super) fn available_codecs() -> Vec<(&'static CodecSpec, Option<FfmpegTools>)> {
    let tools = find_tools();
    let mut available = Vec::new();
    for spec in CODECS {
        if spec.codec.needs_ffmpeg() {
            let Some(tools) = &tools else { continue };
            let cancel = CancelToken::default();
            let tried = tools.try_codec(spec.codec, CallOptions::new(&cancel));
            if require_or_skip(tried).is_none() {
                continue;
            }
        }
        available.push((spec, tools.clone()));
    }
    available
}

/// Returns the film codecs that can be made here.
pub(super) fn available_films() -> Vec<(&'static CodecSpec, FfmpegTools)> {
    let films = available_codecs().into_iter();
    films
        .filter(|(spec, _)| spec.codec.needs_ffmpeg())
        .filter_map(|(spec, tools)| Some((spec, tools?)))
        .collect()
}

#[test]
fn every_codec_makes_a_film_that_verifies() {
    let rate = FrameRate::parse("23.976").unwrap();
    for (spec, tools) in available_codecs() {
        let bench = TestBench::new();
        let format = output_format(spec.codec, SMALL, rate);
        let (joined, facts) = film(&bench, tools.as_ref(), &format, rate, &[1, 7, 5]);
        assert_eq!(facts.frames, 13, "{}", spec.id);
        assert_eq!(facts.codec, spec.id);
        let file = &joined.outputs[0];
        assert!(file.name.ends_with(&format!(".{}", spec.extension)));
        if let Some(tools) = &tools {
            let probed = probe_stream(tools, &file.path);
            assert_eq!(probed.codec_name, spec.probed_name, "{}", spec.id);
            let pixel_format = probed.pixel_format.as_str();
            assert!(
                spec.pixel_formats.contains(&pixel_format),
                "{}: {pixel_format}",
                spec.id
            );
        }
    }
}

/// `encode` checks the size and the rate of what it makes.
#[test]
fn every_codec_has_its_rates_and_the_ends_of_its_sizes() {
    for (spec, tools) in available_codecs() {
        for fps in [spec.frame_rates.low, spec.frame_rates.high] {
            let rate = FrameRate::from_fps(fps);
            let format = output_format(spec.codec, SMALL, rate);
            let made = encode(&TestBench::new(), tools.as_ref(), &format, (rate, 3, 0));
            assert!(made.is_ok(), "{} at {rate} a second: {made:?}", spec.id);
        }
        let grid = spec.size_grid;
        let rate = FrameRate::from_fps(24);
        let smallest_odd = grid.next_size(PixelSize::new(95, 53));
        let mut sizes = vec![smallest_odd];
        // The limit of an encoder. That of pictures is ours, and fitting so long a picture is slow.
        if spec.codec.needs_ffmpeg() {
            sizes.push(PixelSize::new(grid.largest_side, 64));
        }
        for size in sizes {
            let format = output_format(spec.codec, size, rate);
            let made = encode(&TestBench::new(), tools.as_ref(), &format, (rate, 1, 0));
            assert!(made.is_ok(), "{} at {size}: {made:?}", spec.id);
        }
    }
}

/// Before version 8, ffmpeg takes 120000/1001 for 120, and 240000/1001 for 240, if nobody says
/// otherwise.
#[test]
fn the_broadcast_forms_of_high_rates_are_made_exactly() {
    for (spec, tools) in available_films() {
        for nominal in [72, 120, 144, 240] {
            let rate = FrameRate::from_fraction(nominal * 1000, 1001).unwrap();
            let format = output_format(spec.codec, SMALL, rate);
            let bench = TestBench::new();
            let (joined, facts) = film(&bench, Some(&tools), &format, rate, &[5, 6]);
            assert_eq!(facts.frames, 11, "{} at {rate}", spec.id);
            let whole = output_format(spec.codec, SMALL, FrameRate::from_fps(nominal));
            let verified = verify(&bench, Some(&tools), &whole, 11, &joined.outputs);
            let failure = verified.unwrap_err();
            assert!(failure.message.contains("rate"), "{}: {failure}", spec.id);
        }
    }
}

#[test]
fn a_size_off_the_grid_fails_with_the_next_one() {
    let rate = FrameRate::from_fps(24);
    for spec in CODECS {
        let grid = spec.size_grid;
        let off = PixelSize::new(95, 53);
        let on = grid.next_size(off);
        if on == off {
            continue;
        }
        let wrong = output_format(spec.codec, off, rate);
        let failure = encode(&TestBench::new(), None, &wrong, (rate, 1, 0)).unwrap_err();
        assert_eq!(failure.class, FailureClass::BadOutput, "{}", spec.id);
        assert!(failure.message.contains(&format!("use {on}")), "{failure}");
    }
}

#[test]
fn pixels_change_where_the_codec_entry_is_lossy() {
    let rate = FrameRate::from_fps(24);
    for (spec, tools) in available_codecs() {
        let bench = TestBench::new();
        let format = output_format(spec.codec, SMALL, rate);
        let made = encode(&bench, tools.as_ref(), &format, (rate, 1, 0)).unwrap();
        let original = read_png(&bench.graded_frames(SMALL, 1, 0)[0].path).unwrap();
        let path = &made.outputs[0].path;
        let same = match spec.delivery {
            CodecDelivery::Film(_) => decode_rgb48(&tools.unwrap(), path) == original.pixels,
            CodecDelivery::Sequence(pictures) => shows_the_same(pictures, path, &original),
        };
        assert_eq!(same, !spec.lossy, "{}", spec.id);
    }
}

#[test]
fn files_carry_sound_and_alpha_where_the_codec_entry_has_them() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    for (spec, _) in available_codecs() {
        let bench = TestBench::new();
        let clear = bench
            .folder_path()
            .join(format!("clear.{}", spec.extension));
        make_transparent(&tools, spec, &clear);
        let pixel_format = probe_stream(&tools, &clear).pixel_format;
        assert_eq!(
            has_alpha(&pixel_format),
            spec.carries_alpha,
            "{}: {pixel_format}",
            spec.id
        );
        if let Some(encoding) = spec.codec.film_encoding() {
            let format = output_format(spec.codec, SMALL, rate);
            let made = encode(&bench, Some(&tools), &format, (rate, 3, 0)).unwrap();
            let accepted = add_silence(&tools, encoding, &made.outputs[0].path);
            assert_eq!(accepted, spec.carries_sound(), "{}", spec.id);
        }
    }
}

/// The first video stream as ffprobe reports it.
struct ProbedStream {
    codec_name: String,
    pixel_format: String,
}

fn probe_stream(tools: &FfmpegTools, path: &Path) -> ProbedStream {
    let arguments = [
        "-select_streams",
        "v:0",
        "-show_entries",
        "stream=codec_name,pix_fmt",
        "-of",
        "csv=p=0",
    ];
    let cancel = CancelToken::default();
    let output = tools.run_ffprobe(&arguments, path, CallOptions::new(&cancel));
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let (codec_name, pixel_format) = text.trim().split_once(',').unwrap();
    ProbedStream {
        codec_name: codec_name.to_owned(),
        pixel_format: pixel_format.to_owned(),
    }
}

fn has_alpha(pixel_format: &str) -> bool {
    ["yuva", "rgba", "gbrap"]
        .iter()
        .any(|start| pixel_format.starts_with(start))
}

fn ffmpeg(tools: &FfmpegTools) -> Command {
    let mut command = Command::new(&tools.ffmpeg);
    command.args(["-v", "error", "-nostdin", "-y"]);
    command
}

/// Encodes half-transparent grey as this codec, which keeps the transparency if it can.
fn make_transparent(tools: &FfmpegTools, spec: &CodecSpec, path: &Path) {
    let mut command = ffmpeg(tools);
    command.args([
        "-f",
        "lavfi",
        "-i",
        "color=gray@0.5:s=96x54:r=24,format=rgba",
    ]);
    command.args(["-frames:v", "1"]);
    match spec.delivery {
        CodecDelivery::Film(film) => {
            let with_alpha = film.pixel_format.replace("yuv", "yuva");
            command.args(["-vf", &format!("format={with_alpha}")]);
            // Our own arguments drop the transparency that no deliverable has.
            let arguments = film.encoder_arguments.replace("-alpha_bits 0", "");
            let arguments = arguments.replace("KEY_FRAME_DISTANCE", "24");
            command.args(arguments.split_whitespace());
            command.args(["-f", film.muxer]);
        }
        CodecDelivery::Sequence(_) => {
            command.args(["-c:v", spec.probed_name]);
        }
    }
    assert!(command.arg(path).status().unwrap().success(), "{}", spec.id);
}

/// Returns whether the muxer of this codec takes a track of sound beside the film.
fn add_silence(tools: &FfmpegTools, film: &FilmEncoding, path: &Path) -> bool {
    let mut command = ffmpeg(tools);
    command.arg("-i").arg(path);
    command.args(["-f", "lavfi", "-i", "anullsrc", "-t", "0.1"]);
    command.args(["-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac"]);
    command.args(["-f", film.muxer]);
    command.arg(path.with_file_name("with_sound"));
    command.status().unwrap().success()
}

fn decode_rgb48(tools: &FfmpegTools, path: &Path) -> Vec<[u16; 3]> {
    let mut command = ffmpeg(tools);
    command.arg("-i").arg(path);
    command.args([
        "-vf",
        "scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int",
    ]);
    command.args(["-pix_fmt", "rgb48le", "-f", "rawvideo", "-"]);
    let output = command.output().unwrap();
    assert!(output.status.success());
    let bytes = output.stdout.chunks_exact(6);
    bytes
        .map(|six| [0, 2, 4].map(|at| u16::from_le_bytes([six[at], six[at + 1]])))
        .collect()
}

/// Returns whether each pixel is the original's, to the precision of the format.
fn shows_the_same(format: SequenceFormat, path: &Path, original: &DisplayImage) -> bool {
    match format {
        SequenceFormat::Png => read_png(path).unwrap().to_8_bits() == original.to_8_bits(),
        SequenceFormat::Exr => {
            let table = linear_table();
            is_near(&read_picture(path).unwrap(), original, |value| {
                table[usize::from(value)]
            })
        }
        SequenceFormat::Tiff => is_near(&read_picture(path).unwrap(), original, |value| {
            tone::srgb_to_linear(f32::from(value) / 65535.0)
        }),
    }
}

fn is_near(light: &LinearImage, original: &DisplayImage, to_light: impl Fn(u16) -> f32) -> bool {
    let found = light.pixels.as_flattened().iter();
    let wanted = original.pixels.as_flattened().iter();
    light.size == original.size
        && found
            .zip(wanted)
            .all(|(found, wanted)| (found - to_light(*wanted)).abs() < 1e-3)
}
