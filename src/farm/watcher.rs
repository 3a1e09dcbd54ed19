//! Watches a farm run: polls the scheduler's queue, and reads results and heartbeats from the
//! shared store.
//!
//! A run may wait for a million results while a thousand tasks run, so the number of running tasks
//! bounds the cost of a scan. Folders without a running task are listed in turn, a few at a time,
//! and the number of heartbeats that one poll reads is limited.

use super::array_submitter::ArraySubmitter;
use super::heartbeat::TaskHeartbeat;
use super::pending_tasks::PendingTaskSet;
use super::poll_until::is_due;
use super::queue_snapshot::QueueSnapshot;
use super::result_listing::ResultListing;
use super::result_name::ResultShard;
use super::run_folder::FarmRunFolder;
use super::task_manifest::FarmError;
use super::task_map::TaskId;
use super::task_result::{TaskResult, UnreadableResult};
use crate::base::Digest;
use std::collections::BTreeSet;
use std::time::Duration;

/// Scans for results in one poll period. Listing folders is cheap, while a poll runs a program and
/// loads the scheduler's controller.
const SCANS_PER_POLL: u32 = 5;
/// Folders without a running task that one scan lists in addition. A scheduler may be silent or
/// wrong, so every folder is listed at some time.
const COLD_SHARDS_PER_SCAN: usize = 16;
/// Heartbeats that one poll reads. With more running tasks, each is read at every second poll, and
/// so on.
const HEARTBEATS_PER_POLL: usize = 500;

/// Watches one farm run.
pub(super) struct FarmWatcher {
    folder: FarmRunFolder,
    poll_period: Duration,
    listing: ResultListing,
    /// Folders in which results may appear now.
    active_shards: BTreeSet<ResultShard>,
    /// The last folder that was listed in turn.
    last_cold_shard: ResultShard,
    /// The last task whose heartbeat was read.
    last_heartbeat_task: TaskId,
    last_scan: Option<Duration>,
    last_poll: Option<Duration>,
}

impl FarmWatcher {
    pub(super) fn new(folder: &FarmRunFolder, poll_period: Duration) -> Self {
        Self {
            folder: folder.clone(),
            poll_period,
            listing: ResultListing::new(folder),
            active_shards: BTreeSet::new(),
            last_cold_shard: ResultShard(0),
            last_heartbeat_task: TaskId(0),
            last_scan: None,
            last_poll: None,
        }
    }

    /// Returns the time between two scans for results.
    pub(super) fn scan_period(&self) -> Duration {
        self.poll_period / SCANS_PER_POLL
    }

    pub(super) fn is_scan_due(&self, now: Duration) -> bool {
        is_due(self.last_scan, now, self.scan_period())
    }

    pub(super) fn is_poll_due(&self, now: Duration) -> bool {
        is_due(self.last_poll, now, self.poll_period)
    }

    /// Makes the next poll due at once.
    pub(super) fn hasten_poll(&mut self) {
        self.last_poll = None;
    }

    /// Polls the scheduler. `None` if it does not answer.
    pub(super) fn poll_queue(
        &mut self,
        submitter: &mut ArraySubmitter<'_>,
        now: Duration,
    ) -> Result<Option<QueueSnapshot>, FarmError> {
        // The time of the call counts, not that of the answer: a controller that takes long to
        // answer is still polled as often as the profile says.
        self.last_poll = Some(now);
        submitter.poll_queue()
    }

    /// Sets the folders in which results may appear before the next poll.
    pub(super) fn watch_shards(&mut self, shards: BTreeSet<ResultShard>) {
        self.active_shards = shards;
    }

