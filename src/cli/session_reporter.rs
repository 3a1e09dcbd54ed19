//! Prints the notices of a session to standard error. Their words are here, because sessions know
//! no options, commands or colours.

use super::cli_settings::CliSettings;
use super::exit_codes::CliError;
use crate::base::printable::flatten_escaped;
use crate::base::{Clock, SystemClock};
use crate::report::diagnostic::render_diagnostics;
use crate::report::summary::revision_summary::publish_recovery_text;
use crate::report::text_format::format_count;
use crate::session::{
    FolderProgram, FolderPrograms, SessionContext, SessionNotice, SessionReporter, SpeechStart,
    SubmittedTasks, TrustedFolders,
};
use crate::store::StoreError;
use std::cell::Cell;
use std::io::{BufRead, Write};
use std::path::Path;

/// Most programs of a folder that are listed.
const MOST_PROGRAMS: usize = 20;

/// Prints notices to standard error.
pub(super) struct TerminalReporter<'a> {
    settings: &'a CliSettings,
    /// Whether the user allowed the programs of the folder with `--yes`.
    is_allowed: bool,
    /// Whether the programs of the folder were shown and allowed before in this command.
    was_allowed: Cell<bool>,
}

impl<'a> TerminalReporter<'a> {
    pub(super) const fn new(settings: &'a CliSettings) -> Self {
        Self {
            settings,
            is_allowed: false,
            was_allowed: Cell::new(false),
        }
    }

    /// Sets whether the user allowed the programs of the folder.
    pub(super) fn with_allowed(self, is_allowed: bool) -> Self {
        Self { is_allowed, ..self }
    }

    /// Returns the settings of the command.
    pub(super) const fn settings(&self) -> &'a CliSettings {
        self.settings
    }

    /// Returns the context in which functions of the session are called.
    pub(super) fn context(&self) -> SessionContext<'_> {
        SessionContext {
            environment: &self.settings.session,
            reporter: self,
        }
    }

    fn notice_text(&self, notice: &SessionNotice<'_>) -> String {
        // No wildcard: a notice without words would be lost.
        match *notice {
            SessionNotice::WaitingForStore { holder } => {
                format!("waiting for {holder}, which holds the store")
            }
            SessionNotice::StartsFolderPrograms { folder, started } => {
                started_programs_text(folder, started)
            }
            SessionNotice::ProgramsNotQueried { folder } => self.unqueried_programs_text(folder),
            SessionNotice::PublicationRecovered(recovery) => publish_recovery_text(recovery),
            SessionNotice::LeftBeside(error) => self.warning_text(&leftover_text(error)),
            SessionNotice::ReportNotWritten { error, elsewhere } => {
                self.warning_text(&unwritten_report_text(error, elsewhere))
            }
            SessionNotice::Findings {
                diagnostics,
                sources,
            } => render_diagnostics(diagnostics, sources, self.settings.diagnostic_style()),
            SessionNotice::StorageWarning(text) | SessionNotice::FontWarning(text) => {
                self.warning_text(text)
            }
            SessionNotice::IdleControl { option, target } => self.warning_text(&format!(
                "{option} {target} does nothing: none of its jobs are part of this run"
            )),
            SessionNotice::ContinuesRun { finished_jobs } => continued_run_text(finished_jobs),
            SessionNotice::NothingToResume => NOTHING_TO_RESUME.to_owned(),
            SessionNotice::ProbeStarted => PROBE_STARTED.to_owned(),
            SessionNotice::CommandsNotTried { names } => untried_commands_text(names),
            SessionNotice::SpeechStarted(start) => speech_start_text(&start),
            SessionNotice::SpeechProgress { done, lines } => {
                format!("spoke {done} of {}", format_count(lines, "line"))
            }
            SessionNotice::TasksSubmitted(submitted) => submitted_tasks_text(&submitted),
            SessionNotice::SubmissionPaused { scheduler, reason } => {
                format!("{scheduler} accepts no more tasks for now: {reason}")
            }
            SessionNotice::FarmMessage(text) => text.to_owned(),
            SessionNotice::HookFailed { event, hook, error } => self.warning_text(&format!(
                "the hook `{event}` ({}) failed to {}; the run is not affected",
                flatten_escaped(hook),
                flatten_escaped(error)
            )),
            SessionNotice::LeftOnFarm { farm } => self.left_on_farm_text(farm),
        }
    }

    fn warning_text(&self, text: &str) -> String {
        let warning = self.settings.err_paint().warning("warning:");
        format!("{warning} {text}")
    }

    fn unqueried_programs_text(&self, folder: &FolderPrograms) -> String {
        format!(
            "programs of {} are not started, and the versions of the last run are used; `{}` \
             allows it",
            shown_path(&folder.folder),
            self.settings.typed.suggest("trust", &[])
        )
    }

    fn left_on_farm_text(&self, farm: &str) -> String {
        let typed = &self.settings.typed;
        format!(
            "the farm continues the run: `{}` follows it, `{}` removes it",
            typed.suggest("run", &["--farm", farm, "--resume"]),
            typed.suggest("cancel", &[])
        )
    }
}

// Not an error: without `--resume` the same run would start and reuse as much.
const NOTHING_TO_RESUME: &str =
    "nothing to resume: no earlier run was interrupted; finished work is reused in any case";

const PROBE_STARTED: &str =
    "no earlier runs to estimate from; rendering a few frames on this machine";

fn started_programs_text(folder: &FolderPrograms, started: &[FolderProgram]) -> String {
    let lead = format!(
        "{} brings programs, which are started:",
        shown_path(&folder.folder)
    );
    program_list(&lead, started)
}

fn leftover_text(error: &StoreError) -> String {
    format!(
        "the deliverables are in place, but files of the last ones are left: failed to {error}. \
         The next command that writes tries again"
    )
}

