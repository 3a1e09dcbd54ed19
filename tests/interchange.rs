//! Timelines and captions in the hands of others: what we write, the Python packages of
//! OpenTimelineIO read and write again, and we read as the same cut. Lists of events by pycmx,
//! captions by pysubs2 and webvtt-py.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/python.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod python;
#[path = "support/skip.rs"]
mod skip;

use production::base::{Diagnostics, FileId};
use production::captions::{CaptionCue, srt_text, ttml_text, vtt_text};
use production::interchange::{
    ExchangeClip, ExchangeClipKind, ExchangeMedia, ExchangeMediaKind, ExchangePlace,
    ExchangeSource, ExchangeTimeline, ExchangeTransition, FcpxmlVersion, OtioSchemas, edl_text,
    fcpxml_text, otio_text, read_edl, read_fcpxml, read_otio,
};
use production::media::picture::{read_png, write_png8};
use production::model::cut::{TransitionKind, WipeDirection};
use production::model::{FrameRate, PixelSize};
use serde_json::Value;
use skip::require_or_skip;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILM: FrameRate = FrameRate::from_fps(24);

/// Returns the interpreter with the packages, if there is one.
fn edit_python() -> Option<PathBuf> {
    let python = python::assets().join("edit/bin/python");
    let reason = format!(
        "no Python at {}; scripts/fetch-test-assets brings it",
        python.display()
    );
    require_or_skip(python.exists().then_some(python), &reason)
}

