//! The facts about a kind of scheduler that code outside its folder needs, and what one is built from.
//!
//! General code asks for a fact, such as whether the machines share this machine's disk, and never for a scheduler by
//! name: a condition on a name is one that a new scheduler silently falls on the wrong side of.

use super::task_manifest::TaskManifest;
use crate::base::Clock;
use std::ffi::OsString;
use std::path::PathBuf;

/// The facts about a kind of scheduler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchedulerSpec {
    /// The name that profiles have under `engine` and messages have for it.
    pub name: &'static str,
    /// Whether its jobs run on after this process has ended.
    pub survives_client: bool,
    /// Whether its tasks run on other machines, so that the store must not be on a disk of this one alone.
    pub needs_shared_disk: bool,
    /// Whether its machines may run Windows, which opens no long paths.
    pub may_run_windows: bool,
    /// Most tasks of one array where the scheduler cannot be asked for its limit.
    pub default_array_limit: u32,
    /// The command that releases a held job, without the job's name; `None` where no job is ever held.
    pub release_command: Option<&'static str>,
}

impl SchedulerSpec {
    /// Returns the end of a message about a held job: the command that releases it, if the scheduler has one.
    #[must_use]
    pub fn release_hint(&self, job: &str) -> String {
        self.release_command
            .map(|command| format!(": {command} {job}"))
            .unwrap_or_default()
    }
}

/// What a scheduler is built from, for one farm run.
#[derive(Clone)]
pub struct SchedulerSetup<'a> {
    /// The run, with the farm's profile as it was when the run was sent.
    pub manifest: &'a TaskManifest,
    /// This program, on the farm's machines.
    pub program: PathBuf,
    /// The store, on the farm's machines.
    pub store: PathBuf,
    /// Where the scheduler's own programs are looked for on this machine.
    pub search_path: OsString,
    /// Measures time.
    pub clock: &'a dyn Clock,
    /// This program on this machine, to end child processes when we are killed ourselves. If it is
    /// unset, nothing ends them.
    pub reaper_program: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_job_is_released_by_the_schedulers_own_command_or_by_none() {
        let spec = SchedulerSpec {
            name: "queue",
            survives_client: true,
            needs_shared_disk: true,
            may_run_windows: false,
            default_array_limit: 10,
            release_command: Some("qrls"),
        };
        assert_eq!(spec.release_hint("12"), ": qrls 12");
        let spec = SchedulerSpec {
            release_command: None,
            ..spec
        };
        assert_eq!(spec.release_hint("12"), "");
    }
}
