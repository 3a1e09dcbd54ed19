//! What the environment and the command line say about this process: the only reader of the environment.

use super::args::{ColourMode, GlobalArgs};
use crate::base::json::to_pretty_json;
use crate::process::{SecretRedactor, host_name};
use crate::report::diagnostic::DiagnosticStyle;
use crate::report::paint::TextPaint;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What commands need to know of their surroundings.
#[derive(Debug, Clone)]
pub(super) struct CliSettings {
    /// Where to look for programs.
    pub(super) search_path: OsString,
    /// Whether standard output is a terminal, and may be coloured.
    pub(super) out_colour: bool,
    /// Whether standard error is a terminal.
    pub(super) err_terminal: bool,
    /// Whether standard error may be coloured.
    pub(super) err_colour: bool,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// Where the user keeps settings of this machine, whether or not there are any.
    pub(super) machine_profile: Option<PathBuf>,
    /// Files of farms outside productions that are there: the site's, then the user's, each over those before it.
    pub(super) farm_files: Vec<PathBuf>,
    /// Whether box-drawing characters may be used.
    pub(super) unicode: bool,
    /// What must not be written down: values of variables whose names say so.
    pub(super) secrets: SecretRedactor,
    /// The variables of this process that are text.
    pub(super) environment: BTreeMap<String, String>,
}

impl CliSettings {
    /// Reads the environment and looks at the standard streams.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the environment"
    )]
    pub(super) fn from_environment(global: &GlobalArgs) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let plain = set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let forced = set("CLICOLOR_FORCE") || set("FORCE_COLOR");
        let colour = |terminal: bool| match global.color {
            ColourMode::Always => true,
            ColourMode::Never => false,
            ColourMode::Auto => !plain && (terminal || forced),
        };
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        let err_terminal = std::io::stderr().is_terminal();
        let text = |name: std::ffi::OsString| name.into_string().ok();
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?)));
        let environment: BTreeMap<String, String> = variables.collect();
        Self {
            secrets: SecretRedactor::from_variables(environment.clone()),
            environment,
            search_path: std::env::var_os("PATH").unwrap_or_default(),
            out_colour: colour(std::io::stdout().is_terminal()),
            err_terminal: err_terminal && !set("CI"),
            err_colour: colour(err_terminal),
            width: columns.unwrap_or(100).clamp(40, 200),
            machine_profile: user_config_folder().map(|folder| folder.join("settings.yaml")),
            farm_files: site_config_folders()
                .chain(user_config_folder())
                .map(|folder| folder.join("farms.yaml"))
                .filter(|path| path.is_file())
                .collect(),
            unicode: locale.is_none_or(|locale| {
                locale.to_lowercase().contains("utf") || locale == "C" || locale == "POSIX"
            }),
        }
    }

    /// Returns who types, and on which machine, for whoever finds their work elsewhere.
    pub(super) fn user_at_host(&self) -> String {
        let user = ["USER", "LOGNAME"]
            .iter()
            .find_map(|name| self.environment.get(*name));
        format!("{}@{}", user.map_or("someone", String::as_str), host_name())
    }

    /// Returns how to draw diagnostics on standard error.
    pub(super) const fn diagnostic_style(&self) -> DiagnosticStyle {
        DiagnosticStyle {
            colour: self.err_colour,
            width: self.width,
            unicode: self.unicode,
        }
    }

    /// Returns the colours of standard error.
    pub(super) const fn err_paint(&self) -> TextPaint {
        TextPaint {
            colour: self.err_colour,
        }
    }

    /// Returns the colours of standard output.
    pub(super) const fn out_paint(&self) -> TextPaint {
        TextPaint {
            colour: self.out_colour,
        }
    }

    /// Prints results. A closed pipe ends quietly.
    pub(super) fn print_stdout(&self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
    }

    /// Prints a result for machines.
    pub(super) fn print_json(&self, value: &serde_json::Value) {
        self.print_stdout(&to_pretty_json(value));
    }

    /// Prints what people should know while results go elsewhere.
    pub(super) fn print_stderr(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    }
}

/// Returns the folder `production` in the user's folder of settings.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
fn user_config_folder() -> Option<PathBuf> {
    let folder = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let settings = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(settings.join("production"))
}

/// Returns the folders `production` in a site's folders of settings, the most important one last.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
fn site_config_folders() -> impl Iterator<Item = PathBuf> {
    let config_dirs =
        std::env::var_os("XDG_CONFIG_DIRS").filter(|config_dirs| !config_dirs.is_empty());
    let folders = config_dirs.unwrap_or_else(|| "/etc/xdg".into());
    let folders: Vec<PathBuf> = std::env::split_paths(&folders)
        .filter(|path| path.is_absolute())
        .collect();
    folders
        .into_iter()
        .rev()
        .map(|folder| folder.join("production"))
}

/// Reads one environment variable, for a variable of a document that names it.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
pub(super) fn environment_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Keeps Mesa's device-select layer quiet: without a desktop session it prints an error for every adapter it is asked for.
///
/// Must be called before any thread is started.
#[expect(
    unsafe_code,
    reason = "the standard library marks every change of the environment as unsafe"
)]
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
pub(super) fn quiet_drivers() {
    if std::env::var_os("XDG_RUNTIME_DIR").is_none()
        && std::env::var_os("NODEVICE_SELECT").is_none()
    {
        // SAFETY: `main` calls this first, while this is the only thread, so no one reads the environment meanwhile.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

/// Returns this program, also when its file was replaced meanwhile.
pub(super) fn current_program() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        running
    } else {
        std::env::current_exe().unwrap_or(running)
    }
}
