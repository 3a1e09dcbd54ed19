//! How `production doctor` asks programs: which may be started, and what ends them with the
//! command.

use super::cli_settings::CliSettings;
use crate::base::{CancelToken, Clock, SystemClock};
use crate::model::Provider;
use crate::process::{CallOptions, ProcessReaper};
use crate::producers::render::command::ProviderProgram;
use crate::session::FolderPrograms;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What is needed to ask programs.
pub(super) struct DoctorProbe<'a> {
    /// Where programs are looked for, in the syntax of `PATH`.
    pub(super) search_path: OsString,
    settings: &'a CliSettings,
    programs: FolderPrograms,
    is_trusted: bool,
    cancel: CancelToken,
    reaper: Option<ProcessReaper>,
}

impl<'a> DoctorProbe<'a> {
    /// Returns the probe of a command in `folder`. Programs that the folder brings are started only
    /// if the user trusts it.
    pub(super) fn new(folder: &Path, settings: &'a CliSettings) -> Self {
        let search_path = &settings.session.search_path;
        let programs = FolderPrograms::find(folder, search_path);
        let is_trusted = settings.session.trusts_programs(&programs);
        let search_path = if is_trusted {
            search_path.clone()
        } else {
            programs.outside_search_path().to_owned()
        };
        let started_at = SystemClock::default().now().as_nanosecond();
        // With the time, because systems use the ids of processes again.
        let mark = format!("{}-{started_at}", std::process::id());
        Self {
            search_path,
            settings,
            programs,
            is_trusted,
            cancel: CancelToken::default(),
            reaper: settings.session.process_reaper(mark),
        }
    }

    pub(super) fn call_options(&self) -> CallOptions<'_> {
        CallOptions {
            reaper: self.reaper.as_ref(),
            ..CallOptions::new(&self.cancel)
        }
    }

    /// Returns the version and the path of a provider's program.
    ///
    /// # Errors
    /// Fails with what is missing, or why the program was not started.
    pub(super) fn provider_program(
        &self,
        provider: &Provider,
    ) -> Result<(String, PathBuf), String> {
        let is_of_folder = self.programs.providers().contains(&provider.name);
        let root = Path::new(std::path::MAIN_SEPARATOR_STR);
        let folder = if is_of_folder {
            &self.programs.folder
        } else {
            root
        };
        if is_of_folder && !self.is_trusted && !provider.version.is_empty() {
            let path = ProviderProgram::locate(provider, folder, &self.search_path)?;
            return Err(format!(
                "at {}, not asked for its version: `production trust` allows it for this folder",
                path.display()
            ));
        }
        let program = ProviderProgram::find_from_folder(
            provider,
            folder,
            &self.search_path,
            &self.settings.session.variables,
            self.call_options(),
        )?;
        Ok((program.version().to_owned(), program.path().to_owned()))
    }
}
