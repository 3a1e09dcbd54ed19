//! The tasks whose results a farm run waits for, and the folders in which these results will
//! appear.

use super::result_name::ResultShard;
use super::task_map::TaskId;
use crate::base::Digest;
use crate::model::{Claim, JobId};
use std::collections::BTreeMap;
use std::ops::Bound;

/// A task whose result the run waits for.
pub(super) struct PendingTask {
    pub(super) job: JobId,
    /// The job's identity with the inputs of this run.
    pub(super) digest: Digest,
    /// The attempt whose result counts, by the numbers of results. Results of older attempts are
    /// known.
    pub(super) attempt: u32,
    /// The attempt by the dispatcher's count, which begins at 1 in every run.
    pub(super) run_attempt: u32,
    /// The claim, if a retry raised it above the plan's. Boxed, because a million tasks may be
    /// pending and almost none has one.
    pub(super) raised_claim: Option<Box<Claim>>,
    /// Whether its start is in the journal.
    pub(super) start_reported: bool,
    /// The finished units by its last heartbeat.
    pub(super) units_done: usize,
}

/// The pending tasks in order, and how many of them each folder has.
#[derive(Default)]
pub(super) struct PendingTaskSet {
    tasks: BTreeMap<TaskId, PendingTask>,
    per_shard: BTreeMap<ResultShard, usize>,
}

impl PendingTaskSet {
    pub(super) fn insert(&mut self, task: TaskId, pending: PendingTask) {
        // A task that replaces itself must not be counted twice, or its folder would be listed for
        // ever.
        if self.tasks.insert(task, pending).is_none() {
            *self
                .per_shard
                .entry(ResultShard::for_task(task))
                .or_default() += 1;
        }
    }

    pub(super) fn remove(&mut self, task: TaskId) -> Option<PendingTask> {
        let pending = self.tasks.remove(&task)?;
        let shard = ResultShard::for_task(task);
        if let Some(count) = self.per_shard.get_mut(&shard) {
            *count -= 1;
            // Empty folders are removed, so that a pass over the folders costs what is pending and
            // not what the run once had.
            if *count == 0 {
                self.per_shard.remove(&shard);
            }
        }
        Some(pending)
    }

    /// Removes and returns every task.
    pub(super) fn take_all(&mut self) -> Vec<PendingTask> {
        self.per_shard.clear();
        std::mem::take(&mut self.tasks).into_values().collect()
    }

    pub(super) fn get(&self, task: TaskId) -> Option<&PendingTask> {
        self.tasks.get(&task)
    }

    pub(super) fn get_mut(&mut self, task: TaskId) -> Option<&mut PendingTask> {
        self.tasks.get_mut(&task)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (TaskId, &PendingTask)> {
        self.tasks.iter().map(|(task, pending)| (*task, pending))
    }

    /// Returns the number of pending tasks from `first` to `last`, both included.
    pub(super) fn count_between(&self, first: TaskId, last: TaskId) -> usize {
        self.tasks.range(first..=last).count()
    }

    pub(super) fn has_shard(&self, shard: ResultShard) -> bool {
        self.per_shard.contains_key(&shard)
    }

    /// Returns every shard with a pending task once: those after `last` first, then the others.
    pub(super) fn shards_after(&self, last: ResultShard) -> impl Iterator<Item = ResultShard> {
        // In a circle, from where the last pass ended: with a limit for each pass, the first
        // folders would otherwise be listed again and again, and the last never.
        let later = (Bound::Excluded(last), Bound::Unbounded);
        self.per_shard
            .range(later)
            .chain(self.per_shard.range(..=last))
            .map(|(shard, _)| *shard)
    }
}

#[cfg(test)]
pub(super) mod testing {
    //! Sets of pending tasks for tests of other modules.

    use super::*;
    use crate::base::Digest;

    /// Returns the digest of the inputs of every task here.
    pub(crate) fn digest() -> Digest {
        Digest::hash_bytes(b"inputs")
    }

    /// Returns a set of these tasks, each at its first attempt.
    pub(crate) fn pending_set(tasks: impl IntoIterator<Item = u32>) -> PendingTaskSet {
        let mut pending = PendingTaskSet::default();
        for task in tasks {
            pending.insert(TaskId(task), first_attempt(task));
        }
        pending
    }

    fn first_attempt(task: u32) -> PendingTask {
        PendingTask {
            job: JobId(task),
            digest: digest(),
            attempt: 1,
            run_attempt: 1,
            raised_claim: None,
            start_reported: false,
            units_done: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::pending_set;
    use super::*;

    #[test]
    fn a_shard_is_in_the_set_until_its_last_task_is_removed() {
        let mut pending = pending_set([3, 4, 2500]);
        assert!(pending.remove(TaskId(3)).is_some());
        assert!(pending.remove(TaskId(3)).is_none());
        assert!(pending.has_shard(ResultShard(0)) && pending.has_shard(ResultShard(2)));
        pending.remove(TaskId(4));
        assert!(!pending.has_shard(ResultShard(0)));
        assert_eq!(pending.take_all().len(), 1);
        assert!(!pending.has_shard(ResultShard(2)));
    }

    #[test]
    fn shards_come_in_turn_from_the_one_after_the_last() {
        let pending = pending_set([0, 1000, 2000, 3000]);
        let turn: Vec<u32> = pending
            .shards_after(ResultShard(1))
            .map(|shard| shard.0)
            .collect();
        assert_eq!(turn, [2, 3, 0, 1]);
    }
}