    /// Returns the new results of pending tasks in the active folders and in the next cold ones.
    pub(super) fn collect_results(
        &mut self,
        pending: &PendingTaskSet,
        now: Duration,
    ) -> Vec<TaskResult> {
        self.last_scan = Some(now);
        let mut shards: BTreeSet<ResultShard> = pending
            .shards_after(self.last_cold_shard)
            .take(COLD_SHARDS_PER_SCAN)
            .inspect(|shard| self.last_cold_shard = *shard)
            .collect();
        // A folder whose last pending result was collected is not listed again until the next poll.
        self.active_shards.retain(|shard| pending.has_shard(*shard));
        shards.extend(&self.active_shards);
        let mut results = Vec::new();
        for shard in shards {
            let mut new_tasks: Vec<TaskId> = self
                .listing
                .refresh_shard(shard)
                .iter()
                // A result of an older attempt is known: its failure is why there is a newer one.
                .filter(|(task, marker)| {
                    pending
                        .get(**task)
                        .is_some_and(|pending| marker.attempt >= pending.attempt)
                })
                .map(|(task, _)| *task)
                .collect();
            // The listing is a hash map. Sorted, events come in an order that does not vary between
            // two runs.
            new_tasks.sort_unstable();
            results.extend(
                new_tasks
                    .into_iter()
                    .filter_map(|task| self.listing.read_result(task)),
            );
        }
        results
    }

    /// Returns the newest attempt that left a result; 0 if none did.
    pub(super) fn newest_attempt(&mut self, task: TaskId) -> u32 {
        self.listing
            .newest_attempt(task)
            .map_or(0, |marker| marker.attempt)
    }

    /// Returns the result of a task if it succeeded with these inputs.
    pub(super) fn finished_result(&mut self, task: TaskId, digest: Digest) -> Option<TaskResult> {
        // The name shows a failure, so the file of a failed attempt is not opened. When a run is
        // resumed, this is called for every task.
        self.listing
            .newest_attempt(task)
            .filter(|marker| marker.succeeded)?;
        self.listing
            .read_result(task)
            .filter(|result| result.digest == Some(digest))
    }

    /// Returns the newest result of a task if it is of this attempt or a later one. Lists the
    /// folder again.
    pub(super) fn result_since(&mut self, task: TaskId, attempt: u32) -> Option<TaskResult> {
        // The last listing may be older than the answer of the scheduler that the task has ended.
        self.listing.refresh_shard(ResultShard::for_task(task));
        self.listing
            .read_result(task)
            .filter(|newest| newest.attempt >= attempt)
    }

    /// Returns the result of a task, of this attempt or a later one, if it is there and cannot be
    /// read.
    pub(super) fn unreadable_result(
        &mut self,
        task: TaskId,
        attempt: u32,
    ) -> Option<UnreadableResult> {
        let newest = self.newest_attempt(task);
        self.listing
            .unreadable_result(task)
            .filter(|_| newest >= attempt)
    }

    /// Reads a limited number of heartbeats, beginning after the last task of the previous call.
    /// `running` is sorted.
    pub(super) fn read_heartbeats(&mut self, running: &[TaskId]) -> Vec<TaskHeartbeat> {
        let next = running.partition_point(|task| *task <= self.last_heartbeat_task);
        // The place is remembered by task and not by index, because the list of running tasks
        // changes from poll to poll.
        let (before, after) = running.split_at(next);
        let turn = after.iter().chain(before).take(HEARTBEATS_PER_POLL);
        let mut heartbeats = Vec::new();
        for task in turn {
            self.last_heartbeat_task = *task;
            heartbeats.extend(TaskHeartbeat::read(&self.folder, *task));
        }
        heartbeats
    }
}

#[cfg(test)]
mod tests {
    use super::super::heartbeat::HeartbeatWriter;
    use super::super::manifest_header::TASK_MANIFEST_VERSION;
    use super::super::pending_tasks::testing::{digest, pending_set};
    use super::super::task_result::TaskVerdict;
    use super::*;
    use crate::execute::StoredOutputs;
    use crate::model::ExecutionMode;
    use crate::producers::{FailureClass, JobFailure};
    use crate::store::StoreLayout;

