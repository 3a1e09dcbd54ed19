//! A film that is heard: from the document to the streams that players decode, and what a changed
//! line makes again.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/copied_film.rs"]
mod copied_film;
#[path = "support/skip.rs"]
mod skip;

use copied_film::{CopiedFilm, stderr_text, write_program};
use skip::require_or_skip;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const DOCUMENT: &str = "\
production:
  title: Heard
  author: Tests
  description: Two lines in the rain.
  sound: {loudness: streaming, speech: murmur, music: energetic}
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24}
  characters: [{name: mara}, {name: ilya}]
  locations: [{name: studio, preset: studio, ambience: rain, room: room}]
  shots:
    - {name: one, location: studio, lines: ['mara: It went out at four.']}
    - name: two
      location: studio
      lines: ['ilya: Forty years, and it picks tonight.']
      effects: [{name: bell, at: 10}]
  outputs:
    - {name: film, codec: h264, resolution: 16x16, frame_rate: 24, path: out/film.mp4, stems: true}
    - {name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game, sound: wav}
";

fn heard_film() -> CopiedFilm {
    let film = CopiedFilm::with_provider_fields("");
    film.write("film/production.yaml", DOCUMENT);
    film
}

fn run_film(film: &CopiedFilm) -> String {
    let output = film.output(&["run", "film", "--yes"]);
    assert!(output.status.success(), "{}", stderr_text(&output));
    stdout_text(&output)
}

fn stdout_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the facts of the sound of a film, as another program sees them.
fn probed_sound(path: &Path) -> Option<String> {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "a", "-of", "csv=p=0"])
        .args([
            "-show_entries",
            "stream=codec_name,sample_rate,channels,duration",
        ])
        .arg(path)
        .output();
    require_or_skip(output.ok(), "ffprobe is not installed").map(|output| stdout_text(&output))
}

