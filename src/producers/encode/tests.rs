//! Encoding, stitching and verifying together, with the real ffmpeg where video is made.

mod drawn_over;
mod every_codec;
mod joined_segments;

use self::every_codec::{available_codecs, available_films, fitting_size};
use super::ShotEncoder;
use crate::base::CancelToken;
use crate::gpu::AdapterChoice;
use crate::media::ffmpeg::DecoderThreads;
use crate::media::picture::{check_picture, read_png};
use crate::media::png_file::read_palette;
use crate::media::{FfmpegTools, video_probe};
use crate::model::codec::CODECS;
use crate::model::retro_treatment::{DitherMethod, Palette, RetroTreatment};
use crate::model::{
    Codec, FrameRate, InputFile, InputFiles, InputSlot, JobAction, OutputFormat, PixelSize,
};
use crate::process::CallOptions;
use crate::producers::contract::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::registry::ProducerRegistry;
use crate::producers::testing::{TestBench, check_outputs, find_tools, output_format};
use crate::producers::verify::{DeliverableVerifier, MeasuredFacts};

const SMALL: PixelSize = PixelSize::new(96, 54);

fn encode(
    bench: &TestBench,
    tools: Option<&FfmpegTools>,
    format: &OutputFormat,
    source: (FrameRate, usize, usize),
) -> Result<ProducerOutput, JobFailure> {
    let (source_rate, source_frames, start) = source;
    let frames = bench.graded_frames(SMALL, source_frames, start);
    let count = format.rate.resampled_count(source_frames, source_rate);
    let work = JobAction::Encode {
        format: format.clone(),
        source_rate,
        source_frames,
        count,
        overlays: Default::default(),
        trim: Default::default(),
    };
    let encode = ShotEncoder {
        tools: tools.cloned(),
    };
    let finished = bench.run_job(
        &work,
        &TestBench::input_files([("frames", frames)]),
        |job| encode.encode_shot(job),
    )?;
    check_outputs(
        &work,
        &finished.outputs,
        tools,
        CallOptions::new(&CancelToken::default()),
    )?;
    Ok(finished)
}

fn as_materials(outputs: &[OutputFile]) -> Vec<InputFile> {
    outputs
        .iter()
        .map(|output| InputFile {
            name: output.name.clone(),
            path: output.path.clone(),
        })
        .collect()
}

/// Encodes shots of these lengths, joins and verifies them; returns the film and its facts.
fn film(
    bench: &TestBench,
    tools: Option<&FfmpegTools>,
    format: &OutputFormat,
    source_rate: FrameRate,
    lengths: &[usize],
) -> (ProducerOutput, MeasuredFacts) {
    let (joined, slots, count) = join_shots(bench, tools, format, source_rate, lengths);
    let facts = verify(bench, tools, format, count, &joined.outputs).unwrap();
    // What is known of the segments is what decoding the film shows.
    let known = verify_with(bench, tools, format, count, &joined.outputs, &slots).unwrap();
    assert_eq!(known, facts, "{:?}", format.codec);
    (joined, facts)
}

/// Encodes shots of these lengths and joins them; returns the film, its segments, and its number of
/// frames.
fn join_shots(
    bench: &TestBench,
    tools: Option<&FfmpegTools>,
    format: &OutputFormat,
    source_rate: FrameRate,
    lengths: &[usize],
) -> (ProducerOutput, InputFiles, usize) {
    let mut slots = InputFiles::default();
    let mut count = 0;
    for (index, length) in lengths.iter().enumerate() {
        let segment = encode(bench, tools, format, (source_rate, *length, index * 7)).unwrap();
        slots.files.insert(
            crate::model::InputSlot::new(format!("segment.{index:04}")),
            as_materials(&segment.outputs),
        );
        count += format.rate.resampled_count(*length, source_rate);
    }
    let joined = join(bench, tools, format, count, &slots).unwrap();
    (joined, slots, count)
}

/// Joins segments, and checks the film as the executor does.
fn join(
    bench: &TestBench,
    tools: Option<&FfmpegTools>,
    format: &OutputFormat,
    count: usize,
    slots: &InputFiles,
) -> Result<ProducerOutput, JobFailure> {
    let work = JobAction::Stitch {
        format: format.clone(),
        count,
        sound: None,
        captions: Vec::new(),
        timecode: None,
    };
    let adapter = AdapterChoice::default();
    let registry = ProducerRegistry::new(adapter, tools.cloned(), CancelToken::default());
    bench.run_job(&work, slots, |job| {
        let joined = registry.run_job(job)?;
        registry.check_outputs(job, &joined.outputs)?;
        Ok(joined)
    })
}