    const SECOND: Duration = Duration::from_secs(1);

    struct WatchedRun {
        _store: tempfile::TempDir,
        folder: FarmRunFolder,
    }

    impl WatchedRun {
        fn new() -> Self {
            let store = tempfile::tempdir().unwrap();
            let layout = StoreLayout::new(store.path().to_owned());
            Self {
                _store: store,
                folder: FarmRunFolder::new(layout, "rev-0001"),
            }
        }

        fn watcher(&self) -> FarmWatcher {
            FarmWatcher::new(&self.folder, 10 * SECOND)
        }

        fn scratch(&self) -> std::path::PathBuf {
            self.folder.scratch_folder()
        }

        fn leave_result(&self, task: u32, attempt: u32, verdict: TaskVerdict) {
            let result = TaskResult {
                version: TASK_MANIFEST_VERSION,
                task: TaskId(task),
                job: format!("job {task}"),
                attempt,
                digest: Some(digest()),
                verdict,
                seconds: 1.0,
                ended: jiff::Timestamp::UNIX_EPOCH,
                host: "node1".to_owned(),
                engine: String::new(),
                memory: None,
            };
            result.write(&self.folder, &self.scratch()).unwrap();
        }
    }

    fn failed() -> TaskVerdict {
        TaskVerdict::Failed(JobFailure::new(FailureClass::Crash, "draw"))
    }

    fn found(results: &[TaskResult]) -> Vec<(u32, u32)> {
        results
            .iter()
            .map(|result| (result.task.0, result.attempt))
            .collect()
    }

    #[test]
    fn results_of_pending_tasks_are_read_and_those_of_older_attempts_are_not() {
        let run = WatchedRun::new();
        let mut pending = pending_set([1, 2, 3]);
        pending.get_mut(TaskId(2)).unwrap().attempt = 2;
        for task in [1, 2, 7] {
            run.leave_result(task, 1, failed());
        }
        let mut watcher = run.watcher();
        assert_eq!(found(&watcher.collect_results(&pending, SECOND)), [(1, 1)]);
        run.leave_result(2, 2, failed());
        pending.remove(TaskId(1));
        assert_eq!(found(&watcher.collect_results(&pending, SECOND)), [(2, 2)]);
    }

    #[test]
    fn folders_without_running_tasks_are_listed_in_turn_and_others_every_time() {
        let run = WatchedRun::new();
        // Forty folders: the first scan lists sixteen from the second on, and the one that is
        // active.
        let pending = pending_set((0..40).map(|shard| shard * 1000));
        let mut watcher = run.watcher();
        watcher.watch_shards(BTreeSet::from([ResultShard(39)]));
        for shard in [1, 16, 17, 39] {
            run.leave_result(shard * 1000, 1, failed());
        }
        let scans: Vec<Vec<(u32, u32)>> = (0..3)
            .map(|_| found(&watcher.collect_results(&pending, SECOND)))
            .collect();
        assert_eq!(scans[0], [(1000, 1), (16_000, 1), (39_000, 1)]);
        assert_eq!(scans[1], [(17_000, 1), (39_000, 1)]);
        assert_eq!(scans[2], [(1000, 1), (39_000, 1)]);
    }

    fn succeeded() -> TaskVerdict {
        TaskVerdict::Succeeded(StoredOutputs {
            outputs: Vec::new(),
            provider: "previz".to_owned(),
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
            log: None,
        })
    }

