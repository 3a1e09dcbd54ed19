//! Decides which programs of the folder of a production a session starts, and what it plans with in
//! place of the others.

use super::folder_programs::{FolderProgram, FolderPrograms, ProgramSource, speech_commands};
use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::model::{Engine, Job, JobAction};
use crate::producers::FolderProviders;
use crate::producers::render::command::is_identity_of;
use crate::project::RunHooks;
use crate::store::RunHistory;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// What a session does with programs that the folder of the production brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramUse {
    /// Starts them, if the reporter allows it.
    Run,
    /// Starts none, unless the user trusts the folder.
    Look,
}

/// What decides about the programs of a folder.
pub(super) struct ProgramAccess<'a> {
    pub(super) program_use: ProgramUse,
    /// The farm that does the work.
    pub(super) farm: Option<&'a str>,
    pub(super) context: SessionContext<'a>,
}

/// The decision about the programs of a folder.
pub(super) struct AllowedPrograms {
    /// Where programs are looked for, in the syntax of `PATH`.
    pub(super) search_path: OsString,
    /// Programs of the folder that the jobs start.
    pub(super) started: Vec<FolderProgram>,
    /// The providers of the folder.
    pub(super) providers: FolderProviders,
    /// The hooks of the folder that may run. A look has none.
    pub(super) hooks: RunHooks,
}

impl ProgramAccess<'_> {
    /// Finds the programs of the folder `root`, and reports or asks about those that these jobs
    /// start.
    ///
    /// # Errors
    /// Fails if the reporter does not allow programs that a run would start.
    pub(super) fn decide(
        self,
        root: &Path,
        jobs: &[Job],
        history: &RunHistory,
    ) -> Result<AllowedPrograms, SessionError> {
        let environment = self.context.environment;
        let programs = FolderPrograms::find(root, &environment.search_path)
            .with_speech_commands(speech_commands(jobs));
        // The question lists only what these jobs start. If it listed everything, users would soon
        // answer without reading.
        let started = programs.started_by(jobs, self.farm);
        let providers = |recorded| FolderProviders {
            folder: programs.folder.clone(),
            names: Some(programs.providers().clone()),
            recorded,
        };
        if self.allows_programs(&programs, &started)? {
            return Ok(AllowedPrograms {
                search_path: environment.search_path.clone(),
                started,
                providers: providers(BTreeMap::new()),
                hooks: programs.hooks().clone(),
            });
        }
        let recorded = recorded_providers(jobs, &programs, history);
        let hides_tools = started
            .iter()
            .any(|program| program.source == ProgramSource::SearchPath);
        // Silent where nothing is missing, since most folders bring no programs.
        if hides_tools || !recorded.is_empty() {
            let notice = SessionNotice::ProgramsNotQueried { folder: &programs };
            self.context.report(&notice);
        }
        Ok(AllowedPrograms {
            // Without the folder's own programs: one called `ffmpeg` would be started by its name.
            search_path: programs.outside_search_path().to_owned(),
            started,
            providers: providers(recorded),
            hooks: RunHooks::default(),
        })
    }

    /// Returns whether the session may start the programs of the folder.
    fn allows_programs(
        &self,
        programs: &FolderPrograms,
        started: &[FolderProgram],
    ) -> Result<bool, SessionError> {
        let environment = self.context.environment;
        if programs.is_empty() || environment.trusts_programs(programs) {
            return Ok(true);
        }
        let reporter = self.context.reporter;
        match self.program_use {
            // A look never asks: `status` in a strange folder must be safe without reading
            // anything.
            ProgramUse::Look => Ok(false),
            ProgramUse::Run if started.is_empty() => Ok(true),
            ProgramUse::Run if reporter.allows_programs(programs, started) => Ok(true),
            ProgramUse::Run => Err(SessionError::ProgramsRefused(programs.folder.clone())),
        }
    }
}

/// A provider whose program is started for its version.
struct VersionCommand<'a> {
    name: &'a str,
    /// The command that prints the version.
    version: &'a [String],
}

/// Returns the command that does this work. `None`: no command does it.
fn version_command(work: &JobAction) -> Option<VersionCommand<'_>> {
    match (work, work.engine()) {
        (JobAction::Speech(work), _) => {
            let command = work.voice.engine.command()?;
            Some(VersionCommand {
                name: &command.name,
                version: &command.version,
            })
        }
        (_, Some(Engine::Command(provider))) => Some(VersionCommand {
            name: &provider.name,
            version: &provider.version,
        }),
        _ => None,
    }
}

/// Returns the identity of each provider of the folder whose program would be started for its
/// version: the one that the last run recorded.
fn recorded_providers(
    jobs: &[Job],
    programs: &FolderPrograms,
    history: &RunHistory,
) -> BTreeMap<String, String> {
    let mut recorded = BTreeMap::new();
    for job in jobs {
        let Some(provider) = version_command(&job.work) else {
            continue;
        };
        // Without a command for its version nothing is started, so nothing has to be known.
        let is_queried =
            programs.providers().contains(provider.name) && !provider.version.is_empty();
        let is_known = recorded.get(provider.name).is_some_and(Option::is_some);
        if is_queried && !is_known {
            let identity = history.records.last_identity(&job.name.to_string());
            let record = identity.and_then(|identity| history.records.get(&identity));
            // The job may have been made by another renderer before.
            let known = record
                .map(|record| record.provider.to_string())
                .filter(|identity| is_identity_of(identity, provider.name));
            recorded.insert(provider.name.to_owned(), known);
        }
    }
    recorded
        .into_iter()
        .map(|(name, known)| {
            let identity = known.unwrap_or_else(|| format!("{name}, not asked for its version"));
            (name, identity)
        })
        .collect()
}
