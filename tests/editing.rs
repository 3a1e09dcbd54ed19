//! The cut of real films: every frame is where the timeline says, transitions show what they should
//! of both shots, and a transition renders nothing again that is there already.
//!
//! The pictures exist already, so nothing is drawn: each has a shade of its own, in red for one shot
//! and in green for the next. What a frame is made of can be read off its colour.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

use production::media::picture::{read_png, write_png8};
use production::model::PixelSize;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[path = "support/skip.rs"]
mod skip;

const SIZE: PixelSize = PixelSize::new(64, 36);
/// Numbers of the plates of each shot.
const PLATES: std::ops::RangeInclusive<i32> = 1..=48;

/// The shots show the plates 11 to 30 of their colours.
const SHOTS: &str = "
    - {name: one, frames: {path: plates/red.%04d.png, graded: true}, frame_range: 11-30}
    - {name: two, frames: {path: plates/green.%04d.png, graded: true}, frame_range: 11-30}
    - {name: three, frames: {path: plates/blue.%04d.png, graded: true}, frame_range: 11-30}
    - {name: four, frames: {path: plates/red.%04d.png, graded: true}, frame_range: 11-30}
";

/// A colour from 0 to 1 as a display shows it.
type Shade = [f64; 3];

struct Film(tempfile::TempDir);

impl Film {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("plates")).unwrap();
        let film = Self(folder);
        for (channel, colour) in ["red", "green", "blue"].into_iter().enumerate() {
            for number in PLATES {
                let path = film.path(&format!("plates/{colour}.{number:04}.png"));
                let pixel = plate(channel, number).map(as_byte);
                let pixels = vec![pixel; usize::try_from(SIZE.pixel_count()).unwrap()];
                write_png8(&path, SIZE, &pixels).unwrap();
            }
        }
        film
    }

    /// Writes a document whose shots have these transitions: `(shot, field, transition)`.
    fn write(&self, transitions: &[(&str, &str, &str)], outputs: &str, more: &str) {
        let mut shots = String::new();
        for line in SHOTS.trim_matches('\n').lines() {
            let own = transitions
                .iter()
                .filter(|(shot, ..)| line.contains(&format!("name: {shot},")));
            let fields: String = own
                .map(|(_, field, transition)| format!(", {field}: {transition}"))
                .collect();
            shots += &line.replace("11-30}", &format!("11-30{fields}}}"));
            shots.push('\n');
        }
        let head = "production:\n  title: Plates\n  author: Tests\n  description: Pictures.\n";
        let render = "  render_settings: {frame_rate: 24, chunk_size: 8}\n";
        let document = format!("{head}{more}{render}  shots:\n{shots}  outputs:\n{outputs}");
        fs::write(self.path("production.yaml"), document).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn call(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.arg(words[0]).arg(self.0.path());
        command.args(&words[1..]).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.call(&[words, &["--format", "json"]].concat());
        let printed = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{words:?}: {printed}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn run(&self) {
        let result = self.json(&["run"]);
        assert_eq!(result["success"], true, "{result:#}");
    }

    /// Returns the colour of the left column and of the right column of each picture of a folder.
    fn pictures(&self, folder: &str) -> Vec<[Shade; 2]> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|found| found == "png"))
            .collect();
        files.sort();
        files.iter().map(|path| sides(path)).collect()
    }
}

/// Returns the colour of plate `number` of a channel.
fn plate(channel: usize, number: i32) -> Shade {
    let mut shade = [0.0; 3];
    shade[channel] = f64::from(20 + 4 * number) / 255.0;
    shade
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to 255"
)]
fn as_byte(value: f64) -> u8 {
    (value * 255.0).round() as u8
}

fn sides(path: &Path) -> [Shade; 2] {
    let picture = read_png(path).unwrap();
    let shade = |pixel: [u16; 3]| pixel.map(|value| f64::from(value) / 65535.0);
    let width = usize::try_from(picture.size.width).unwrap();
    [shade(picture.pixels[0]), shade(picture.pixels[width - 1])]
}

/// Returns `share` of one colour over another, in linear light.
fn over(under: Shade, above: Shade, share: f64) -> Shade {
    let mix = |below: f64, above: f64| {
        (below.powf(2.2) * (1.0 - share) + above.powf(2.2) * share).powf(1.0 / 2.2)
    };
    [0, 1, 2].map(|channel| mix(under[channel], above[channel]))
}

