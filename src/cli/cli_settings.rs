//! The surroundings of this process: environment variables, standard streams and folders of
//! settings. This file is the only reader of the environment.

use super::args::{ColourMode, GlobalArgs};
use super::command_line::CommandSettings;
use super::output_failure::{ClosedStreams, OutputFailure};
use super::typed_line::TypedLine;
use crate::base::json::to_pretty_json;
use crate::base::printable::escape_terminal;
use crate::process::{SecretRedactor, host_name};
use crate::project::HOOKS_FILE;
use crate::report::diagnostic::DiagnosticStyle;
use crate::report::paint::TextPaint;
use crate::session::SessionEnvironment;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

/// Columns of a terminal that does not say how many it has.
const USUAL_WIDTH: usize = 100;
/// Columns of what no terminal shows: more than any text has.
const UNLIMITED_WIDTH: usize = 100_000;

/// How much is printed beside results and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputLevel {
    /// Nothing.
    Quiet,
    /// Progress, notices and the first finding of each code.
    Normal,
    /// Everything.
    Verbose,
}

impl OutputLevel {
    const fn from_args(global: &GlobalArgs) -> Self {
        match (global.quiet, global.verbose) {
            (true, _) => Self::Quiet,
            (false, true) => Self::Verbose,
            (false, false) => Self::Normal,
        }
    }
}

/// The surroundings that commands need.
#[derive(Debug, Clone)]
pub(super) struct CliSettings {
    /// The part that sessions take.
    pub(super) session: SessionEnvironment,
    /// What was typed, for commands that are suggested.
    pub(super) typed: TypedLine,
    /// What settings files say.
    pub(super) options: CommandSettings,
    /// How much is printed.
    pub(super) level: OutputLevel,
    /// Whether standard output may be coloured.
    pub(super) out_colour: bool,
    /// Whether standard error is a terminal that a person watches, so that bars may be redrawn.
    pub(super) err_terminal: bool,
    /// Whether a person can answer questions: standard input and standard error are terminals.
    pub(super) can_ask: bool,
    /// Whether standard error may be coloured.
    pub(super) err_colour: bool,
    /// Columns of the terminal, 40 to 200.
    pub(super) width: usize,
    /// Columns of tables on standard output.
    pub(super) table_width: usize,
    /// Whether box-drawing characters may be used.
    pub(super) unicode: bool,
    /// The folder of this program's caches. `None` without a home folder.
    pub(super) cache_folder: Option<PathBuf>,
    /// The first result that could not be written.
    pub(super) output_failure: OutputFailure,
    /// The streams in whose place the null device was opened.
    pub(super) closed_streams: ClosedStreams,
}

