//! Ads: planned from words, written as documents, and made of beats.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use production::expand::{SidecarFiles, expand_production};
use production::model::JobAction;
use production::project::{ProjectOptions, open};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

fn production(arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .env("NO_COLOR", "1")
        .env_remove("BEAT_COMPOSITION_CREATIVITY")
        .output()
        .unwrap()
}

fn create(folder: &Path, arguments: &[&str]) -> Output {
    let place = ["--output", folder.to_str().unwrap()];
    production(&[&["create"], arguments, &place[..]].concat())
}

fn error_text(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the JSON of `info` for a production, which must be valid and without warnings.
fn info(path: &Path) -> Value {
    let path = path.to_str().unwrap();
    let found = production(&["validate", path, "--format", "short"]);
    let printed = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(
        found.status.success() && !printed.contains(": warning["),
        "{printed}"
    );
    serde_json::from_slice(&production(&["info", path, "--format", "json"]).stdout).unwrap()
}

fn spec(arguments: &[&str]) -> Value {
    let plan = ["create", "--dry-run", "--format", "json"];
    let printed = production(&[&plan[..], arguments].concat());
    assert!(printed.status.success(), "{printed:?}");
    serde_json::from_slice(&printed.stdout).unwrap()
}

/// Returns the frames of all shots.
fn frame_count(info: &Value) -> u64 {
    info["frames"].as_u64().unwrap()
}

#[test]
fn every_archetype_makes_a_production_that_is_valid_and_has_its_length() {
    let folder = tempfile::tempdir().unwrap();
    for (name, prompt, seconds) in [
        ("shoe", "15s Nike sneakers energetic urban", 15),
        ("watch", "30s luxury watch elegant", 30),
        ("phone", "20s iPhone minimalist clean", 20),
        ("car", "25s family car emotional story", 25),
        (
            "thermostat",
            "25s smart thermostat features, informative",
            25,
        ),
        ("box", "10s quantum flux", 10),
    ] {
        let made = create(folder.path(), &[name, "--prompt", prompt]);
        assert!(made.status.success(), "{made:?}");
        let info = info(&folder.path().join(name));
        assert_eq!(frame_count(&info), seconds * 30, "{prompt}");
    }
}

#[test]
fn every_beat_stages_its_shots_with_and_without_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(
        folder.path(),
        &["ad", "--prompt", "30s luxury watch elegant"],
    );
    assert!(made.status.success(), "{made:?}");
    let beats = production(&["library", "beats", "--format", "short"]);
    let beats = String::from_utf8(beats.stdout).unwrap();
    assert_eq!(beats.lines().count(), 15);
    let list: String = beats
        .lines()
        .map(|beat| format!("    - {beat}\n"))
        .collect();
    for person in [true, false] {
        let cast = if person {
            "  characters:\n    - {name: person, model: models/mara.glb}\n"
        } else {
            ""
        };
        let document = format!(
            "production:\n  title: All beats\n{cast}  props:\n    - {{name: watch, model: models/product_watch.glb}}\n  \
             locations:\n    - {{name: stage, preset: product_stage}}\n    - {{name: setting, preset: modern_loft}}\n  \
             ad: {{product_name: A watch, key_message: Time is yours., call_to_action: Discover it}}\n  \
             beats:\n{list}  outputs:\n    - {{name: ad, format: streaming_1080p, path: out/ad.mp4}}\n"
        );
        let path = folder.path().join("ad/all.yaml");
        std::fs::write(&path, document).unwrap();
        let printed = production(&["validate", path.to_str().unwrap(), "--format", "short"]);
        let text = String::from_utf8_lossy(&printed.stdout).into_owned();
        assert!(printed.status.success(), "{text}");
        assert!(!text.contains("jump_cut"), "{text}");
        let printed = production(&["info", path.to_str().unwrap(), "--format", "json"]);
        let info: Value = serde_json::from_slice(&printed.stdout).unwrap();
        assert_eq!(frame_count(&info), 100 * 24);
        let shots = info["shots"].as_array().unwrap();
        assert!(shots.len() > 30, "{}", shots.len());
    }
}

#[test]
fn a_shot_beside_the_beats_changes_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(folder.path(), &["ad", "--prompt", "15s watch elegant"]);
    assert!(made.status.success(), "{made:?}");
    let path = folder.path().join("ad/production.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let own = "  shots:\n    - {name: hero_shot_2, lens: 200}\n";
    std::fs::write(&path, text + own).unwrap();
    let resolved = production(&["info", path.to_str().unwrap(), "--resolved"]);
    let resolved = String::from_utf8_lossy(&resolved.stdout).into_owned();
    assert!(resolved.contains("lens: 200"), "{resolved}");
}