#[test]
fn a_film_has_sound_and_its_stems_are_beside_it() {
    let film = heard_film();
    let message = run_film(&film);
    assert!(message.contains("LUFS of -14.0"), "{message}");
    let Some(sound) = probed_sound(&film.path("film/out/film.mp4")) else {
        return;
    };
    assert!(sound.starts_with("aac,48000,2,"), "{sound}");
    let stems = ["dialogue", "music", "effects", "music_and_effects", "mix"];
    let lengths: Vec<u32> = stems
        .iter()
        .map(|stem| film.path(&format!("film/out/film.stems/{stem}.wav")))
        .chain([film.path("film/out/game.wav")])
        .map(|path| {
            let reader = hound::WavReader::open(&path).unwrap();
            assert_eq!(reader.spec().channels, 2, "{}", path.display());
            assert_eq!(reader.spec().bits_per_sample, 24, "{}", path.display());
            reader.duration()
        })
        .collect();
    // The lengths of the shots are those of the lines, which are whole frames: 2,000 samples each.
    assert!(
        lengths.iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
    assert_eq!(lengths[0] % 2000, 0, "{lengths:?}");
    let pictures = std::fs::read_dir(film.path("film/out/game")).unwrap();
    assert_eq!(u32::try_from(pictures.count()).unwrap() * 2000, lengths[0]);
}

#[test]
fn a_changed_line_makes_itself_the_mix_and_the_film_again() {
    let film = heard_film();
    run_film(&film);
    assert!(
        run_film(&film).contains("up to date"),
        "nothing has changed"
    );
    film.write(
        "film/production.yaml",
        &DOCUMENT.replace("out at four", "out at five"),
    );
    let planned = stdout_text(&film.output(&["plan", "film"]));
    assert!(
        planned.contains("text It went out at four. → It went out at five."),
        "{planned}"
    );
    let message = run_film(&film);
    let jobs = std::fs::read_to_string(film.path("film/.production/runs/rev-0002/report.json"));
    let report: serde_json::Value = serde_json::from_str(&jobs.unwrap()).unwrap();
    // The line, the mix, the film, and the checks of both outputs that are heard with it.
    assert_eq!(report["jobs"]["run"], 5, "{message}");
    // And each says why afterwards.
    let explained = |job: &str| stdout_text(&film.output(&["explain", "film", job]));
    let line = explained("audio.speech/one.1");
    assert!(
        line.contains("    text It went out at four. → It went out at five.\n"),
        "{line}"
    );
    let mix = explained("audio.mix/film");
    assert!(mix.contains("audio.speech/one.1"), "{mix}");
    let music = explained("audio.music/music_1");
    assert!(!music.contains("→"), "{music}");
}

/// Returns the document with another film, which is so loud that its stems need a limiter.
fn with_loud_film(sound: &str) -> String {
    let loud = format!(
        "    - {{name: loud, codec: h264, resolution: 16x16, frame_rate: 24, path: out/loud.mp4, \
         sound: {{loudness: -6{sound}}}}}\n"
    );
    DOCUMENT.replace("loudness: streaming", "loudness: ebu_r128") + &loud
}

#[test]
fn stems_that_do_not_add_up_are_named_where_they_are_delivered_and_only_there() {
    let film = heard_film();
    film.write("film/production.yaml", &with_loud_film(", wav: true"));
    let message = run_film(&film);
    assert!(!message.contains("do not add up"), "{message}");
    let page = std::fs::read_to_string(film.path("film/out/report.html")).unwrap();
    let report = std::fs::read_to_string(film.path("film/out/report.json")).unwrap();
    assert!(!page.contains("do not add up") && !report.contains("do not add up"));
    // All that was delivered is listed, and each loudness with its outputs.
    for path in ["out/film.stems", "out/game.wav", "out/loud.wav"] {
        assert!(message.contains(path), "{path}: {message}");
        assert!(
            page.contains(&format!("href=\"{path}\"")) || page.contains(path),
            "{path}"
        );
    }
    assert!(message.contains("sound of film, game: -23."), "{message}");
    assert!(message.contains("sound of loud: "), "{message}");
    let info = stdout_text(&film.output(&["info", "film"]));
    for part in ["aac, -6 LUFS", "film.stems", "out/loud.wav", "beside it"] {
        assert!(info.contains(part), "{part}: {info}");
    }
    let short = stdout_text(&film.output(&["run", "film", "--yes", "--format", "short"]));
    assert!(short.contains("delivered: out/film.stems\n"), "{short}");

    film.write("film/production.yaml", &with_loud_film(", stems: true"));
    let message = run_film(&film);
    assert!(
        message.contains("! output `loud`: peaks above full scale"),
        "{message}"
    );
    assert!(!message.contains("output `film`: peaks"), "{message}");
    let page = std::fs::read_to_string(film.path("film/out/report.html")).unwrap();
    assert!(page.contains("do not add up"));
}

#[test]
fn what_a_job_made_is_named_and_copied_and_replaces_nothing() {
    let film = heard_film();
    run_film(&film);
    let shown = stdout_text(&film.output(&["show", "film"]));
    assert!(shown.contains("music.wav, music.mid"), "{shown}");
    let job = "audio.music/music_1";
    let listed = stdout_text(&film.output(&["show", "film", "--job", job]));
    assert!(
        listed.contains("music.mid") && listed.contains("blobs"),
        "{listed}"
    );
    let copy = || film.output(&["show", "film", "--job", job, "--out", "scores"]);
    let copied = copy();
    assert!(copied.status.success(), "{}", stderr_text(&copied));
    let score = std::fs::read(film.path("scores/music.mid")).unwrap();
    assert!(score.starts_with(b"MThd"));
    assert!(copy().status.success(), "the same content is there");
    film.write("scores/music.mid", "mine");
    let refused = copy();
    assert_eq!(refused.status.code(), Some(2), "{}", stderr_text(&refused));
    assert_eq!(
        std::fs::read(film.path("scores/music.mid")).unwrap(),
        b"mine"
    );
    let unknown = film.output(&["show", "film", "--job", "audio.music/musik_1"]);
    let message = stderr_text(&unknown);
    assert!(
        message.contains("did you mean `audio.music/music_1`"),
        "{message}"
    );
}

#[test]
fn numbers_and_names_of_info_are_those_of_the_document() {
    let film = heard_film();
    let document = DOCUMENT.replace("ilya: Forty", "ILYA (O.S.): Forty");
    let document = document.replace("{name: bell, at: 10}", "{name: bell, at: 10, pan: -0.6}");
    film.write("film/production.yaml", &document);
    let text = stdout_text(&film.output(&["info", "film"]));
    assert!(
        text.contains("ilya (off screen)") && !text.contains("ILYA"),
        "{text}"
    );
    let json = stdout_text(&film.output(&["info", "film", "--format", "json"]));
    for part in ["\"hold\": 0.3", "\"pan\": -0.6", "\"character\": \"ilya\""] {
        let whole = format!("{part},\n");
        let last = format!("{part}\n");
        assert!(
            json.contains(&whole) || json.contains(&last),
            "{part}: {json}"
        );
    }
}

/// Returns the stems and the WAV files beside the outputs, by their names in `out`.
fn delivered_sound(film: &CopiedFilm) -> BTreeMap<String, Vec<u8>> {
    let stems = ["dialogue", "music", "effects", "music_and_effects", "mix"];
    let stems = stems.map(|stem| format!("film.stems/{stem}.wav"));
    let names = stems.into_iter().chain(["game.wav".to_owned()]);
    names
        .filter_map(|name| {
            let bytes = std::fs::read(film.path("film/out").join(&name)).ok()?;
            Some((name, bytes))
        })
        .collect()
}

/// Fails if a run or a revert replaces a file of sound that was edited.
fn assert_edited_sound_stays(film: &CopiedFilm) {
    for (file, path) in [
        ("out/film.stems/dialogue.wav", "out/film.stems"),
        ("out/game.wav", "out/game.wav"),
    ] {
        let edited = format!("film/{file}");
        let delivered = std::fs::read(film.path(&edited)).unwrap();
        film.write(&edited, "by hand");
        for command in [&["run", "film", "--yes"][..], &["revert", "film", "1"]] {
            let output = film.output(command);
            let message = format!("{}{}", stdout_text(&output), stderr_text(&output));
            assert_eq!(output.status.code(), Some(2), "{command:?}: {message}");
            assert!(
                message.contains("was changed since"),
                "{command:?}: {message}"
            );
            assert!(message.contains(&format!("--replace {path}")), "{message}");
            let kept = std::fs::read(film.path(&edited)).unwrap();
            assert_eq!(kept, b"by hand", "{command:?}");
        }
        std::fs::write(film.path(&edited), delivered).unwrap();
    }
}

#[test]
fn stems_follow_the_revision_and_what_the_user_changed_stays() {
    let film = heard_film();
    let short = DOCUMENT
        .replace("It went out at four.", "Now.")
        .replace("Forty years, and it picks tonight.", "Yes.");
    film.write("film/production.yaml", &short);
    run_film(&film);
    let first = delivered_sound(&film);
    assert_eq!(first.len(), 6);
    film.write("film/out/film.stems/notes.txt", "louder!");
    film.write(
        "film/production.yaml",
        &short.replace("Now.", "Never again."),
    );
    run_film(&film);
    let second = delivered_sound(&film);
    assert_eq!(second.len(), 6);
    let same: Vec<&String> = first
        .keys()
        .filter(|name| first[*name] == second[*name])
        .collect();
    assert!(same.is_empty(), "the second revision is longer: {same:?}");

    // Neither a run nor a revert replaces what somebody mixed again.
    film.write("film/production.yaml", &short.replace("Now.", "Ever."));
    assert_edited_sound_stays(&film);

    film.write("film/out/film.stems/dialogue.wav", "by hand");
    let reverted = film.output(&["revert", "film", "1", "--replace", "out/film.stems"]);
    assert!(reverted.status.success(), "{}", stderr_text(&reverted));
    assert!(delivered_sound(&film) == first, "byte for byte");
    let notes = std::fs::read_to_string(film.path("film/out/film.stems/notes.txt"));
    assert_eq!(notes.unwrap(), "louder!");

    // What was delivered at a path that is not wanted any more stays, and may be delivered again.
    let plain = short
        .replace(", stems: true", "")
        .replace(", sound: wav", "");
    film.write("film/production.yaml", &plain);
    run_film(&film);
    assert!(delivered_sound(&film) == first);
    film.write(
        "film/production.yaml",
        &short.replace("Now.", "Never again."),
    );
    run_film(&film);
    assert!(delivered_sound(&film) == second);
    assert!(film.path("film/out/film.stems/notes.txt").exists());

    // A run that changes nothing names the files where the revision put them.
    let dated = short.replace("out/film.mp4", "\"out/${revision}/film.mp4\"");
    film.write("film/production.yaml", &dated);
    run_film(&film);
    let again = film.output(&["run", "film", "--yes"]);
    let message = stdout_text(&again);
    assert!(
        message.contains("film.stems") && !message.contains("${revision}"),
        "{message}"
    );
}

#[test]
fn without_sound_nothing_of_it_is_made() {
    let film = heard_film();
    let output = film.output(&["run", "film", "--yes", "--no-sound"]);
    assert!(output.status.success(), "{}", stderr_text(&output));
    assert!(!film.path("film/out/film.stems").exists());
    assert!(!film.path("film/out/game.wav").exists());
    let frames = |option: &str| {
        let output = film.output(&["info", "film", "--format", "json", option]);
        let info: serde_json::Value = serde_json::from_str(&stdout_text(&output)).unwrap();
        info["frames"].clone()
    };
    let silent = frames("--no-sound");
    assert!(silent.is_u64(), "{silent}");
    assert_eq!(silent, frames("--sound"), "it is the same edit");
    let Some(sound) = probed_sound(&film.path("film/out/film.mp4")) else {
        return;
    };
    assert_eq!(sound, "");
}

/// Fails if a run with another choice of sound than the last run or its plan does not say so.
fn assert_runs_name_another_sound(film: &CopiedFilm) {
    // A run has the sound of its document, and says that this is another one.
    let dry = film.output(&["run", "film", "--dry-run"]);
    let other = "with sound; the last run (rev-0001) left it out: `production run film \
                 --no-sound --dry-run`\n";
    assert!(stderr_text(&dry).contains(other), "{}", stderr_text(&dry));
    let planned = film.output(&["plan", "film", "--no-sound", "--out", "plan.json"]);
    assert!(planned.status.success(), "{}", stderr_text(&planned));
    let loud = film.output(&["run", "film", "--yes", "--sound", "--plan", "plan.json"]);
    assert!(
        stderr_text(&loud).contains("it leaves sound out"),
        "{}",
        stderr_text(&loud)
    );
    let followed = film.output(&["run", "film", "--yes", "--plan", "plan.json"]);
    assert!(followed.status.success(), "{}", stderr_text(&followed));
    assert!(
        stderr_text(&followed).contains("no sound, from the plan plan.json\n"),
        "{}",
        stderr_text(&followed)
    );
}

#[test]
fn commands_that_look_leave_sound_out_as_the_last_run_did() {
    let film = heard_film();
    let printed = |args: &[&str]| {
        let output = film.output(args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            stderr_text(&output)
        );
        stdout_text(&output)
    };
    let json =
        |args: &[&str]| -> serde_json::Value { serde_json::from_str(&printed(args)).unwrap() };
    let message = printed(&["run", "film", "--yes", "--no-sound"]);
    assert!(message.contains(", no sound  rev-0001"), "{message}");
    let line = "no sound, from the last run (rev-0001); a run without --no-sound has sound\n";
    for command in [
        &["plan", "film"][..],
        &["info", "film"],
        &["explain", "film", "one"],
    ] {
        let text = printed(command);
        assert!(text.contains(line), "{command:?}: {text}");
    }
    let plan = json(&["plan", "film", "--format", "json"]);
    assert_eq!(plan["no_sound_from"], "the last run (rev-0001)");
    assert_eq!(
        (&plan["no_sound"], &plan["up_to_date"]),
        (&true.into(), &true.into())
    );
    let heard = json(&["plan", "film", "--sound", "--format", "json"]);
    assert!(heard["counts"]["run"].as_u64() > Some(4), "{heard:#}");
    assert!(heard.get("no_sound").is_none(), "{heard:#}");
    assert_eq!(
        json(&["status", "film", "--format", "json"])["no_sound"],
        true
    );
    assert_eq!(
        json(&["show", "film", "--format", "json"])["no_sound"],
        true
    );
    assert!(printed(&["log", "film"]).contains(", no sound"));

    assert_runs_name_another_sound(&film);
    run_film(&film);
    assert!(!printed(&["plan", "film"]).contains("no sound"));
}

/// Returns a SoundFont of this machine.
fn installed_font() -> Option<std::path::PathBuf> {
    let fonts = [
        "/usr/share/sounds/sf2/TimGM6mb.sf2",
        "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3",
        "/usr/share/sounds/sf3/MuseScore_General.sf3",
    ];
    let mut fonts = fonts.into_iter().map(std::path::PathBuf::from);
    let found = fonts.find(|font| font.is_file());
    require_or_skip(found, "no SoundFont is installed")
}

#[test]
fn music_is_played_with_the_font_of_the_production() {
    let film = heard_film();
    let Some(font) = installed_font() else {
        return;
    };
    std::fs::copy(font, film.path("film/our.sf2")).unwrap();
    let document = DOCUMENT.replace("speech: murmur", "speech: murmur, sound_font: our.sf2");
    film.write("film/production.yaml", &document);
    run_film(&film);
    let shown = stdout_text(&film.output(&["show", "film", "--format", "json"]));
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let jobs = shown["jobs"].as_object().unwrap();
    let music = jobs
        .iter()
        .find(|(name, _)| name.contains("music"))
        .unwrap();
    assert_eq!(music.1["provider"], "rustysynth-ext 1.5.0", "{}", music.0);
    // Another font is another sound, wherever it came from.
    let mut bytes = std::fs::read(film.path("film/our.sf2")).unwrap();
    bytes.extend([0; 8]);
    std::fs::write(film.path("film/our.sf2"), bytes).unwrap();
    let planned = stdout_text(&film.output(&["plan", "film"]));
    assert!(planned.contains("our.sf2"), "{planned}");
}

#[test]
fn a_farm_whose_font_is_not_certain_is_reported_before_it_is_used() {
    let film = heard_film();
    let warning = |nodes: &str| {
        let farm = format!("night: {{engine: slurm{nodes}}}\n");
        film.write("film/presets/farms.yaml", &farm);
        let planned = film.output(&["plan", "film", "--farm", "night"]);
        assert!(planned.status.success(), "{}", stderr_text(&planned));
        let text = stderr_text(&planned);
        let lines = text
            .lines()
            .filter(|line| line.contains("music is planned"));
        lines.map(str::to_owned).collect::<String>()
    };
    let printed = stdout_text(&film.output(&["doctor", "--folder", "film", "--for-farm"]));
    let here = printed
        .lines()
        .find_map(|line| line.strip_prefix("  sound_font: "))
        .unwrap();
    assert_eq!(warning(&format!(", nodes: {{sound_font: {here}}}")), "");
    let unstated = warning("");
    assert!(unstated.contains(here.trim_matches('"')), "{unstated}");
    let other = warning(", nodes: {sound_font: SoundFont 0123456789ab}");
    assert!(
        other.contains("planned for SoundFont 0123456789ab, which the profile of the farm"),
        "{other}"
    );
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the program stands before the others on the path of the machine"
)]
fn an_engine_that_makes_no_sound_fails_the_line_and_publishes_nothing() {
    let film = heard_film();
    film.write(
        "film/production.yaml",
        &DOCUMENT.replace("speech: murmur", "speech: espeak-ng"),
    );
    // It says its version and lists voices, and then ends well without a word.
    write_program(
        &film.path("bin/espeak-ng"),
        "case \"$1\" in --version) echo 'eSpeak NG text-to-speech: 1.51';; esac\nexit 0\n",
    );
    let path = std::env::join_paths(
        [film.path("bin")]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let output = film
        .command(&["run", "film", "--yes"])
        .env("PATH", path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr_text(&output));
    let message = format!("{}{}", stdout_text(&output), stderr_text(&output));
    assert!(message.contains("audio.speech/one.1"), "{message}");
    assert!(message.contains("espeak-ng"), "{message}");
    assert!(!film.path("film/out").exists(), "{message}");
}
