//! The inputs of a session: the environment of the process, the reporter, and options.

use super::folder_programs::FolderPrograms;
use super::session_notice::{SessionNotice, SessionReporter};
use super::trusted_folders::TrustedFolders;
use crate::base::{Diagnostics, SourceMap};
use crate::model::machine_profile::JobParallelism;
use crate::process::{ProcessReaper, SecretRedactor};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// The environment of the process. The caller reads it; this module does not.
///
/// The default has no programs, variables or settings. Film outputs then fail because ffmpeg is
/// missing.
#[derive(Debug, Clone, Default)]
pub struct SessionEnvironment {
    /// Folders that are searched for programs, in the syntax of `PATH`.
    pub search_path: OsString,
    /// The variables that renderers may use.
    pub variables: BTreeMap<String, String>,
    /// Values that must not appear in logs and records.
    pub secrets: SecretRedactor,
    /// Path of the user's machine profile. The file need not exist.
    pub machine_profile: Option<PathBuf>,
    /// Files of farm profiles outside of the production: those of the site, then those of the user.
    /// A later file overrides an earlier one.
    pub farm_files: Vec<PathBuf>,
    /// The user's file of hooks. The file need not exist.
    pub hooks_file: Option<PathBuf>,
    /// The `production` program. A run starts it as the reaper, and farms start it for each task.
    /// If it is `None`, child processes may outlive an aborted run, and farms search for
    /// `production` in their own path.
    pub program: Option<PathBuf>,
    /// The file of the folders that the user trusts, see `TrustedFolders`. The file need not exist.
    pub trust_file: Option<PathBuf>,
    /// The user who submits work, such as `user@host`, so that others find the owner of a farm run.
    pub user_at_host: String,
}

impl SessionEnvironment {
    /// Returns a reaper that has not started yet. `None` without a program to start.
    pub(crate) fn process_reaper(&self, mark: String) -> Option<ProcessReaper> {
        let program = self.program.clone()?;
        Some(ProcessReaper::new(program, mark))
    }

    /// Returns whether the user trusts a folder with the programs that it brings now.
    pub(crate) fn trusts_programs(&self, programs: &FolderPrograms) -> bool {
        // A file that cannot be read trusts nothing: `production trust` reports it.
        let trusted = self.trust_file.as_deref().map(TrustedFolders::read);
        trusted.is_some_and(|read| read.is_ok_and(|trusted| trusted.trusts_programs(programs)))
    }
}

/// The environment and the reporter. Every function of this module takes it.
#[derive(Clone, Copy)]
// Passed as an argument and not read from global state, so that tests and a server can run several
// sessions in one process.
pub struct SessionContext<'a> {
    /// The environment of the process.
    pub environment: &'a SessionEnvironment,
    /// The receiver of notices.
    pub reporter: &'a dyn SessionReporter,
}

impl SessionContext<'_> {
    pub(super) fn report(&self, notice: &SessionNotice<'_>) {
        self.reporter.report_notice(notice);
    }

    /// Reports findings, if there are any.
    pub(super) fn report_findings(&self, diagnostics: &Diagnostics, sources: &SourceMap) {
        if !diagnostics.is_empty() {
            self.report(&SessionNotice::Findings {
                diagnostics,
                sources,
            });
        }
    }
}

/// The options of every session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOptions {
    /// The folder of the store. `None` is `.production` beside the document.
    pub store: Option<PathBuf>,
    /// The machine profile. `None` is that of the user.
    pub machine_profile: Option<PathBuf>,
    /// The graphics adapter: `auto`, `software`, or part of a name.
    pub gpu: String,
    /// Parallel jobs. `None` is the value of the profile, otherwise 4.
    pub parallel: Option<JobParallelism>,
    /// The farm that runs the jobs. `None` is this machine.
    pub farm: Option<String>,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            store: None,
            machine_profile: None,
            gpu: "auto".to_owned(),
            parallel: None,
            farm: None,
        }
    }
}