/// Runs `tests/tools/check_edit.py` and returns what it prints.
fn check_edit(python: &Path, words: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/check_edit.py");
    let output = Command::new(python)
        .arg(script)
        .args(words)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn clip(name: &str, start: usize, length: usize, source_start: i64) -> ExchangeClip {
    ExchangeClip {
        kind: ExchangeClipKind::Pictures,
        name: name.to_owned(),
        other_names: Vec::new(),
        reel: name.to_uppercase(),
        start,
        length,
        source_start,
        shot_offset: Some(0),
        media: Some(ExchangeMedia {
            url: format!("shots/{name}.mov"),
            start: 993,
            length: 112,
        }),
        place: ExchangePlace::default(),
    }
}

fn timeline(
    rate: FrameRate,
    transitions: &[(TransitionKind, usize, usize, usize)],
) -> ExchangeTimeline {
    ExchangeTimeline {
        name: "Last Light".to_owned(),
        rate,
        start: 3600 * 24,
        is_drop_frame: false,
        size: None,
        media_kind: ExchangeMediaKind::Shots,
        clips: vec![
            clip("sh010", 0, 48, 1001),
            clip("sh020", 48, 30, 1010),
            clip("sh030", 78, 96, 1001),
        ],
        transitions: transitions
            .iter()
            .map(|(kind, cut, before, after)| ExchangeTransition {
                kind: *kind,
                cut: *cut,
                before: *before,
                after: *after,
                place: ExchangePlace::default(),
            })
            .collect(),
        sounds: Vec::new(),
        markers: Vec::new(),
    }
}

/// What two timelines must agree on to be the same cut. Where a dissolve has its cut is not seen.
#[derive(Debug, PartialEq)]
struct SameCut {
    /// The name of each clip, its first frame where it begins with a cut, and its source at frame 0
    /// of the film.
    clips: Vec<(String, Option<usize>, i64)>,
    /// The first frame and the length of each transition.
    transitions: Vec<(TransitionKind, usize, usize)>,
    length: usize,
}

fn same_cut(timeline: &ExchangeTimeline) -> SameCut {
    let begins_with_cut = |start: usize| timeline.transitions.iter().all(|each| each.cut != start);
    let clips = timeline.clips.iter().map(|clip| {
        let cut = Some(clip.start).filter(|start| begins_with_cut(*start));
        let origin = clip.source_start - i64::try_from(clip.start).unwrap();
        (clip.name.clone(), cut, origin)
    });
    let transitions = timeline.transitions.iter();
    SameCut {
        clips: clips.collect(),
        transitions: transitions
            .map(|each| (each.kind, each.cut - each.before, each.before + each.after))
            .collect(),
        length: timeline.length(),
    }
}

fn read(path: &Path, rate: FrameRate) -> ExchangeTimeline {
    let text = std::fs::read_to_string(path).unwrap();
    let source = ExchangeSource {
        file: FileId(0),
        text: &text,
        rate,
        most_values: 1_000_000,
    };
    let mut diagnostics = Diagnostics::default();
    let read = match path.extension().unwrap().to_str().unwrap() {
        "otio" => read_otio(&source, &mut diagnostics),
        "edl" => read_edl(&source, &mut diagnostics),
        _ => read_fcpxml(&source, &mut diagnostics),
    };
    read.unwrap_or_else(|| panic!("{diagnostics:?}\n{text}"))
}

#[test]
fn opentimelineio_writes_the_cut_that_it_was_given() {
    let Some(python) = edit_python() else { return };
    let wipe = TransitionKind::Wipe {
        direction: WipeDirection::Up,
    };
    let transitions = [(TransitionKind::Dissolve, 48, 6, 7), (wipe, 78, 6, 6)];
    let folder = tempfile::tempdir().unwrap();
    let ntsc = FrameRate::from_fraction(30_000, 1001).unwrap();
    for rate in [FILM, FrameRate::from_fps(12), FrameRate::from_fps(25), ntsc] {
        let ours = timeline(rate, &transitions);
        let source = folder.path().join("ours.otio");
        let target = folder.path().join("theirs.otio");
        std::fs::write(&source, otio_text(&ours, OtioSchemas::Current)).unwrap();
        let decimal = rate.as_f64().to_string();
        let words = [
            "rewrite",
            source.to_str().unwrap(),
            target.to_str().unwrap(),
            &decimal,
        ];
        let seen = check_edit(&python, &words);
        assert_eq!(seen["length"], 174);
        assert_eq!(seen["clips"][1][0], "sh020");
        assert_eq!(seen["clips"][1][1], 48);
        assert_eq!(seen["clips"][1][4], "shots/sh020.mov");
        assert_eq!(
            seen["transitions"][0],
            serde_json::json!(["SMPTE_Dissolve", 6, 7])
        );
        assert_eq!(same_cut(&read(&target, rate)), same_cut(&ours));
    }
}

#[test]
fn the_clips_of_old_readers_are_read_too() {
    let Some(python) = edit_python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("old.otio");
    let target = folder.path().join("new.otio");
    let ours = timeline(FILM, &[]);
    std::fs::write(&source, otio_text(&ours, OtioSchemas::Old)).unwrap();
    let words = [
        "rewrite",
        source.to_str().unwrap(),
        target.to_str().unwrap(),
        "24",
    ];
    check_edit(&python, &words);
    let text = std::fs::read_to_string(&target).unwrap();
    assert!(text.contains("Clip.2") && !text.contains("Clip.1\""));
    assert_eq!(same_cut(&read(&target, FILM)), same_cut(&ours));
}

#[test]
fn a_list_of_events_is_the_same_cut_for_opentimelineio_and_pycmx() {
    let Some(python) = edit_python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("ours.edl");
    let ours = timeline(FILM, &[(TransitionKind::Dissolve, 48, 6, 6)]);
    std::fs::write(&source, edl_text(&ours).unwrap()).unwrap();
    // Through OpenTimelineIO as a list, and as its own format.
    for name in ["theirs.otio", "theirs.edl"] {
        let target = folder.path().join(name);
        let words = [
            "rewrite",
            source.to_str().unwrap(),
            target.to_str().unwrap(),
            "24",
        ];
        let seen = check_edit(&python, &words);
        assert_eq!(seen["length"], 174, "{seen}");
        assert_eq!(same_cut(&read(&target, FILM)), same_cut(&ours), "{name}");
    }
    let seen = check_edit(&python, &["events", source.to_str().unwrap()]);
    assert_eq!(seen["title"], "Last Light");
    let edits: Vec<(i64, &str, &str, &str)> = seen["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let text = |index: usize| edit[index].as_str().unwrap();
            (edit[0].as_i64().unwrap(), text(1), text(3), text(4))
        })
        .collect();
    assert_eq!(
        edits,
        [
            (1, "SH010", "01:00:00:00", "01:00:01:18"),
            (2, "SH010", "01:00:01:18", "01:00:01:18"),
            (2, "SH020", "01:00:01:18", "01:00:03:06"),
            (3, "SH030", "01:00:03:06", "01:00:07:06"),
        ]
    );
}

#[test]
fn final_cut_pro_xml_has_its_clips_for_the_adapter_of_opentimelineio() {
    let Some(python) = edit_python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("ours.fcpxml");
    let target = folder.path().join("theirs.otio");
    // The adapter takes no start time and no transitions.
    let ours = ExchangeTimeline {
        start: 0,
        ..timeline(FILM, &[])
    };
    std::fs::write(&source, fcpxml_text(&ours, FcpxmlVersion::V1_8)).unwrap();
    let words = [
        "rewrite",
        source.to_str().unwrap(),
        target.to_str().unwrap(),
        "24",
    ];
    let seen = check_edit(&python, &words);
    assert_eq!(
        seen["clips"][2],
        serde_json::json!(["sh030", 78, 96, 1001, "./shots/sh030.mov"])
    );
    assert_eq!(same_cut(&read(&target, FILM)), same_cut(&ours));
}

fn cues() -> Vec<CaptionCue> {
    let cue = |start: usize, end: usize, lines: &[&str]| CaptionCue {
        start,
        end,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        speaker: "Mara".to_owned(),
        sounds: 0,
    };
    vec![
        cue(24, 60, &["It went out,", "and nobody saw it."]),
        cue(62, 96, &["Grüße & “quotes” – 5 < 6"]),
    ]
}

