//! Deliverables opened by programs that are not ours: ffprobe for films and streams, Pillow for
//! animations and pictures; and the promise that they are the same bytes on any number of cores.
//!
//! The pictures exist already, so nothing is drawn: a bar that moves over two patches of light.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

use production::media::LinearImage;
use production::media::picture::write_exr;
use production::model::PixelSize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[cfg(unix)]
#[path = "delivery/newer_ffmpeg.rs"]
mod newer_ffmpeg;
#[path = "support/python.rs"]
#[expect(dead_code, reason = "Pillow has an interpreter of its own")]
mod python;
#[path = "support/skip.rs"]
mod skip;

/// The least that every encoder takes.
const SIZE: PixelSize = PixelSize::new(256, 144);

/// Scene-linear light of the left and of the right half of every picture: middle grey, and a
/// highlight that a usual screen does not show.
const LIGHT: [f32; 2] = [0.18, 4.0];

const FRAMES: usize = 24;

/// Two shots of a second together.
const HEAD: &str = "production:
  title: Plates
  author: Tests
  description: Pictures.
  render_settings: {frame_rate: 24, chunk_size: 12}
  shots:
    - {name: one, frames: {path: plates/%04d.exr, graded: true}, frame_range: 1-12}
    - {name: two, frames: {path: plates/%04d.exr, graded: true}, frame_range: 13-24}
  outputs:
";

struct Film(tempfile::TempDir);

