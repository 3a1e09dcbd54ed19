//! Titles in real films: they are on their frames and on no others, clips of a colour lengthen the
//! film, and an output that nobody changed is not made again.
//!
//! The pictures exist already and are grey, so everything that is light is text.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

use production::media::picture::{DisplayImage, read_png, write_png8};
use production::model::PixelSize;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Large enough for letters of the smallest title.
const SIZE: PixelSize = PixelSize::new(320, 180);
const GREY: [u8; 3] = [60; 3];

struct Film(tempfile::TempDir);

impl Film {
    fn new(more: &str, output: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("plates")).unwrap();
        let film = Self(folder);
        for number in 1..=12 {
            let path = film.path(&format!("plates/p.{number:04}.png"));
            let pixels = vec![GREY; usize::try_from(SIZE.pixel_count()).unwrap()];
            write_png8(&path, SIZE, &pixels).unwrap();
        }
        film.write(more, output);
        film
    }

    fn write(&self, more: &str, output: &str) {
        let shot = |name: &str| {
            format!(
                "    - {{name: {name}, frames: {{path: plates/p.%04d.png, graded: true}}, \
                 frame_range: 1-12}}\n"
            )
        };
        let document = format!(
            "production:\n  title: Plates\n  author: Tests\n  description: Pictures.\n\
             {more}  render_settings: {{frame_rate: 24}}\n  shots:\n{}{}  outputs:\n\
               \x20   - {{name: stills, codec: png, resolution: 320x180, path: out{output}}}\n",
            shot("one"),
            shot("two"),
        );
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

    /// Runs, and returns how many jobs were made.
    fn run(&self) -> u64 {
        let output = self.call(&["run", "--format", "json"]);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{printed}");
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(result["success"], true, "{result:#}");
        result["jobs"]["run"].as_u64().unwrap()
    }

    fn pictures(&self) -> Vec<DisplayImage> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.path("out"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|found| found == "png"))
            .collect();
        files.sort();
        files.iter().map(|path| read_png(path).unwrap()).collect()
    }

    /// Returns the numbers of the pictures that have text, from 0.
    fn titled(&self) -> Vec<usize> {
        let pictures = self.pictures();
        let light = |picture: &DisplayImage| picture.pixels.iter().any(|pixel| pixel[0] > 40_000);
        (0..pictures.len())
            .filter(|index| light(&pictures[*index]))
            .collect()
    }
}

#[test]
fn a_title_is_over_its_frames_and_lasts_into_the_next_shot_if_that_is_written() {
    let film = Film::new(
        "  titles: [{text: TITLE, at: 8, for: 8, until: two, enter: cut, leave: cut}]\n",
        "",
    );
    film.run();
    assert_eq!(film.titled(), (8..16).collect::<Vec<_>>());
    assert_eq!(film.run(), 0, "nothing changed");
    film.write(
        "  titles: [{text: TITLE, at: 8, for: 8, enter: cut, leave: cut}]\n",
        "",
    );
    film.run();
    assert_eq!(film.titled(), (8..12).collect::<Vec<_>>(), "with its shot");
    // Without the title, the frames of before are made again, and the old ones were never lost.
    film.write(
        "  titles: [{text: TITEL, at: 8, for: 8, enter: cut, leave: cut}]\n",
        "",
    );
    assert!(film.run() > 0, "another text");
    film.write("", "");
    film.run();
    assert!(film.titled().is_empty());
}

#[test]
fn an_output_without_titles_has_none_and_is_as_long_as_its_shots() {
    let titles = "  titles: [{text: TITLE, for: 8}, {text: CARD, over: black, for: 6}]\n\
                  \x20 credits: {for: 10, sections: [{heading: By, names: [A. Berg]}]}\n";
    let film = Film::new(titles, ", titles: false");
    film.run();
    assert_eq!(film.pictures().len(), 24);
    assert!(film.titled().is_empty());
}

#[test]
fn cards_and_credits_lengthen_the_film() {
    let titles = "  titles:\n    - {text: OPENING, over: black, for: 6, enter: cut, leave: cut}\n\
                  \x20   - {text: MIDDLE, over: navy, shot: two, for: 4, enter: cut, leave: cut}\n\
                  \x20 credits: {kind: cut, for: 10, size: 12, sections: [{heading: By, names: [A. Berg]}]}\n";
    let film = Film::new(titles, ", slate: 3");
    film.run();
    let pictures = film.pictures();
    assert_eq!(pictures.len(), 3 + 6 + 12 + 4 + 12 + 10);
    let corner = |index: usize| pictures[index].pixels[0];
    let grey = u16::from(GREY[0]) * 257;
    assert_eq!(corner(0), [0; 3], "the slate");
    assert_eq!(corner(5), [0; 3], "the opening");
    assert!(corner(12)[0].abs_diff(grey) < 600, "{:?}", corner(12));
    assert_eq!(
        corner(22),
        [0, 0, 0x80 * 257],
        "the card before the second shot"
    );
    assert_eq!(corner(40), [0; 3], "the credits");
    let titled = film.titled();
    assert!(
        titled.starts_with(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 21, 22, 23, 24]),
        "{titled:?}"
    );
    assert!(titled[13..].iter().all(|index| *index >= 37), "{titled:?}");
}

