//! The names of result files and their folders: which task, which attempt, and whether it was made.
//!
//! The name carries the verdict, so that the state of a run is read from listings, without opening a million files.

use super::task_map::TaskId;

/// Results in one folder: few enough that listing one is quick on a shared file system.
const RESULTS_PER_SHARD: u32 = 1000;
/// In the names of results of attempts that did not make their task.
const FAILED_SUFFIX: &str = ".failed";

/// What the newest attempt at a task left. Of two that did the same attempt, one that made it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AttemptMarker {
    pub(super) attempt: u32,
    pub(super) succeeded: bool,
}

/// A thousand tasks whose results share a folder, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ResultShard(pub(super) u32);

impl ResultShard {
    pub(super) const fn for_task(task: TaskId) -> Self {
        Self(task.0 / RESULTS_PER_SHARD)
    }

    /// Returns every shard of this many tasks.
    pub(super) fn all_shards(tasks: u32) -> impl Iterator<Item = Self> {
        (0..tasks.div_ceil(RESULTS_PER_SHARD)).map(Self)
    }

    /// Returns the name of the folder.
    pub(super) fn folder_name(self) -> String {
        format!("{:04}", self.0)
    }
}

/// Returns the name of the result file of one attempt.
pub(super) fn result_file_name(task: TaskId, marker: AttemptMarker) -> String {
    let failed = if marker.succeeded { "" } else { FAILED_SUFFIX };
    format!("{task}.{}{failed}.json", marker.attempt)
}

/// Reads what [`result_file_name`] wrote; `None` for the name of any other file.
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