#[test]
fn captions_are_read_by_others_as_they_are() {
    let Some(python) = edit_python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("film.srt"), srt_text(&cues(), FILM)).unwrap();
    std::fs::write(path("film.vtt"), vtt_text(&cues(), FILM, "en")).unwrap();
    std::fs::write(path("film.ttml"), ttml_text(&cues(), FILM, "en")).unwrap();
    let seen = check_edit(&python, &["subtitles", path("film.srt").to_str().unwrap()]);
    assert_eq!(
        seen,
        serde_json::json!([
            [1000, 2500, "It went out,\nand nobody saw it."],
            [2583, 4000, "Grüße & “quotes” – 5 ‹ 6"],
        ])
    );
    let seen = check_edit(&python, &["webvtt", path("film.vtt").to_str().unwrap()]);
    assert_eq!(seen[0][0], "00:00:01.000");
    assert_eq!(seen[0][2], "It went out,\nand nobody saw it.");
    assert_eq!(seen[1][1], "00:00:04.000");
    let seen = check_edit(&python, &["subtitles", path("film.ttml").to_str().unwrap()]);
    assert_eq!(seen[0][0], 1000);
}

/// A production on disk whose shots are pictures that exist already: each has a shade of its own.
struct PlateFilm(tempfile::TempDir);

/// The shots show the plates 11 to 30 of their colours, of 1 to 48.
const PLATE_SHOTS: [(&str, &str); 4] = [
    ("one", "red"),
    ("sequence_two_shot", "green"),
    ("sequence_two_show", "blue"),
    ("four", "red"),
];