fn verify(
    bench: &TestBench,
    tools: Option<&FfmpegTools>,
    format: &OutputFormat,
    count: usize,
    outputs: &[OutputFile],
) -> Result<MeasuredFacts, JobFailure> {
    verify_with(bench, tools, format, count, outputs, &InputFiles::default())
}

/// As [`verify`], with the segments of the film.
fn verify_with(
    bench: &TestBench,
    tools: Option<&FfmpegTools>,
    format: &OutputFormat,
    count: usize,
    outputs: &[OutputFile],
    segments: &InputFiles,
) -> Result<MeasuredFacts, JobFailure> {
    let work = JobAction::Verify {
        format: format.clone(),
        count,
        sound: None,
        timecode: None,
    };
    let mut slots = segments.clone();
    let film = as_materials(outputs);
    slots.files.insert(InputSlot::deliverable(), film);
    let verify = DeliverableVerifier {
        tools: tools.cloned(),
    };
    let finished = bench.run_job(&work, &slots, |job| verify.verify_deliverable(job))?;
    check_outputs(
        &work,
        &finished.outputs,
        tools,
        CallOptions::new(&CancelToken::default()),
    )?;
    Ok(serde_json::from_slice(&std::fs::read(&finished.outputs[0].path).unwrap()).unwrap())
}

#[test]
fn segments_of_odd_lengths_join_with_exact_rate_and_count_at_every_rate() {
    let Some(tools) = find_tools() else { return };
    for text in ["24", "23.976", "30", "12.5"] {
        let rate = FrameRate::parse(text).unwrap();
        let bench = TestBench::new();
        let (joined, facts) = film(
            &bench,
            Some(&tools),
            &output_format(Codec::H264, SMALL, rate),
            rate,
            &[1, 7, 25, 1, 3],
        );
        assert_eq!(
            (facts.frames, facts.fps.as_str()),
            (37, rate.to_string().as_str())
        );
        let found = video_probe::probe_video(
            &tools,
            &joined.outputs[0].path,
            CallOptions::new(&CancelToken::default()),
        )
        .unwrap();
        assert_eq!(
            (found.rate, found.average_rate, found.frames),
            (rate, rate, 37),
            "{text}"
        );
        assert!(
            (found.duration - rate.duration_seconds(37)).abs() < 0.001,
            "{text}: {}",
            found.duration
        );
        assert!(!facts.frozen && facts.brightness > 0.1);
    }
}

#[test]
fn the_film_shows_the_same_frames_in_the_same_order_as_its_segments() {
    let watch = |tools: &FfmpegTools, path: &std::path::Path| {
        let mut grey = Vec::new();
        tools
            .decode_grey(
                path,
                SMALL,
                DecoderThreads::One,
                CallOptions::new(&CancelToken::default()),
                |bytes| grey.extend_from_slice(bytes),
            )
            .unwrap();
        grey
    };
    for (spec, tools) in available_films() {
        let codec = spec.codec;
        let bench = TestBench::new();
        let rate = FrameRate::parse("29.97").unwrap();
        let (joined, _) = film(
            &bench,
            Some(&tools),
            &output_format(codec, fitting_size(spec), rate),
            rate,
            &[9, 1, 5, 31],
        );
        // Segments are the jobs before the film, each in a folder of its own.
        let name = format!(
            "segment.{}",
            codec.film_encoding().unwrap().segment_extension
        );
        let segments = (0..4).map(|job| bench.folder_path().join(format!("job{job}")).join(&name));
        let parts: Vec<u8> = segments.flat_map(|path| watch(&tools, &path)).collect();
        assert_eq!(parts.len(), 46 * 96 * 54);
        assert!(watch(&tools, &joined.outputs[0].path) == parts, "{codec:?}");
    }
}

