//! What must never be shown: secrets of the environment, files outside of the production's folder,
//! codes that a terminal obeys. And what an option must never write over. Through the whole
//! program, with a renderer that is a shell script.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DOCUMENT: &str = "\
production:
  title: Badges
  author: Tests
  description: Two frames drawn by a script.
  render_settings: {engine: script, resolution: 16x16, frame_rate: 24}
  locations: [{name: studio, preset: studio}]
  shots: [{name: badge, location: studio, duration: 2}]
  outputs: [{name: frames, codec: png, resolution: 16x16, frame_rate: 24, path: out/frames}]
";

/// A production whose renderer is a shell script.
struct Badges {
    folder: tempfile::TempDir,
}

impl Badges {
    /// `script` sees the picture as `$0` and the frame to write as `$1`; `more` is the rest of the
    /// provider's entry.
    fn new(script: &str, more: &str) -> Self {
        let badges = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir_all(badges.path("presets")).unwrap();
        badges.write("production.yaml", DOCUMENT);
        badges.write(
            "presets/providers.yaml",
            &format!(
                "script:\n  command: [/bin/sh, render.sh, '{{file.picture}}', '{{output}}']\n  per: frame\n  \
                 output: frame.####.png\n  files: {{picture: picture.png, script: render.sh}}\n{more}"
            ),
        );
        // The script is named by its own path, since the calls run in a folder of their own.
        let path = badges.path("render.sh");
        badges.write("render.sh", script);
        let providers = badges.read("presets/providers.yaml");
        badges.write(
            "presets/providers.yaml",
            &providers.replace("render.sh, '", &format!("{}, '", path.display())),
        );
        image::RgbImage::from_pixel(16, 16, image::Rgb([90, 120, 150]))
            .save(badges.path("picture.png"))
            .unwrap();
        badges
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, variables: &[(&str, &str)]) -> Output {
        let mut command = program();
        command
            .arg("run")
            .arg(self.folder.path())
            .args(["--retries", "0"])
            .envs(variables.iter().copied());
        command.output().unwrap()
    }

    /// Returns every file of the folder and every text of `output` that has `text`.
    fn places_of(&self, text: &str, output: &Output) -> Vec<String> {
        let mut places = Vec::new();
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if has(bytes, text) {
                places.push(name.to_owned());
            }
        }
        collect_places(self.folder.path(), text, &mut places);
        places
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
    command.env("NO_COLOR", "1");
    command
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

fn collect_places(folder: &Path, text: &str, places: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_places(&path, text, places);
        } else if has(&std::fs::read(&path).unwrap_or_default(), text) {
            places.push(path.display().to_string());
        }
    }
}

#[test]
fn a_secret_in_a_warning_is_hidden_everywhere() {
    let badges = Badges::new(
        "echo \"NOTE login with $STUDIO_TOKEN\"; cp \"$1\" \"$2\"\n",
        "  env: [STUDIO_TOKEN]\n  warnings: ['NOTE (.*)']\n",
    );
    let output = badges.run(&[("STUDIO_TOKEN", "correct-horse-battery")]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        badges.places_of("correct-horse", &output),
        Vec::<String>::new()
    );
    // The warning itself is told.
    assert!(!badges.places_of("login with [hidden]", &output).is_empty());
}

#[test]
fn a_line_that_is_cut_does_not_cut_a_secret_in_two() {
    // Wherever the cut falls, on either stream.
    for before in [985, 999, 1000, 1990] {
        let badges = Badges::new(
            &format!(
                "for to in 1 2; do printf '%{before}s%s\\n' x \"$STUDIO_PASSWORD\" >&$to; done; exit 3\n"
            ),
            "  env: [STUDIO_PASSWORD]\n",
        );
        let output = badges.run(&[("STUDIO_PASSWORD", "correct-horse-battery-staple")]);
        assert!(!output.status.success());
        for part in ["correct-", "horse", "battery", "-staple"] {
            let places = badges.places_of(part, &output);
            assert_eq!(places, Vec::<String>::new(), "{before} {part}");
        }
    }
}

#[test]
fn every_line_of_a_private_key_is_hidden() {
    let badges = Badges::new(
        "echo \"$SIGNING_PRIVATE_KEY\" >&2; exit 3\n",
        "  env: [SIGNING_PRIVATE_KEY]\n",
    );
    let key = "-----BEGIN-----\nMIIEkeylineone\nMIIEkeylinetwo\n-----END-----";
    let output = badges.run(&[("SIGNING_PRIVATE_KEY", key)]);
    assert!(!output.status.success());
    assert_eq!(
        badges.places_of("MIIEkeyline", &output),
        Vec::<String>::new()
    );
}

#[test]
fn the_value_of_a_secret_option_stays_in_the_file_that_has_it() {
    let script = "echo called with $*; cp $1 $2";
    let badges = Badges::new(
        script,
        "  version: [/bin/sh, -c, 'echo Badges 1.2 $*', sh, --api-key, keyzzz9]\n  \
         warnings: [called]\n",
    );
    let providers = badges.read("presets/providers.yaml");
    badges.write(
        "presets/providers.yaml",
        &providers.replace(
            "'{output}']",
            "'{output}', --password, hunter2zzz, --token=tokenzz8]",
        ),
    );
    let output = badges.run(&[]);
    assert!(output.status.success(), "{output:?}");
    let show = program()
        .args(["show"])
        .arg(badges.folder.path())
        .arg("1")
        .output()
        .unwrap();
    assert!(has(&output.stderr, "[hidden]"), "{output:?}");
    for secret in ["hunter2zzz", "tokenzz8", "keyzzz9"] {
        let mut places = badges.places_of(secret, &output);
        places.extend(badges.places_of(secret, &show));
        places.retain(|place| !place.ends_with("presets/providers.yaml"));
        assert!(places.is_empty(), "{secret}: {places:?}");
    }
}

