//! Exit codes, and errors that end a command.
//!
//! 0 done; 1 some job failed; 2 wrong usage or invalid document; 3 a needed tool or engine is
//! missing; 4 the store is damaged or locked; 130 interrupted.

use super::cli_settings::CliSettings;
use crate::execute::ExecuteError;
use crate::expand::ExpandError;
use crate::farm::FarmError;
use crate::process::host_name;
use crate::project::{FixError, OpenError};
use crate::session::SessionError;
use crate::store::StoreError;
use std::process::ExitCode;

/// Some job failed.
pub(super) const JOB_FAILED: u8 = 1;
/// Wrong usage or invalid document.
pub(super) const INVALID_INPUT: u8 = 2;
/// A needed tool or engine is missing.
pub(super) const TOOL_MISSING: u8 = 3;
/// The store is damaged or locked.
pub(super) const STORE_UNUSABLE: u8 = 4;
/// Interrupted.
pub(super) const INTERRUPTED: u8 = 130;

/// What ends a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Fix(#[from] FixError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}", session_error_text(.0))]
    Session(#[from] SessionError),
    #[error("{0}")]
    Usage(String),
    #[error("{what}: {source}")]
    Io {
        what: String,
        source: std::io::Error,
    },
}

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
            Self::Open(_) | Self::Usage(_) => INVALID_INPUT,
            Self::Store(_) => STORE_UNUSABLE,
            Self::Session(error) => session_exit_code(error),
            Self::Fix(_) | Self::Io { .. } => JOB_FAILED,
        }
    }
}

const fn session_exit_code(error: &SessionError) -> u8 {
    match error {
        SessionError::Plan(_)
        | SessionError::Expand(ExpandError::TooManyJobs(_))
        | SessionError::Farm(FarmError::Usage(_))
        | SessionError::InvalidProduction
        | SessionError::UnknownFarm { .. }
        | SessionError::FarmUnset
        | SessionError::InvalidFarmProfile(_)
        | SessionError::UnreadableMachineProfile { .. }
        | SessionError::InvalidMachineProfile(_)
        | SessionError::FarmRunActive { .. }
        | SessionError::CannotDetach(_)
        | SessionError::StoreNotFound(_)
        | SessionError::UnknownFarmRun { .. }
        | SessionError::UnknownRevision { .. }
        | SessionError::NotPublished { .. } => INVALID_INPUT,
        SessionError::MissingTool(_)
        | SessionError::Farm(FarmError::Missing(_))
        | SessionError::Execute(ExecuteError::ClaimTooLarge { .. }) => TOOL_MISSING,
        SessionError::Store(_)
        | SessionError::Farm(FarmError::Store(_) | FarmError::Damaged { .. })
        | SessionError::Execute(ExecuteError::Store(_)) => STORE_UNUSABLE,
        SessionError::Execute(_) | SessionError::Io { .. } => JOB_FAILED,
    }
}

/// Returns the text of an error with the options and commands that help.
fn session_error_text(error: &SessionError) -> String {
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
             --resume` goes on with it, `production cancel` takes it back"
        ),
        SessionError::FarmRunActive {
            revision,
            farm: None,
        } => format!(
            "begin another run: {revision} is on a farm; take its results in with \
             `production run --farm NAME --resume`, or take it back with `production cancel`"
        ),
        SessionError::CannotDetach(scheduler) => {
            format!("leave the run to {scheduler}: it does tasks only while this command runs")
        }
        SessionError::StoreNotFound(store) => format!(
            "find the store {} on {}: there is no such folder. Tasks need the store of the \
             machine that sent them, on a file system that both see; where its path is another \
             here, `--path-map FROM=TO` leads to it",
            store.display(),
            host_name()
        ),
        SessionError::UnknownFarmRun { revision, known } => format!(
            "find the tasks of {revision}: it was never on a farm ({})",
            known_farm_runs(known)
        ),
        other => other.to_string(),
    }
}

fn known_farm_runs(known: &[String]) -> String {
    if known.is_empty() {
        "none of this store was, yet: `production run FILE --farm NAME` sends one".to_owned()
    } else {
        format!("those of this store that were: {}", known.join(", "))
    }
}

/// Says what failed, and returns its exit code.
pub(super) fn report_error(error: &CliError, settings: &CliSettings) -> ExitCode {
    let lead = settings.err_paint().failure("error:");
    settings.print_stderr(&format!("{lead} failed to {error}"));
    ExitCode::from(error.exit_code())
}