#[test]
fn an_ad_written_out_in_full_makes_the_same_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(folder.path(), &["ad", "--prompt", "15s sneakers \"Run.\""]);
    assert!(made.status.success(), "{made:?}");
    let ad = folder.path().join("ad");
    let resolved = production(&["info", ad.to_str().unwrap(), "--resolved"]);
    let full = ad.join("full.yaml");
    std::fs::write(&full, &resolved.stdout).unwrap();
    let jobs = |path: &Path| {
        let opened = open(path, &ProjectOptions::default()).unwrap();
        let found = opened.diagnostics.as_slice();
        let checked = opened.checked.unwrap_or_else(|| panic!("{found:?}"));
        let jobs = expand_production(&checked, &SidecarFiles::default()).unwrap();
        let names: Vec<String> = jobs.iter().map(|job| job.name.to_string()).collect();
        names
    };
    assert_eq!(jobs(&full), jobs(&ad));
}

/// Frame n+1 of a chunk follows frame n of the one before: every chunk of a shot has the frames of
/// the whole shot, over which camera and clips move, and begins with the frame behind the last.
#[test]
fn chunks_of_the_built_in_renderer_follow_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(
        folder.path(),
        &["ad", "--prompt", "30s luxury watch elegant"],
    );
    assert!(made.status.success(), "{made:?}");
    let opened = open(&folder.path().join("ad"), &ProjectOptions::default()).unwrap();
    let checked = opened.checked.unwrap();
    let jobs = expand_production(&checked, &SidecarFiles::default()).unwrap();
    for shot in &checked.shots {
        let name = &shot.name.value;
        let mut next = None;
        let mut drawn = 0;
        for job in &jobs {
            let JobAction::Render {
                frames,
                shot_frames,
                ..
            } = &job.work
            else {
                continue;
            };
            if job.shot.as_ref() != Some(name) {
                continue;
            }
            let numbers: Vec<i32> = frames.iter().collect();
            let whole: Vec<i32> = shot_frames.iter().collect();
            let first = numbers[0];
            // Handles of transitions are before and behind.
            if !whole.contains(&first) {
                continue;
            }
            assert_eq!(whole, shot.frames.iter().collect::<Vec<i32>>());
            if let Some(next) = next {
                assert_eq!(first, next, "{name}");
            }
            next = numbers.last().map(|last| last + 1);
            drawn += numbers.len();
        }
        assert_eq!(drawn, shot.frames.len(), "{name}");
    }
}

#[test]
fn a_still_waits_for_one_frame_and_shows_the_titles_of_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(folder.path(), &["ad", "--prompt", "15s watch elegant"]);
    assert!(made.status.success(), "{made:?}");
    let ad = folder.path().join("ad");
    let opened = open(&ad, &ProjectOptions::default()).unwrap();
    let checked = opened.checked.unwrap();
    let jobs = expand_production(&checked, &SidecarFiles::default()).unwrap();
    let mut titled = 0;
    let stills = jobs.iter().filter(|job| {
        let output = job.output.as_deref().unwrap_or_default();
        output.starts_with("storyboard_") && matches!(job.work, JobAction::Encode { .. })
    });
    let mut count = 0;
    for still in stills {
        count += 1;
        let JobAction::Encode {
            overlays,
            source_frames,
            ..
        } = &still.work
        else {
            continue;
        };
        assert_eq!(*source_frames, 1, "{}", still.name);
        titled += usize::from(!overlays.is_empty());
        let needed = still.inputs.iter().filter_map(|input| match &input.from {
            production::model::InputSource::Job(job) => Some(&jobs[job.index()]),
            _ => None,
        });
        let frames: Vec<usize> = needed
            .filter_map(|job| match &job.work {
                JobAction::Grade { frames, .. } => Some(frames.len()),
                _ => None,
            })
            .collect();
        assert_eq!(frames, [1], "{}", still.name);
    }
    assert_eq!(count, checked.beats.len());
    assert!(titled > 0, "no still has a title");
    // What `info` says is where the still is, and how large it is.
    let info = info(&ad);
    for beat in info["beats"].as_array().unwrap() {
        let path = beat["storyboard"].as_str().unwrap();
        assert!(
            path.starts_with("deliverables/storyboard/") && path.ends_with(".jpg"),
            "{path}"
        );
        assert_eq!(
            beat["image_parameters"]["size"],
            serde_json::json!([1280, 720])
        );
        assert_eq!(beat["chunks"][0]["input_location"], beat["storyboard"]);
        assert_eq!(beat["status"], "queued");
    }
}

