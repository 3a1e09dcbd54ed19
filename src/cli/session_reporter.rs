//! The words for what a session says while it works, on standard error.

use super::cli_settings::CliSettings;
use crate::report::diagnostic::render_diagnostics;
use crate::report::summary::revision_summary::publish_recovery_text;
use crate::session::{SessionContext, SessionNotice, SessionReporter};
use std::path::Path;

/// Prints notices for people.
pub(super) struct TerminalReporter<'a> {
    settings: &'a CliSettings,
    /// The document as it was typed, for commands that are suggested.
    document: &'a Path,
}

impl<'a> TerminalReporter<'a> {
    pub(super) const fn new(settings: &'a CliSettings, document: &'a Path) -> Self {
        Self { settings, document }
    }

    /// Returns what the functions of the session are called with.
    pub(super) fn context(&self) -> SessionContext<'_> {
        SessionContext {
            environment: &self.settings.session,
            reporter: self,
        }
    }

    fn notice_text(&self, notice: &SessionNotice<'_>) -> String {
        let warning = self.settings.err_paint().warning("warning:");
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
                format!("continuing: {finished_jobs} finished jobs are kept from earlier runs")
            }
            SessionNotice::NothingToResume => "nothing to resume: no earlier run was cut off; \
                finished work is reused all the same"
                .to_owned(),
            SessionNotice::ProbeStarted => {
                "no runs to learn from yet; trying a few frames on this machine".to_owned()
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
                format!("{scheduler} takes no more tasks now: {reason}")
            }
            SessionNotice::FarmMessage(text) => text.to_owned(),
            SessionNotice::LeftOnFarm { farm } => {
                let document = self.document.display();
                format!(
                    "the farm goes on with it: `production run {document} --farm {farm} --resume` \
                     comes back, `production cancel {document}` takes it back"
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
