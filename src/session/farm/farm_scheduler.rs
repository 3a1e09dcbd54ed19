//! The scheduler of a farm run, told how the farm's machines know this program and the store.

use crate::base::Clock;
use crate::cli::cli_settings::{CliSettings, current_program};
use crate::cli::exit_codes::CliError;
use crate::farm::{
    self, PathMap, PathMapRule, Scheduler, SchedulerSetup, TaskManifest, TaskManifestHeader,
};
use std::path::PathBuf;

/// Returns the scheduler of a farm run.
pub(in crate::cli::commands) fn build_scheduler<'a>(
    manifest: &'a TaskManifest,
    settings: &CliSettings,
    clock: &'a dyn Clock,
) -> Result<Box<dyn Scheduler + 'a>, CliError> {
    let (program, store) = remote_paths(&manifest.header);
    Ok(farm::build_scheduler(SchedulerSetup {
        manifest,
        program,
        store,
        search_path: settings.search_path.clone(),
        clock,
        reaper_program: current_program(),
    }))
}

/// Returns this program, and the store, as the farm's machines know them.
pub(in crate::cli::commands) fn remote_paths(header: &TaskManifestHeader) -> (PathBuf, PathBuf) {
    let farm = &header.farm;
    let map = PathMap::new(
        farm.path_map
            .iter()
            .map(|(from, to)| PathMapRule::new(from, to))
            .collect(),
    );
    (
        farm.program
            .as_ref()
            .map_or_else(local_program, PathBuf::from),
        map.map_path(&header.store),
    )
}

/// Returns this program as other machines may find it: its own path, and not the kernel's name for it.
fn local_program() -> PathBuf {
    let program = current_program();
    program.canonicalize().unwrap_or(program)
}
