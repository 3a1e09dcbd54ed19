//! A production whose frames are copies of one picture, so that it needs neither an adapter nor
//! ffmpeg. Its renderer is a program that its folder brings.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const DOCUMENT: &str = "\
production:
  title: Copies
  author: Tests
  description: One picture, again and again.
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24}
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, location: studio, duration: 30}]
  outputs: [{name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game}]
";
const PROVIDER: &str = "\
copy:
  command: [cp, '{file.picture}', '{output}']
  per: frame
  output: frame.####.png
  files: {picture: picture.png}
";

/// A folder `film` with the production, and a folder `home` beside it.
pub(crate) struct CopiedFilm {
    outer: tempfile::TempDir,
}

impl CopiedFilm {
    /// Makes the folders. `more` are further fields of the provider.
    pub(crate) fn with_provider_fields(more: &str) -> Self {
        let film = Self {
            outer: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir_all(film.path("film/presets")).unwrap();
        std::fs::create_dir(film.path("home")).unwrap();
        film.write("film/production.yaml", DOCUMENT);
        film.write("film/presets/providers.yaml", &format!("{PROVIDER}{more}"));
        let picture = image::RgbImage::from_pixel(16, 16, image::Rgb([40, 80, 120]));
        picture.save(film.path("film/picture.png")).unwrap();
        film
    }

    /// Returns a path beside the film.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    /// Writes a file beside the film.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Returns the command with these arguments, started beside the film, in a home of its own.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command
            .args(args)
            .current_dir(self.outer.path())
            .env("HOME", self.path("home"))
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }
}

/// Returns what a command printed to standard error.
pub(crate) fn stderr_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Writes a script that can be started.
pub(crate) fn write_program(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("#!/bin/sh\n{script}")).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}