    #[test]
    fn a_result_that_cannot_be_read_is_named_and_not_made() {
        let run = WatchedRun::new();
        let damages: [fn(Vec<u8>) -> Vec<u8>; 4] = [
            |whole| whole,
            |whole| whole[..whole.len() / 2].to_vec(),
            |_| Vec::new(),
            // The result of another task.
            |whole| {
                String::from_utf8(whole)
                    .unwrap()
                    .replace("\"task\": 4", "\"task\": 5")
                    .into_bytes()
            },
        ];
        for (task, damage) in (1..).zip(damages) {
            run.leave_result(task, 1, succeeded());
            let path = run.folder.result_path(TaskId(task), 1, true);
            let damaged = damage(std::fs::read(&path).unwrap());
            std::fs::write(&path, damaged).unwrap();
        }
        let mut watcher = run.watcher();
        let mut listed = watcher.listing.refresh_shard(ResultShard(0)).clone();
        let named: Vec<std::path::PathBuf> =
            super::super::farm_status::remove_unreadable(&run.folder, &mut listed)
                .into_iter()
                .map(|result| result.path)
                .collect();
        let expected = [2, 3, 4].map(|task| run.folder.result_path(TaskId(task), 1, true));
        assert_eq!(named, expected);
        let made = listed.values().filter(|marker| marker.succeeded).count();
        assert_eq!(made, 1);
        // A run that waits for one names it, and does not take it for an older attempt's.
        let unreadable = watcher.unreadable_result(TaskId(2), 1).unwrap();
        assert!(unreadable.to_string().starts_with("read the result "));
        assert!(watcher.unreadable_result(TaskId(2), 2).is_none());
        assert!(watcher.unreadable_result(TaskId(1), 1).is_none());
        assert!(watcher.unreadable_result(TaskId(9), 0).is_none());
    }

    #[test]
    fn only_what_was_made_from_the_same_inputs_is_finished() {
        let run = WatchedRun::new();
        run.leave_result(1, 3, succeeded());
        run.leave_result(2, 1, failed());
        let mut watcher = run.watcher();
        assert!(watcher.finished_result(TaskId(1), digest()).is_some());
        let other = Digest::hash_bytes(b"other inputs");
        assert!(watcher.finished_result(TaskId(1), other).is_none());
        assert!(watcher.finished_result(TaskId(2), digest()).is_none());
        assert_eq!(watcher.newest_attempt(TaskId(1)), 3);
        assert_eq!(watcher.newest_attempt(TaskId(9)), 0);
        assert!(watcher.result_since(TaskId(1), 4).is_none());
        run.leave_result(1, 4, failed());
        assert!(watcher.result_since(TaskId(1), 4).is_some());
    }

    #[test]
    fn of_many_running_tasks_each_has_its_heartbeat_read_in_turn() {
        let run = WatchedRun::new();
        let running: Vec<TaskId> = (0..700).map(TaskId).collect();
        let writer =
            HeartbeatWriter::new(&run.folder, run.scratch(), Duration::ZERO, Duration::ZERO);
        for task in &running {
            writer.write_if_due(SECOND, || TaskHeartbeat {
                task: *task,
                job: "job".to_owned(),
                attempt: 1,
                host: "node1".to_owned(),
                done: 1,
                total: 2,
                written_at: jiff::Timestamp::UNIX_EPOCH,
            });
        }
        let mut watcher = run.watcher();
        let first = watcher.read_heartbeats(&running);
        assert_eq!((first.len(), first[0].task), (500, TaskId(1)));
        let second = watcher.read_heartbeats(&running);
        assert_eq!((second.len(), second[0].task), (500, TaskId(501)));
        assert_eq!(second[199].task, TaskId(0));
    }

    #[test]
    fn scans_are_due_more_often_than_polls() {
        let run = WatchedRun::new();
        let mut watcher = run.watcher();
        assert!(watcher.is_scan_due(SECOND));
        watcher.collect_results(&pending_set([]), SECOND);
        assert!(!watcher.is_scan_due(2 * SECOND) && watcher.is_scan_due(3 * SECOND));
        watcher.last_poll = Some(SECOND);
        assert!(!watcher.is_poll_due(10 * SECOND) && watcher.is_poll_due(11 * SECOND));
        watcher.hasten_poll();
        assert!(watcher.is_poll_due(SECOND));
    }
}
