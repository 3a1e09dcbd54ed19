//! Errors that end a session. Each text reads after "failed to".
//!
//! The variants hold the facts, so that the command line can name its options and commands in the
//! text, and a server can answer in its own words.

use super::followed_plan::FollowError;
use crate::execute::ExecuteError;
use crate::expand::ExpandError;
use crate::farm::FarmError;
use crate::model::FailureClass;
use crate::plan::PlanError;
use crate::store::StoreError;
use std::path::PathBuf;

/// Why a session failed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The production cannot be expanded into jobs.
    #[error(transparent)]
    Expand(#[from] ExpandError),
    /// The jobs do not form a plan, or the selection names none of them.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The store is damaged or locked, or cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The plan cannot be executed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// A farm run cannot be read, sent or followed.
    #[error(transparent)]
    Farm(#[from] FarmError),
    /// The production has mistakes; its diagnostics say which.
    #[error("use a production that has mistakes")]
    InvalidProduction,
    /// No farm has this name.
    #[error("find the farm `{name}`{}", hint_suffix(hint.as_deref()))]
    UnknownFarm {
        /// The name.
        name: String,
        /// The nearest name, as a question.
        hint: Option<String>,
    },
    /// The work needs a farm, and the options name none.
    #[error("find a farm: none is named")]
    FarmUnset,
    /// The farm's profile has mistakes, which were reported.
    #[error("use the farm `{0}`: its profile has mistakes")]
    InvalidFarmProfile(String),
    /// The machine profile cannot be read.
    #[error("read the machine profile {}: {source}", path.display())]
    UnreadableMachineProfile {
        /// Path of the profile.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The machine profile has mistakes, which were reported.
    #[error("read the machine profile {}: it has mistakes", .0.display())]
    InvalidMachineProfile(PathBuf),
    /// A file of hooks has mistakes, which were reported.
    #[error("use the hooks of {}: the file has mistakes", .0.display())]
    InvalidHooks(PathBuf),
    /// An earlier run of the same store is on a farm.
    #[error("begin another run: {revision} is on a farm")]
    FarmRunActive {
        /// Revision of that run.
        revision: String,
        /// Its farm. `None` if the command cannot resume it.
        farm: Option<String>,
    },
    /// The scheduler of this name works only while this process runs.
    #[error("leave the run to {0}: it runs tasks only while this process runs")]
    CannotDetach(&'static str),
    /// The plan cannot be read, or no longer holds.
    #[error("follow the plan {}: {source}", path.display())]
    PlanNotFollowed {
        /// The file of the plan.
        path: PathBuf,
        /// The reason.
        source: FollowError,
    },
    /// The user does not allow the programs that the folder brings.
    #[error("run {}: its programs are not allowed", .0.display())]
    ProgramsRefused(PathBuf),
    /// A program or an engine that the work needs is missing.
    #[error("{0}")]
    MissingTool(String),
    /// A job of the probe for an estimate failed. It would fail in a run as well.
    #[error("try `{job}`: {message}")]
    ProbeFailed {
        /// The job.
        job: String,
        /// Why it failed.
        class: FailureClass,
        /// What happened, for people.
        message: String,
    },
    /// A line could not be spoken, so it is not known how long it is.
    #[error("speak `{job}`: {message}\n  asked for at {place}")]
    SpeechFailed {
        /// The job.
        job: String,
        /// `file:line:column` of the line.
        place: String,
        /// Why it failed.
        class: FailureClass,
        /// What happened, for people.
        message: String,
    },
    /// A farm's machine cannot see the store.
    #[error("find the store {}: there is no such folder", .0.display())]
    StoreNotFound(PathBuf),
    /// The revision was never on a farm.
    #[error("find the tasks of {revision}: it was never on a farm")]
    UnknownFarmRun {
        /// The revision.
        revision: String,
        /// Revisions of the store that were on a farm.
        known: Vec<String>,
    },
    /// The store has no such revision.
    #[error("find revision `{name}`: {}", newest_revisions(newest))]
    UnknownRevision {
        /// The name as it was typed.
        name: String,
        /// The newest revisions, newest first.
        newest: Vec<String>,
    },
    /// No deliverable has this path of `--replace`, or contains it.
    #[error("replace {}: no deliverable has this path or contains it", .0.display())]
    UnknownReplacePath(PathBuf),
    /// The document has mistakes, so it is not known which files it reads.
    #[error(
        "replace what no run put there: the document has mistakes, so it is not known which files it reads"
    )]
    UnknownSources,
    /// The revision delivered nothing.
    #[error("show {revision}: it was not published ({ending})")]
    NotPublished {
        /// The revision.
        revision: String,
        /// How it ended.
        ending: &'static str,
    },
    /// A file outside the store cannot be read or written.
    #[error("{what}: {source}")]
    Io {
        /// The action that failed, such as `write film/template.yaml`.
        what: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
}

impl SessionError {
    pub(crate) fn io_error(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io {
            what: what.into(),
            source,
        }
    }
}

fn hint_suffix(hint: Option<&str>) -> String {
    hint.map(|hint| format!("; {hint}")).unwrap_or_default()
}

fn newest_revisions(newest: &[String]) -> String {
    if newest.is_empty() {
        "nothing was run yet".to_owned()
    } else {
        format!("the newest are {}", newest.join(", "))
    }
}
