//! Walks the table of codecs: real files are made in each, and compared with every fact of its
//! entry.
//!
//! A new codec needs no test of its own. Without ffmpeg or an encoder, its tests are skipped,
//! unless the tests were started with everything required.

use super::{SMALL, ShotEncoder, as_materials, encode, film, verify};
use crate::base::CancelToken;
use crate::media::animation::{read_animation, read_webp_still};
use crate::media::picture::{DisplayImage, LinearImage, read_picture, read_png};
use crate::media::resample::{ResampleFilter, fit_to_size, linear_table};
use crate::media::{FfmpegTools, tone};
use crate::model::codec::{
    AnimationFormat, CODECS, CodecDelivery, CodecSpec, FilmContainer, SequenceFormat,
};
use crate::model::{
    Codec, EncodingChoice, FrameRate, HdrTransfer, InputFiles, InputSlot, JobAction, OutputFormat,
    PixelSize,
};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, OutputFile, ProducerOutput};
use crate::producers::stitch::SegmentStitcher;
use crate::producers::testing::{
    TestBench, check_outputs, find_tools, output_format, require_or_skip,
};
use crate::producers::verify::MeasuredFacts;
use std::path::Path;
use std::process::Command;

/// Returns the codecs that can be made here, each with the tools if there are any.
pub(super) fn available_codecs() -> Vec<(&'static CodecSpec, Option<FfmpegTools>)> {
    let tools = find_tools();
    let mut available = Vec::new();
    for spec in CODECS {
        // They are made of one frame a shot, or of films of several sizes; their tests are below.
        if spec.codec.still_format().is_some() || spec.codec.stream_format().is_some() {
            continue;
        }
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
        .filter(|(spec, _)| spec.codec.film_encoding().is_some())
        .filter_map(|(spec, tools)| Some((spec, tools?)))
        .collect()
}

/// Returns the size of the pictures that are made in this codec: small, and within its limits.
pub(super) fn fitting_size(spec: &CodecSpec) -> PixelSize {
    let least = spec.size_grid.smallest;
    let size = PixelSize::new(SMALL.width.max(least.width), SMALL.height.max(least.height));
    spec.size_grid.next_size(size)
}

/// Returns the format of small films of this codec in a container.
pub(super) fn contained_format(
    spec: &CodecSpec,
    container: FilmContainer,
    rate: FrameRate,
) -> OutputFormat {
    OutputFormat {
        encoding: EncodingChoice {
            container: Some(container),
            ..EncodingChoice::default()
        },
        ..output_format(spec.codec, fitting_size(spec), rate)
    }
}

#[test]
fn every_codec_makes_a_film_that_verifies() {
    let rate = FrameRate::parse("23.976").unwrap();
    for (spec, tools) in available_codecs() {
        let bench = TestBench::new();
        let format = output_format(spec.codec, fitting_size(spec), rate);
        let (joined, facts) = film(&bench, tools.as_ref(), &format, rate, &[1, 7, 5]);
        assert_eq!(facts.frames, 13, "{}", spec.id);
        assert_eq!(facts.codec, spec.id);
        let file = &joined.outputs[0];
        assert!(file.name.ends_with(&format!(".{}", spec.extension)));
        // ffmpeg before version 8 cannot read animated WebP.
        let is_readable = spec.codec != Codec::Webp;
        if let Some(tools) = tools.or_else(find_tools).filter(|_| is_readable) {
            let probed = probe_stream(&tools, &file.path);
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
            let format = output_format(spec.codec, fitting_size(spec), rate);
            let made = encode(&TestBench::new(), tools.as_ref(), &format, (rate, 3, 0));
            assert!(made.is_ok(), "{} at {rate} a second: {made:?}", spec.id);
        }
        let grid = spec.size_grid;
        let rate = FrameRate::from_fps(24);
        let least = grid.smallest;
        let odd = PixelSize::new(least.width.max(95), least.height.max(53));
        let mut sizes = vec![grid.next_size(odd), grid.next_size(least)];
        // The limit of an encoder. That of pictures is ours, and fitting so long a picture is slow.
        if spec.codec.needs_ffmpeg() {
            let long = PixelSize::new(grid.largest_side, least.height.max(64));
            sizes.push(grid.next_size(long));
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
            let size = fitting_size(spec);
            let format = output_format(spec.codec, size, rate);
            let bench = TestBench::new();
            let (joined, facts) = film(&bench, Some(&tools), &format, rate, &[5, 6]);
            assert_eq!(facts.frames, 11, "{} at {rate}", spec.id);
            let whole = output_format(spec.codec, size, FrameRate::from_fps(nominal));
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
        let least = grid.smallest;
        let off = PixelSize::new(least.width.next_multiple_of(2) + 95, least.height + 53);
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
        let format = output_format(spec.codec, fitting_size(spec), rate);
        let made = encode(&bench, tools.as_ref(), &format, (rate, 1, 0)).unwrap();
        let graded = read_png(&bench.graded_frames(SMALL, 1, 0)[0].path).unwrap();
        let original = fit_to_size(graded, format.size, format.fit, ResampleFilter::Lanczos);
        let path = &made.outputs[0].path;
        let same = match spec.delivery {
            CodecDelivery::Film(_) => decode_rgb48(&tools.unwrap(), path) == original.pixels,
            CodecDelivery::Animation(animation) => match animation.format {
                AnimationFormat::Webp => read_webp_still(path).unwrap().pixels == original.pixels,
                AnimationFormat::Gif | AnimationFormat::Apng => {
                    shows_the_same(SequenceFormat::Png, path, &original)
                }
            },
            CodecDelivery::Sequence(pictures) => shows_the_same(pictures, path, &original),
            CodecDelivery::Stream(_) | CodecDelivery::Still(_) => continue,
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
        if spec.codec.animation_format().is_some() {
            assert!(!spec.carries_sound(), "{}", spec.id);
            continue;
        }
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
            let format = output_format(spec.codec, fitting_size(spec), rate);
            let made = encode(&bench, Some(&tools), &format, (rate, 3, 0)).unwrap();
            for container in encoding.containers {
                let path = &made.outputs[0].path;
                let accepted = add_silence(&tools, *container, path);
                assert!(accepted, "{} in {container:?}", spec.id);
            }
        }
    }
}

#[test]
fn every_film_is_made_in_each_of_its_containers() {
    let Some(tools) = find_tools() else { return };
    for (spec, _) in available_films() {
        let film_encoding = spec.codec.film_encoding().unwrap();
        for container in film_encoding.containers {
            for text in ["23.976", "25"] {
                let rate = FrameRate::parse(text).unwrap();
                let format = contained_format(spec, *container, rate);
                let bench = TestBench::new();
                // `film` checks and verifies: codec, colours, size, rate, the time of every frame.
                let (joined, facts) = film(&bench, Some(&tools), &format, rate, &[9, 1, 26]);
                let what = format!("{} in {container:?} at {rate}", spec.id);
                assert_eq!(facts.frames, 36, "{what}");
                let name = &joined.outputs[0].name;
                assert!(name.ends_with(container.spec().extension), "{what}: {name}");
            }
        }
    }
}

/// The colours in the `colr` box of an MP4 or QuickTime file, by the codes of ITU-T H.273:
/// primaries, transfer, matrix.
// Read from the bytes: ffprobe prefers what the stream says.
fn file_colours(path: &Path) -> Option<[u16; 3]> {
    let bytes = std::fs::read(path).unwrap();
    let place = bytes.windows(4).position(|word| word == b"colr")?;
    // The kind of the box, `nclx` or `nclc`, is before the codes.
    let code = |index: usize| {
        let at = place + 8 + index * 2;
        Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
    };
    Some([code(0)?, code(1)?, code(2)?])
}

#[test]
fn the_file_names_its_colours_beside_the_stream() {
    let rate = FrameRate::from_fps(24);
    for (spec, tools) in available_films() {
        let encoding = spec.codec.film_encoding().unwrap();
        let containers = [FilmContainer::Mp4, FilmContainer::Mov];
        for container in containers
            .into_iter()
            .filter(|kind| encoding.containers.contains(kind))
        {
            for (hdr, wanted) in [
                (None, [1, 1, 1]),
                (Some(HdrTransfer::Pq), [9, 16, 9]),
                (Some(HdrTransfer::Hlg), [9, 18, 9]),
            ] {
                let profile = encoding.hdr_profile.filter(|_| hdr.is_some());
                // RGB has no matrix, and H.264 no high dynamic range.
                if encoding.is_rgb() || profile.is_some() != hdr.is_some() {
                    continue;
                }
                let format = OutputFormat {
                    encoding: EncodingChoice {
                        container: Some(container),
                        profile: profile.map(str::to_owned),
                        hdr,
                        ..EncodingChoice::default()
                    },
                    ..output_format(spec.codec, fitting_size(spec), rate)
                };
                let bench = TestBench::new();
                // `film` compares what the stream says.
                let (joined, _) = film(&bench, Some(&tools), &format, rate, &[3, 2]);
                let found = file_colours(&joined.outputs[0].path);
                assert_eq!(found, Some(wanted), "{} in {container:?} {hdr:?}", spec.id);
            }
        }
    }
}

#[test]
fn every_variant_makes_what_its_entry_says() {
    let rate = FrameRate::from_fps(25);
    for (spec, tools) in available_codecs() {
        let Some(encoding) = spec.codec.tool_encoding() else {
            continue;
        };
        for variant in encoding.variants {
            for pixel_format in variant.pixel_formats {
                let choice = EncodingChoice {
                    profile: Some(variant.profile.to_owned()),
                    pixel_format: Some((*pixel_format).to_owned()),
                    ..EncodingChoice::default()
                };
                let format = OutputFormat {
                    encoding: choice,
                    ..output_format(spec.codec, fitting_size(spec), rate)
                };
                let made = encode(&TestBench::new(), tools.as_ref(), &format, (rate, 3, 0));
                assert!(
                    made.is_ok(),
                    "{} {} {pixel_format}: {made:?}",
                    spec.id,
                    variant.profile
                );
            }
        }
    }
}

#[test]
fn an_animation_lasts_as_long_as_its_frames_and_says_so() {
    for (spec, tools) in available_codecs() {
        let Some(kind) = spec.codec.animation_format() else {
            continue;
        };
        let rate = FrameRate::from_fps(24);
        let bench = TestBench::new();
        let format = output_format(spec.codec, SMALL, rate);
        let (joined, facts) = film(&bench, tools.as_ref(), &format, rate, &[20, 1, 27]);
        let mut ticks = 0;
        let read = read_animation(kind, &joined.outputs[0].path, |_, picture| {
            ticks += picture.delay;
        });
        let read = read.unwrap();
        assert_eq!(ticks, 2 * read.ticks_per_second, "{}", spec.id);
        let timing = facts.timing.unwrap();
        assert!(!timing.is_empty(), "{}", spec.id);
    }
}

/// Encodes one picture of each shot, and joins and verifies them.
fn still(format: &OutputFormat, lengths: &[usize]) -> (TestBench, ProducerOutput, MeasuredFacts) {
    let bench = TestBench::new();
    let encoder = ShotEncoder { tools: None };
    let mut slots = InputFiles::default();
    for (index, length) in lengths.iter().enumerate() {
        let work = JobAction::Encode {
            format: format.clone(),
            source_rate: format.rate,
            source_frames: *length,
            count: 1,
            overlays: [].into(),
            trim: Default::default(),
        };
        let frames = bench.graded_frames(SMALL, *length, index * 7);
        let inputs = TestBench::input_files([("frames", frames)]);
        let made = bench.run_job(&work, &inputs, |job| encoder.encode_shot(job));
        let made = made.unwrap();
        expect_checked(&work, &made.outputs, None);
        slots
            .files
            .insert(InputSlot::segment(index), as_materials(&made.outputs));
    }
    let work = JobAction::Stitch {
        format: format.clone(),
        count: lengths.len(),
        sound: None,
        captions: Vec::new(),
        timecode: None,
    };
    let stitcher = SegmentStitcher { tools: None };
    let joined = bench.run_job(&work, &slots, |job| stitcher.stitch_segments(job));
    let joined = joined.unwrap();
    expect_checked(&work, &joined.outputs, None);
    let facts = verify(&bench, None, format, lengths.len(), &joined.outputs).unwrap();
    (bench, joined, facts)
}

fn expect_checked(work: &JobAction, outputs: &[OutputFile], tools: Option<&FfmpegTools>) {
    let cancel = CancelToken::default();
    check_outputs(work, outputs, tools, CallOptions::new(&cancel)).unwrap();
}

#[test]
fn a_poster_is_the_middle_frame_and_a_sheet_has_one_of_every_shot() {
    let rate = FrameRate::from_fps(24);
    let poster = output_format(Codec::Poster, SMALL, rate);
    let (bench, made, facts) = still(&poster, &[9]);
    assert_eq!((facts.width, facts.height, facts.frames), (96, 54, 1));
    let middle = read_png(&bench.graded_frames(SMALL, 9, 0)[4].path).unwrap();
    let found = tone::encode_srgb(&read_picture(&made.outputs[0].path).unwrap());
    // JPEG blurs edges; the frame beside it has its bar elsewhere, by half of the range.
    let off = |wanted: &DisplayImage| {
        let pixels = wanted.pixels.iter().zip(&found.pixels);
        let sum: u64 = pixels.map(|(a, b)| u64::from(a[0].abs_diff(b[0]))).sum();
        sum / wanted.pixels.len() as u64
    };
    let beside = read_png(&bench.graded_frames(SMALL, 9, 0)[5].path).unwrap();
    assert!(
        off(&middle) * 4 < off(&beside),
        "{} {}",
        off(&middle),
        off(&beside)
    );

    let sheet = output_format(Codec::ContactSheet, SMALL, rate);
    let (_, made, facts) = still(&sheet, &[3, 1, 5]);
    assert_eq!((facts.width, facts.height), (2 * 98 + 2, 2 * 56 + 2));
    assert_eq!(made.outputs[0].name, "film.jpg");
}

/// Returns the segments of every rendition: 40 frames in three shots.
fn encode_renditions(bench: &TestBench, tools: &FfmpegTools, format: &OutputFormat) -> InputFiles {
    let mut slots = InputFiles::default();
    for rendition in format.encoded_formats() {
        for (index, length) in [30, 1, 9].into_iter().enumerate() {
            let source = (format.rate, length, index * 7);
            let made = encode(bench, Some(tools), &rendition, source).unwrap();
            let slot = InputSlot::segment(slots.files.len());
            slots.files.insert(slot, as_materials(&made.outputs));
        }
    }
    slots
}

#[test]
fn a_stream_has_every_rendition_and_verifies() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::parse("23.976").unwrap();
    let format = OutputFormat {
        encoding: EncodingChoice {
            renditions: vec![PixelSize::new(96, 54), PixelSize::new(64, 36)],
            ..EncodingChoice::default()
        },
        ..output_format(Codec::Hls, SMALL, rate)
    };
    let bench = TestBench::new();
    let slots = encode_renditions(&bench, &tools, &format);
    let work = JobAction::Stitch {
        format: format.clone(),
        count: 40,
        sound: None,
        captions: Vec::new(),
        timecode: None,
    };
    let stitcher = SegmentStitcher {
        tools: Some(tools.clone()),
    };
    let join = || {
        let joined = bench.run_job(&work, &slots, |job| stitcher.stitch_segments(job));
        joined.unwrap()
    };
    let joined = join();
    expect_checked(&work, &joined.outputs, Some(&tools));
    let names = joined.outputs.iter().map(|output| output.name.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            "main.m3u8",
            "96x54.m3u8",
            "96x54.mp4",
            "64x36.m3u8",
            "64x36.mp4"
        ]
    );
    let main = std::fs::read_to_string(&joined.outputs[0].path).unwrap();
    assert!(
        main.contains("RESOLUTION=64x36,FRAME-RATE=23.976,CODECS=\"avc1.64"),
        "{main}"
    );
    let facts = verify(&bench, Some(&tools), &format, 40, &joined.outputs).unwrap();
    assert_eq!((facts.frames, facts.frozen), (40, false));
    let again = join();
    for (first, second) in joined.outputs.iter().zip(&again.outputs) {
        let bytes = [first, second].map(|output| std::fs::read(&output.path).unwrap());
        assert!(bytes[0] == bytes[1], "{}", first.name);
    }
    // A rendition that is cut off is found.
    let film = &joined.outputs[2].path;
    let whole = std::fs::read(film).unwrap();
    std::fs::write(film, &whole[..whole.len() / 2]).unwrap();
    assert!(verify(&bench, Some(&tools), &format, 40, &joined.outputs).is_err());
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
        "color=gray@0.5:s=256x120:r=24,format=rgba",
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
        _ => {
            command.args(["-c:v", spec.probed_name]);
        }
    }
    assert!(command.arg(path).status().unwrap().success(), "{}", spec.id);
}

/// Returns whether the muxer of this codec takes a track of sound beside the film.
fn add_silence(tools: &FfmpegTools, container: FilmContainer, path: &Path) -> bool {
    let container = container.spec();
    let sound = container.sound_codecs[0].spec();
    let mut command = ffmpeg(tools);
    command.arg("-i").arg(path);
    command.args(["-f", "lavfi", "-i", "anullsrc=r=48000", "-t", "0.1"]);
    command.args([
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c:v",
        "copy",
        "-c:a",
        sound.encoder,
    ]);
    command.args(["-r", "24", "-f", container.muxer]);
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
        SequenceFormat::Jpeg => tone::encode_srgb(&read_picture(path).unwrap()) == *original,
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
