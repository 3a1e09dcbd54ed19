//! Exit codes, and the errors that end a command.
//!
//! 0: done. 1: a job failed, or a disk is full. 2: wrong usage or an invalid document. 3: a needed
//! tool or engine is missing. 4: the store is damaged or cannot be used. 5: another command holds
//! the store. 130: interrupted.

use super::cli_settings::CliSettings;
use crate::execute::ExecuteError;
use crate::expand::ExpandError;
use crate::farm::FarmError;
use crate::model::FailureClass;
use crate::process::host_name;
use crate::project::{FixError, OpenError, ScriptFileError};
use crate::session::SessionError;
use crate::store::StoreError;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A job failed, a file could not be read or written, or a disk is full.
pub(super) const JOB_FAILED: u8 = 1;
/// Wrong usage, or an invalid document or profile.
pub(super) const INVALID_INPUT: u8 = 2;
/// A needed tool or engine is missing, or the machine is too small for a job.
pub(super) const TOOL_MISSING: u8 = 3;
/// The store is damaged, another production's, or cannot be written.
pub(super) const STORE_UNUSABLE: u8 = 4;
/// Another command holds the store. The same command may succeed later.
// Apart from a damaged store: a timer's job tries again, or leaves it to the command that is at
// work. Nobody has to look.
pub(super) const STORE_BUSY: u8 = 5;
/// Interrupted: 128 and the number of SIGINT, as shells report it.
pub(super) const INTERRUPTED: u8 = 130;