fn assert_shade(found: Shade, expected: Shade, place: &str) {
    let off = (0..3)
        .map(|channel| (found[channel] - expected[channel]).abs())
        .fold(0.0, f64::max);
    // Two steps of 8 bits: plates pass through half floats.
    assert!(off < 2.5 / 255.0, "{place}: {found:?} and not {expected:?}");
}

const ALL: &str =
    "    - {name: all, codec: png, resolution: 64x36, frame_rate: 24, path: out/all}\n";
const BLACK: Shade = [0.0; 3];
const WHITE: Shade = [1.0; 3];

/// Returns what each frame of the film of these transitions shows, worked out by hand: a fade in of
/// 5, a dissolve of 7 (3 before the cut), a wipe of 6, a dip to white of 5 (2 before the cut), and a
/// fade out of 4.
fn expected_frames() -> Vec<[Shade; 2]> {
    let plain = |channel: usize, index: i32| plate(channel, 11 + index);
    let mut frames = Vec::new();
    for film in 0..80_i32 {
        let shot = film / 20;
        let index = film % 20;
        let channel = usize::try_from(shot % 3).unwrap();
        let shade = match film {
            0..5 => over(BLACK, plain(0, index), f64::from(film) / 5.0),
            // The first shot goes on beyond its end, and the second begins before its start.
            17..24 => over(
                plain(0, film),
                plain(1, film - 20),
                f64::from(film - 16) / 8.0,
            ),
            58..60 => over(WHITE, plain(2, index), f64::from(59 - film) / 2.0),
            60..63 => over(WHITE, plain(0, index), f64::from(film - 60) / 3.0),
            76..80 => over(BLACK, plain(0, index), f64::from(79 - film) / 4.0),
            _ => plain(channel, index),
        };
        // The edge of the wipe moves to the right: the left side shows the next shot from its first
        // frame on, and the right side shows the shot before to the last.
        frames.push(match film {
            37..43 => [plain(2, film - 40), plain(1, film - 20)],
            _ => [shade, shade],
        });
    }
    frames
}

const TRANSITIONS: [(&str, &str, &str); 5] = [
    ("one", "transition_in", "fade_from_black 5"),
    ("one", "transition_out", "dissolve 7"),
    ("three", "transition_in", "wipe_right 6"),
    ("four", "transition_in", "dip_to_white 5"),
    ("four", "transition_out", "fade_to_black 4"),
];

#[test]
fn every_frame_of_the_film_is_what_the_transitions_say() {
    let film = Film::new();
    film.write(&TRANSITIONS, ALL, "");
    film.run();
    let found = film.pictures("out/all");
    let expected = expected_frames();
    assert_eq!(found.len(), expected.len());
    for (frame, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_shade(found[0], expected[0], &format!("frame {frame}, left"));
        assert_shade(found[1], expected[1], &format!("frame {frame}, right"));
    }
}

/// Decodes a film into the colours of its left and right column.
fn decoded_sides(path: &Path) -> Option<Vec<[Shade; 2]>> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(path);
    let wanted = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
    let output = command.args(wanted).output().ok()?;
    let frame = 64 * 36 * 3;
    let shade = |pixel: &[u8]| [0, 1, 2].map(|channel| f64::from(pixel[channel]) / 255.0);
    let frames = output.stdout.chunks_exact(frame);
    let sides = frames.map(|frame| [shade(&frame[..3]), shade(&frame[63 * 3..64 * 3])]);
    output.status.success().then(|| sides.collect())
}

#[test]
fn films_show_the_same_frames_as_the_pictures_at_and_around_every_cut() {
    let film = Film::new();
    let outputs = format!(
        "{ALL}    - {{name: web, codec: h264, resolution: 64x36, frame_rate: 24, path: out/web.mp4}}\n\
         \x20   - {{name: master, codec: prores_4444, resolution: 64x36, frame_rate: 24, path: out/master.mov}}\n"
    );
    film.write(&TRANSITIONS, &outputs, "");
    let tools = Command::new("ffmpeg").arg("-version").output().ok();
    if skip::require_or_skip(tools, "needs ffmpeg").is_none() {
        return;
    }
    film.run();
    let pictures = film.pictures("out/all");
    for path in ["out/web.mp4", "out/master.mov"] {
        let decoded = decoded_sides(&film.path(path)).unwrap();
        assert_eq!(decoded.len(), pictures.len(), "{path}");
        for (frame, (found, expected)) in decoded.iter().zip(&pictures).enumerate() {
            for side in 0..2 {
                let off = (0..3)
                    .map(|channel| (found[side][channel] - expected[side][channel]).abs())
                    .fold(0.0, f64::max);
                // Neighbours of a shot differ by 4 steps, and those of a transition by more. Wrong
                // frames would be told from codecs' rounding by the whole film.
                assert!(
                    off < 9.0 / 255.0,
                    "{path} at {frame}: {found:?} {expected:?}"
                );
            }
        }
        let error: f64 = decoded
            .iter()
            .zip(&pictures)
            .map(|(found, expected)| (found[0][0] - expected[0][0]).abs())
            .sum();
        let shifted: f64 = decoded
            .iter()
            .skip(1)
            .zip(&pictures)
            .map(|(found, expected)| (found[0][0] - expected[0][0]).abs())
            .sum();
        assert!(error * 3.0 < shifted, "{path}: {error} {shifted}");
    }
}

