//! A film of footage is measured once, and again when it changes: a program in place of ffprobe
//! counts how often it is started.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/skip.rs"]
mod skip;

use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DOCUMENT: &str = "\
production:
  title: Dailies
  author: Tests
  description: One film.
  render_settings: {frame_rate: 24}
  shots: [{name: sh010, frames: {path: clip.mov, graded: true}}]
  outputs: [{name: all, codec: png, resolution: 32x18, frame_rate: 24, path: out/all}]
";

#[expect(
    clippy::disallowed_methods,
    reason = "a test asks where this machine keeps its tools"
)]
fn on_path(tool: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(tool))
        .find(|file| file.is_file())
}

/// A production with one film, and an ffprobe that notes each start.
struct Dailies {
    folder: tempfile::TempDir,
    ffmpeg: PathBuf,
}

impl Dailies {
    fn new() -> Option<Self> {
        let tools = on_path("ffmpeg").zip(on_path("ffprobe"));
        let (ffmpeg, ffprobe) = skip::require_or_skip(tools, "no ffmpeg; scripts/setup brings it")?;
        let dailies = Self {
            folder: tempfile::tempdir().unwrap(),
            ffmpeg,
        };
        for name in ["film", "bin", "home"] {
            std::fs::create_dir(dailies.path(name)).unwrap();
        }
        std::fs::write(dailies.path("film/production.yaml"), DOCUMENT).unwrap();
        std::os::unix::fs::symlink(&dailies.ffmpeg, dailies.path("bin/ffmpeg")).unwrap();
        dailies.install_ffprobe(&ffprobe, "");
        dailies.record_film(12);
        Some(dailies)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program on the path that notes each start and becomes ffprobe.
    fn install_ffprobe(&self, ffprobe: &Path, comment: &str) {
        let starts = self.path("starts");
        let script = format!(
            "#!/bin/sh\n{comment}\necho >> '{}'\nexec '{}' \"$@\"\n",
            starts.display(),
            ffprobe.display()
        );
        let place = self.path("bin/ffprobe");
        std::fs::write(&place, script).unwrap();
        std::fs::set_permissions(&place, PermissionsExt::from_mode(0o755)).unwrap();
    }

    fn record_film(&self, pictures: u32) {
        let status = Command::new(&self.ffmpeg)
            .args(["-v", "error", "-y", "-f", "lavfi", "-i"])
            .args(["testsrc=size=32x18:rate=24", "-frames:v"])
            .arg(pictures.to_string())
            .args(["-c:v", "mjpeg"])
            .arg(self.path("film/clip.mov"))
            .status();
        assert!(status.unwrap().success());
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        let path = [self.path("bin"), "/usr/bin".into(), "/bin".into()];
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", self.path("home"))
            .env_remove("XDG_CACHE_HOME")
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("NO_COLOR", "1");
        command
    }

    /// Runs a command that succeeds, and returns how often it started ffprobe.
    fn starts_of(&self, words: &[&str]) -> usize {
        let before = self.starts();
        require_success(&self.command(words).output().unwrap());
        self.starts() - before
    }

    fn starts(&self) -> usize {
        let starts = std::fs::read(self.path("starts")).unwrap_or_default();
        starts.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Returns how many frames the film lasts.
    fn frames(&self) -> Value {
        let output = self.command(&["info", "film", "--format", "json"]).output();
        let output = output.unwrap();
        require_success(&output);
        let info: Value = serde_json::from_slice(&output.stdout).unwrap();
        info["shots"][0]["count"].clone()
    }
}

fn require_success(output: &Output) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
}

#[test]
fn a_second_command_measures_no_film_and_a_changed_one_is_measured_again() {
    let Some(dailies) = Dailies::new() else {
        return;
    };
    assert_eq!(dailies.starts_of(&["validate", "film"]), 1);
    for words in [
        &["validate", "film"][..],
        &["plan", "film"],
        &["run", "film"],
        &["validate", "film"],
        &["plan", "film"],
        &["run", "film"],
        &["info", "film"],
        &["list"],
    ] {
        assert_eq!(dailies.starts_of(words), 0, "{words:?}");
    }
    assert_eq!(dailies.frames(), 12);

    dailies.record_film(18);
    assert_eq!(dailies.starts_of(&["validate", "film"]), 1);
    assert_eq!(dailies.frames(), 18);
    assert_eq!(dailies.starts_of(&["run", "film"]), 0);
    let pictures = std::fs::read_dir(dailies.path("film/out/all")).unwrap();
    assert_eq!(pictures.count(), 18);
}

#[test]
fn another_ffprobe_a_damaged_memory_and_none_measure_again() {
    let Some(dailies) = Dailies::new() else {
        return;
    };
    let validate = ["validate", "film"];
    assert_eq!(dailies.starts_of(&validate), 1);
    dailies.install_ffprobe(&on_path("ffprobe").unwrap(), "# a later version");
    assert_eq!(dailies.starts_of(&validate), 1);
    assert_eq!(dailies.starts_of(&validate), 0);

    let folder = dailies.path("home/.cache/production/films");
    let memories: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(memories.len(), 1);
    std::fs::write(&memories[0], "{\"clip.mov\"").unwrap();
    assert_eq!(dailies.starts_of(&validate), 1);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(dailies.starts_of(&validate), 1);

    // Without a home there is nowhere to remember it.
    let before = dailies.starts();
    for _ in 0..2 {
        let output = dailies.command(&validate).env_remove("HOME").output();
        require_success(&output.unwrap());
    }
    assert_eq!(dailies.starts() - before, 2);
}
