//! Blender on this machine, and what it supports: the program, or a Python that has Blender as the
//! module `bpy`.

use super::blender_home::{UserHome, give_home};
use crate::base::find_program;
use crate::model::machine_profile::CyclesDevice;
use crate::process::{CallOptions, ask_program};
use serde::Deserialize;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Time after which a Blender that is probed is killed.
// Blender takes seconds to start, and several times as long on a machine whose cores all render. A
// Blender that is taken for missing would make every picture anew.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Prints the facts of a Blender. Blender prints other lines too, so this one has a prefix.
const FACTS_SCRIPT: &str = include_str!("script/facts.py");
const FACTS_PREFIX: &str = "production-facts ";
/// How to install Blender.
const INSTALL_HINT: &str = "install it (`apt-get install blender python3-numpy`, or `pip install bpy` for a Python that \
    `blender:` in a machine profile names)";

/// A Blender that answered the facts script.
#[derive(Debug, Clone)]
pub struct BlenderProgram {
    path: PathBuf,
    is_python: bool,
    facts: BlenderFacts,
}

/// The answer of the facts script.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct BlenderFacts {
    version: String,
    denoiser: bool,
    devices: Vec<CyclesDeviceGroup>,
}

/// Graphics devices of one kind that Cycles can use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct CyclesDeviceGroup {
    /// The kind in Blender's words, such as `OPTIX`.
    kind: String,
    names: Vec<String>,
}

impl BlenderProgram {
    /// Looks for Blender and reads its facts. `configured` is used if set; else `blender` on
    /// `search`, in the format of `PATH`; else the module of `python3` there.
    ///
    /// # Errors
    /// Fails if none of them answers, with the places that were searched and how to install
    /// Blender.
    pub fn find(
        configured: Option<&Path>,
        search: &OsStr,
        watch: CallOptions<'_>,
    ) -> Result<Self, String> {
        // A configured path that does not work is an error. Taking another Blender instead would
        // draw with a version that nobody chose.
        if let Some(path) = configured {
            let result = Self::query_path(path, search, watch);
            return result.map_err(|why| format!("find Blender at {}: {why}", path.display()));
        }
        let program =
            find_program("blender", search).map(|path| Self::query_path(&path, search, watch));
        let module = || {
            find_program("python3", search)
                .map(|path| Self::query_facts(&path, true, search, watch))
        };
        match program.or_else(module) {
            Some(Ok(blender)) => Ok(blender),
            found => {
                // What was found and does not answer, such as a Python without the module.
                let why = found.and_then(Result::err);
                let why = why.map(|why| format!("; {why}")).unwrap_or_default();
                Err(format!(
                    "find Blender (looked in {}{why}): {INSTALL_HINT}",
                    search.to_string_lossy()
                ))
            }
        }
    }

    /// Reads the facts of the program at this path, Blender or a Python.
    fn query_path(path: &Path, search: &OsStr, watch: CallOptions<'_>) -> Result<Self, String> {
        // It is started in other folders than this one.
        let path = &std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        Self::query_facts(path, name.starts_with("python"), search, watch)
    }

