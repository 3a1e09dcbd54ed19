//! Where Blender is, and what it can do: the program, or a Python that has Blender as the module `bpy`.

use crate::base::find_program;
use crate::model::machine_profile::CyclesDevice;
use crate::process::{CallOptions, ChildCommand};
use serde::Deserialize;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Asks Blender about itself; the line is found again by its first word.
const FACTS_SCRIPT: &str = include_str!("script/facts.py");
const FACTS_PREFIX: &str = "production-facts ";
/// How to get Blender.
const INSTALL_HINT: &str = "install it (`apt-get install blender python3-numpy`, or `pip install bpy` for a Python that \
    `blender:` in a machine profile names)";

/// A Blender that answered.
#[derive(Debug, Clone)]
pub struct BlenderProgram {
    path: PathBuf,
    is_python: bool,
    facts: BlenderFacts,
}

/// What it said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct BlenderFacts {
    version: String,
    denoiser: bool,
    devices: Vec<CyclesDeviceGroup>,
}

/// Graphics devices of one kind that Cycles can use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct CyclesDeviceGroup {
    /// As Blender calls the kind, such as `OPTIX`.
    kind: String,
    names: Vec<String>,
}

impl BlenderProgram {
    /// Looks for Blender and asks it about itself: the one that is `said`, else `blender` on `search`, written like `PATH`,
    /// else the module of `python3` there.
    ///
    /// # Errors
    /// Fails when none of them answers, with what was tried and how to install it.
    pub fn find(
        configured: Option<&Path>,
        search: &OsStr,
        watch: CallOptions<'_>,
    ) -> Result<Self, String> {
        if let Some(path) = configured {
            let result = Self::query_path(path, watch);
            return result.map_err(|why| format!("find Blender at {}: {why}", path.display()));
        }
        let program = find_program("blender", search).map(|path| Self::query_path(&path, watch));
        let module =
            || find_program("python3", search).map(|path| Self::query_facts(&path, true, watch));
        match program.or_else(module) {
            Some(Ok(blender)) => Ok(blender),
            _ => Err(format!(
                "find Blender (looked in {}): {INSTALL_HINT}",
                search.to_string_lossy()
            )),
        }
    }

    /// Asks what is at this path, whether it is Blender or a Python.
    fn query_path(path: &Path, watch: CallOptions<'_>) -> Result<Self, String> {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        Self::query_facts(path, name.starts_with("python"), watch)
    }

    fn query_facts(path: &Path, is_python: bool, watch: CallOptions<'_>) -> Result<Self, String> {
        let mut command = Command::new(path);
        if is_python {
            command.args(["-c", FACTS_SCRIPT]);
        } else {
            command.args([
                "--background",
                "--factory-startup",
                "--python-exit-code",
                "3",
                "--python-expr",
                FACTS_SCRIPT,
            ]);
        }
        let ran = ChildCommand::new(without_user_settings(command))
            .run(watch)
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&ran.stdout);
        let answer = text
            .lines()
            .find_map(|line| line.strip_prefix(FACTS_PREFIX));
        let facts = answer.and_then(|json| serde_json::from_str(json).ok());
        let facts = facts.ok_or("it does not say what version it is")?;
        Ok(Self {
            path: path.to_owned(),
            is_python,
            facts,
        })
    }

    /// Returns where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns its version, such as `3.4.1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.facts.version
    }

    /// Returns whether it was built with a denoiser.
    #[must_use]
    pub const fn has_denoiser(&self) -> bool {
        self.facts.denoiser
    }

    /// Returns the kind of graphics device that Cycles draws on, as Blender calls it; none is the processor.
    ///
    /// # Errors
    /// Fails when one is asked for and there is none.
    pub fn select_cycles_device(&self, requested: CyclesDevice) -> Result<Option<&str>, String> {
        let best = self
            .facts
            .devices
            .first()
            .map(|devices| devices.kind.as_str());
        match requested {
            CyclesDevice::Cpu => Ok(None),
            CyclesDevice::Auto => Ok(best),
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

    /// Returns the graphics devices that Cycles can use, in words.
    #[must_use]
    pub fn describe_devices(&self) -> String {
        let describe = |devices: &CyclesDeviceGroup| {
            format!("{} ({})", devices.names.join(", "), devices.kind)
        };
        self.facts
            .devices
            .iter()
            .map(describe)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Returns who draws with it, for identities: two builds of one version may differ in the denoiser.
    #[must_use]
    pub fn identity(&self) -> String {
        let denoiser = if self.has_denoiser() {
            "denoiser"
        } else {
            "no denoiser"
        };
        format!("Blender {} ({denoiser})", self.version())
    }

    /// Returns the call of a script with an argument. What the user has set up for their own work has no say.
    pub(super) fn script_command(&self, script: &Path, argument: &Path) -> Command {
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
        without_user_settings(command)
    }
}

/// Takes away what would change colours or run somebody's own scripts.
fn without_user_settings(mut command: Command) -> Command {
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
