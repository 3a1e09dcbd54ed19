//! The scheduler of a farm run, told how the farm's machines know this program and the store.

use crate::base::Clock;
use crate::farm::{
    self, PathMap, PathMapRule, Scheduler, SchedulerSetup, TaskManifest, TaskManifestHeader,
};
use crate::session::session_context::SessionEnvironment;
use std::path::PathBuf;

/// Returns the scheduler of a farm run.
pub(in crate::session) fn build_scheduler<'a>(
    manifest: &'a TaskManifest,
    environment: &SessionEnvironment,
    clock: &'a dyn Clock,
) -> Box<dyn Scheduler + 'a> {
    let (program, store) = remote_paths(&manifest.header, environment);
    farm::build_scheduler(SchedulerSetup {
        manifest,
        program,
        store,
        search_path: environment.search_path.clone(),
        clock,
        reaper_program: environment.program.clone(),
    })
}

/// Returns this program, and the store, as the farm's machines know them.
pub(in crate::session) fn remote_paths(
    header: &TaskManifestHeader,
    environment: &SessionEnvironment,
) -> (PathBuf, PathBuf) {
    let rules = header.farm.path_map.iter();
    let rules = rules.map(|(from, to)| PathMapRule::new(from, to)).collect();
    let store = PathMap::new(rules).map_path(&header.store);
    let program = match &header.farm.program {
        Some(program) => PathBuf::from(program),
        None => local_program(environment),
    };
    (program, store)
}

/// Returns this program as other machines may find it: its own path, and not the kernel's name for
/// it.
fn local_program(environment: &SessionEnvironment) -> PathBuf {
    let program = environment.program.clone();
    let program = program.unwrap_or_else(|| PathBuf::from("production"));
    program.canonicalize().unwrap_or(program)
}