impl CliSettings {
    /// Reads the environment and looks at the standard streams.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the environment"
    )]
    pub(super) fn from_environment(global: &GlobalArgs, closed_streams: ClosedStreams) -> Self {
        // By the conventions of these variables an empty value counts as unset.
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let plain =
            is_set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let forced = is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR");
        // The option wins over the environment, because it was typed for this command. Of the
        // variables `NO_COLOR` wins: too little colour can be read everywhere, escape codes cannot.
        let use_colour = |terminal: bool| match global.color {
            ColourMode::Always => true,
            ColourMode::Never => false,
            ColourMode::Auto => !plain && (terminal || forced),
        };
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        // The order of POSIX: the first variable that is not empty decides.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        let err_terminal = std::io::stderr().is_terminal();
        Self {
            session: session_environment(),
            typed: TypedLine::default(),
            options: CommandSettings::default(),
            level: OutputLevel::from_args(global),
            out_colour: use_colour(std::io::stdout().is_terminal()),
            // Some CI systems give commands a pseudo-terminal and keep its text as a log. Bars that
            // are redrawn would fill it.
            err_terminal: err_terminal && !is_set("CI"),
            // A question that nobody sees or answers would hold up a timer's job for ever.
            can_ask: err_terminal && !is_set("CI") && std::io::stdin().is_terminal(),
            err_colour: use_colour(err_terminal),
            // Below 40 columns no table fits, and lines above 200 are hard to follow.
            width: columns.unwrap_or(USUAL_WIDTH).clamp(40, 200),
            table_width: match columns {
                // What is piped is read by programs, or searched: nothing is cut off.
                None if !std::io::stdout().is_terminal() => UNLIMITED_WIDTH,
                _ => columns.unwrap_or(USUAL_WIDTH).clamp(40, 200),
            },
            // Only a locale of another encoding rules box-drawing characters out. `C`, `POSIX` and
            // no locale at all are usual in containers and say nothing about the terminal.
            unicode: locale.is_none_or(|locale| {
                locale.to_lowercase().contains("utf") || locale == "C" || locale == "POSIX"
            }),
            cache_folder: user_cache_folder(),
            output_failure: OutputFailure::default(),
            closed_streams,
        }
    }

    /// Returns the same with the options of every command as settings files complete them.
    pub(super) fn with_global(self, global: &GlobalArgs) -> Self {
        let Self {
            typed,
            options,
            closed_streams,
            ..
        } = self;
        Self {
            typed,
            options,
            ..Self::from_environment(global, closed_streams)
        }
    }

    /// Returns whether only errors and results are printed.
    pub(super) fn is_quiet(&self) -> bool {
        self.level == OutputLevel::Quiet
    }

    /// Returns whether everything is printed.
    pub(super) fn is_verbose(&self) -> bool {
        self.level == OutputLevel::Verbose
    }

    /// Prints a notice to standard error, unless only errors and results are printed.
    pub(super) fn print_notice(&self, text: &str) {
        if !self.is_quiet() {
            self.print_stderr(text);
        }
    }

    /// Prints to standard output what a command did, unless only errors and results are printed.
    pub(super) fn print_summary(&self, text: &str) {
        if !self.is_quiet() {
            self.print_stdout(text);
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

    /// Prints a result to standard output. A failure is noted and changes the exit code.
    pub(super) fn print_stdout(&self, text: &str) {
        // `println!` would panic when the reader of a pipe has ended, as in `production list |
        // head`.
        let text = self.safe_text(text, self.out_colour);
        let mut out = std::io::stdout().lock();
        // Flushed here: the standard library flushes at the end of the process without a word of
        // what failed.
        let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
        let written = self.closed_streams.output_write(written);
        self.output_failure.note_write("standard output", written);
    }

    /// Prints a result to standard error, for commands whose standard output has something else.
    pub(super) fn print_result_to_stderr(&self, text: &str) {
        let text = self.safe_text(text, self.err_colour);
        let written = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
        let written = self.closed_streams.error_write(written);
        self.output_failure.note_write("standard error", written);
    }

    /// Prints a result as indented JSON to standard output.
    pub(super) fn print_json(&self, value: &serde_json::Value) {
        self.print_stdout(&to_pretty_json(value));
    }

    /// Prints text for people to standard error, beside the results on standard output.
    pub(super) fn print_stderr(&self, text: &str) {
        let text = self.safe_text(text, self.err_colour);
        let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    }

    /// Returns text without secrets and without codes that a terminal would obey.
    // Here, where everything passes: the parts of a text come from documents, tools, journals and
    // names of files, and a new message needs no care of its own.
    fn safe_text(&self, text: &str, colour: bool) -> String {
        let text = self.session.secrets.redact_text(text);
        escape_terminal(&text, colour).into_owned()
    }
}

/// Reads the part of the environment that sessions take.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
fn session_environment() -> SessionEnvironment {
    // `std::env::vars` would panic at a variable that is not UTF-8. Such a variable is left out: no
    // document can name it.
    let text = |text: OsString| text.into_string().ok();
    let variables: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
        .collect();
    // The user's file is last, because later files override earlier ones.
    let farm_files = site_config_folders()
        .chain(user_config_folder())
        .map(|folder| folder.join("farms.yaml"))
        .filter(|path| path.is_file())
        .collect();
    SessionEnvironment {
        search_path: std::env::var_os("PATH").unwrap_or_default(),
        secrets: SecretRedactor::from_variables(variables.clone()),
        machine_profile: user_settings_path(),
        farm_files,
        hooks_file: user_config_folder().map(|folder| folder.join(HOOKS_FILE)),
        program: Some(current_program()),
        trust_file: user_state_folder().map(|folder| folder.join("trusted.json")),
        user_at_host: user_at_host(&variables),
        variables,
    }
}

/// Returns the path of the user's settings. `None` without a home folder.
pub(super) fn user_settings_path() -> Option<PathBuf> {
    user_config_folder().map(|folder| folder.join("settings.yaml"))
}

/// Returns `USER@HOST`, by which others find the owner of work on a farm.
fn user_at_host(variables: &BTreeMap<String, String>) -> String {
    // Daemons and some containers set neither. A farm run without a name is better than none.
    let user = ["USER", "LOGNAME"]
        .iter()
        .find_map(|name| variables.get(*name));
    format!("{}@{}", user.map_or("someone", String::as_str), host_name())
}

/// Returns the folder `production` in the user's folder of settings. `None` without a home folder.
fn user_config_folder() -> Option<PathBuf> {
    user_folder("XDG_CONFIG_HOME", ".config")
}

/// Returns the folder `production` in the user's folder of state. `None` without a home folder.
fn user_state_folder() -> Option<PathBuf> {
    user_folder("XDG_STATE_HOME", ".local/state")
}

/// Returns the folder `production` in the user's folder of caches. `None` without a home folder.
fn user_cache_folder() -> Option<PathBuf> {
    user_folder("XDG_CACHE_HOME", ".cache")
}

/// Returns the folder `production` in a folder of the user: that of a variable, or one below the
/// home folder. `None` without a home folder, or if what is in it cannot be seen.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
fn user_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    // The XDG specification has relative paths ignored.
    let folder = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let parent = folder(variable).or_else(|| Some(folder("HOME")?.join(below_home)))?;
    let own = parent.join("production");
    // Services and containers often run with the home of another user, whose folders are not
    // theirs.
    let looked = own.join("settings.yaml").symlink_metadata();
    let is_hidden = looked.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied);
    (!is_hidden).then_some(own)
}