/// Returns which renderers an estimate did not try.
fn untried_commands_text(names: &[&str]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", flatten_escaped(name)))
        .collect();
    format!(
        "no frame of {} was tried: a command may take long or cost money; `--yes` tries a few",
        names.join(", ")
    )
}

fn continued_run_text(finished_jobs: usize) -> String {
    let jobs = format_count(finished_jobs, "finished job");
    let are = if finished_jobs == 1 { "is" } else { "are" };
    format!("continuing: {jobs} of earlier runs {are} reused")
}

fn speech_start_text(start: &SpeechStart<'_>) -> String {
    let count = format_count(start.lines, "line");
    let beginning = match start.lines {
        1 => "",
        _ => "beginning with ",
    };
    let SpeechStart { first, reason, .. } = start;
    if start.faster {
        // Without the reason, which would only repeat the sentence.
        return format!(
            "speaking {count} faster, so that the shots are long enough: {beginning}{first}"
        );
    }
    format!("speaking {count} to know how long shots are: {beginning}{first} ({reason})")
}

fn submitted_tasks_text(submitted: &SubmittedTasks<'_>) -> String {
    let SubmittedTasks {
        farm,
        tasks,
        arrays,
        folder,
    } = submitted;
    format!(
        "{} in {} {} on the farm `{farm}`; scripts and placements are in {}",
        format_count(*tasks as usize, "task"),
        format_count(*arrays, "array"),
        if *tasks == 1 { "is" } else { "are" },
        folder.display()
    )
}

fn unwritten_report_text(error: &StoreError, elsewhere: Option<&Path>) -> String {
    let fault = match error {
        // Its own words say that nothing was delivered, and the film was.
        StoreError::NotReplaceable { path, problem } => {
            format!("put {} in place: {problem}", shown_path(path))
        }
        error => error.to_string(),
    };
    let next = match elsewhere {
        Some(page) => format!("The same report is {}", shown_path(page)),
        None => "`production log` and `production show` say what the store knows".to_owned(),
    };
    format!("a file of the report is missing: failed to {fault}. {next}")
}

/// Returns a path for a terminal: a folder may have any name.
pub(super) fn shown_path(path: &Path) -> String {
    flatten_escaped(&path.display().to_string())
}

/// Returns programs below a line, each on a line of its own.
pub(super) fn program_list(lead: &str, programs: &[FolderProgram]) -> String {
    let mut text = lead.to_owned();
    let shown = programs.iter().take(MOST_PROGRAMS);
    text.extend(shown.map(|program| format!("\n  {program}")));
    if let Some(more) = programs.len().checked_sub(MOST_PROGRAMS + 1) {
        text += &format!("\n  and {} more", more + 1);
    }
    text
}

impl SessionReporter for TerminalReporter<'_> {
    fn allows_programs(&self, folder: &FolderPrograms, started: &[FolderProgram]) -> bool {
        // A run may be planned again with measured speech.
        if self.was_allowed.get() {
            return true;
        }
        let is_allowed = self.asks_for_programs(folder, started);
        self.was_allowed.set(is_allowed);
        is_allowed
    }

    fn report_notice(&self, notice: &SessionNotice<'_>) {
        let is_important = match notice {
            // What a stranger's folder starts is shown even with `--quiet`, and a mistake ends the
            // command.
            SessionNotice::StartsFolderPrograms { .. } => true,
            SessionNotice::Findings { diagnostics, .. } => diagnostics.has_errors(),
            _ => false,
        };
        if is_important || !self.settings.is_quiet() {
            self.settings.print_stderr(&self.notice_text(notice));
        }
    }
}

impl TerminalReporter<'_> {
    /// Shows the programs of a folder, and asks whether they may start if somebody is there.
    fn asks_for_programs(&self, folder: &FolderPrograms, started: &[FolderProgram]) -> bool {
        self.report_notice(&SessionNotice::StartsFolderPrograms { folder, started });
        // Without a terminal there is nobody to ask, and a timer's job must go on as before.
        if self.is_allowed || !self.settings.can_ask {
            return true;
        }
        let question = "start them, now and until they change? [y/N] ";
        if !ask_yes(question) {
            return false;
        }
        // If the folder cannot be remembered, the question comes again. That is no reason not to
        // run.
        if let Err(error) = remember_programs(folder, self.settings) {
            self.settings.print_stderr(&format!(
                "{} failed to {error}",
                self.settings.err_paint().warning("warning:")
            ));
        }
        true
    }
}

/// Asks on standard error, and returns whether the answer is yes.
fn ask_yes(question: &str) -> bool {
    let mut output = std::io::stderr().lock();
    let shown = write!(output, "{question}").and_then(|()| output.flush());
    let mut answer = String::new();
    let read = shown.and_then(|()| std::io::stdin().lock().read_line(&mut answer));
    let answer = answer.trim().to_lowercase();
    read.is_ok() && matches!(answer.as_str(), "y" | "yes")
}

/// Remembers that the user trusts a folder with the programs that it brings now.
pub(super) fn remember_programs(
    programs: &FolderPrograms,
    settings: &CliSettings,
) -> Result<(), CliError> {
    let file = trust_file(settings)?;
    let mut trusted = TrustedFolders::read(file)?;
    trusted.trust_programs(programs, SystemClock::default().now())?;
    Ok(trusted.write(file)?)
}

/// Returns the file of trusted folders.
pub(super) fn trust_file(settings: &CliSettings) -> Result<&Path, CliError> {
    settings.session.trust_file.as_deref().ok_or_else(|| {
        let message = "remember trusted folders: neither XDG_STATE_HOME nor HOME is set";
        CliError::Usage(message.to_owned())
    })
}