impl Film {
    /// Returns a film with these outputs, each of which has a size and a rate.
    fn new(outputs: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("plates")).unwrap();
        for number in 1..=FRAMES {
            let path = folder.path().join(format!("plates/{number:04}.exr"));
            write_exr(&path, &plate(number)).unwrap();
        }
        let film = Self(folder);
        film.write(outputs);
        film
    }

    fn write(&self, outputs: &[&str]) {
        let lines: String = outputs
            .iter()
            .map(|fields| {
                let size = match fields.contains("resolution") {
                    true => "",
                    false => ", resolution: 256x144",
                };
                let rate = match fields.contains("frame_rate") {
                    true => "",
                    false => ", frame_rate: 24",
                };
                format!("    - {{{fields}{size}{rate}}}\n")
            })
            .collect();
        fs::write(self.path("production.yaml"), format!("{HEAD}{lines}")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Returns a command of ours, on one core if `cores` is 1.
    fn command(&self, cores: usize, words: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_production");
        let mut command = match cores {
            1 => {
                let mut command = Command::new("taskset");
                command.args(["-c", "0", program]);
                command
            }
            _ => Command::new(program),
        };
        command.arg(words[0]).arg(self.0.path()).args(&words[1..]);
        command
    }

    fn run(&self, cores: usize) -> Value {
        let output = self
            .command(cores, &["run", "--format", "json"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", printed(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Returns the codes of all findings.
    fn findings(&self) -> Vec<String> {
        let output = self
            .command(2, &["validate", "--format", "json"])
            .output()
            .unwrap();
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let list = found["issues"].as_array().unwrap().iter();
        list.map(|each| each["code"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Returns every delivered file with its bytes. The report beside them has times.
    fn delivered(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path("out")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if !name.starts_with("report.") {
                    let bytes = fs::read(&path).unwrap();
                    files.insert(path.strip_prefix(self.0.path()).unwrap().into(), bytes);
                }
            }
        }
        files
    }
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

fn plate(number: usize) -> LinearImage {
    let width = SIZE.width as usize;
    let pixels = (0..SIZE.pixel_count()).map(|pixel| {
        let x = usize::try_from(pixel).unwrap() % width;
        let light = LIGHT[x * 2 / width];
        // The bar stays in the upper half of the left side.
        let is_bar = pixel < SIZE.pixel_count() / 4 && x / 4 == number;
        if is_bar { [0.9, 0.1, 0.1] } else { [light; 3] }
    });
    LinearImage {
        size: SIZE,
        pixels: pixels.collect(),
    }
}

fn has_ffmpeg() -> bool {
    let tools = Command::new("ffprobe").arg("-version").output().ok();
    skip::require_or_skip(tools, "needs ffmpeg and ffprobe").is_some()
}

/// Returns what ffprobe says of a file: its format, and its streams with their frames counted.
fn probe(path: &Path) -> Value {
    let mut command = Command::new("ffprobe");
    command.args([
        "-v",
        "error",
        "-count_frames",
        "-show_format",
        "-show_streams",
    ]);
    let output = command.args(["-of", "json"]).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A film, and what ffprobe must say of it.
struct Wanted {
    fields: &'static str,
    path: &'static str,
    container: &'static str,
    /// Codec, pixel format and, where it tells variants apart, profile.
    stream: [&'static str; 3],
    /// Range, matrix, transfer and primaries.
    colours: [&'static str; 4],
}

const USUAL: [&str; 4] = ["tv", "bt709", "bt709", "bt709"];
const RGB: [&str; 4] = ["pc", "gbr", "bt709", "bt709"];
/// FFV1 does not say its range, and QuickTime has no place for it.
const UNRANGED_RGB: [&str; 4] = ["", "gbr", "bt709", "bt709"];
const PQ: [&str; 4] = ["tv", "bt2020nc", "smpte2084", "bt2020"];
const HLG: [&str; 4] = ["tv", "bt2020nc", "arib-std-b67", "bt2020"];

const fn wanted(
    fields: &'static str,
    path: &'static str,
    container: &'static str,
    stream: [&'static str; 3],
    colours: [&'static str; 4],
) -> Wanted {
    Wanted {
        fields,
        path,
        container,
        stream,
        colours,
    }
}

const FILMS: [Wanted; 26] = [
    wanted(
        "codec: h264",
        "h264.mp4",
        "mp4",
        ["h264", "yuv420p", "High"],
        USUAL,
    ),
    wanted(
        "codec: h264",
        "h264.mov",
        "mov",
        ["h264", "yuv420p", "High"],
        USUAL,
    ),
    wanted(
        "codec: h264",
        "h264.mkv",
        "matroska",
        ["h264", "yuv420p", "High"],
        USUAL,
    ),
    wanted(
        "codec: h264, profile: high10",
        "h264_10.mp4",
        "mp4",
        ["h264", "yuv420p10le", "High 10"],
        USUAL,
    ),
    wanted(
        "codec: h265, profile: main10",
        "h265_10.mp4",
        "mp4",
        ["hevc", "yuv420p10le", "Main 10"],
        USUAL,
    ),
    wanted(
        "codec: h265",
        "h265.mkv",
        "matroska",
        ["hevc", "yuv420p", "Main"],
        USUAL,
    ),
    wanted(
        "codec: h265, hdr: pq",
        "pq.mp4",
        "mp4",
        ["hevc", "yuv420p10le", "Main 10"],
        PQ,
    ),
    wanted(
        "codec: h265, hdr: hlg",
        "hlg.mp4",
        "mp4",
        ["hevc", "yuv420p10le", "Main 10"],
        HLG,
    ),
    wanted(
        "codec: av1",
        "av1.mp4",
        "mp4",
        ["av1", "yuv420p", "Main"],
        USUAL,
    ),
    wanted(
        "codec: av1",
        "av1.webm",
        "webm",
        ["av1", "yuv420p", "Main"],
        USUAL,
    ),
    wanted(
        "codec: av1, hdr: pq",
        "av1_pq.mkv",
        "matroska",
        ["av1", "yuv420p10le", "Main"],
        PQ,
    ),
    wanted(
        "codec: vp9",
        "vp9.webm",
        "webm",
        ["vp9", "yuv420p", "Profile 0"],
        USUAL,
    ),
    wanted(
        "codec: vp9",
        "vp9.mp4",
        "mp4",
        ["vp9", "yuv420p", "Profile 0"],
        USUAL,
    ),
    wanted(
        "codec: vp9, hdr: hlg",
        "vp9_hlg.mkv",
        "matroska",
        ["vp9", "yuv420p10le", "Profile 2"],
        HLG,
    ),
    wanted(
        "codec: ffv1",
        "ffv1.mkv",
        "matroska",
        ["ffv1", "gbrp16le", ""],
        RGB,
    ),
    wanted(
        "codec: ffv1",
        "ffv1.mov",
        "mov",
        ["ffv1", "gbrp16le", ""],
        UNRANGED_RGB,
    ),
    wanted(
        "codec: ffv1, profile: yuv",
        "ffv1_yuv.mkv",
        "matroska",
        ["ffv1", "yuv422p10le", ""],
        USUAL,
    ),
    wanted(
        "codec: dnxhr",
        "dnxhr.mov",
        "mov",
        ["dnxhd", "yuv422p10le", "DNXHR HQX"],
        USUAL,
    ),
    wanted(
        "codec: dnxhr",
        "dnxhr.mxf",
        "mxf",
        ["dnxhd", "yuv422p10le", "DNXHR HQX"],
        USUAL,
    ),
    wanted(
        "codec: dnxhr, profile: lb",
        "dnxhr_lb.mov",
        "mov",
        ["dnxhd", "yuv422p", "DNXHR LB"],
        USUAL,
    ),
    wanted(
        "codec: prores_422, profile: proxy",
        "proxy.mov",
        "mov",
        ["prores", "yuv422p10le", "Proxy"],
        USUAL,
    ),
    wanted(
        "codec: prores_422, profile: lt",
        "lt.mov",
        "mov",
        ["prores", "yuv422p10le", "LT"],
        USUAL,
    ),
    wanted(
        "codec: prores_422, profile: standard",
        "standard.mov",
        "mov",
        ["prores", "yuv422p10le", "Standard"],
        USUAL,
    ),
    wanted(
        "codec: prores_422",
        "hq.mkv",
        "matroska",
        ["prores", "yuv422p10le", "HQ"],
        USUAL,
    ),
    wanted(
        "codec: prores_4444",
        "4444.mov",
        "mov",
        ["prores", "yuv444p10le yuv444p12le", "4444"],
        USUAL,
    ),
    wanted(
        "codec: prores_4444, profile: 4444xq",
        "xq.mov",
        "mov",
        ["prores", "yuv444p10le yuv444p12le", "XQ"],
        USUAL,
    ),
];

fn film_outputs<'a>(films: impl IntoIterator<Item = &'a Wanted>) -> Vec<String> {
    let films = films.into_iter().enumerate();
    films
        .map(|(index, film)| {
            format!(
                "name: film{index}, path: out/{}, {}",
                film.path, film.fields
            )
        })
        .collect()
}

fn as_words(outputs: &[String]) -> Vec<&str> {
    outputs.iter().map(String::as_str).collect()
}

#[test]
fn every_film_is_what_another_program_says_it_is() {
    if !has_ffmpeg() {
        return;
    }
    let outputs = film_outputs(&FILMS);
    let film = Film::new(&as_words(&outputs));
    film.run(2);
    for wanted in &FILMS {
        expect_film(&film, wanted);
    }
}

/// Compares a delivered film with what ffprobe must say of it.
fn expect_film(film: &Film, wanted: &Wanted) {
    let path = wanted.path;
    let found = probe(&film.path("out").join(path));
    let format = found["format"]["format_name"].as_str().unwrap();
    assert!(format.contains(wanted.container), "{path}: {format}");
    let stream = &found["streams"][0];
    let text = |field: &str| stream[field].as_str().unwrap_or_default().to_owned();
    let [codec, pixel_formats, profile] = wanted.stream;
    assert_eq!(text("codec_name"), codec, "{path}");
    let pixel_format = text("pix_fmt");
    let mut known = pixel_formats.split(' ');
    assert!(
        known.any(|known| known == pixel_format),
        "{path}: {pixel_format}"
    );
    assert_eq!(text("profile"), profile, "{path}");
    assert_eq!(text("nb_read_frames"), FRAMES.to_string(), "{path}");
    assert_eq!(text("r_frame_rate"), "24/1", "{path}");
    let colours = [
        "color_range",
        "color_space",
        "color_transfer",
        "color_primaries",
    ];
    assert_eq!(colours.map(text), wanted.colours, "{path}");
    let seconds: f64 = found["format"]["duration"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    // Matroska rounds to milliseconds.
    assert!((seconds - 1.0).abs() < 0.002, "{path}: {seconds} s");
}

#[test]
fn films_of_the_smallest_and_the_largest_size_are_delivered() {
    if !has_ffmpeg() {
        return;
    }
    let film = Film::new(&[
        "name: tiny, codec: vp9, resolution: 2x2, path: out/tiny.webm, fit: pad",
        "name: loop, codec: webp, resolution: 2x2, path: out/tiny.webp, fit: pad",
        "name: wide, codec: h264, resolution: 16384x64, path: out/wide.mp4, shots: one",
    ]);
    film.run(2);
}

/// Returns the timecode of the first frame of a film, as ffprobe reads it.
fn probed_timecode(path: &Path) -> String {
    let found = Command::new("ffprobe")
        .args(["-v", "error", "-of", "csv=p=0"])
        .args(["-show_entries", "stream_tags=timecode:format_tags=timecode"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(found.stdout).unwrap();
    text.split_whitespace().next().unwrap_or("none").to_owned()
}

/// Returns a document of [`HEAD`] with other fields before its outputs.
fn document(fields: &str, outputs: &str) -> String {
    let head = HEAD.replace("  outputs:\n", &format!("{fields}  outputs:\n"));
    format!("{head}{outputs}")
}

#[test]
fn films_have_the_timecode_of_the_document_and_files_of_shots_that_of_their_frames() {
    if !has_ffmpeg() {
        return;
    }
    let film = Film::new(&[]);
    let size = "resolution: 256x144, frame_rate: 24";
    let outputs = format!(
        "    - {{name: mp4, codec: h264, path: out/film.mp4, slate: 24, {size}}}
    - {{name: mov, codec: prores_422, path: out/film.mov, {size}}}
    - {{name: mxf, codec: dnxhr, path: out/film.mxf, {size}}}
    - {{name: mkv, codec: h264, path: out/film.mkv, {size}}}
    - {{name: webm, codec: vp9, path: out/film.webm, {size}}}
    - {{name: pal, codec: h264, path: out/pal.mp4, resolution: 256x144, frame_rate: 25}}
    - {{name: game, codec: h264, path: out/game.mp4, resolution: 256x144, frame_rate: 12}}
    - {{name: shots, codec: prores_422, path: 'out/${{shot}}.mov', {size}}}
    - {{name: cut, format: edl, path: out/film.edl}}
"
    );
    let edit = "  edit: {start_timecode: '10:00:00:00', handles: 0}\n";
    fs::write(film.path("production.yaml"), document(edit, &outputs)).unwrap();
    film.run(2);
    for (name, wanted) in [
        ("film.mp4", "09:59:59:00"),
        ("film.mov", "10:00:00:00"),
        ("film.mxf", "10:00:00:00"),
        ("film.mkv", "10:00:00:00"),
        ("film.webm", "none"),
        ("pal.mp4", "10:00:00:00"),
        ("game.mp4", "none"),
        ("one.mov", "00:00:00:01"),
        ("two.mov", "00:00:00:13"),
    ] {
        assert_eq!(
            probed_timecode(&film.path("out").join(name)),
            wanted,
            "{name}"
        );
    }
    // A list of events that refers to the files of shots finds its frames there.
    let list = fs::read_to_string(film.path("out/film.edl")).unwrap();
    assert!(list.contains("00:00:00:13 00:00:01:01 "), "{list}");
}

const PICTURES: [&str; 10] = [
    "name: gif, codec: gif, path: out/loop.gif",
    "name: slow, codec: gif, frame_rate: 30, path: out/slow.gif",
    "name: apng, codec: apng, path: out/loop.png",
    "name: webp, codec: webp, path: out/loop.webp",
    "name: exact, codec: webp, profile: lossless, path: out/exact.webp",
    "name: poster, codec: poster, path: out/poster.jpg",
    "name: sheet, codec: contact_sheet, path: out/sheet.jpg",
    "name: thumbs, codec: jpeg, resolution: 64x36, frame_rate: 2, path: out/thumbs",
    "name: game, codec: gif, path: out/game.gif, retro: {palette: gameboy, target_resolution: 64x36}",
    "name: stream, format: hls, path: out/stream, resolution: 256x144, renditions: [128x72, 64x36]",
];

/// Prints what Pillow reads: format, size, pictures, their times in milliseconds, loops, colours.
const PILLOW: &str = "
import json, sys
from PIL import Image
found = {}
for path in sys.argv[1:]:
    image = Image.open(path)
    times, colours = [], set()
    for index in range(getattr(image, 'n_frames', 1)):
        image.seek(index)
        image.load()
        times.append(image.info.get('duration', 0))
        colours |= {colour for _, colour in image.convert('RGB').getcolors(1 << 24)}
    found[path.split('/')[-1]] = {
        'format': image.format, 'size': list(image.size), 'times': times,
        'loop': image.info.get('loop'), 'colours': len(colours)}
print(json.dumps(found))
";

/// Returns what Pillow says of these files. `None`: it is not installed.
fn pillow(paths: &[PathBuf]) -> Option<Value> {
    let python = python::assets().join("pictures/bin/python");
    let missing = "no Pillow; scripts/fetch-test-assets brings it";
    let python = skip::require_or_skip(python.exists().then_some(python), missing)?;
    let mut command = Command::new(python);
    let output = command.args(["-c", PILLOW]).args(paths).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn total_time(found: &Value) -> f64 {
    let times = found["times"].as_array().unwrap().iter();
    times.map(|time| time.as_f64().unwrap()).sum()
}

#[test]
fn every_animation_and_picture_is_what_another_program_says_it_is() {
    if !has_ffmpeg() {
        return;
    }
    let film = Film::new(&PICTURES);
    film.run(2);
    let page = fs::read_to_string(film.path("out/report.html")).unwrap();
    assert!(page.contains("4 and 5 hundredths of a second a picture, 1.00 s"));
    // Animated PNG and WebP: browsers count in milliseconds.
    assert_eq!(page.matches("41 and 42 ms a picture, 1.000 s").count(), 3);
    let names = [
        "loop.gif",
        "slow.gif",
        "loop.png",
        "loop.webp",
        "exact.webp",
        "poster.jpg",
        "sheet.jpg",
        "game.gif",
    ];
    let paths = names.map(|name| film.path("out").join(name));
    let Some(found) = pillow(&paths) else { return };
    for (name, format, pictures) in [
        ("loop.gif", "GIF", 24),
        ("slow.gif", "GIF", 30),
        ("loop.png", "PNG", 24),
        ("loop.webp", "WEBP", 24),
        ("exact.webp", "WEBP", 24),
    ] {
        let found = &found[name];
        assert_eq!(found["format"], format, "{name}");
        assert_eq!(found["size"], serde_json::json!([256, 144]), "{name}");
        assert_eq!(found["times"].as_array().unwrap().len(), pictures, "{name}");
        assert_eq!(found["loop"], 0, "{name}: for ever");
        assert!((total_time(found) - 1000.0).abs() < 0.01, "{name}: {found}");
        // What Chromium makes of each time before it adds them up.
        let whole: f64 = found["times"]
            .as_array()
            .unwrap()
            .iter()
            .map(|time| time.as_f64().unwrap().trunc())
            .sum();
        assert_eq!(whole, 1000.0, "{name}");
    }
    let times: Vec<i64> = found["loop.gif"]["times"]
        .as_array()
        .unwrap()
        .iter()
        .map(|time| time.as_i64().unwrap())
        .collect();
    assert_eq!(times[..6], [40, 40, 50, 40, 40, 40], "{times:?}");
    assert!(
        found["game.gif"]["colours"].as_u64().unwrap() <= 4,
        "{found}"
    );
    assert_eq!(found["poster.jpg"]["format"], "JPEG");
    assert_eq!(found["poster.jpg"]["size"], serde_json::json!([256, 144]));
    assert_eq!(fs::read_dir(film.path("out/thumbs")).unwrap().count(), 2);
}

#[test]
fn a_stream_plays_in_every_size() {
    if !has_ffmpeg() {
        return;
    }
    let film = Film::new(&PICTURES[9..]);
    film.run(2);
    let found = probe(&film.path("out/stream/main.m3u8"));
    let sizes: Vec<[u64; 2]> = found["streams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stream| ["width", "height"].map(|side| stream[side].as_u64().unwrap()))
        .collect();
    assert_eq!(sizes, [[256, 144], [128, 72], [64, 36]]);
    for stream in found["streams"].as_array().unwrap() {
        assert_eq!(stream["codec_name"], "h264");
        assert_eq!(stream["nb_read_frames"], FRAMES.to_string());
        assert_eq!(stream["color_transfer"], "bt709");
    }
}

#[test]
fn the_same_frames_are_the_same_bytes_on_one_core_and_on_two() {
    let taskset = Command::new("taskset").arg("--version").output().ok();
    if !has_ffmpeg() || skip::require_or_skip(taskset, "needs taskset").is_none() {
        return;
    }
    let mut outputs = film_outputs(&FILMS);
    outputs.extend(PICTURES.map(str::to_owned));
    let [first, second] = [1, 2].map(|cores| {
        let film = Film::new(&as_words(&outputs));
        film.run(cores);
        film.delivered()
    });
    assert!(first.len() > FILMS.len() + PICTURES.len());
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    for (path, bytes) in &first {
        assert!(*bytes == second[path], "{} differs", path.display());
    }
}

/// Code values of 10 bits of PQ for light in cd/m2, by SMPTE ST 2084, in limited range.
fn pq_code(luminance: f64) -> f64 {
    let powered = (luminance / 10_000.0).powf(2610.0 / 16_384.0);
    let (above, below) = (
        3424.0 / 4096.0 + 2413.0 / 128.0 * powered,
        1.0 + 2392.0 / 128.0 * powered,
    );
    64.0 + 876.0 * (above / below).powf(2523.0 / 32.0)
}

#[test]
fn high_dynamic_range_shows_light_as_the_guide_says() {
    if !has_ffmpeg() {
        return;
    }
    let film = Film::new(&["name: film, codec: h265, hdr: pq, path: out/film.mp4"]);
    film.run(2);
    let mut command = Command::new("ffmpeg");
    command
        .args(["-v", "error", "-i"])
        .arg(film.path("out/film.mp4"));
    command.args([
        "-frames:v",
        "1",
        "-pix_fmt",
        "yuv420p10le",
        "-f",
        "rawvideo",
        "-",
    ]);
    let decoded = command.output().unwrap().stdout;
    let width = SIZE.width as usize;
    let code = |x: usize| {
        let at = (SIZE.height as usize - 20) * width + x;
        f64::from(u16::from_le_bytes([decoded[at * 2], decoded[at * 2 + 1]]))
    };
    // Scene-linear 0.18 is as it is, and 4 rolls off towards 1000.
    let highlight = 1000.0 - 797.0 * (-203.0 * 3.0 / 797.0_f64).exp();
    for (x, luminance) in [(width / 4, 0.18 * 203.0), (width * 3 / 4, highlight)] {
        let wanted = pq_code(luminance);
        assert!(
            (code(x) - wanted).abs() < 3.0,
            "{} and not {wanted}",
            code(x)
        );
    }
    let sides = probe_mastering(&film.path("out/film.mp4"));
    assert!(sides.contains("Mastering display metadata"), "{sides}");
    assert!(sides.contains("\"max_content\": 1000"), "{sides}");
}

fn probe_mastering(path: &Path) -> String {
    let mut command = Command::new("ffprobe");
    command.args([
        "-v",
        "error",
        // Timecode is a stream too, and its packet is the first.
        "-select_streams",
        "v:0",
        "-read_intervals",
        "%+#1",
        "-show_frames",
        "-of",
        "json",
    ]);
    String::from_utf8(command.arg(path).output().unwrap().stdout).unwrap()
}

#[test]
fn what_a_file_does_not_hold_is_found_before_anything_is_rendered() {
    let film = Film::new(&[]);
    for (fields, code) in [
        (
            "codec: dnxhr, frame_rate: 12, path: out/film.mxf",
            "unfit_container",
        ),
        (
            "codec: dnxhr, frame_rate: 15, path: out/film.mxf",
            "unfit_container",
        ),
        ("codec: gif, frame_rate: 60, path: out/film.gif", "bad_rate"),
        (
            "codec: apng, frame_rate: 120, path: out/film.png",
            "bad_rate",
        ),
        (
            "codec: dnxhr, resolution: 128x72, path: out/film.mov",
            "bad_size",
        ),
        (
            "codec: av1, resolution: 64x36, path: out/film.mp4",
            "bad_size",
        ),
        (
            "codec: vp9, resolution: 255x144, path: out/film.webm",
            "odd_size",
        ),
        ("codec: vp9, path: out/film.mov", "extension"),
        (
            "codec: vp9, container: mov, path: out/film.mov",
            "unfit_encoding",
        ),
        ("codec: h264, hdr: pq, path: out/film.mp4", "unfit_encoding"),
        (
            "codec: h265, hdr: pq, profile: main, path: out/film.mp4",
            "unfit_encoding",
        ),
        (
            "codec: vp9, bit_rate: 8M, path: out/film.webm",
            "unfit_encoding",
        ),
        (
            "codec: h264, renditions: 64x36, path: out/film.mp4",
            "unfit_encoding",
        ),
        (
            "codec: hls, resolution: 20000x144, path: out/film",
            "value::bad_size",
        ),
    ] {
        film.write(&[&format!("name: film, {fields}")]);
        let found = film.findings();
        let wanted = match code.contains("::") {
            true => format!("production::{code}"),
            false => format!("production::outputs::{code}"),
        };
        assert!(found.contains(&wanted), "{fields}: {found:?}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program stands before the others on the path of the machine"
)]
fn search_path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap()
}

/// An ffmpeg that fails like one that is built without an encoder.
#[cfg(unix)]
fn lesser_ffmpeg(folder: &Path, encoder: &str) {
    use std::os::unix::fs::PermissionsExt;
    let search = search_path();
    let find = |name: &str| {
        std::env::split_paths(&search)
            .map(|folder| folder.join(name))
            .find(|path| path.exists())
            .unwrap()
    };
    fs::create_dir(folder).unwrap();
    std::os::unix::fs::symlink(find("ffprobe"), folder.join("ffprobe")).unwrap();
    let script = format!(
        "#!/bin/sh\nfor word in \"$@\"; do\n  [ \"$word\" = {encoder} ] && {{ echo \"Unknown encoder \
         '{encoder}'\" >&2; exit 1; }}\ndone\nexec {} \"$@\"\n",
        find("ffmpeg").display()
    );
    let program = folder.join("ffmpeg");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn an_encoder_that_is_missing_is_reported_before_anything_is_rendered() {
    if !has_ffmpeg() {
        return;
    }
    for (codec, path, encoder) in [
        ("av1", "out/film.mp4", "libsvtav1"),
        ("vp9", "out/film.webm", "libvpx-vp9"),
        ("webp", "out/film.webp", "libwebp"),
        ("hls", "out/film", "libx264"),
    ] {
        let film = Film::new(&[&format!("name: film, codec: {codec}, path: {path}")]);
        let tools = film.path("tools");
        lesser_ffmpeg(&tools, encoder);
        let mut search = vec![tools];
        search.extend(std::env::split_paths(&search_path()));
        let refused = film
            .command(2, &["run"])
            .env("PATH", std::env::join_paths(search).unwrap())
            .output()
            .unwrap();
        let text = printed(&refused);
        assert!(!refused.status.success(), "{codec}: {text}");
        assert!(
            text.contains(encoder) && text.contains("production doctor"),
            "{text}"
        );
        assert!(!film.path("out").exists(), "{codec}");
        let status = film.command(2, &["status"]).output().unwrap();
        assert!(!printed(&status).contains("rev-"), "{}", printed(&status));
    }
}

#[test]
fn a_stream_with_sound_is_delivered_from_the_folder_that_one_is_in() {
    if !has_ffmpeg() {
        return;
    }
    let film = Film::new(&[
        "name: stream, format: hls, path: out/stream, resolution: 256x144, renditions: [128x72]",
    ]);
    let document = fs::read_to_string(film.path("production.yaml")).unwrap();
    let heard = document.replacen(
        "  shots:\n",
        "  sound: {music: energetic, language: de}\n  shots:\n",
        1,
    );
    fs::write(film.path("production.yaml"), heard).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
    let output = command
        .arg("run")
        .current_dir(film.0.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    let main = fs::read_to_string(film.path("out/stream/main.m3u8")).unwrap();
    assert!(main.contains("LANGUAGE=\"de\""), "{main}");
    let mut probe = Command::new("ffprobe");
    probe.args([
        "-v",
        "error",
        "-show_entries",
        "stream_tags=language",
        "-of",
        "csv=p=0",
    ]);
    let probed = probe
        .arg(film.path("out/stream/sound.mp4"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(probed.stdout).unwrap().trim(), "deu");
}