#[test]
fn a_burn_in_is_another_on_every_frame_and_is_not_made_again() {
    let film = Film::new(
        "  version: \"3\"\n  modified: 2026-01-31\n",
        ", burn_in: [shot, frame, timecode, revision, date], watermark: DRAFT, guides: [title]",
    );
    film.run();
    let pictures = film.pictures();
    assert!(pictures.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(film.titled().len(), 24);
    assert_eq!(
        film.run(),
        0,
        "the date of the document is not that of today"
    );
}

#[test]
fn a_font_of_the_project_is_an_input_of_its_frames() {
    let film = Film::new("", "");
    let font = |name: &str| {
        let fonts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts");
        fs::copy(fonts.join(name), film.path("own.ttf")).unwrap();
    };
    font("NotoSans-Regular.ttf");
    film.write(
        "  titles: [{text: TITLE, font: own.ttf, for: 24, until: two, enter: cut, leave: cut}]\n",
        "",
    );
    film.run();
    let regular = film.pictures();
    assert_eq!(film.run(), 0);
    font("NotoSans-Bold.ttf");
    assert!(film.run() > 0, "another font under the same name");
    assert!(film.pictures()[0] != regular[0]);
    fs::write(film.path("own.ttf"), "no font").unwrap();
    let refused = film.call(&["validate"]);
    let printed = String::from_utf8_lossy(&refused.stderr).into_owned()
        + &String::from_utf8_lossy(&refused.stdout);
    assert!(
        printed.contains("production::titles::unreadable_font"),
        "{printed}"
    );
}

impl Film {
    /// Returns the codes that `validate` finds, each once, in order.
    fn codes(&self) -> Vec<String> {
        let output = self.call(&["validate", "--format", "json"]);
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = ["errors", "warnings"].map(|kind| result[kind].as_array().cloned());
        let found = found.into_iter().flatten().flatten();
        let mut codes: Vec<String> = found
            .map(|found| found["code"].as_str().unwrap().to_owned())
            .collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

#[cfg(unix)]
fn make_pipe(path: &std::path::Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[cfg(unix)]
#[test]
fn a_pipe_as_a_font_or_a_table_is_refused_and_not_waited_for() {
    let film = Film::new("  titles: [{text: TITLE, font: own.ttf, for: 12}]\n", "");
    make_pipe(&film.path("own.ttf"));
    assert_eq!(film.codes(), ["production::files::refused"]);
    film.write("  captions: {table: own.ttf}\n", "");
    assert_eq!(film.codes(), ["production::files::refused"]);
}

#[test]
fn a_table_of_captions_that_cannot_be_read_is_told() {
    let film = Film::new("", "");
    fs::create_dir(film.path("folder.csv")).unwrap();
    // No output needs the table, which is no reason not to tell.
    for (table, code) in [
        ("typo.csv", "production::files::missing"),
        ("folder.csv", "production::files::is_folder"),
        ("../outside.csv", "production::files::outside_project"),
        ("/etc/hostname", "production::files::outside_project"),
    ] {
        film.write(&format!("  captions: {{table: {table}}}\n"), "");
        assert_eq!(film.codes(), [code], "{table}");
    }
    fs::write(film.path("captions.csv"), "line,de\n").unwrap();
    film.write("  captions: {table: captions.csv}\n", "");
    assert!(film.codes().is_empty(), "{:?}", film.codes());
}

#[test]
fn a_title_that_no_size_fits_is_reported_with_its_output() {
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten";
    let film = Film::new(&format!("  titles: [{{text: {long}, for: 12}}]\n"), "");
    assert_eq!(film.codes(), ["production::titles::too_long"]);
    // Half of it fits, with smaller letters and unbroken.
    film.write(
        &format!("  titles: [{{text: {}, for: 12}}]\n", &long[..24]),
        "",
    );
    assert!(film.codes().is_empty(), "{:?}", film.codes());
}

#[test]
fn a_character_without_a_font_is_marked_where_it_is() {
    let film = Film::new("  titles: [{text: \"Der Turm 塔 brennt\", for: 8}]\n", "");
    let refused = film.call(&["validate", "--format", "json"]);
    assert!(!refused.status.success());
    let result: Value = serde_json::from_slice(&refused.stdout).unwrap();
    let found = result["errors"].as_array().unwrap().iter();
    let found = found
        .filter(|found| found["code"] == "production::titles::missing_character")
        .collect::<Vec<_>>();
    assert_eq!(found.len(), 1, "{result:#}");
    let document = fs::read_to_string(film.path("production.yaml")).unwrap();
    let line = document
        .lines()
        .position(|line| line.contains('塔'))
        .unwrap();
    let column = document.lines().nth(line).unwrap();
    let column = column
        .chars()
        .position(|character| character == '塔')
        .unwrap();
    assert_eq!(found[0]["line"], line + 1, "{result:#}");
    assert_eq!(found[0]["column"], column + 1, "{result:#}");
}

/// Returns how many pixels of each column are the accent of a graphic.
fn accent_heights(picture: &DisplayImage) -> Vec<usize> {
    let width = usize::try_from(SIZE.width).unwrap();
    let is_accent = |pixel: &[u16; 3]| pixel[0] > 50_000 && pixel[1] < 20_000 && pixel[2] < 20_000;
    let mut heights = vec![0; width];
    for (index, pixel) in picture.pixels.iter().enumerate() {
        heights[index % width] += usize::from(is_accent(pixel));
    }
    heights
}

/// Returns the highest column of each bar, from left to right.
fn bar_heights(picture: &DisplayImage) -> Vec<usize> {
    let heights = accent_heights(picture);
    let bars = heights.split(|height| *height == 0);
    bars.filter_map(|bar| bar.iter().max().copied()).collect()
}

#[test]
fn bars_are_as_high_as_their_numbers_and_grow() {
    let graphic = |values: [u32; 3]| {
        let data = values.map(|value| format!("{{label: a, value: {value}}}"));
        format!(
            "  graphics:\n    - {{kind: bar, shot: one, accent: ff0000, build: 8, data: [{}]}}\n",
            data.join(", ")
        )
    };
    let film = Film::new(&graphic([10, 20, 40]), "");
    film.run();
    let pictures = film.pictures();
    let built = bar_heights(&pictures[9]);
    assert_eq!(built.len(), 3, "{built:?}");
    for (height, value) in built.iter().zip([10, 20, 40]) {
        let expected = built[2] * value / 40;
        assert!(height.abs_diff(expected) <= 1, "{built:?}");
    }
    let early: usize = bar_heights(&pictures[2]).iter().sum();
    assert!(early < built.iter().sum::<usize>() / 2, "they grow");
    let grey = u16::from(GREY[0]) * 257;
    let other = &pictures[14].pixels;
    assert!(
        other.iter().all(|pixel| pixel[0].abs_diff(grey) < 600),
        "the next shot has none"
    );
    assert_eq!(film.run(), 0, "nothing changed");
    film.write(&graphic([10, 20, 20]), "");
    assert!(film.run() > 0, "another number");
    let changed = bar_heights(&film.pictures()[9]);
    assert!(changed[1].abs_diff(changed[2]) <= 1, "{changed:?}");
}

#[test]
fn an_output_without_titles_has_no_graphics() {
    let graphics = "  graphics: [{kind: list, points: [One, Two], panel: white}]\n";
    let film = Film::new(graphics, "");
    film.run();
    assert!(!film.titled().is_empty());
    film.write(graphics, ", titles: false");
    film.run();
    assert!(film.titled().is_empty());
}

#[test]
fn info_shows_how_long_a_title_is_seen() {
    let film = Film::new(
        "  titles: [{text: TITLE, at: 8, for: 8}, {text: PIER}]\n",
        "",
    );
    let printed = film.call(&["info", "--timeline"]);
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(
        text.contains("4 frames  (of 8: it ends with its shot)"),
        "{text}"
    );
    let printed = film.call(&["info", "--timeline", "--format", "json"]);
    let shown: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let titles = shown["titles"].as_array().unwrap().iter();
    let mut lengths: Vec<[Option<u64>; 2]> = titles
        .map(|title| ["frames", "written_frames"].map(|field| title[field].as_u64()))
        .collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [[Some(4), Some(8)], [Some(12), None]], "{shown:#}");
}

#[test]
fn info_shows_a_still_as_one_picture() {
    let film = Film::new("", "");
    let document = fs::read_to_string(film.path("production.yaml")).unwrap();
    let still = document
        .replace("codec: png", "codec: poster")
        .replace("path: out", "path: out/poster.jpg");
    fs::write(film.path("production.yaml"), still).unwrap();
    let text = String::from_utf8(film.call(&["info"]).stdout).unwrap();
    let line = text.lines().find(|line| line.contains("poster 320x180"));
    let is_one = line.is_some_and(|line| line.contains("1 picture") && !line.contains("a second"));
    assert!(is_one, "{text}");
}