/// Returns the folders `production` in the site's folders of settings, the most important one
/// last.
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
    // `XDG_CONFIG_DIRS` begins with the most important folder; here later files override earlier
    // ones.
    folders
        .into_iter()
        .rev()
        .map(|folder| folder.join("production"))
}

/// Reads the environment variable that a variable of a document names. `None` if it is unset or
/// not UTF-8.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment"
)]
pub(super) fn environment_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Lets a write beyond the limit of file sizes fail, in place of ending the process with SIGXFSZ.
///
/// A result that a limit cuts short is then an error with its cause, and the store keeps its
/// promises as on a full disk. Child processes inherit it, and report the failed write as well.
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "there is no safe way to change what a signal does"
)]
pub(super) fn report_size_limits() {
    // SAFETY: to ignore a signal installs no handler, so no code of ours runs in one.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

#[cfg(not(unix))]
pub(super) fn report_size_limits() {}

/// Turns Mesa's device-select layer off where it can only fail: without a desktop session it prints
/// an error each time adapters are listed.
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
        // SAFETY: `main` calls this first, while this is the only thread, so nothing else reads the
        // environment meanwhile.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

/// Returns the path of this program.
fn current_program() -> PathBuf {
    // On Linux this link opens the running file even after an upgrade has put another one in its
    // place. A reaper of another version may not understand this run.
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        running
    } else {
        std::env::current_exe().unwrap_or(running)
    }
}