/// An error that ends a command. Its text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Script(#[from] ScriptFileError),
    #[error(transparent)]
    Fix(#[from] FixError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}", session_error_text(.0))]
    Session(#[from] SessionError),
    #[error("{0}")]
    Usage(String),
    /// A run on a farm holds the store.
    #[error("{0}")]
    Busy(String),
    #[error("{what}: {source}")]
    Io {
        what: String,
        source: std::io::Error,
    },
    /// A file that the command line names cannot be read.
    #[error("read {}: {source}", path.display())]
    InputFile {
        path: PathBuf,
        source: std::io::Error,
    },
}

// Sessions have exit codes and texts for errors of farms already. A variant of its own would need
// both again.
impl From<FarmError> for CliError {
    fn from(error: FarmError) -> Self {
        Self::Session(error.into())
    }
}

impl CliError {
    pub(super) fn io_error(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io {
            what: what.into(),
            source,
        }
    }

    const fn exit_code(&self) -> u8 {
        match self {
            Self::Open(_) | Self::Script(_) | Self::Usage(_) | Self::InputFile { .. } => {
                INVALID_INPUT
            }
            Self::Busy(_) => STORE_BUSY,
            Self::Store(error) => store_exit_code(error),
            Self::Session(error) => session_exit_code(error),
            Self::Fix(_) | Self::Io { .. } => JOB_FAILED,
        }
    }
}

const fn store_exit_code(error: &StoreError) -> u8 {
    match error {
        // The store is sound, and the same command continues when there is room. A job that meets a
        // full disk fails with this code too.
        StoreError::DiskFull { .. } => JOB_FAILED,
        // The store is sound; the user has to say what may be replaced.
        StoreError::NotReplaceable { .. } => INVALID_INPUT,
        StoreError::Locked { .. } => STORE_BUSY,
        _ => STORE_UNUSABLE,
    }
}

const fn session_exit_code(error: &SessionError) -> u8 {
    // No wildcard: the compiler asks for the code of every new error.
    match error {
        // The document, a profile or the command line asks for what cannot be.
        SessionError::Plan(_)
        | SessionError::Expand(ExpandError::TooManyJobs(_))
        | SessionError::Farm(FarmError::Usage(_))
        | SessionError::InvalidProduction
        | SessionError::UnknownFarm { .. }
        | SessionError::FarmUnset
        | SessionError::InvalidFarmProfile(_)
        | SessionError::UnreadableMachineProfile { .. }
        | SessionError::InvalidMachineProfile(_)
        | SessionError::InvalidHooks(_)
        | SessionError::PlanNotFollowed { .. }
        | SessionError::CannotDetach(_)
        | SessionError::StoreNotFound(_)
        | SessionError::UnknownFarmRun { .. }
        | SessionError::UnknownRevision { .. }
        | SessionError::NotPublished { .. }
        | SessionError::UnknownReplacePath(_)
        | SessionError::UnknownSources => INVALID_INPUT,
        // The document is right, and another machine could run it. So a claim that is larger than
        // this machine counts like a missing tool.
        SessionError::MissingTool(_)
        | SessionError::Farm(FarmError::Missing(_))
        | SessionError::Execute(ExecuteError::ClaimTooLarge { .. }) => TOOL_MISSING,
        // The run of the farm holds the store, and leaves it when it ends.
        SessionError::FarmRunActive { .. } => STORE_BUSY,
        // The user stopped it at the question.
        SessionError::ProgramsRefused(_) => INTERRUPTED,
        SessionError::Store(error)
        | SessionError::Farm(FarmError::Store(error))
        | SessionError::Execute(ExecuteError::Store(error)) => store_exit_code(error),
        SessionError::Farm(FarmError::Damaged { .. }) => STORE_UNUSABLE,
        // A run would fail in the same way.
        SessionError::ProbeFailed { class, .. } | SessionError::SpeechFailed { class, .. } => {
            match class {
                FailureClass::MissingTool => TOOL_MISSING,
                _ => JOB_FAILED,
            }
        }
        SessionError::Execute(_) | SessionError::Io { .. } => JOB_FAILED,
    }
}

/// Returns the text of an error with the options and commands that help.
fn session_error_text(error: &SessionError) -> String {
    // Sessions know no options and no commands, because other callers may have none. Only texts
    // that name some are here.
    match error {
        SessionError::UnknownFarm { name, hint: None } => {
            format!("find the farm `{name}`; `production library farms` names them all")
        }
        SessionError::InvalidFarmProfile(name) => {
            format!("use the farm `{name}`: its profile has the mistakes above")
        }
        SessionError::InvalidMachineProfile(path) => format!(
            "read the machine profile {}: it has the mistakes above",
            path.display()
        ),
        SessionError::FarmRunActive {
            revision,
            farm: Some(farm),
        } => format!(
            "begin another run: {revision} is on the farm `{farm}`. `--farm {farm} \
             --resume` follows it, `production cancel` removes it from the farm"
        ),
        SessionError::FarmRunActive {
            revision,
            farm: None,
        } => format!(
            "begin another run: {revision} is on a farm; collect its results with \
             `production run --farm NAME --resume`, or remove it with `production cancel`"
        ),
        SessionError::CannotDetach(scheduler) => {
            format!("detach from {scheduler}: it runs tasks only while this command runs")
        }
        SessionError::StoreNotFound(store) => format!(
            "find the store {} on {}: there is no such folder. Tasks need the store of the \
             machine that submitted them, on a file system that both share; if its path is \
             different here, map it with `--path-map FROM=TO`",
            store.display(),
            host_name()
        ),
        SessionError::UnknownFarmRun { revision, known } => format!(
            "find the tasks of {revision}: it was never on a farm ({})",
            known_farm_runs(known)
        ),
        SessionError::UnknownReplacePath(path) => unmatched_replace_text(path),
        SessionError::UnknownRevision { name, newest } if newest.is_empty() => format!(
            "find revision `{name}`: nothing was run yet; `production run` makes the first one, \
             and `production plan` shows what it would make"
        ),
        SessionError::UnknownRevision { name, newest } if name == "current" => format!(
            "find revision `current`: no run was published yet; `production status` says how the \
             last one ({}) ended",
            newest.first().map_or("none", String::as_str)
        ),
        other => other.to_string(),
    }
}

/// Returns the text of the error that a path of `--replace` is no deliverable.
pub(super) fn unmatched_replace_text(path: &Path) -> String {
    format!(
        "use `--replace {}`: no deliverable has this path or contains it",
        path.display()
    )
}

fn known_farm_runs(known: &[String]) -> String {
    if known.is_empty() {
        "no run of this store was; `production run FILE --farm NAME` submits one".to_owned()
    } else {
        format!("runs of this store on farms: {}", known.join(", "))
    }
}

/// Returns the exit code of a command after its output. A result that could not be written in full
/// is an error, unless the command has failed already.
pub(super) fn code_after_output(code: ExitCode, settings: &CliSettings) -> ExitCode {
    let Some(failure) = settings.output_failure.failure_text() else {
        return code;
    };
    let lead = settings.err_paint().failure("error:");
    settings.print_stderr(&format!("{lead} failed to {failure}"));
    // The code of a failed command says more than that its words are missing.
    if code == ExitCode::SUCCESS {
        ExitCode::from(JOB_FAILED)
    } else {
        code
    }
}

/// Prints the error to standard error, and returns its exit code.
pub(super) fn report_error(error: &CliError, settings: &CliSettings) -> ExitCode {
    let lead = settings.err_paint().failure("error:");
    settings.print_stderr(&format!("{lead} failed to {error}"));
    ExitCode::from(error.exit_code())
}