#[test]
fn the_spec_of_a_plan_is_that_of_the_catalogue() {
    let spec = spec(&["--prompt", "15s Nike sneakers energetic"]);
    assert_eq!(spec["template"], "energetic_lifestyle");
    assert_eq!((&spec["duration"], &spec["fps"]), (&15.into(), &30.into()));
    assert_eq!(spec["resolution"], serde_json::json!([1280, 720]));
    assert_eq!(spec["product"]["name"], "Nike sneakers");
    let starts: Vec<&Value> = spec["beats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|beat| &beat["start"])
        .collect();
    assert_eq!(starts, [0, 5, 10]);
    assert_eq!(spec["chunks"].as_array().unwrap().len(), 3);
    assert_eq!(spec["cost"][0]["total"], 0.0);
    assert_eq!(spec["cost"][1]["total"], 0.3065);
    let prompt = spec["beats"][0]["prompt"].as_str().unwrap();
    assert!(
        prompt.contains("Nike sneakers") && prompt.contains("energetic setting"),
        "{prompt}"
    );
}

#[test]
fn nonsense_is_a_clear_error_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let fails = |arguments: &[&str]| error_text(&create(folder.path(), arguments));
    assert!(fails(&["a", "--prompt", ""]).contains("the prompt has no words"));
    assert!(fails(&["a", "--prompt", "15s shoes, 30 seconds"]).contains("keep one"));
    assert!(fails(&["a", "--prompt", "17s shoes"]).contains("15 s and 20 s"));
    assert!(fails(&["a", "--prompt", "shoes", "--duration", "soon"]).contains("whole seconds"));
    assert!(fails(&["a", "--prompt", "shoes", "--creativity", "2"]).contains("from 0 to 1"));
    let long = folder.path().join("long.txt");
    std::fs::write(&long, "shoes ".repeat(2_000_000)).unwrap();
    let long = long.to_str().unwrap();
    assert!(fails(&["a", "--prompt-file", long]).contains("the limit is 10000"));
    assert!(!folder.path().join("a").exists());
}

#[test]
fn another_language_is_planned_with_what_is_understood() {
    let spec = spec(&[
        "--prompt",
        "20 Sekunden Werbung für Schuhe, schnell und laut",
    ]);
    assert_eq!(spec["duration"], 20);
    assert_eq!(spec["product"]["category"], "shoe");
}

/// A line that takes about seven and a half seconds.
const LONG_LINE: &str = "10s watch \"Ten seconds are not very long, but people do write lines that are \
    this long for them, and more.\"";

#[test]
fn a_line_longer_than_a_beat_begins_earlier_and_the_length_stays() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(folder.path(), &["ad", "--prompt", LONG_LINE]);
    assert!(made.status.success(), "{made:?}");
    // Without a warning that it is too long for its shot, too.
    let info = info(&folder.path().join("ad"));
    assert_eq!(frame_count(&info), 300);
    let opened = open(&folder.path().join("ad"), &ProjectOptions::default()).unwrap();
    let checked = opened.checked.unwrap();
    let speaking = checked.shots.iter().position(|shot| !shot.lines.is_empty());
    assert_eq!(speaking, Some(0));
    assert_eq!(checked.shots[0].lines[0].excess_frames, 0);
}

#[test]
fn a_line_longer_than_the_ad_is_refused_with_both_lengths() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(
        folder.path(),
        &["ad", "--prompt", LONG_LINE, "--duration", "5s"],
    );
    let error = error_text(&made);
    assert!(
        error.contains("an ad of 5 s: the line in quotes takes about 8 s to say"),
        "{error}"
    );
    assert!(error.contains("`--duration 10s`"), "{error}");
    assert!(!folder.path().join("ad").exists());
}

