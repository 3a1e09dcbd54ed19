//! What the environment and the command line say about this process: the only reader of the environment.

use super::args::{ColourMode, GlobalArgs};
use crate::base::json::to_pretty_json;
use crate::process::{SecretRedactor, host_name};
use crate::report::diagnostic::DiagnosticStyle;
use crate::report::paint::TextPaint;
use crate::session::SessionEnvironment;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What commands need to know of their surroundings.
#[derive(Debug, Clone)]
pub(super) struct CliSettings {
    /// What sessions take from the environment.
    pub(super) session: SessionEnvironment,
    /// Whether standard output is a terminal, and may be coloured.
    pub(super) out_colour: bool,
    /// Whether standard error is a terminal.
    pub(super) err_terminal: bool,
    /// Whether standard error may be coloured.
    pub(super) err_colour: bool,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// Whether box-drawing characters may be used.
    pub(super) unicode: bool,
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
        Self {
            session: session_environment(),
            out_colour: colour(std::io::stdout().is_terminal()),
            err_terminal: err_terminal && !set("CI"),
            err_colour: colour(err_terminal),
            width: columns.unwrap_or(100).clamp(40, 200),
            unicode: locale.is_none_or(|locale| {
                locale.to_lowercase().contains("utf") || locale == "C" || locale == "POSIX"
            }),
        }
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

/// Reads what sessions take from the environment. Variables that are not text are left out.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
fn session_environment() -> SessionEnvironment {
    let text = |text: OsString| text.into_string().ok();
    let variables: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
        .collect();
    let farm_files = site_config_folders()
        .chain(user_config_folder())
        .map(|folder| folder.join("farms.yaml"))
        .filter(|path| path.is_file())
        .collect();
    SessionEnvironment {
        search_path: std::env::var_os("PATH").unwrap_or_default(),
        secrets: SecretRedactor::from_variables(variables.clone()),
        machine_profile: user_config_folder().map(|folder| folder.join("settings.yaml")),
        farm_files,
        program: Some(current_program()),
        user_at_host: user_at_host(&variables),
        variables,
    }
}

/// Returns who types, and on which machine, for whoever finds their work elsewhere.
fn user_at_host(variables: &BTreeMap<String, String>) -> String {
    let user = ["USER", "LOGNAME"]
        .iter()
        .find_map(|name| variables.get(*name));
    format!("{}@{}", user.map_or("someone", String::as_str), host_name())
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
fn current_program() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        running
    } else {
        std::env::current_exe().unwrap_or(running)
    }
}