#[test]
fn a_second_encode_is_the_same_bytes() {
    for (spec, tools) in available_codecs() {
        let codec = spec.codec;
        let rate = FrameRate::from_fps(24);
        let bytes = [(); 2].map(|()| {
            let bench = TestBench::new();
            let (joined, _) = film(
                &bench,
                tools.as_ref(),
                &output_format(codec, fitting_size(spec), rate),
                rate,
                &[26, 3],
            );
            std::fs::read(&joined.outputs[0].path).unwrap()
        });
        assert!(bytes[0] == bytes[1], "{codec:?}");
    }
}

#[test]
fn colours_survive_the_way_to_video_and_back() {
    let Some(tools) = find_tools() else { return };
    let bench = TestBench::new();
    let rate = FrameRate::from_fps(24);
    let (joined, _) = film(
        &bench,
        Some(&tools),
        &output_format(Codec::Prores4444, SMALL, rate),
        rate,
        &[2],
    );
    let back = bench.folder_path().join("back.png");
    let mut command = std::process::Command::new(&tools.ffmpeg);
    command
        .args(["-v", "error", "-i"])
        .arg(&joined.outputs[0].path);
    command.args([
        "-frames:v",
        "1",
        "-vf",
        "scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int",
        "-pix_fmt",
        "rgb24",
    ]);
    assert!(command.arg(&back).status().unwrap().success());
    let first = read_png(&bench.graded_frames(SMALL, 1, 0)[0].path).unwrap();
    let out = read_png(&back).unwrap();
    // Pixel 48 is inside a flat neighbourhood of the ramp.
    for at in [27 * 96 + 48, 27 * 96 + 80, 27 * 96 + 3] {
        for (wanted, found) in first.pixels[at].iter().zip(out.pixels[at]) {
            assert!(
                wanted.abs_diff(found) < 257 * 5,
                "{:?} became {:?}",
                first.pixels[at],
                out.pixels[at]
            );
        }
    }
}

#[test]
fn an_odd_size_for_h264_fails_with_the_fix() {
    let wrong = output_format(
        Codec::H264,
        PixelSize::new(853, 480),
        FrameRate::from_fps(24),
    );
    let failure = encode(
        &TestBench::new(),
        None,
        &wrong,
        (FrameRate::from_fps(24), 2, 0),
    )
    .unwrap_err();
    assert!(
        failure.message.contains("use 854x480"),
        "{}",
        failure.message
    );
}

#[test]
fn without_ffmpeg_video_fails_with_how_to_install_it() {
    let wanted = output_format(Codec::H264, SMALL, FrameRate::from_fps(24));
    let failure = encode(
        &TestBench::new(),
        None,
        &wanted,
        (FrameRate::from_fps(24), 2, 0),
    )
    .unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingTool);
    assert!(
        failure.message.contains("apt-get install ffmpeg"),
        "{}",
        failure.message
    );
}

#[test]
fn pictures_are_numbered_over_the_whole_deliverable_from_1() {
    let bench = TestBench::new();
    let rate = FrameRate::from_fps(24);
    for spec in CODECS.iter().filter(|spec| spec.codec.is_sequence()) {
        let codec = spec.codec;
        let (joined, facts) = film(
            &bench,
            None,
            &output_format(codec, PixelSize::new(40, 40), rate),
            rate,
            &[2, 3],
        );
        let names: Vec<&str> = joined
            .outputs
            .iter()
            .map(|output| output.name.as_str())
            .collect();
        let wanted: Vec<String> = (1..=5)
            .map(|number| format!("{number:06}.{}", codec.extension()))
            .collect();
        assert_eq!(names, wanted);
        assert_eq!(
            (facts.width, facts.height, facts.frames, facts.frozen),
            (40, 40, 5, false)
        );
    }
}