    fn query_facts(
        path: &Path,
        is_python: bool,
        search: &OsStr,
        watch: CallOptions<'_>,
    ) -> Result<Self, String> {
        // Factory settings, so that no add-on of the user prints or fails here. Without
        // `--python-exit-code` a script that raised would exit with 0.
        let mut command = Command::new(path);
        if is_python {
            command.args(["-c", FACTS_SCRIPT]);
        } else {
            command.args([
                "--background",
                // A question needs no sound, and a server of sound leaves files.
                "-noaudio",
                "--factory-startup",
                "--python-exit-code",
                "3",
                "--python-expr",
                FACTS_SCRIPT,
            ]);
        }
        let watch = CallOptions {
            time_limit: watch.time_limit.or(Some(START_LIMIT)),
            ..watch
        };
        let mut command = without_user_settings(command);
        // It goes with everything in it when the answer is there.
        let home = tempfile::Builder::new()
            .prefix("production-blender-")
            .tempdir()
            .map_err(|error| format!("make a folder for it: {error}"))?;
        give_home(
            &mut command,
            home.path(),
            user_home(is_python, UserHome::Hidden),
        )
        .map_err(|error| format!("make folders for it: {error}"))?;
        let ran = ask_program(command, search, watch).map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&ran.stdout);
        let answer = text
            .lines()
            .find_map(|line| line.strip_prefix(FACTS_PREFIX));
        let facts = answer.and_then(|json| serde_json::from_str(json).ok());
        let facts = facts.ok_or("it does not print its version")?;
        Ok(Self {
            path: path.to_owned(),
            is_python,
            facts,
        })
    }

    /// Returns the path of the program.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version, such as `3.4.1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.facts.version
    }

    /// Returns whether it was built with a denoiser.
    #[must_use]
    pub const fn has_denoiser(&self) -> bool {
        self.facts.denoiser
    }

    /// Returns the kind of graphics device that Cycles draws on, in Blender's words; `None` is the
    /// processor.
    ///
    /// # Errors
    /// Fails if the profile demands a device and there is none.
    pub fn select_cycles_device(&self, requested: CyclesDevice) -> Result<Option<&str>, String> {
        let best = self
            .facts
            .devices
            .first()
            .map(|devices| devices.kind.as_str());
        match requested {
            CyclesDevice::Cpu => Ok(None),
            CyclesDevice::Auto => Ok(best),
            // The profile demands a device. Drawing on the processor instead would take far longer
            // than planned, so it is an error.
            CyclesDevice::Gpu => best.map(Some).ok_or_else(|| {
                let version = self.version();
                format!(
                    "find a graphics device for Cycles: Blender {version} at {} knows none on this machine; \
                     write `cycles_device: auto` in the machine profile to draw on the processor then",
                    self.path.display()
                )
            }),
        }
    }

    /// Returns the graphics devices that Cycles can use, as text.
    #[must_use]
    pub fn describe_devices(&self) -> String {
        self.facts
            .devices
            .iter()
            .map(|devices| format!("{} ({})", devices.names.join(", "), devices.kind))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Returns the version and whether it has a denoiser, for identities.
    #[must_use]
    pub fn identity(&self) -> String {
        // Two builds of one version may differ in the denoiser, and so in every picture.
        let denoiser = if self.has_denoiser() {
            "denoiser"
        } else {
            "no denoiser"
        };
        format!("Blender {} ({denoiser})", self.version())
    }

    /// Returns the command that runs a script with one argument. Beside the script, Blender gets a home
    /// of its own, which goes with the folder.
    pub(super) fn script_command(
        &self,
        script: &Path,
        argument: &Path,
        user: UserHome,
    ) -> io::Result<Command> {
        // The user's own settings must not matter: factory settings, no scripts of opened files
        // (they could do anything), no sound device (machines of a farm have none). The exit code
        // makes an exception of the script a failure.
        let mut command = Command::new(&self.path);
        if self.is_python {
            command.arg(script).arg(argument);
        } else {
            command.args([
                "--background",
                "-noaudio",
                "--factory-startup",
                "--disable-autoexec",
            ]);
            command
                .args(["--python-exit-code", "3", "--python"])
                .arg(script)
                .arg("--")
                .arg(argument);
        }
        let mut command = without_user_settings(command);
        let home = script.with_file_name("home");
        give_home(&mut command, &home, user_home(self.is_python, user))?;
        Ok(command)
    }
}

/// Returns what a Blender has of the home of its user. One that is a package of Python would not be
/// found without it.
const fn user_home(is_python: bool, user: UserHome) -> UserHome {
    match user {
        UserHome::Hidden if is_python => UserHome::Shared,
        user => user,
    }
}

fn without_user_settings(mut command: Command) -> Command {
    // These change colours, or run scripts of the user, even with factory settings. The pictures
    // must depend only on the document.
    for name in [
        "OCIO",
        "BLENDER_USER_CONFIG",
        "BLENDER_USER_SCRIPTS",
        "BLENDER_USER_RESOURCES",
    ] {
        command.env_remove(name);
    }
    command
}