#[test]
fn the_narrator_has_the_language_of_the_line() {
    for (line, language) in [
        ("عطر الليل", "ar"),
        ("Всё впереди, друзья мои.", "ru"),
        ("Ο χρόνος σου", "el"),
        ("הזמן שלך", "he"),
        ("आपका समय", "hi"),
        ("당신의 시간", "ko"),
        ("Die Uhr für den, der nicht auf die Zeit wartet.", "de"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let prompt = format!("15s watch elegant \"{line}\"");
        let made = create(folder.path(), &["ad", "--prompt", &prompt]);
        if !made.status.success() {
            // No font of this machine has the letters, which `create` says.
            assert!(error_text(&made).contains("font"), "{made:?}");
            continue;
        }
        let document = std::fs::read_to_string(folder.path().join("ad/production.yaml")).unwrap();
        assert!(
            document.contains(&format!("language: {language}\n")),
            "{document}"
        );
        info(&folder.path().join("ad"));
    }
}

#[test]
fn a_logo_is_the_last_picture_of_the_ad() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.png");
    // One red pixel, as the smallest PNG.
    std::fs::write(&logo, RED_PIXEL).unwrap();
    let made = create(
        folder.path(),
        &[
            "ad",
            "--prompt",
            "15s watch elegant",
            "--logo",
            logo.to_str().unwrap(),
        ],
    );
    assert!(made.status.success(), "{made:?}");
    let info = info(&folder.path().join("ad"));
    let last = info["shots"].as_array().unwrap().last().unwrap();
    assert_eq!(last["name"], "call_to_action_2");
}

/// A PNG of one red pixel.
const RED_PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 0x0c, b'I', b'D', b'A', b'T',
    0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 0x03, 0x01, 0x01, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0,
    0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// The ad of the example, and the words that it was made from.
const EXAMPLE: &str = "examples/beat_ad";
const EXAMPLE_WORDS: [&str; 5] = [
    "watch",
    "--prompt",
    "15s Meridian watch elegant luxury \"Time, kept.\"",
    "--author",
    "the authors of production",
];

#[test]
fn the_example_is_what_its_words_make() {
    let folder = tempfile::tempdir().unwrap();
    let made = create(folder.path(), &EXAMPLE_WORDS);
    assert!(made.status.success(), "{made:?}");
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path.join("production.yaml")).unwrap();
        let lines = text.lines().filter(|line| !line.contains("created: "));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let again = folder.path().join("watch");
    assert_eq!(read(&again), read(&example), "make it anew with `create`");
    let model = |folder: &Path| std::fs::read(folder.join("models/product_watch.glb")).unwrap();
    assert!(model(&again) == model(&example), "the model differs");
    info(&example);
}

