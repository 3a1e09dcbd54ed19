//! What a session takes from outside: the surroundings of the process, who listens, and what was
//! asked for.

use super::session_notice::{SessionNotice, SessionReporter};
use crate::base::{Diagnostics, SourceMap};
use crate::model::machine_profile::JobParallelism;
use crate::process::{ProcessReaper, SecretRedactor};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// The surroundings of the process, read by whoever starts the session.
///
/// The default has no programs, no variables and no settings: film outputs then fail for want of
/// ffmpeg.
#[derive(Debug, Clone, Default)]
pub struct SessionEnvironment {
    /// Where programs are looked for, written like `PATH`.
    pub search_path: OsString,
    /// The variables that renderers may be given.
    pub variables: BTreeMap<String, String>,
    /// What must not be written into logs and records.
    pub secrets: SecretRedactor,
    /// The user's machine profile, whether or not the file exists.
    pub machine_profile: Option<PathBuf>,
    /// Files of farm profiles outside the production: the site's, then the user's, each over those
    /// before it.
    pub farm_files: Vec<PathBuf>,
    /// The `production` program. A run starts it beside itself to end what an aborted run leaves
    /// behind, and farms start it for each task. Unset, nothing guards against an abort, and farms
    /// look for `production` in their own path.
    pub program: Option<PathBuf>,
    /// Who submits work, such as `user@host`, so that others find the owner of a farm run.
    pub user_at_host: String,
}

impl SessionEnvironment {
    /// Returns a reaper that has not started yet; `None` without a program to start.
    pub(crate) fn process_reaper(&self, mark: String) -> Option<ProcessReaper> {
        let program = self.program.clone()?;
        Some(ProcessReaper::new(program, mark))
    }
}

/// The surroundings, and who hears what happens. Everything in this room is called with it.
#[derive(Clone, Copy)]
pub struct SessionContext<'a> {
    /// The surroundings of the process.
    pub environment: &'a SessionEnvironment,
    /// Who hears what happens.
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

/// Where and with what a session works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOptions {
    /// The folder of the store; `.production` beside the document when unset.
    pub store: Option<PathBuf>,
    /// The machine profile; the user's when unset.
    pub machine_profile: Option<PathBuf>,
    /// The graphics adapter: `auto`, `software`, or part of a name.
    pub gpu: String,
    /// Jobs at a time; what the profile says when unset, else 4.
    pub parallel: Option<JobParallelism>,
    /// The farm that does the work; this machine when unset.
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