#[test]
fn a_finding_that_quotes_a_secret_hides_it() {
    let badges = Badges::new("cp \"$1\" \"$2\"\n", "");
    let document = DOCUMENT.replace(
        "  title: Badges",
        "  variables: {login: {env: STUDIO_TOKEN}}\n  title: Badges\n  script: ${login}.fountain",
    );
    badges.write("production.yaml", &document);
    for format in ["text", "short", "json", "sarif", "junit", "github"] {
        let output = program()
            .arg("validate")
            .arg(badges.folder.path())
            .args(["--format", format])
            .env("STUDIO_TOKEN", "correct-horse-battery")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(!has(&output.stdout, "correct-horse"), "{format}");
    }
}

#[test]
fn an_option_never_writes_over_what_it_did_not_write() {
    let badges = Badges::new("cp \"$1\" \"$2\"\n", "");
    assert!(badges.run(&[]).status.success());
    let document = badges.path("production.yaml");
    let journal = badges.path(".production/events/rev-0001.jsonl");
    let events = badges.path("events.jsonl");
    let call = |arguments: &[&str], file: &Path| {
        let mut command = program();
        command.args(arguments).arg(file);
        command.current_dir(badges.folder.path()).output().unwrap()
    };
    let before = [std::fs::read(&document), std::fs::read(&journal)].map(Result::unwrap);
    for file in [&document, &journal] {
        for arguments in [
            &["run", ".", "--events"][..],
            &["validate", ".", "--trace"],
            &["diff", ".", "1", "1", "--html"],
            &["schema", "--output"],
        ] {
            let output = call(arguments, file);
            assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
        }
    }
    let after = [std::fs::read(&document), std::fs::read(&journal)].map(Result::unwrap);
    assert_eq!(before, after);
    // Its own file of an earlier run is replaced.
    for _ in 0..2 {
        let output = call(&["run", ".", "--events"], &events);
        assert!(output.status.success(), "{output:?}");
    }
    assert!(
        call(&["run", ".", "--events"], Path::new("/dev/null"))
            .status
            .success()
    );
}

#[test]
fn no_name_reaches_the_terminal_with_a_code_that_it_obeys() {
    let badges = Badges::new("cp \"$1\" \"$2\"\n", "");
    badges.write(
        "presets/shots.yaml",
        "\"wide\\e]0;title\\a\": {size: medium}\n",
    );
    badges.write(
        "production.yaml",
        &DOCUMENT.replace("path: out/frames", "path: \"out/\\e[2Jframes\""),
    );
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("spring\u{1b}[31m");
    std::fs::create_dir(&folder).unwrap();
    badges.write("production.yaml", &badges.read("production.yaml"));
    std::fs::copy(
        badges.path("production.yaml"),
        folder.join("production.yaml"),
    )
    .unwrap();
    let shown = |arguments: &[&str], folder: &Path| {
        let mut command = program();
        command.args(arguments).current_dir(folder);
        let output = command.output().unwrap();
        [output.stdout, output.stderr].concat()
    };
    let own = badges.folder.path();
    for text in [
        shown(&["info", "."], own),
        shown(&["validate", "."], own),
        shown(&["plan", "."], own),
        shown(&["library", "shots"], own),
        shown(&["list", "."], parent.path()),
    ] {
        assert!(!text.is_empty());
        assert!(!has(&text, "\u{1b}"), "{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn a_part_of_the_production_that_cannot_be_read_is_an_error() {
    use std::os::unix::fs::symlink;
    for name in ["shots.yaml", "characters.yaml", "presets/shots.yaml"] {
        let badges = Badges::new("cp \"$1\" \"$2\"\n", "");
        let path = badges.path(name);
        let refused = |what: &str| {
            let output = program()
                .arg("validate")
                .arg(badges.folder.path())
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(2), "{name}, {what}: {output:?}");
            let file = name.rsplit('/').next().unwrap();
            assert!(has(&output.stdout, file), "{name}, {what}: {output:?}");
        };
        symlink("nowhere.yaml", &path).unwrap();
        refused("a dead link");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        refused("a folder");
        std::fs::remove_dir(&path).unwrap();
        let made = Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        refused("a pipe");
    }
}

#[test]
fn a_document_that_is_a_link_out_of_its_folder_is_not_read() {
    let badges = Badges::new("cp \"$1\" \"$2\"\n", "");
    let elsewhere = tempfile::tempdir().unwrap();
    let private = elsewhere.path().join("private.txt");
    std::fs::write(&private, "my diary: do not show\n").unwrap();
    std::fs::remove_file(badges.path("production.yaml")).unwrap();
    std::os::unix::fs::symlink(&private, badges.path("production.yaml")).unwrap();
    for path in [badges.folder.path(), &badges.path("production.yaml")] {
        let output = program().arg("validate").arg(path).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let text = [output.stdout, output.stderr].concat();
        assert!(!has(&text, "diary"), "{}", String::from_utf8_lossy(&text));
        assert!(
            has(&text, "link out of"),
            "{}",
            String::from_utf8_lossy(&text)
        );
    }
}
