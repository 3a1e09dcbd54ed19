//! A film that is joined from segments is not decoded again, and damage of it is still found.

use super::every_codec::{available_films, contained_format};
use super::{SMALL, join, join_shots, verify, verify_with};
use crate::base::CancelToken;
use crate::media::{FfmpegTools, film_probe, video_probe};
use crate::model::codec::FilmContainer;
use crate::model::{Codec, FrameRate, InputFiles, InputSlot};
use crate::process::CallOptions;
use crate::producers::contract::FailureClass;
use crate::producers::testing::{TestBench, find_tools, output_format};
use std::path::Path;
use std::process::Command;

/// Returns tools whose ffmpeg prints its version and nothing else.
fn tools_without_decoder(tools: &FfmpegTools, bench: &TestBench) -> FfmpegTools {
    let folder = bench.folder_path().join("idle");
    std::fs::create_dir_all(&folder).unwrap();
    let script = format!(
        "#!/bin/sh\ncase $* in *-version*) exec '{}' \"$@\";; esac\nexit 1\n",
        tools.ffmpeg.display()
    );
    let path = folder.join("ffmpeg");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let probe = folder.join("ffprobe");
    if !probe.exists() {
        std::os::unix::fs::symlink(&tools.ffprobe, &probe).unwrap();
    }
    FfmpegTools::find_programs(folder.as_os_str()).unwrap()
}

/// Returns what the decoder of a film is set up with.
fn setup(tools: &FfmpegTools, film: &Path) -> String {
    let cancel = CancelToken::default();
    let report = film_probe::probe_film(tools, film, CallOptions::new(&cancel));
    report.unwrap().setup_digest
}

#[test]
fn a_film_is_not_decoded_whose_packets_are_those_of_its_segments() {
    let rate = FrameRate::parse("29.97").unwrap();
    for (spec, tools) in available_films() {
        for container in spec.codec.film_encoding().unwrap().containers {
            let format = contained_format(spec, *container, rate);
            let bench = TestBench::new();
            let made = join_shots(&bench, Some(&tools), &format, rate, &[9, 1, 31]);
            let (joined, segments, count) = made;
            let idle = tools_without_decoder(&tools, &bench);
            let film = &joined.outputs;
            let known = verify_with(&bench, Some(&idle), &format, count, film, &segments);
            // Some containers have other words for the decoder, and then only decoding can tell.
            let segment = &segments.files.values().next().unwrap()[0];
            let is_same = setup(&tools, &segment.path) == setup(&tools, &film[0].path);
            let what = format!("{} in {container:?}: {known:?}", spec.id);
            assert_eq!(known.is_ok(), is_same, "{what}");
            assert!(
                is_same || !matches!(container, FilmContainer::Mp4),
                "{what}"
            );
            // Without its segments it is decoded.
            assert!(verify(&bench, Some(&idle), &format, count, film).is_err());
        }
    }
}

#[test]
fn a_changed_byte_of_a_film_is_found() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    for codec in [Codec::H264, Codec::Prores422] {
        let bench = TestBench::new();
        let format = output_format(codec, SMALL, rate);
        let made = join_shots(&bench, Some(&tools), &format, rate, &[24, 24]);
        let (joined, segments, count) = made;
        let path = &joined.outputs[0].path;
        let whole = std::fs::read(path).unwrap();
        let shown = |path: &Path| {
            let cancel = CancelToken::default();
            video_probe::picture_digests(&tools, path, CallOptions::new(&cancel)).ok()
        };
        let wanted = shown(path);
        // The packets are at the end. Those of H.264 have words of the encoder among them, which
        // show nothing.
        let packets = whole.len() - whole.len() / 2..whole.len();
        let mut found = 0;
        for place in packets.clone().step_by(packets.len() / 12) {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x10;
            std::fs::write(path, &damaged).unwrap();
            let film = &joined.outputs;
            match verify_with(&bench, Some(&tools), &format, count, film, &segments) {
                Ok(_) => assert_eq!(shown(path), wanted, "{codec:?}: byte {place}"),
                Err(failure) => {
                    assert_eq!(failure.class, FailureClass::BadOutput, "{failure}");
                    found += 1;
                }
            }
        }
        assert!(found >= 8, "{codec:?}: {found}");
    }
}

#[test]
fn a_film_without_a_packet_or_with_its_segments_exchanged_is_refused() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let bench = TestBench::new();
    let format = output_format(Codec::H264, SMALL, rate);
    let made = join_shots(&bench, Some(&tools), &format, rate, &[12, 12]);
    let (joined, segments, count) = made;
    let refused = |film: &[_]| {
        let verified = verify_with(&bench, Some(&tools), &format, count, film, &segments);
        let failure = verified.unwrap_err();
        assert_eq!(failure.class, FailureClass::BadOutput, "{failure}");
        failure.message
    };
    let exchanged = InputFiles {
        files: segments
            .files
            .values()
            .rev()
            .enumerate()
            .map(|(index, files)| (InputSlot::segment(index), files.clone()))
            .collect(),
    };
    let other = join(&bench, Some(&tools), &format, count, &exchanged).unwrap();
    assert_eq!(
        refused(&other.outputs),
        "verify picture 1: expected that of its segment, found another"
    );
    without_packet(&tools, &joined.outputs[0].path, 17);
    assert_eq!(
        refused(&joined.outputs),
        "verify frames: expected 24, found 23"
    );
}

/// Takes a packet out of a film.
fn without_packet(tools: &FfmpegTools, film: &Path, number: usize) {
    let cut = film.with_extension("cut");
    let mut command = Command::new(&tools.ffmpeg);
    command
        .args(["-v", "error", "-nostdin", "-y", "-i"])
        .arg(film);
    command.args([
        "-c",
        "copy",
        "-bsf:v",
        &format!("noise=drop='eq(n,{number})'"),
    ]);
    command.args(["-f", "mp4"]);
    assert!(command.arg(&cut).status().unwrap().success());
    std::fs::rename(&cut, film).unwrap();
}

#[test]
fn facts_of_other_segments_are_not_believed() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let bench = TestBench::new();
    let format = output_format(Codec::H264, SMALL, rate);
    let made = join_shots(&bench, Some(&tools), &format, rate, &[12, 12]);
    let (joined, mut segments, count) = made;
    let film = &joined.outputs;
    // Facts that cannot be read, of a segment that is whole: the film is decoded.
    let facts = segments
        .files
        .values_mut()
        .next()
        .unwrap()
        .last_mut()
        .unwrap();
    assert_eq!(facts.name, "segment.json");
    facts.path = bench.folder_path().join("cut.json");
    std::fs::write(&facts.path, "{\"file\": ").unwrap();
    verify_with(&bench, Some(&tools), &format, count, film, &segments).unwrap();
    let idle = tools_without_decoder(&tools, &bench);
    assert!(verify_with(&bench, Some(&idle), &format, count, film, &segments).is_err());
}
