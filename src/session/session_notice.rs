//! Notices of a session while it works, as values. The receiver chooses words, colours and streams.

use super::folder_programs::{FolderProgram, FolderPrograms};
use crate::base::{Diagnostics, SourceMap};
use crate::store::StoreError;
use crate::store::publish_recovery::PublishRecovery;
use std::path::Path;

/// A notice that a caller may want to show.
#[derive(Debug, Clone, Copy)]
pub enum SessionNotice<'a> {
    /// Another process holds the store, and the session waits for it.
    WaitingForStore {
        /// The process, its command, and how long it has run.
        holder: &'a str,
    },
    /// The folder of the production brings programs that a run is about to start.
    StartsFolderPrograms {
        /// Everything that the folder brings.
        folder: &'a FolderPrograms,
        /// What the run starts.
        started: &'a [FolderProgram],
    },
    /// Programs that the folder brings were not started for their version, because the user did not
    /// say that the folder is trusted. Jobs are planned with the version that the last run
    /// recorded.
    ProgramsNotQueried {
        /// Everything that the folder brings.
        folder: &'a FolderPrograms,
    },
    /// A publication that an earlier process left incomplete was undone or completed.
    PublicationRecovered(&'a PublishRecovery),
    /// The deliverables are in place, and hidden files beside them could not be removed.
    LeftBeside(&'a StoreError),
    /// The report could not be written, or not beside the deliverables. The run ended as it would
    /// have without it.
    ReportNotWritten {
        /// Why not.
        error: &'a StoreError,
        /// The page of the same report in another place.
        elsewhere: Option<&'a Path>,
    },
    /// Diagnostics about a machine profile, or about farm profiles outside of the production.
    Findings {
        /// The diagnostics.
        diagnostics: &'a Diagnostics,
        /// The files that they are about.
        sources: &'a SourceMap,
    },
    /// Machines of the farm may not see the store or the production.
    StorageWarning(&'a str),
    /// Machines of the farm may play music with another font.
    FontWarning(&'a str),
    /// A target of `--regen` or `--pin` is not part of this run.
    IdleControl {
        /// The option as it is typed.
        option: &'a str,
        /// The target.
        target: &'a str,
    },
    /// The previous run was interrupted, and this one continues it.
    ContinuesRun {
        /// Number of jobs that finished in earlier runs.
        finished_jobs: usize,
    },
    /// `--resume` was given, but no run was interrupted.
    NothingToResume,
    /// There are no recorded durations, so a few frames are rendered to measure them.
    ProbeStarted,
    /// These renderers are commands, of which an estimate rendered no frame: one may take an hour or
    /// cost money.
    CommandsNotTried {
        /// Their names.
        names: &'a [&'a str],
    },
    /// Lines are spoken before the run is planned, because shots may be as long as their
    /// lines.
    SpeechStarted(SpeechStart<'a>),
    /// Some lines were spoken.
    SpeechProgress {
        /// Lines that were spoken.
        done: usize,
        /// All lines.
        lines: usize,
    },
    /// Everything that the scheduler accepts now is submitted.
    TasksSubmitted(SubmittedTasks<'a>),
    /// The scheduler accepts no more tasks for now.
    SubmissionPaused {
        /// The scheduler.
        scheduler: &'a str,
        /// Its reason.
        reason: &'a str,
    },
    /// A message about the farm that no event of the run covers.
    FarmMessage(&'a str),
    /// A hook failed. The run is over and ended as it did.
    HookFailed {
        /// `on_success` or `on_failure`.
        event: &'a str,
        /// The hook on one line.
        hook: &'a str,
        /// What happened, as a fragment that reads after "failed to".
        error: &'a str,
    },
    /// This process stops following the run, and the farm continues it.
    LeftOnFarm {
        /// The farm.
        farm: &'a str,
    },
}

/// The lines that are about to be spoken.
#[derive(Debug, Clone, Copy)]
pub struct SpeechStart<'a> {
    /// Number of lines.
    pub lines: usize,
    /// Whether they were spoken at the pace of their voices before, and their shots are too short
    /// for that.
    pub faster: bool,
    /// Why the first of them is spoken, as a phrase.
    pub reason: &'a str,
    /// The job of the first of them.
    pub first: &'a str,
}

/// What was submitted to a farm at once.
#[derive(Debug, Clone, Copy)]
pub struct SubmittedTasks<'a> {
    /// The farm.
    pub farm: &'a str,
    /// Number of tasks of the whole run.
    pub tasks: u32,
    /// Number of submitted arrays.
    pub arrays: usize,
    /// Folder of the scripts and submissions.
    pub folder: &'a Path,
}

/// Receives the notices of a session. A notice cannot stop the work; the answer to a question can.
// A notice has no return value: the work cannot depend on its display. A caller stops a run with
// its cancel token.
pub trait SessionReporter {
    /// Receives one notice.
    fn report_notice(&self, notice: &SessionNotice<'_>);

    /// Returns whether a run may start programs that the folder of the production brings. It is
    /// called before the first of them starts, unless the folder is trusted.
    // By default nobody can answer, as in a timer's job. A user who starts a run wants its programs
    // to run, and the notice says which.
    fn allows_programs(&self, folder: &FolderPrograms, started: &[FolderProgram]) -> bool {
        self.report_notice(&SessionNotice::StartsFolderPrograms { folder, started });
        true
    }
}

/// A reporter that drops every notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoopReporter;

impl SessionReporter for NoopReporter {
    fn report_notice(&self, _: &SessionNotice<'_>) {}
}