/// Returns how many jobs of each kind a plan would run.
fn planned(film: &Film, kind: &str) -> usize {
    let plan = film.json(&["plan"]);
    let jobs = plan["jobs"].as_array().unwrap().iter();
    let prefix = format!("{kind}/");
    let named = jobs.filter(|job| {
        job["job"]
            .as_str()
            .is_some_and(|name| name.starts_with(&prefix))
    });
    // Only what will run has a place in the document.
    named.filter(|job| job["place"].is_string()).count()
}

#[test]
fn a_transition_renders_its_handles_and_nothing_again() {
    let film = Film::new();
    film.write(&[], ALL, "");
    film.run();
    film.write(&[("two", "transition_in", "dissolve 6")], ALL, "");
    // Three frames beyond each of the two shots, as a chunk each.
    assert_eq!(planned(&film, "shot.footage"), 2);
    assert_eq!(planned(&film, "grade.frames"), 2);
    assert_eq!(planned(&film, "edit.transition"), 1);
    // The two shots are shorter in the film, and the transition is a segment of its own.
    assert_eq!(planned(&film, "export.encode"), 3);
    film.run();
    // Without it, everything is there.
    film.write(&[], ALL, "");
    assert_eq!(planned(&film, "shot.footage"), 0);
    assert_eq!(planned(&film, "export.encode"), 0);
    // A fade needs no frame beyond the cut.
    film.write(&[("two", "transition_in", "fade_from_black 6")], ALL, "");
    assert_eq!(planned(&film, "shot.footage"), 0);
    assert_eq!(planned(&film, "edit.transition"), 1);
    assert_eq!(planned(&film, "export.encode"), 2);
}

#[test]
fn a_film_of_some_shots_has_what_is_between_two_of_them() {
    let film = Film::new();
    let outputs = "    - {name: pair, codec: png, resolution: 64x36, frame_rate: 24, path: out/pair, shots: [one, two]}
    - {name: apart, codec: png, resolution: 64x36, frame_rate: 24, path: out/apart, shots: [one, three]}
    - {name: each, codec: png, resolution: 64x36, frame_rate: 24, path: out/each, per_shot: true}
";
    film.write(&TRANSITIONS, outputs, "");
    film.run();
    let expected = expected_frames();
    let pair = film.pictures("out/pair");
    assert_eq!(pair.len(), 40);
    for frame in 0..37 {
        assert_shade(pair[frame][0], expected[frame][0], &format!("pair {frame}"));
    }
    // The wipe leads to a shot that is not shown.
    assert_shade(pair[39][0], plate(1, 30), "the end of the second shot");
    let apart = film.pictures("out/apart");
    assert_shade(apart[19][0], plate(0, 30), "the end of the first shot");
    assert_shade(apart[20][1], plate(2, 11), "the start of the third shot");
    assert_shade(apart[0][0], BLACK, "its fade stays");
    let last = film.pictures("out/each/four");
    assert_shade(last[0][0], plate(0, 11), "a dip needs its neighbour");
    assert_shade(last[19][0], BLACK, "a fade belongs to its shot");
}

