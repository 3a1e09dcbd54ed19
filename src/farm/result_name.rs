//! The names of result files and their folders: the task, the attempt, and whether it succeeded.
//!
//! The name contains the verdict, so that listings show the state of a run without opening a
//! million files.

use super::task_map::TaskId;

/// The number of tasks whose results share a folder. Listing one must be quick on a shared file
/// system.
const RESULTS_PER_SHARD: u32 = 1000;
/// The mark in the names of results of failed attempts.
const FAILED_SUFFIX: &str = ".failed";

/// The newest attempt at a task, and whether it succeeded.
// The derived order is the rule of precedence: a later attempt counts more, and of two results of
// one attempt, which a requeued element can leave, the successful one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AttemptMarker {
    pub(super) attempt: u32,
    pub(super) succeeded: bool,
}

/// The number of a folder of results: task number divided by a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ResultShard(pub(super) u32);

impl ResultShard {
    pub(super) const fn for_task(task: TaskId) -> Self {
        Self(task.0 / RESULTS_PER_SHARD)
    }

    /// Returns every shard of a run with this number of tasks.
    pub(super) fn all_shards(tasks: u32) -> impl Iterator<Item = Self> {
        (0..tasks.div_ceil(RESULTS_PER_SHARD)).map(Self)
    }

    /// Returns the name of the folder, with at least four digits.
    pub(super) fn folder_name(self) -> String {
        format!("{:04}", self.0)
    }
}

/// Returns the name of a result file: `TASK.ATTEMPT.json` or `TASK.ATTEMPT.failed.json`.
pub(super) fn result_file_name(task: TaskId, marker: AttemptMarker) -> String {
    let failed = if marker.succeeded { "" } else { FAILED_SUFFIX };
    format!("{task}.{}{failed}.json", marker.attempt)
}

/// Parses a name from [`result_file_name`]; `None` for the name of any other file.
pub(super) fn parse_result_name(name: &str) -> Option<(TaskId, AttemptMarker)> {
    let (task, rest) = name.split_once('.')?;
    let attempt = rest.strip_suffix(".json")?;
    let (attempt, succeeded) = attempt
        .strip_suffix(FAILED_SUFFIX)
        .map_or((attempt, true), |attempt| (attempt, false));
    Some((
        TaskId(task.parse().ok()?),
        AttemptMarker {
            attempt: attempt.parse().ok()?,
            succeeded,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_as_it_was_written_and_others_are_passed_over() {
        for (attempt, succeeded) in [(1, true), (12, false)] {
            let marker = AttemptMarker { attempt, succeeded };
            let name = result_file_name(TaskId(4711), marker);
            assert_eq!(parse_result_name(&name), Some((TaskId(4711), marker)));
        }
        for name in ["4711.json", "x.1.json", "4711.1.json.tmp", ".1.json"] {
            assert_eq!(parse_result_name(name), None, "{name}");
        }
    }
}