const PLATE_OUTPUTS: &str = "
    - {name: film, codec: png, resolution: 16x16, path: out/film/}
    - {name: files, codec: prores_422, resolution: 16x16, path: out/shots/, per_shot: true}
    - {name: otio, format: otio, path: out/film.otio}
    - {name: old, format: otio, version: \"0.14\", path: out/old.otio}
    - {name: edl, format: edl, path: out/film.edl}
    - {name: fcpxml, format: fcpxml, path: out/film.fcpxml}
    - {name: fcpxml_10, format: fcpxml, version: \"1.10\", path: out/film10.fcpxml}
    - {name: cuts, format: cut_list, path: out/film.csv}
";

impl PlateFilm {
    fn new() -> Self {
        let film = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(film.path("plates")).unwrap();
        let size = PixelSize::new(16, 16);
        for (channel, colour) in ["red", "green", "blue"].into_iter().enumerate() {
            for number in 1..=48 {
                let mut pixel = [0; 3];
                pixel[channel] = 20 + 4 * number;
                let path = film.path(&format!("plates/{colour}.{number:04}.png"));
                write_png8(&path, size, &vec![pixel; 256]).unwrap();
            }
        }
        film
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes the document: fields of shots by their index, and the timeline of another program.
    fn write(&self, fields: &[(usize, &str)], recut: Option<&str>) {
        let mut document = "production:\n  title: Plates\n  author: Tests\n".to_owned();
        document += "  description: Pictures.\n";
        document += "  edit: {start_timecode: \"01:00:00:00\", handles: 4}\n";
        document += "  render_settings: {frame_rate: 24, chunk_size: 8}\n";
        if let Some(recut) = recut {
            document += &format!("  shot_list: {recut}\n");
        }
        document += "  shots:\n";
        for (index, (name, colour)) in PLATE_SHOTS.iter().enumerate() {
            let own = fields.iter().filter(|(shot, _)| *shot == index);
            let own: String = own.map(|(_, field)| format!(", {field}")).collect();
            document += &format!(
                "    - {{name: {name}, frames: {{path: plates/{colour}.%04d.png, graded: true}}, \
                 frame_range: 11-30{own}}}\n"
            );
        }
        document += &format!("  outputs:{PLATE_OUTPUTS}");
        std::fs::write(self.path("production.yaml"), document).unwrap();
    }

    fn json(&self, words: &[&str]) -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.arg(words[0]).arg(self.0.path()).args(&words[1..]);
        let output = command.args(["--format", "json"]).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {printed}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Copies a delivered timeline out of the folder to which the next run delivers, with the table of
    /// reels, and returns its path.
    fn bring_back(&self, name: &str) -> String {
        std::fs::create_dir_all(self.path("edit")).unwrap();
        for file in [name, "film.reels.csv"] {
            let [from, to] = ["out", "edit"].map(|folder| self.path(&format!("{folder}/{file}")));
            std::fs::copy(from, to).unwrap();
        }
        format!("edit/{name}")
    }

    /// Returns the clips and the transitions of the film.
    fn cut(&self) -> Vec<Value> {
        let timeline = &self.json(&["info", "--timeline"]);
        let fields = |list: &str, names: &[&str]| -> Vec<Value> {
            let list = timeline[list].as_array().unwrap().iter();
            let entry = |entry: &Value| names.iter().map(|name| entry[name].clone()).collect();
            list.map(entry).collect()
        };
        let clips = fields("clips", &["name", "source_frames", "start", "frames"]);
        let transitions = fields(
            "transitions",
            &["kind", "colour", "cut", "frames", "before"],
        );
        [clips, transitions].concat()
    }

    /// Returns how often each job was run.
    fn runs_by_job(&self) -> BTreeMap<String, usize> {
        let mut runs = BTreeMap::new();
        for entry in std::fs::read_dir(self.path(".production/events")).unwrap() {
            let journal = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let events = journal.lines().filter_map(|line| {
                let event: Value = serde_json::from_str(line.split_once(' ')?.1).ok()?;
                (event["event"] == "job_succeeded")
                    .then(|| event["job"].as_str().unwrap().to_owned())
            });
            events.for_each(|job| *runs.entry(job).or_insert(0) += 1);
        }
        runs
    }

    /// Returns how many jobs a run would do.
    fn planned(&self) -> usize {
        let plan = self.json(&["plan"]);
        let jobs = plan["jobs"].as_array().unwrap().iter();
        // Only what will run has a place in the document.
        jobs.filter(|job| job["place"].is_string()).count()
    }

    /// Returns the first pixel of each frame of the film.
    fn frames(&self) -> Vec<[u16; 3]> {
        let entries = std::fs::read_dir(self.path("out/film")).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|found| found == "png"));
        files.sort();
        let pixel = |path: &PathBuf| read_png(path).unwrap().pixels[0].map(|value| value / 257);
        files.iter().map(pixel).collect()
    }
}

const EVERY_TRANSITION: &[(usize, &str)] = &[
    (0, "transition_in: fade_from_black 5"),
    (1, "transition_in: dissolve 7"),
    (2, "transition_in: wipe_up 6"),
    (3, "transition_in: {kind: dip, frames: 6, colour: navy}"),
    (3, "transition_out: fade_to_white 4"),
];

#[test]
fn what_was_delivered_is_the_cut_that_comes_back() {
    let film = PlateFilm::new();
    film.write(EVERY_TRANSITION, None);
    let ours = film.cut();
    assert_eq!(film.json(&["run"])["success"], true);
    for name in [
        "film.otio",
        "old.otio",
        "film.edl",
        "film.fcpxml",
        "film10.fcpxml",
    ] {
        film.write(&[], Some(&film.bring_back(name)));
        assert_eq!(film.cut(), ours, "{name}");
        assert_eq!(film.planned(), 0, "{name}");
    }
    let reels = std::fs::read_to_string(film.path("out/film.reels.csv")).unwrap();
    let row = |start: &str| reels.lines().find(|line| line.starts_with(start)).unwrap();
    assert!(row("SEQUENCE,").starts_with("SEQUENCE,sequence_two_shot,11,11,20,"));
    assert!(row("SEQUEN01,").starts_with("SEQUEN01,sequence_two_show,11,11,20,"));
}

/// As Avid writes it: the event of a dissolve is as long as the dissolve, and the rest of its source
/// is an event of its own.
const AVID_LIST: &str = "\
TITLE:   recut
FCM: NON-DROP FRAME
001  AX       V     C        00:00:00:11 00:00:01:04 01:00:00:00 01:00:00:17
* FROM CLIP NAME:  one (LAY2)
002  AX       V     C        00:00:01:04 00:00:01:04 01:00:00:17 01:00:00:17
002  FOUR_V2  V     D    006 00:00:00:11 00:00:00:17 01:00:00:17 01:00:00:23
* BLEND, DISSOLVE
* FROM CLIP NAME:  one (LAY2)
* TO CLIP NAME:  four.0001.png
003  FOUR_V2  V     C        00:00:00:17 00:00:01:07 01:00:00:23 01:00:01:13
* FROM CLIP: S:\\shots\\four.0001.png
";

#[test]
fn the_list_of_another_program_is_the_cut_that_it_means() {
    let film = PlateFilm::new();
    std::fs::write(film.path("theirs.edl"), AVID_LIST).unwrap();
    film.write(EVERY_TRANSITION, Some("theirs.edl"));
    assert_eq!(
        film.cut(),
        [
            serde_json::json!(["one", "11-30", 0, 20]),
            serde_json::json!(["four", "14-30", 20, 17]),
            serde_json::json!(["dissolve", null, 20, 6, 3]),
        ]
    );
}

#[test]
fn what_other_programs_write_again_is_the_same_cut() {
    let Some(python) = edit_python() else { return };
    let film = PlateFilm::new();
    film.write(EVERY_TRANSITION, None);
    let ours = film.cut();
    assert_eq!(film.json(&["run"])["success"], true);
    let rewrite = |from: &str, to: &str| {
        let from = film.path(from);
        let to = film.path(to);
        let words = [
            "rewrite",
            from.to_str().unwrap(),
            to.to_str().unwrap(),
            "24",
        ];
        check_edit(&python, &words)
    };
    for source in ["out/film.otio", "out/old.otio"] {
        rewrite(source, "theirs.otio");
        film.write(&[], Some("theirs.otio"));
        assert_eq!(film.cut(), ours, "{source}");
        assert_eq!(film.planned(), 0, "{source}");
    }
    // A list of events that OpenTimelineIO wrote has no wipes, and no colours.
    let black_and_dissolves = [
        (0, "transition_in: fade_from_black 5"),
        (1, "transition_in: dissolve 7"),
        (2, "transition_in: dip_to_black 6"),
        (3, "transition_out: fade_to_black 4"),
    ];
    film.write(&black_and_dissolves, None);
    let ours = film.cut();
    assert_eq!(film.json(&["run"])["success"], true);
    for (source, target) in [
        ("out/film.edl", "theirs.edl"),
        ("out/film.edl", "theirs.otio"),
    ] {
        rewrite(source, target);
        film.write(&[], Some(target));
        assert_eq!(film.cut(), ours, "{source} as {target}");
    }
    // It makes no black of its own, so what it writes of our timeline has dissolves alone.
    film.write(&[(1, "transition_in: dissolve 7")], None);
    let ours = film.cut();
    assert_eq!(film.json(&["run"])["success"], true);
    rewrite("out/film.otio", "theirs.edl");
    film.write(&[], Some("theirs.edl"));
    assert_eq!(film.cut(), ours);
}

#[test]
fn the_cut_of_an_editor_is_the_film() {
    let Some(python) = edit_python() else { return };
    let film = PlateFilm::new();
    film.write(EVERY_TRANSITION, None);
    assert_eq!(film.json(&["run"])["success"], true);
    let from = film.path("out/film.otio");
    let to = film.path("recut.otio");
    check_edit(
        &python,
        &["recut", from.to_str().unwrap(), to.to_str().unwrap()],
    );
    film.write(&[], Some("recut.otio"));
    assert_eq!(film.json(&["run"])["success"], true);
    let plate = |channel: usize, number: u16| {
        let mut pixel = [0; 3];
        pixel[channel] = 20 + 4 * number;
        pixel
    };
    let mut expected: Vec<[u16; 3]> = (11..=30).map(|number| plate(2, number)).collect();
    expected.extend((16..=30).map(|number| plate(0, number)));
    expected.extend((11..=34).map(|number| plate(1, number)));
    let shown = film.frames();
    assert_eq!(shown.len(), expected.len());
    for (frame, (shown, expected)) in shown.iter().zip(&expected).enumerate() {
        // Six frames around the cut at 35 show both.
        if (32..38).contains(&frame) {
            let red = 20 + 4 * (28 + u16::try_from(frame).unwrap() - 32);
            let green = 20 + 4 * (8 + u16::try_from(frame).unwrap() - 32);
            assert!(shown[0] > 0 && shown[0] < red, "frame {frame}: {shown:?}");
            assert!(shown[1] > 0 && shown[1] < green, "frame {frame}: {shown:?}");
        } else {
            assert_eq!(shown, expected, "frame {frame}");
        }
    }
    // The shots as they are written are the old cut.
    film.write(EVERY_TRANSITION, None);
    let plan = film.json(&["plan"]);
    let jobs = plan["jobs"].as_array().unwrap().iter();
    let runs = jobs.filter(|job| job["place"].is_string());
    assert!(
        runs.clone()
            .all(|job| !job["job"].as_str().unwrap().starts_with("render"))
    );
}

const SPOKEN: &str = "
production:
  title: Spoken
  author: Tests
  description: Words.
  sound: {speech: murmur, music: \"off\"}
  captions: {profile: bbc, speakers: always, sounds: true, table: captions.csv}
  render_settings: {frame_rate: 24}
  shots:
    - name: one
      frames: {path: plates/red.%04d.png, graded: true}
      frame_range: 1-48
      effects: [{name: door_close, at: 0}]
      lines: [{who: MARA, text: It <went> out., at: 10}]
    - name: two
      frames: {path: plates/green.%04d.png, graded: true}
      frame_range: 1-48
      lines: [{who: ILYA, text: Then light it.}]
  outputs:
    - {name: film, codec: h264, resolution: 32x32, path: out/film.mp4, captions: {burn_in: de, track: [en, de]}}
    - {name: srt, format: srt, path: out/film.srt}
    - {name: german, format: srt, language: de, path: out/film.de.srt}
    - {name: vtt, format: vtt, path: out/film.vtt}
    - {name: ttml, format: ttml, path: out/film.ttml}
";

const SPOKEN_TABLE: &str = "line,de\none.1,Sie ging aus.\ntwo.1,\"Dann zünd sie an, los.\"\n\
                            [door closes],[Tür schließt]\n";

/// Returns the captions of a file, as pysubs2 reads them.
fn read_subtitles(python: &Path, path: &Path) -> Vec<(i64, i64, String)> {
    let seen = check_edit(python, &["subtitles", path.to_str().unwrap()]);
    let seen = seen.as_array().unwrap().iter();
    seen.map(|cue| {
        let time = |index: usize| cue[index].as_i64().unwrap();
        (time(0), time(1), cue[2].as_str().unwrap().to_owned())
    })
    .collect()
}

#[test]
fn the_captions_of_a_film_are_files_and_tracks_of_text() {
    let Some(python) = edit_python() else { return };
    let film = PlateFilm::new();
    std::fs::write(film.path("production.yaml"), SPOKEN).unwrap();
    std::fs::write(film.path("captions.csv"), SPOKEN_TABLE).unwrap();
    assert_eq!(film.json(&["run"])["success"], true);
    let english = read_subtitles(&python, &film.path("out/film.srt"));
    let german = read_subtitles(&python, &film.path("out/film.de.srt"));
    let texts = |cues: &[(i64, i64, String)]| -> Vec<String> {
        cues.iter().map(|(_, _, text)| text.clone()).collect()
    };
    assert_eq!(
        texts(&english),
        [
            "[door closes]\nMARA: It ‹went› out.",
            "ILYA: Then light it."
        ]
    );
    assert_eq!(
        texts(&german),
        [
            "[Tür schließt]\nMARA: Sie ging aus.",
            "ILYA: Dann zünd sie an, los."
        ]
    );
    for (start, end, text) in english.iter().chain(&german) {
        // 1.2 seconds are the shortest of the guide, to a thousandth.
        assert!(
            end - start >= 1199 && *end <= 4000,
            "{text}: {start} to {end}"
        );
    }
    let ttml = read_subtitles(&python, &film.path("out/film.ttml"));
    assert_eq!(ttml[0].2, "[door closes]\nMARA: It <went> out.");
    assert_eq!((ttml[1].0, ttml[1].1), (english[1].0, english[1].1));
    let vtt = check_edit(
        &python,
        &["webvtt", film.path("out/film.vtt").to_str().unwrap()],
    );
    assert_eq!(vtt[1][2], "ILYA: Then light it.");
    for (track, expected) in [&english, &german].into_iter().enumerate() {
        let text = film.path(&format!("track{track}.srt"));
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-i"])
            .arg(film.path("out/film.mp4"))
            .args(["-map", &format!("0:s:{track}")])
            .arg(&text)
            .status()
            .unwrap();
        assert!(status.success());
        assert_eq!(&read_subtitles(&python, &text), expected);
    }
}

/// Two films of pictures, one with captions on them, and the captions as a file.
const BURNED_OUTPUTS: &str = "
    - {name: film, codec: png, resolution: 160x90, path: out/film/}
    - {name: burned, codec: png, resolution: 160x90, path: out/burned/, captions: burn_in}
    - {name: srt, format: srt, path: out/film.srt}
";

/// Returns the frames of 24 a second between the times of a SubRip file.
fn captioned_frames(path: &Path) -> Vec<usize> {
    let text = std::fs::read_to_string(path).unwrap();
    let times = text.lines().filter_map(|line| line.split_once(" --> "));
    let frame = |clock: &str| -> usize {
        let numbers = clock
            .split([':', ','])
            .map(|part| part.parse::<usize>().unwrap());
        let [hours, minutes, seconds, thousandths] = numbers.collect::<Vec<_>>()[..] else {
            panic!("{clock}");
        };
        let whole = (hours * 60 + minutes) * 60 + seconds;
        whole * 24 + (thousandths * 24 + 500) / 1000
    };
    times
        .flat_map(|(start, end)| frame(start)..frame(end))
        .collect()
}

#[test]
fn captions_are_drawn_on_the_frames_that_their_file_names() {
    let film = PlateFilm::new();
    let (head, _) = SPOKEN.split_once("  outputs:").unwrap();
    let document = format!("{head}  outputs:{BURNED_OUTPUTS}");
    let write = |text: &str| std::fs::write(film.path("production.yaml"), text).unwrap();
    write(&document);
    std::fs::write(film.path("captions.csv"), SPOKEN_TABLE).unwrap();
    let pictures = |name: &str| -> Vec<_> {
        let entries = std::fs::read_dir(film.path(name)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|found| found == "png"));
        files.sort();
        files.iter().map(|path| read_png(path).unwrap()).collect()
    };
    let drawn = || -> Vec<usize> {
        let (plain, burned) = (pictures("out/film"), pictures("out/burned"));
        assert_eq!((plain.len(), burned.len()), (96, 96));
        let differs = |index: &usize| plain[*index].pixels != burned[*index].pixels;
        (0..96).filter(differs).collect()
    };
    assert_eq!(film.json(&["run"])["success"], true);
    let captions = captioned_frames(&film.path("out/film.srt"));
    assert!(!captions.is_empty() && captions.len() < 96, "{captions:?}");
    assert_eq!(drawn(), captions);
    let first = pictures("out/burned");

    // Another text of the second shot encodes its segment again, and no other.
    write(&document.replace("Then light it.", "Then leave it."));
    assert_eq!(film.json(&["run"])["success"], true);
    assert_eq!(drawn(), captioned_frames(&film.path("out/film.srt")));
    let second = pictures("out/burned");
    assert!(first[..48] == second[..48] && first[48..] != second[48..]);
    let runs = film.runs_by_job();
    assert_eq!(runs["export.encode/burned/one"], 1, "{runs:?}");
    assert_eq!(runs["export.encode/burned/two"], 2, "{runs:?}");

    // German, from the table.
    write(&document.replace("captions: burn_in", "captions: {burn_in: de}"));
    assert_eq!(film.json(&["run"])["success"], true);
    assert!(pictures("out/burned") != first);
}

/// Cards before two shots, and end credits.
const CARDS: &str = "  titles:
    - {text: X, over: black, for: 12, shot: sequence_two_shot}
    - {text: Y, over: navy, for: 6, shot: one}
    - {text: Over the picture, shot: four}
  credits: {for: 10, sections: [{heading: X}]}
";

impl PlateFilm {
    /// Writes the document with title cards and credits.
    fn write_cards(&self, fields: &[(usize, &str)], recut: Option<&str>, of_film: bool) {
        self.write(fields, recut);
        let path = self.path("production.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut text = text.replacen("  shots:\n", &format!("{CARDS}  shots:\n"), 1);
        if of_film {
            for format in ["otio", "edl", "fcpxml"] {
                let field = format!("format: {format},");
                text = text.replace(&field, &format!("{field} media: film,"));
            }
        }
        std::fs::write(path, text).unwrap();
    }

    /// Returns the findings of `validate` with this code.
    fn findings(&self, code: &str) -> Vec<String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.arg("validate").arg(self.0.path());
        let output = command.args(["--format", "json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let issues = report["issues"].as_array().unwrap().iter();
        let found = issues.filter(|issue| issue["code"] == format!("production::{code}"));
        found
            .map(|issue| issue["message"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn cards_and_credits_come_back_where_the_document_has_them() {
    let film = PlateFilm::new();
    let fades = [
        (0, "transition_in: fade_from_black 5"),
        (0, "transition_out: fade_to_black 4"),
        (1, "transition_in: fade_from_black 4"),
        (2, "transition_in: dissolve 6"),
        (3, "transition_out: fade_to_white 4"),
    ];
    for of_film in [false, true] {
        film.write_cards(&fades, None, of_film);
        let ours = film.cut();
        let names = ours.iter().map(|clip| clip[0].clone()).take(7);
        assert_eq!(
            serde_json::json!(names.collect::<Vec<_>>()),
            serde_json::json!([
                "title_2",
                "one",
                "title_1",
                "sequence_two_shot",
                "sequence_two_show",
                "four",
                "credits"
            ])
        );
        assert_eq!(film.json(&["run"])["success"], true);
        for name in [
            "film.otio",
            "old.otio",
            "film.edl",
            "film.fcpxml",
            "film10.fcpxml",
            // It has no column for colours, and these are black and white.
            "film.csv",
        ] {
            film.write_cards(&[], Some(&film.bring_back(name)), of_film);
            assert_eq!(film.cut(), ours, "{name}, of the film: {of_film}");
            assert_eq!(film.planned(), 0, "{name}");
            assert_eq!(film.findings("recut::card"), [""; 0], "{name}");
        }
    }
}

#[test]
fn a_film_that_fades_into_its_credits_is_written_as_a_list_by_others() {
    let Some(python) = edit_python() else { return };
    let film = PlateFilm::new();
    let fades = [
        (0, "transition_out: fade_to_black 4"),
        (3, "transition_out: fade_to_black 4"),
    ];
    film.write_cards(&fades, None, false);
    assert_eq!(film.json(&["run"])["success"], true);
    let [ours, theirs] = ["out/film.otio", "theirs.edl"].map(|name| film.path(name));
    let words = [
        "rewrite",
        ours.to_str().unwrap(),
        theirs.to_str().unwrap(),
        "24",
    ];
    let found = check_edit(&python, &words);
    assert_eq!(found["transitions"].as_array().unwrap().len(), 2, "{found}");
    assert!(std::fs::read_to_string(theirs).unwrap().contains("credits"));
}

/// A card is longer, another is behind its shot, the credits are before the last shot.
const CARDS_ELSEWHERE: &str = "\
TITLE: recut
001  ONE      V     C        00:00:00:11 00:00:01:07 00:00:00:00 00:00:00:20
* FROM CLIP NAME: one
002  AX       V     C        00:00:00:00 00:00:00:06 00:00:00:20 00:00:01:02
* FROM CLIP NAME: title_2
003  AX       V     C        00:00:00:00 00:00:00:20 00:00:01:02 00:00:01:22
* FROM CLIP NAME: title_1
004  SEQUENCE V     C        00:00:00:11 00:00:01:07 00:00:01:22 00:00:02:18
* FROM CLIP NAME: sequence_two_shot
005  AX       V     C        00:00:00:00 00:00:00:06 00:00:02:18 00:00:03:00
* FROM CLIP NAME: title_3
";

#[test]
fn cards_are_where_an_editor_moved_them() {
    let film = PlateFilm::new();
    std::fs::write(film.path("theirs.edl"), CARDS_ELSEWHERE).unwrap();
    film.write_cards(&[], Some("theirs.edl"), false);
    assert_eq!(
        film.findings("recut::card"),
        [
            "not in the timeline, and still in the film: `credits`",
            "event 3: `title_1` is behind `title_2` in the timeline, and before it in the film",
        ]
    );
    // The third title is over a picture.
    assert_eq!(
        film.findings("recut::unknown_clip"),
        ["event 5: `title_3` is no title card of the production"]
    );
    let moved = CARDS_ELSEWHERE.replace("title_2", "title_X");
    let moved = moved
        .replace("title_1", "title_2")
        .replace("title_X", "title_1");
    let moved = moved.split("005").next().unwrap();
    let four = "005  FOUR     V     C        00:00:00:11 00:00:01:07 00:00:02:18 00:00:03:14\n";
    std::fs::write(film.path("theirs.edl"), format!("{moved}{four}")).unwrap();
    let cut = film.cut();
    // Transitions have five fields.
    let clips = cut
        .iter()
        .filter(|entry| entry.as_array().unwrap().len() == 4);
    let cut: Vec<(String, u64)> = clips
        .map(|clip| {
            (
                clip[0].as_str().unwrap().to_owned(),
                clip[2].as_u64().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("one", 0),
        ("title_1", 20),
        ("title_2", 26),
        ("sequence_two_shot", 46),
        ("four", 66),
        ("credits", 86),
    ];
    assert_eq!(cut, wanted.map(|(name, start)| (name.to_owned(), start)));
}

#[test]
fn a_text_beside_files_of_single_shots_is_about_the_whole_film() {
    let film = PlateFilm::new();
    film.write(&[], None);
    let path = film.path("production.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, _) = text.split_once("  outputs:").unwrap();
    let outputs = "  outputs:\n    - {name: files, codec: prores_422, resolution: 16x16, path: \
                   out/shots/, per_shot: true}\n    - {name: edl, format: edl, path: \
                   out/film.edl}\n    - {name: list, format: cut_list, path: out/cuts.csv}\n";
    std::fs::write(&path, format!("{head}{outputs}")).unwrap();
    assert_eq!(film.cut().len(), 4);
    assert_eq!(film.json(&["run"])["success"], true);
    let list = std::fs::read_to_string(film.path("out/film.edl")).unwrap();
    let files: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("* SOURCE FILE: "))
        .collect();
    assert_eq!(
        files,
        [
            "shots/one.mov",
            "shots/sequence_two_shot.mov",
            "shots/sequence_two_show.mov",
            "shots/four.mov"
        ]
    );
    let cuts = std::fs::read_to_string(film.path("out/cuts.csv")).unwrap();
    assert_eq!(cuts.lines().count(), 5);
}

#[test]
fn the_table_of_reels_that_is_read_is_never_replaced() {
    let film = PlateFilm::new();
    std::fs::write(film.path("theirs.edl"), AVID_LIST).unwrap();
    film.write(&[], Some("theirs.edl"));
    let path = film.path("production.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let output = "    - {name: table, format: reels, replace: true, path: theirs.reels.csv}\n";
    std::fs::write(&path, format!("{text}{output}")).unwrap();
    let refused = ["output `table` cannot be delivered to `theirs.reels.csv`"];
    // Whether it is there or not.
    assert_eq!(film.findings("outputs::protected_path"), refused);
    let table = "reel,shot,source_start,shot_frame,frames,media\nFOUR_V2,four,11,11,20,\n";
    std::fs::write(film.path("theirs.reels.csv"), table).unwrap();
    assert_eq!(film.findings("outputs::protected_path"), refused);
    let damaged = table.replace(",11,11,", ",-9223372036854775808,11,");
    std::fs::write(film.path("theirs.reels.csv"), damaged).unwrap();
    assert_eq!(
        film.findings("recut::unreadable"),
        [
            "row 2: the table of reels cannot be read: `source_start` is `-9223372036854775808`, which is \
          no number of a frame"
        ]
    );
}
