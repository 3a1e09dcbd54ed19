//! Builds the scheduler of a farm run, with paths as the machines of the farm know them.

use crate::base::{Clock, split_search_path};
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
    let header = &manifest.header;
    let (program, store) = remote_paths(header, environment);
    farm::build_scheduler(SchedulerSetup {
        manifest,
        program,
        store,
        // The programs of a scheduler belong to the machine, and never to the production.
        search_path: split_search_path(&environment.search_path, &header.root).1,
        variable_names: environment.variables.keys().cloned().collect(),
        clock,
        reaper_program: environment.program.clone(),
    })
}

/// Returns the paths of this program and of the store on the machines of the farm.
pub(in crate::session) fn remote_paths(
    header: &TaskManifestHeader,
    environment: &SessionEnvironment,
) -> (PathBuf, PathBuf) {
    let rules = header.farm.path_map.iter();
    let rules = rules.map(|(from, to)| PathMapRule::new(from, to)).collect();
    let store = PathMap::new(rules).map_path(&header.store);
    // A farm often has the program at another path than the machine that submits, so its profile
    // may name it.
    let program = match &header.farm.program {
        Some(program) => PathBuf::from(program),
        None => local_program(environment),
    };
    (program, store)
}

/// Returns the path of this program for other machines.
fn local_program(environment: &SessionEnvironment) -> PathBuf {
    let program = environment.program.clone();
    let program = program.unwrap_or_else(|| PathBuf::from("production"));
    // `/proc/self/exe` is a path on Linux that means another program on every machine, so the link
    // is followed.
    program.canonicalize().unwrap_or(program)
}
