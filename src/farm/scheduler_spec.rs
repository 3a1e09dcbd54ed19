//! The facts about a kind of scheduler that code outside its folder needs, and the values from
//! which one is built.
//!
//! General code asks for a fact, such as whether the tasks run on other machines. It never compares
//! names of schedulers: a new scheduler would silently take the wrong branch of such a condition.

use super::task_manifest::TaskManifest;
use crate::base::Clock;
use std::ffi::OsString;
use std::path::PathBuf;

/// The facts about a kind of scheduler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchedulerSpec {
    /// The name in the field `engine` of a profile, and in messages.
    pub name: &'static str,
    /// Whether its jobs continue after this process has ended.
    pub survives_client: bool,
    /// Whether its tasks run on other machines, so that the store must be on a shared disk.
    pub needs_shared_disk: bool,
    /// Whether its machines may run Windows, which cannot open long paths.
    pub may_run_windows: bool,
    /// The maximum number of tasks in one array, if the scheduler does not report its limit.
    pub default_array_limit: u32,
    /// The command that releases a held job, without the job's name. `None` if jobs are never held.
    pub release_command: Option<&'static str>,
}

impl SchedulerSpec {
    /// Returns the end of a message about a held job, `: COMMAND JOB`, or an empty string.
    #[must_use]
    pub fn release_hint(&self, job: &str) -> String {
        self.release_command
            .map(|command| format!(": {command} {job}"))
            .unwrap_or_default()
    }
}

/// The values from which a scheduler is built, for one farm run.
#[derive(Clone)]
pub struct SchedulerSetup<'a> {
    /// The manifest of the run, with the farm's profile as it was at submission.
    pub manifest: &'a TaskManifest,
    /// The path of this program on the farm's machines.
    pub program: PathBuf,
    /// The path of the store on the farm's machines.
    pub store: PathBuf,
    /// The folders to search for the scheduler's own programs on this machine, as in `PATH`.
    pub search_path: OsString,
    /// The names of the variables of this process. Some are options of the scheduler's programs,
    /// which must not override the profile.
    pub variable_names: Vec<String>,
    /// The clock for timeouts.
    pub clock: &'a dyn Clock,
    /// This program on this machine, which ends child processes if this process is killed. If it is
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
