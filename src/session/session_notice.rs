//! What a session says while it works, as values. Words, colours and streams are the receiver's
//! choice.

use crate::base::{Diagnostics, SourceMap};
use crate::store::publish::PublishRecovery;
use std::path::Path;

/// One thing that a caller may want to show while the session works.
#[derive(Debug, Clone, Copy)]
pub enum SessionNotice<'a> {
    /// The session waits until another process gives up the store.
    WaitingForStore {
        /// That process, its command and how long it has run.
        holder: &'a str,
    },
    /// A publication that an earlier process left half done was undone or completed.
    PublicationRecovered(&'a PublishRecovery),
    /// Findings about a machine profile, or about farms outside the production.
    Findings {
        /// The findings.
        diagnostics: &'a Diagnostics,
        /// The text that they are about.
        sources: &'a SourceMap,
    },
    /// Machines of the farm may not see the store or the production.
    StorageWarning(&'a str),
    /// A job that was named to be made again or kept is no part of this run.
    IdleControl {
        /// Which control, as an option of the command line.
        option: &'a str,
        /// What it names.
        target: &'a str,
    },
    /// The run before this one was cut off, and this one continues it.
    ContinuesRun {
        /// Jobs that finished in earlier runs.
        finished_jobs: usize,
    },
    /// A resume was asked for, and no run was cut off.
    NothingToResume,
    /// No run gave durations yet, so a few frames are made to measure them.
    ProbeStarted,
    /// Everything that the scheduler takes now is handed in.
    TasksSubmitted {
        /// The farm.
        farm: &'a str,
        /// Tasks of the whole run.
        tasks: u32,
        /// Arrays handed in.
        arrays: usize,
        /// The folder of scripts and submissions.
        folder: &'a Path,
    },
    /// The scheduler takes no more tasks for now.
    SubmissionPaused {
        /// The scheduler.
        scheduler: &'a str,
        /// Its reason.
        reason: &'a str,
    },
    /// Something happened on the farm that no event of the run says.
    FarmMessage(&'a str),
    /// This process stops following the run, and the farm continues it.
    LeftOnFarm {
        /// The farm.
        farm: &'a str,
    },
}

/// Receives what a session says while it works. It answers nothing, and cannot stop the work.
pub trait SessionReporter {
    /// Takes one notice.
    fn report_notice(&self, notice: &SessionNotice<'_>);
}

/// A reporter that drops every notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoopReporter;

impl SessionReporter for NoopReporter {
    fn report_notice(&self, _: &SessionNotice<'_>) {}
}
