//! Prints the notices of a session to standard error. Their words are here, because sessions know
//! no options, commands or colours.

use super::cli_settings::CliSettings;
use crate::report::diagnostic::render_diagnostics;
use crate::report::summary::revision_summary::publish_recovery_text;
use crate::session::{SessionContext, SessionNotice, SessionReporter};
use std::path::Path;

/// Prints notices to standard error.
pub(super) struct TerminalReporter<'a> {
    settings: &'a CliSettings,
    /// The document as it was typed, for commands that are suggested.
    document: &'a Path,
}

impl<'a> TerminalReporter<'a> {
    pub(super) const fn new(settings: &'a CliSettings, document: &'a Path) -> Self {
        Self { settings, document }
    }

    /// Returns the context in which functions of the session are called.
    pub(super) fn context(&self) -> SessionContext<'_> {
        SessionContext {
            environment: &self.settings.session,
            reporter: self,
        }
    }

    fn notice_text(&self, notice: &SessionNotice<'_>) -> String {
        let warning = self.settings.err_paint().warning("warning:");
        // No wildcard: a notice without words would be lost.
        match *notice {
            SessionNotice::WaitingForStore { holder } => {
                format!("waiting for {holder}, which holds the store")
            }
            SessionNotice::PublicationRecovered(recovery) => publish_recovery_text(recovery),
            SessionNotice::Findings {
                diagnostics,
                sources,
            } => render_diagnostics(diagnostics, sources, self.settings.diagnostic_style()),
            SessionNotice::StorageWarning(text) => format!("{warning} {text}"),
            SessionNotice::IdleControl { option, target } => format!(
                "{warning} {option} {target} does nothing: none of its jobs are part of this run"
            ),
            SessionNotice::ContinuesRun { finished_jobs } => {
                format!("continuing: {finished_jobs} finished jobs of earlier runs are reused")
            }
            // Not an error: without `--resume` the same run would start and reuse as much.
            SessionNotice::NothingToResume => "nothing to resume: no earlier run was interrupted; \
                finished work is reused in any case"
                .to_owned(),
            SessionNotice::ProbeStarted => {
                "no earlier runs to estimate from; rendering a few frames on this machine"
                    .to_owned()
            }
            SessionNotice::TasksSubmitted {
                farm,
                tasks,
                arrays,
                folder,
            } => format!(
                "{tasks} tasks in {arrays} arrays are on the farm `{farm}`; scripts and placements \
                 are in {}",
                folder.display()
            ),
            SessionNotice::SubmissionPaused { scheduler, reason } => {
                format!("{scheduler} accepts no more tasks for now: {reason}")
            }
            SessionNotice::FarmMessage(text) => text.to_owned(),
            SessionNotice::LeftOnFarm { farm } => {
                let document = self.document.display();
                format!(
                    "the farm continues the run: `production run {document} --farm {farm} --resume` \
                     follows it, `production cancel {document}` removes it"
                )
            }
        }
    }
}

impl SessionReporter for TerminalReporter<'_> {
    fn report_notice(&self, notice: &SessionNotice<'_>) {
        self.settings.print_stderr(&self.notice_text(notice));
    }
}