#[test]
fn the_example_runs_at_a_small_size() {
    if !machine::makes_films() {
        return;
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let text = std::fs::read_to_string(example.join("production.yaml")).unwrap();
    let (shots, _) = text.split_once("\n  outputs:").unwrap();
    // Four pictures a second: every beat, every move and every title, in few frames.
    let short = shots.replace("frame_rate: 30", "frame_rate: 4");
    assert_ne!(short, shots);
    let outputs = "\n  outputs:\n    - {name: stills, codec: png, resolution: 160x90, frame_rate: 4, path: out}\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("models")).unwrap();
    let model = "models/product_watch.glb";
    std::fs::copy(example.join(model), folder.path().join(model)).unwrap();
    std::fs::write(folder.path().join("production.yaml"), short + outputs).unwrap();
    let place = folder.path().to_str().unwrap();
    let run = production(&["run", place, "--quality", "draft", "--no-sound", "--quiet"]);
    assert!(run.status.success(), "{run:?}");
    let light = |number: usize| {
        let path = folder.path().join(format!("out/{number:06}.png"));
        let picture = production::media::picture::read_png(&path).unwrap();
        let sum: u64 = picture.pixels.iter().map(|pixel| u64::from(pixel[1])).sum();
        sum / picture.pixels.len() as u64
    };
    // It comes out of the dark, and the last frames are dark again.
    assert!(light(16) > light(1) * 2, "{} {}", light(16), light(1));
    assert!(light(60) < light(50), "{} {}", light(60), light(50));
    assert!(!folder.path().join("out/000061.png").exists());
}

#[test]
fn a_storyboard_has_a_folder_of_stills_and_its_beats_one_status() {
    if !machine::makes_films() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = create(
        folder.path(),
        &["ad", "--prompt", "10s red sneakers urban \"Run.\""],
    );
    assert!(made.status.success(), "{made:?}");
    let document = folder.path().join("ad/production.yaml");
    let text = std::fs::read_to_string(&document).unwrap();
    std::fs::write(&document, text.replace("1280x720", "160x90")).unwrap();
    let place = folder.path().join("ad");
    let place = place.to_str().unwrap();
    let storyboard = ["--up-to", "storyboard", "--quality", "draft"];
    let run = production(&[&["run", place], &storyboard[..]].concat());
    assert!(run.status.success(), "{run:?}");
    let printed = String::from_utf8(run.stdout).unwrap();
    let stills = printed
        .lines()
        .find_map(|line| line.trim().strip_prefix("stills  "));
    let stills = std::fs::read_dir(stills.unwrap()).unwrap();
    let count = stills
        .filter(|entry| entry.as_ref().unwrap().path().extension().unwrap() == "jpg")
        .count();
    assert_eq!(count, 2, "{printed}");
    let steps = |command: &str| -> Vec<Value> {
        let printed = production(&[command, place, "--format", "json"]);
        let printed: Value = serde_json::from_slice(&printed.stdout).unwrap();
        let beats = printed["beats"].as_array().unwrap().iter();
        beats.map(|beat| beat["status"].clone()).collect()
    };
    assert_eq!(steps("status"), ["storyboarding", "storyboarding"]);
    assert_eq!(steps("info"), steps("status"));
}

#[test]
fn nobody_is_in_an_ad_whose_words_want_no_people() {
    let folder = tempfile::tempdir().unwrap();
    for (name, words) in [
        ("no", "15s sneakers urban, no people"),
        ("without", "15s Schuhe ohne Menschen"),
        ("alone", "20s car emotional, product only"),
    ] {
        let made = create(folder.path(), &[name, "--prompt", words]);
        assert!(made.status.success(), "{made:?}");
        let place = folder.path().join(name);
        let document = std::fs::read_to_string(place.join("production.yaml")).unwrap();
        assert!(!document.contains("characters:"), "{document}");
        assert!(!place.join("models/person.glb").exists(), "{words}");
        let printed = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(
            printed.contains("is followed: beats that show somebody"),
            "{printed}"
        );
        assert!(!printed.contains("not understood"), "{printed}");
        // The stills of the storyboard are of shots that there are.
        info(&place);
    }
    let peopled = spec(&["--prompt", "30s sneakers lifestyle"]);
    let empty = spec(&["--prompt", "30s sneakers lifestyle, no people"]);
    let has_usage = |spec: &Value| spec["beats"].to_string().contains("usage_scenario");
    assert!(has_usage(&peopled) || !has_usage(&empty), "{empty}");
}

#[test]
fn an_ad_whose_words_want_no_music_or_no_sound_has_none() {
    let folder = tempfile::tempdir().unwrap();
    for (name, words, music, sound) in [
        (
            "calm",
            "15s tea calm, no music, \"A quiet cup.\"",
            false,
            true,
        ),
        ("mute", "15s Tee ohne Ton", false, false),
        ("usual", "15s tea calm", true, true),
    ] {
        let made = create(folder.path(), &[name, "--prompt", words]);
        assert!(made.status.success(), "{made:?}");
        let place = folder.path().join(name);
        let place = place.to_str().unwrap();
        let checked = production(&["validate", place, "--format", "short"]);
        assert!(checked.status.success(), "{checked:?}");
        let planned = production(&["plan", place, "--format", "json"]);
        let plan: Value = serde_json::from_slice(&planned.stdout).unwrap();
        let has_job = |kind: &str| {
            let mut jobs = plan["jobs"].as_array().unwrap().iter();
            jobs.any(|job| job["job"].as_str().unwrap().starts_with(kind))
        };
        assert_eq!(has_job("audio.music"), music, "{words}");
        assert_eq!(has_job("audio.mix"), sound, "{words}");
    }
}

#[test]
fn a_dry_run_fails_on_letters_as_create_does() {
    let folder = tempfile::tempdir().unwrap();
    // A letter of a script of which few machines have a font.
    let words = "10s tea by \"𐎀𐎁\" \"𐎀𐎁𐎂.\"";
    let made = create(folder.path(), &["tea", "--prompt", words]);
    let planned = production(&["create", "--dry-run", "--prompt", words]);
    assert_eq!(made.status.code(), planned.status.code(), "{planned:?}");
    if !made.status.success() {
        assert_eq!(error_text(&made), error_text(&planned));
    }
}

#[test]
fn a_still_of_a_beat_is_one_frame() {
    if !machine::makes_films() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let stills = folder.path().join("stills");
    let drawn = production(&[
        "library",
        "beats",
        "usage_scenario",
        "--stills",
        stills.to_str().unwrap(),
    ]);
    assert!(drawn.status.success(), "{drawn:?}");
    assert!(stills.join("usage_scenario.jpg").is_file());
    // Ten seconds of frames would be many more.
    let printed = String::from_utf8_lossy(&drawn.stderr).into_owned();
    assert!(!printed.contains("240 frames"), "{printed}");
}