#[test]
fn half_the_rate_keeps_every_second_frame_and_twice_the_rate_repeats_each() {
    let bench = TestBench::new();
    let shade = |output: &OutputFile| read_png(&output.path).unwrap().to_8_bits();
    let original: Vec<_> = bench
        .graded_frames(SMALL, 5, 0)
        .iter()
        .map(|m| read_png(&m.path).unwrap().to_8_bits())
        .collect();
    let picks = |rate: u32| {
        let wanted = output_format(Codec::Png, SMALL, FrameRate::from_fps(rate));
        let finished = encode(&bench, None, &wanted, (FrameRate::from_fps(24), 5, 0)).unwrap();
        let found = finished.outputs.iter().map(|out| {
            original
                .iter()
                .position(|frame| *frame == shade(out))
                .unwrap()
        });
        found.collect::<Vec<_>>()
    };
    assert_eq!(picks(12), [0, 2, 4]);
    assert_eq!(picks(48), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
}

#[test]
fn a_retro_sequence_is_indexed_and_verified_by_its_colours() {
    let bench = TestBench::new();
    let size = PixelSize::new(48, 40);
    let retro = RetroTreatment {
        palette: Palette::Adaptive {
            bits: 5,
            colours: 16,
        },
        dither: DitherMethod::ErrorDiffusion,
        strength: 1.0,
        size,
    };
    let game = OutputFormat {
        retro: Some(retro),
        ..output_format(Codec::Png, size, FrameRate::from_fps(12))
    };
    let (joined, facts) = film(&bench, None, &game, FrameRate::from_fps(24), &[6, 5]);
    assert_eq!(facts.frames, 6);
    let colours = facts.retro.unwrap();
    assert!(
        colours.on_palette && colours.most_colours <= 16,
        "{colours:?}"
    );
    let palettes: Vec<_> = joined
        .outputs
        .iter()
        .map(|out| read_palette(&out.path).unwrap().unwrap())
        .collect();
    assert_eq!(palettes[0], palettes[2]);
    assert!(palettes[0].len() <= 16);
}

#[test]
fn verification_names_what_was_expected_and_what_was_found() {
    let Some(tools) = find_tools() else { return };
    let bench = TestBench::new();
    let rate = FrameRate::from_fps(24);
    let wanted = output_format(Codec::H264, SMALL, rate);
    let (joined, _) = film(&bench, Some(&tools), &wanted, rate, &[8]);
    let fail = |format: &OutputFormat, count| {
        verify(&bench, Some(&tools), format, count, &joined.outputs).unwrap_err()
    };
    assert_eq!(
        fail(&wanted, 9).message,
        "verify frames: expected 9, found 8"
    );
    let faster = output_format(Codec::H264, SMALL, FrameRate::from_fps(30));
    assert_eq!(
        fail(&faster, 8).message,
        "verify rate: expected 30, found 24"
    );
    let larger = output_format(Codec::H264, PixelSize::new(192, 108), rate);
    assert_eq!(
        fail(&larger, 8).message,
        "verify size: expected 192x108, found 96x54"
    );
    assert_eq!(
        fail(&output_format(Codec::H265, SMALL, rate), 8).message,
        "verify codec: expected hevc, found h264"
    );
}

#[test]
fn a_damaged_film_does_not_verify() {
    let Some(tools) = find_tools() else { return };
    let bench = TestBench::new();
    let rate = FrameRate::from_fps(24);
    for codec in [Codec::H264, Codec::Prores4444] {
        let wanted = output_format(codec, SMALL, rate);
        let (joined, _) = film(&bench, Some(&tools), &wanted, rate, &[30]);
        let path = &joined.outputs[0].path;
        let whole = std::fs::read(path).unwrap();
        for keep in [whole.len() - 200, whole.len() / 2, 100, 0] {
            std::fs::write(path, &whole[..keep]).unwrap();
            let failure = verify(&bench, Some(&tools), &wanted, 30, &joined.outputs).unwrap_err();
            assert_eq!(
                failure.class,
                FailureClass::BadOutput,
                "{codec:?} {keep}: {failure}"
            );
        }
    }
}

#[test]
fn a_still_and_black_deliverable_is_warned_of() {
    let bench = TestBench::new();
    let path = bench.folder_path().join("black");
    crate::media::picture::write_png8(&path, SMALL, &vec![[0; 3]; 96 * 54]).unwrap();
    let names = ["000001.png", "000002.png"];
    let files = names.map(|name| InputFile {
        name: name.to_owned(),
        path: path.clone(),
    });
    let work = JobAction::Verify {
        format: output_format(Codec::Png, SMALL, FrameRate::from_fps(24)),
        count: 2,
        sound: None,
        timecode: None,
    };
    let slots = TestBench::input_files([("deliverable", files.to_vec())]);
    let finished = bench
        .run_job(&work, &slots, |job| {
            DeliverableVerifier { tools: None }.verify_deliverable(job)
        })
        .unwrap();
    assert_eq!(
        finished.warnings,
        [
            "all 2 frames are black",
            "nothing moves: all 2 frames look the same"
        ]
    );
}

#[test]
fn a_still_and_black_film_is_warned_of() {
    let Some(tools) = find_tools() else { return };
    let bench = TestBench::new();
    let path = bench.folder_path().join("black");
    let black = crate::media::DisplayImage::filled_with(SMALL, [0; 3]);
    crate::media::picture::write_png16(&path, &black).unwrap();
    let frames = vec![
        InputFile {
            name: "1.png".to_owned(),
            path
        };
        4
    ];
    let wanted = output_format(Codec::H264, SMALL, FrameRate::from_fps(24));
    let work = JobAction::Encode {
        format: wanted.clone(),
        source_rate: wanted.rate,
        source_frames: 4,
        count: 4,
        overlays: Default::default(),
        trim: Default::default(),
    };
    let encode = ShotEncoder {
        tools: Some(tools.clone()),
    };
    let segment = bench
        .run_job(
            &work,
            &TestBench::input_files([("frames", frames)]),
            |job| encode.encode_shot(job),
        )
        .unwrap();
    let work = JobAction::Verify {
        format: wanted,
        count: 4,
        sound: None,
        timecode: None,
    };
    let deliverable = as_materials(&segment.outputs[..1]);
    let slots = TestBench::input_files([("deliverable", deliverable)]);
    let finished = bench
        .run_job(&work, &slots, |job| {
            DeliverableVerifier { tools: Some(tools) }.verify_deliverable(job)
        })
        .unwrap();
    assert_eq!(finished.warnings.len(), 2, "{:?}", finished.warnings);
}

#[test]
fn a_damaged_frame_is_named() {
    let bench = TestBench::new();
    let mut frames = bench.graded_frames(SMALL, 3, 0);
    frames[1].path = bench.folder_path().join("cut");
    let whole = std::fs::read(&frames[0].path).unwrap();
    std::fs::write(&frames[1].path, &whole[..whole.len() / 2]).unwrap();
    for (codec, tools) in [(Codec::Png, None), (Codec::H264, find_tools())] {
        if codec == Codec::H264 && tools.is_none() {
            continue;
        }
        let wanted = output_format(codec, SMALL, FrameRate::from_fps(24));
        let work = JobAction::Encode {
            format: wanted.clone(),
            source_rate: wanted.rate,
            source_frames: 3,
            count: 3,
            overlays: Default::default(),
            trim: Default::default(),
        };
        let failure = bench.run_job(
            &work,
            &TestBench::input_files([("frames", frames.clone())]),
            |job| ShotEncoder { tools }.encode_shot(job),
        );
        let failure = failure.unwrap_err();
        assert_eq!(failure.class, FailureClass::MissingInput);
        assert!(failure.message.contains("0002.png"), "{}", failure.message);
    }
}

#[test]
fn a_missing_or_surplus_output_fails_the_check() {
    let bench = TestBench::new();
    let wanted = output_format(Codec::Png, SMALL, FrameRate::from_fps(24));
    let finished = encode(&bench, None, &wanted, (FrameRate::from_fps(24), 3, 0)).unwrap();
    let work = |count| JobAction::Stitch {
        format: wanted.clone(),
        count,
        sound: None,
        captions: Vec::new(),
        timecode: None,
    };
    let judge = |count, outputs: &[OutputFile]| {
        check_outputs(
            &work(count),
            outputs,
            None,
            CallOptions::new(&CancelToken::default()),
        )
    };
    assert!(judge(3, &finished.outputs).is_ok());
    assert!(
        judge(4, &finished.outputs)
            .unwrap_err()
            .message
            .contains("000004.png")
    );
    assert!(
        judge(2, &finished.outputs)
            .unwrap_err()
            .message
            .contains("000003.png")
    );
    std::fs::write(&finished.outputs[1].path, b"").unwrap();
    assert_eq!(
        judge(3, &finished.outputs).unwrap_err().class,
        FailureClass::BadOutput
    );
    assert!(check_picture(&finished.outputs[0].path).is_ok());
}

#[test]
fn a_halted_encode_stops_and_leaves_no_process() {
    let Some(tools) = find_tools() else { return };
    let bench = TestBench::new();
    let frames = bench.graded_frames(SMALL, 40, 0);
    let wanted = output_format(Codec::H264, SMALL, FrameRate::from_fps(24));
    let work = JobAction::Encode {
        format: wanted.clone(),
        source_rate: wanted.rate,
        source_frames: 40,
        count: 40,
        overlays: Default::default(),
        trim: Default::default(),
    };
    let materials = TestBench::input_files([("frames", frames)]);
    let failure = bench.run_job(&work, &materials, |job| {
        let cancel = job.watch.cancel;
        let progress = |done: usize, _: usize| {
            if done == 10 {
                cancel.request_halt();
            }
        };
        ShotEncoder { tools: Some(tools) }.encode_shot(&JobContext {
            progress: &progress,
            ..*job
        })
    });
    assert_eq!(failure.unwrap_err().class, FailureClass::Cancelled);
}

/// Returns tools whose ffmpeg changes each film that it has written, by this filter.
fn lying_tools(tools: &FfmpegTools, bench: &TestBench, stem: &str, filter: &str) -> FfmpegTools {
    let folder = bench.folder_path().join("lying");
    std::fs::create_dir_all(&folder).unwrap();
    let real = tools.ffmpeg.display();
    let script = format!(
        "#!/bin/sh\nfor last; do :; done\n'{real}' \"$@\" || exit $?\nfile=${{last#file:}}\n\
         case $file in */{stem}.mp4) '{real}' -v error -nostdin -y -i \"$file\" -vf '{filter}' -c:v libx264 \
         -profile:v high -pix_fmt yuv420p -g 24 -video_track_timescale 12000 -color_primaries bt709 \
         -color_trc bt709 -colorspace bt709 -color_range tv -f mp4 \"$file.new\" && \
         mv \"$file.new\" \"$file\";; esac\n"
    );
    let path = folder.join("ffmpeg");
    std::fs::write(&path, script).unwrap();
    let probe = folder.join("ffprobe");
    if !probe.exists() {
        std::os::unix::fs::symlink(&tools.ffprobe, &probe).unwrap();
    }
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    FfmpegTools::find_programs(folder.as_os_str()).unwrap()
}

#[test]
fn a_film_of_the_right_length_that_shows_something_else_is_bad_output() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let format = output_format(Codec::H264, SMALL, rate);
    for (filter, expected) in [
        ("lutyuv=y=16:u=128:v=128", "shows something else"),
        ("negate", "shows something else"),
        ("hflip", "shows something else"),
        ("reverse", "shows"),
        ("tpad=start=1:start_mode=clone,trim=end_frame=24", "shows"),
        ("shuffleframes=0 1 3 2", "shows"),
        // A film that was only encoded again, coarsely, passes.
        ("null", ""),
    ] {
        let bench = TestBench::new();
        let lying = lying_tools(&tools, &bench, "segment", filter);
        let made = encode(&bench, Some(&lying), &format, (rate, 24, 0));
        match made {
            Ok(_) => assert_eq!(expected, "", "{filter} passes"),
            Err(failure) => {
                assert_eq!(failure.class, FailureClass::BadOutput, "{failure}");
                assert!(
                    !expected.is_empty() && failure.message.contains(expected),
                    "{filter}: {failure}"
                );
            }
        }
    }
}

#[test]
fn a_joined_film_that_shows_something_else_than_its_segments_is_bad_output() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let format = output_format(Codec::H264, SMALL, rate);
    let bench = TestBench::new();
    let mut slots = InputFiles::default();
    for (index, length) in [13, 25].into_iter().enumerate() {
        let segment = encode(&bench, Some(&tools), &format, (rate, length, index * 7)).unwrap();
        let slot = crate::model::InputSlot::new(format!("segment.{index:04}"));
        slots.files.insert(slot, as_materials(&segment.outputs));
    }
    let stitch = |tools: &FfmpegTools| join(&bench, Some(tools), &format, 38, &slots);
    assert!(stitch(&tools).is_ok());
    for filter in ["lutyuv=y=16:u=128:v=128", "reverse"] {
        let failure = stitch(&lying_tools(&tools, &bench, "film", filter)).unwrap_err();
        assert_eq!(failure.class, FailureClass::BadOutput);
        assert!(
            failure.message.starts_with("verify the joined film"),
            "{filter}: {failure}"
        );
    }
    // Encoded again, its packets are others, and it shows the same.
    assert!(stitch(&lying_tools(&tools, &bench, "film", "null")).is_ok());
}
