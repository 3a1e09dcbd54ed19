//! The same films by versions of ffmpeg that are newer than those of distributions.

use super::{FILMS, Film, Wanted, as_words, expect_film, film_outputs, has_ffmpeg, printed, probe};
use crate::{python, search_path, skip};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Versions of the package `imageio-ffmpeg`, which has ffmpeg 7.0 and 9.0.
const PACKAGES: [&str; 2] = ["0.6.0", "0.8.1"];

/// Returns the program of each version.
fn programs() -> Vec<PathBuf> {
    let found = PACKAGES.iter().filter_map(|version| {
        let program = python::assets().join(format!("ffmpeg-{version}/ffmpeg"));
        let missing = format!("no ffmpeg of {version}; scripts/fetch-test-assets brings it");
        skip::require_or_skip(program.exists().then_some(program), &missing)
    });
    found.collect()
}

fn has_encoder(program: &Path, name: &str) -> bool {
    let listed = Command::new(program).arg("-encoders").output().unwrap();
    String::from_utf8_lossy(&listed.stdout).contains(name)
}

/// Makes the outputs of a film with this ffmpeg, and the ffprobe of the machine.
fn run_with(film: &Film, program: &Path) {
    let tools = film.path("tools");
    fs::create_dir(&tools).unwrap();
    std::os::unix::fs::symlink(program, tools.join("ffmpeg")).unwrap();
    let mut search = vec![tools];
    search.extend(std::env::split_paths(&search_path()));
    let output = film
        .command(2, &["run", "--quiet"])
        .env("PATH", std::env::join_paths(search).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{program:?}: {}", printed(&output));
}

#[test]
fn every_film_is_the_same_by_newer_versions() {
    if !has_ffmpeg() {
        return;
    }
    for program in programs() {
        let has_av1 = has_encoder(&program, "libsvtav1");
        let films: Vec<&Wanted> = FILMS
            .iter()
            .filter(|film| has_av1 || film.stream[0] != "av1")
            .collect();
        let outputs = film_outputs(films.iter().copied());
        let film = Film::new(&as_words(&outputs));
        run_with(&film, &program);
        for wanted in films {
            expect_film(&film, wanted);
        }
    }
}

#[test]
fn unusual_rates_animations_and_streams_are_delivered_by_newer_versions() {
    if !has_ffmpeg() {
        return;
    }
    // The two shots last a second together.
    let rates = [
        ("12", 12),
        ("15", 15),
        ("60000/1001", 60),
        ("120000/1001", 120),
        ("240", 240),
    ];
    for program in programs() {
        let films = rates.iter().enumerate().map(|(index, (rate, _))| {
            format!("name: film{index}, codec: h264, path: out/{index}.mp4, frame_rate: {rate}")
        });
        let others = [
            "name: loop, codec: webp, path: out/loop.webp",
            "name: moving, codec: apng, path: out/moving.png",
            "name: stream, codec: hls, path: out/stream, renditions: [128x72]",
        ];
        let outputs: Vec<String> = films.chain(others.map(str::to_owned)).collect();
        let film = Film::new(&as_words(&outputs));
        run_with(&film, &program);
        for (index, (rate, frames)) in rates.iter().enumerate() {
            let found = probe(&film.path(&format!("out/{index}.mp4")));
            let stream = &found["streams"][0];
            assert_eq!(
                stream["nb_read_frames"],
                frames.to_string(),
                "{program:?}: {rate}"
            );
        }
    }
}
