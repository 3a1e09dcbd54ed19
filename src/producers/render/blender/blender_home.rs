//! The folders that a Blender takes for those of its user. What it, and the libraries that it loads,
//! leave there goes with them: thumbnails, settings of sound, files of a run. Knows nothing of what
//! the Blender does.

use std::io;
use std::path::Path;
use std::process::Command;

/// What a Blender may have of the home of its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UserHome {
    /// Nothing.
    Hidden,
    /// The folder itself and that of the session: packages of Python are below the one, and what
    /// opens a display is in both.
    Shared,
    /// These, and what drivers of graphics devices compiled before, which takes minutes.
    Drivers,
}

/// Variables that name folders for temporary files.
const TEMPORARY: [&str; 3] = ["TMPDIR", "TEMP", "TMP"];
/// Variables that name folders of a user, each with the name of its folder here.
const USER_FOLDERS: [(&str, &str); 5] = [
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_STATE_HOME", "state"),
    ("XDG_RUNTIME_DIR", "runtime"),
];

/// Makes the folders of a user in `home`, and lets a command take them for its own.
pub(super) fn give_home(command: &mut Command, home: &Path, user: UserHome) -> io::Result<()> {
    // A command may be started elsewhere than a relative path was meant.
    let home = &std::path::absolute(home)?;
    let temporary = home.join("tmp");
    std::fs::create_dir_all(&temporary)?;
    for name in TEMPORARY {
        command.env(name, &temporary);
    }
    for (name, folder) in USER_FOLDERS {
        let is_of_user = match folder {
            "cache" | "data" => user == UserHome::Drivers,
            "runtime" => user != UserHome::Hidden,
            _ => false,
        };
        if is_of_user {
            continue;
        }
        let folder = home.join(folder);
        std::fs::create_dir_all(&folder)?;
        command.env(name, folder);
    }
    // Packages of Python are below the home of the user, and a shared one must find them.
    if user == UserHome::Hidden {
        command.env("HOME", home);
    }
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what a shell with such a home prints.
    fn printed(user: UserHome, script: &str) -> (tempfile::TempDir, String) {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).env("HOME", "/somebody");
        give_home(&mut command, home.path(), user).unwrap();
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text.replace(&home.path().display().to_string(), "OWN");
        (home, text)
    }

    #[test]
    fn what_a_program_leaves_in_its_home_is_in_a_folder_of_ours() {
        let script =
            "mkdir -p \"$XDG_CACHE_HOME/thumbnails\" && mktemp -d >/dev/null && echo $HOME";
        let (home, shown) = printed(UserHome::Hidden, script);
        assert_eq!(shown, "OWN\n");
        assert!(home.path().join("cache/thumbnails").is_dir());
        let temporary = home.path().join("tmp").read_dir().unwrap();
        assert_eq!(temporary.count(), 1);
    }

    #[test]
    fn packages_displays_and_drivers_find_the_home_of_the_user() {
        let script = "echo $HOME $XDG_CACHE_HOME $XDG_CONFIG_HOME $TMPDIR";
        let shown = |user| printed(user, script).1;
        assert_eq!(
            shown(UserHome::Shared),
            "/somebody OWN/cache OWN/config OWN/tmp\n"
        );
        let drivers = shown(UserHome::Drivers);
        assert!(drivers.starts_with("/somebody ") && !drivers.contains("OWN/cache"));
        assert!(drivers.ends_with("OWN/config OWN/tmp\n"));
    }
}
