//! Exit codes, and errors that end a command.
//!
//! 0 done; 1 some job failed; 2 wrong usage or invalid document; 3 a needed tool or engine is missing; 4 the store is
//! damaged or locked; 130 interrupted.

use super::cli_settings::CliSettings;
use crate::execute::ExecuteError;
use crate::expand::ExpandError;
use crate::plan::PlanError;
use crate::project::{FixError, OpenError};
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
    Expand(#[from] ExpandError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Missing(String),
    #[error("{0}")]
    Damaged(String),
    #[error("{what}: {source}")]
    Io {
        what: String,
        source: std::io::Error,
    },
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
            Self::Open(_) | Self::Plan(_) | Self::Usage(_) => INVALID_INPUT,
            Self::Expand(ExpandError::TooManyJobs(_)) => INVALID_INPUT,
            Self::Missing(_) | Self::Execute(ExecuteError::ClaimTooLarge { .. }) => TOOL_MISSING,
            Self::Store(_) | Self::Damaged(_) | Self::Execute(ExecuteError::Store(_)) => {
                STORE_UNUSABLE
            }
            Self::Execute(_) | Self::Fix(_) | Self::Io { .. } => JOB_FAILED,
        }
    }
}

/// Says what failed, and returns its exit code.
pub(super) fn report_error(error: &CliError, settings: &CliSettings) -> ExitCode {
    let lead = settings.err_paint().failure("error:");
    settings.print_stderr(&format!("{lead} failed to {error}"));
    ExitCode::from(error.exit_code())
}