#[test]
fn a_default_is_at_every_cut_and_a_written_cut_overrides_it() {
    let film = Film::new();
    let edit = "  edit: {transition: dissolve 4, start_timecode: '01:00:00:00'}\n";
    film.write(&[("two", "transition_out", "cut")], ALL, edit);
    film.run();
    let frames = film.pictures("out/all");
    assert_shade(frames[39][0], plate(1, 30), "before a written cut");
    assert_shade(frames[40][0], plate(2, 11), "behind a written cut");
    let blended = over(plate(0, 31), plate(1, 11), 0.6);
    assert_shade(frames[20][0], blended, "in the middle of a dissolve");
    let timeline = film.json(&["info", "--timeline"]);
    assert_eq!(timeline["start_timecode"], "01:00:00:00");
    assert_eq!(timeline["frames"], 80);
    let transitions = timeline["transitions"].as_array().unwrap();
    let cuts: Vec<&Value> = transitions.iter().map(|found| &found["cut"]).collect();
    assert_eq!(cuts, [20, 60]);
    assert_eq!(timeline["clips"][0]["tail"], 2);
    let text = film.call(&["info", "--timeline=all"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("01:00:00:20") && text.contains("dissolve 4"),
        "{text}"
    );
    let unknown = film.call(&["info", "--timeline=al"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn other_rates_have_the_same_length_and_the_frames_of_their_time() {
    let film = Film::new();
    let outputs =
        "    - {name: slow, codec: png, resolution: 64x36, frame_rate: 12, path: out/slow}
    - {name: fast, codec: png, resolution: 64x36, frame_rate: 30, path: out/fast}
";
    film.write(&TRANSITIONS, outputs, "");
    film.run();
    let expected = expected_frames();
    for (folder, rate, count) in [("out/slow", 12, 40), ("out/fast", 30, 100)] {
        let found = film.pictures(folder);
        assert_eq!(found.len(), count, "{folder}");
        for (frame, found) in found.iter().enumerate() {
            let shown = frame * 24 / rate;
            // Segments begin with their own first frame, so a frame may be that of a neighbour.
            let near = shown.saturating_sub(1)..(shown + 2).min(80);
            let is_near = near.clone().any(|near| {
                (0..3).all(|channel| {
                    (found[0][channel] - expected[near][0][channel]).abs() < 3.0 / 255.0
                })
            });
            assert!(is_near, "{folder} at {frame}: {found:?}");
        }
    }
}

#[test]
fn a_retro_look_and_a_wipe_up_go_together() {
    let film = Film::new();
    let outputs = "    - {name: game, codec: png, frame_rate: 24, path: out/game, retro: {palette: gameboy, target_resolution: 32x18, dither: none}}
";
    film.write(&[("two", "transition_in", "wipe_up 4")], outputs, "");
    film.run();
    let frames = film.pictures("out/game");
    assert_eq!(frames.len(), 80);
}

/// Returns the rows of a cut list.
fn rows(film: &Film, path: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(film.path(path)).unwrap();
    let lines = text.lines();
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_cut_list_is_delivered_with_its_film() {
    let film = Film::new();
    let outputs = format!(
        "{ALL}    - {{name: some, codec: png, resolution: 64x36, frame_rate: 24, path: out/some, shots: [two, three]}}\n\
         \x20   - {{name: cuts, format: cut_list, path: out/cuts.csv}}\n\
         \x20   - {{name: some_cuts, format: cut_list, of: some, path: \"out/${{revision}}.csv\"}}\n"
    );
    film.write(&TRANSITIONS, &outputs, "");
    film.run();
    let all = rows(&film, "out/cuts.csv");
    assert_eq!(all.len(), 5);
    assert_eq!(all[0][..4], ["event", "shot", "scene", "record_in"]);
    assert_eq!(
        all[2][1..7],
        ["two", "1", "00:00:00:20", "00:00:01:16", "20", "20"]
    );
    let some = rows(&film, "out/rev-0001.csv");
    assert_eq!(some.len(), 3);
    assert_eq!(some[1][3], "00:00:00:00");
    // Nothing is made again, and a change of the cut alone writes the list again.
    let again = film.json(&["run"]);
    assert_eq!(again["revision"], "rev-0001", "{again:#}");
    film.write(&TRANSITIONS[1..], &outputs, "");
    assert_eq!(planned(&film, "export.text"), 1);
    film.run();
    assert_eq!(rows(&film, "out/cuts.csv")[1][12], "cut");
    // What people put there is not replaced.
    let verified = film.call(&["verify"]);
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_text_never_replaces_what_no_run_put_there() {
    let film = Film::new();
    let outputs = format!("{ALL}    - {{name: cuts, format: cut_list, path: out/cuts.csv}}\n");
    film.write(&[], &outputs, "");
    fs::create_dir(film.path("out")).unwrap();
    fs::write(film.path("out/cuts.csv"), "mine").unwrap();
    let refused = film.call(&["run"]);
    assert!(!refused.status.success());
    assert_eq!(
        fs::read_to_string(film.path("out/cuts.csv")).unwrap(),
        "mine"
    );
    let allowed = outputs.replace("out/cuts.csv}", "out/cuts.csv, replace: true}");
    film.write(&[], &allowed, "");
    film.run();
    assert!(
        fs::read_to_string(film.path("out/cuts.csv"))
            .unwrap()
            .starts_with("event,")
    );
}
