//! The engine of a farm run, told how the farm's machines know this program and the store.

use crate::base::Clock;
use crate::cli::cli_settings::{CliSettings, current_program};
use crate::cli::exit_codes::CliError;
use crate::farm::openjd::{ExportedScheduler, OpenJdScheduler};
use crate::farm::slurm::SlurmScheduler;
use crate::farm::{PathMap, PathMapRule, Scheduler, TaskManifest, TaskManifestHeader};
use crate::model::farm_profile::SchedulerKind as Kind;
use crate::process::ProcessReaper;
use std::path::PathBuf;

/// Returns the engine of a farm run.
pub(in crate::cli::commands) fn build_scheduler<'a>(
    manifest: &'a TaskManifest,
    settings: &CliSettings,
    clock: &'a dyn Clock,
) -> Result<Box<dyn Scheduler + 'a>, CliError> {
    let TaskManifest { header, folder } = manifest;
    if header.exported {
        return Ok(Box::new(ExportedScheduler));
    }
    let farm = &header.farm;
    let (program, store) = remote_paths(header);
    match farm.engine {
        Kind::Slurm => Ok(Box::new(SlurmScheduler::new(
            (farm, header, folder),
            (program, store),
            &settings.search_path,
            clock,
        ))),
        Kind::Openjd => {
            let reaper = ProcessReaper::new(current_program(), header.token.clone());
            let from = (farm, header, folder);
            Ok(Box::new(OpenJdScheduler::new(
                from,
                (program, store),
                &settings.search_path,
                Some(reaper),
            )))
        }
    }
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
