//! The most memory that each job uses, as far as that can be measured from outside.
//!
//! Every [`SAMPLE_PERIOD`] two things are read from the kernel. First, for each worker thread: its
//! child processes, their children, and the largest size that each ever had (`VmHWM`). Their sum is
//! the job's own beyond doubt. `ru_maxrss` of `wait4` would be simpler and wrong: a child begins
//! with the size of the process that started it. Second, the size of this process. A job that runs
//! alone is charged what the process grew by since the job started. Jobs side by side share one
//! heap, so each is charged all that the process grew by since the run started: never less than it
//! used, and marked as shared. A job shorter than a period is not measured. Without `/proc` nothing
//! is.

use crate::model::{JobId, PeakMemory};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Time between two samples.
const SAMPLE_PERIOD: Duration = Duration::from_millis(50);

/// Generations of child processes below a worker that are measured.
// A renderer behind a wrapper script is two or three deep. The limit ends the walk if processes
// start each other faster than they are read.
const MAX_CHILD_DEPTH: usize = 4;

/// What a worker is doing, for the meter.
#[derive(Default)]
pub(super) struct WorkerSlot {
    /// The kernel's folder of its thread.
    thread_dir: OnceLock<PathBuf>,
    /// The number of its job plus one; 0: none.
    job: AtomicU32,
}

impl WorkerSlot {
    /// Records the calling thread as the worker of this slot.
    pub(super) fn attach_thread(&self, proc: &Path) {
        // Only the thread itself can read this link. The children of a worker are found through its
        // thread, as all workers share one process.
        if let Ok(thread) = std::fs::read_link(proc.join("thread-self")) {
            let _ = self.thread_dir.set(proc.join(thread));
        }
    }

    pub(super) fn start_job(&self, id: JobId) {
        // 0 is for a worker without a job.
        self.job.store(id.0.saturating_add(1), Ordering::Relaxed);
    }

    pub(super) fn finish_job(&self) {
        self.job.store(0, Ordering::Relaxed);
    }

    fn current_job(&self) -> Option<JobId> {
        self.job.load(Ordering::Relaxed).checked_sub(1).map(JobId)
    }
}

/// Measurements of a running job, in mebibytes.
struct JobMemory {
    /// Size of this process when the job started.
    start_size: u32,
    peak_size: u32,
    children_peak: u32,
    shared: bool,
    sampled: bool,
}

/// Measures the jobs of one run.
pub(super) struct MemoryMeter {
    /// The kernel's folder of processes.
    proc_dir: PathBuf,
    slots: Arc<[WorkerSlot]>,
    jobs: HashMap<JobId, JobMemory>,
    /// Size of this process when the run started, and at the last sample.
    run_start_size: u32,
    last_size: u32,
    last_sample: Duration,
}

impl MemoryMeter {
    pub(super) fn new(proc: &Path, slots: Arc<[WorkerSlot]>) -> Self {
        let run_start_size = read_status_mib(&proc.join("self/status"), "VmRSS:").unwrap_or(0);
        let jobs = HashMap::new();
        let last_sample = Duration::ZERO;
        Self {
            proc_dir: proc.to_owned(),
            slots,
            jobs,
            run_start_size,
            last_size: run_start_size,
            last_sample,
        }
    }

    pub(super) fn start_job(&mut self, id: JobId) {
        let memory = JobMemory {
            start_size: self.last_size,
            peak_size: 0,
            children_peak: 0,
            shared: false,
            sampled: false,
        };
        self.jobs.insert(id, memory);
    }

    /// Measures every running job, if the last sample is a period ago.
    pub(super) fn sample_if_due(&mut self, now: Duration) {
        if now < self.last_sample + SAMPLE_PERIOD {
            return;
        }
        self.last_sample = now;
        let Some(size) = read_status_mib(&self.proc_dir.join("self/status"), "VmRSS:") else {
            return;
        };
        self.last_size = size;
        let shared = self.jobs.len() > 1;
        for memory in self.jobs.values_mut() {
            memory.peak_size = memory.peak_size.max(size);
            // Once shared, always shared: what the heap holds afterwards may still belong to the
            // other job.
            memory.shared |= shared;
            memory.sampled = true;
        }
        for slot in self.slots.iter() {
            let memory = slot.current_job().and_then(|id| self.jobs.get_mut(&id));
            if let (Some(memory), Some(thread)) = (memory, slot.thread_dir.get()) {
                memory.children_peak = memory.children_peak.max(children_peak_size(
                    &self.proc_dir,
                    thread,
                    MAX_CHILD_DEPTH,
                ));
            }
        }
    }

    /// Returns the most that `id` used, now that it ended. `None`: it was never measured.
    pub(super) fn finish_job(&mut self, id: JobId) -> Option<PeakMemory> {
        let JobMemory {
            start_size,
            peak_size,
            children_peak: child,
            shared,
            sampled,
        } = self.jobs.remove(&id)?;
        // Nobody knows the share of a job that ran beside others, so it counts all growth since the
        // run began. Too much only makes jobs wait.
        let own = peak_size.saturating_sub(if shared {
            self.run_start_size
        } else {
            start_size
        });
        sampled.then_some(PeakMemory { own, child, shared })
    }
}

/// Returns the sum of the largest sizes of a thread's child processes and their children.
// A sum of peaks, which may not have coincided. Too much only makes jobs wait, too little makes the
// system kill them.
fn children_peak_size(proc: &Path, thread: &Path, depth: usize) -> u32 {
    // A process that has ended meanwhile has no children any more.
    let list = std::fs::read_to_string(thread.join("children")).unwrap_or_default();
    list.split_whitespace()
        .map(|pid| {
            let process = proc.join(pid);
            let below = if depth == 0 {
                0
            } else {
                children_peak_size(proc, &process.join("task").join(pid), depth - 1)
            };
            read_status_mib(&process.join("status"), "VmHWM:")
                .unwrap_or(0)
                .saturating_add(below)
        })
        .fold(0, u32::saturating_add)
}

/// Returns a line of a process's status in mebibytes, rounded up.
fn read_status_mib(status: &Path, line: &str) -> Option<u32> {
    let text = std::fs::read_to_string(status).ok()?;
    let kilobytes = text.lines().find_map(|entry| entry.strip_prefix(line))?;
    kilobytes
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u32>()
        .ok()
        // The kernel writes `kB` and means kibibytes.
        .map(|kilobytes| kilobytes.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of processes with scripted content.
    struct FakeProcFolder(tempfile::TempDir);

    impl FakeProcFolder {
        fn new() -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            folder.write_entry("self/status", "VmRSS:   102400 kB\n");
            std::os::unix::fs::symlink("self/task/7", folder.0.path().join("thread-self")).unwrap();
            folder
        }

        fn write_entry(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn meter(&self, workers: usize) -> MemoryMeter {
            let slots: Arc<[WorkerSlot]> = (0..workers).map(|_| WorkerSlot::default()).collect();
            slots
                .iter()
                .for_each(|slot| slot.attach_thread(self.0.path()));
            MemoryMeter::new(self.0.path(), slots)
        }
    }

    const fn tick(count: u32) -> Duration {
        SAMPLE_PERIOD.saturating_mul(count)
    }

    #[test]
    fn a_job_alone_is_charged_what_the_process_grew_by_and_its_children() {
        let folder = FakeProcFolder::new();
        let mut meter = folder.meter(1);
        meter.start_job(JobId(3));
        meter.slots[0].start_job(JobId(3));
        folder.write_entry("self/status", "VmRSS:   204800 kB\n");
        folder.write_entry("self/task/7/children", "41 42 ");
        folder.write_entry("41/status", "VmHWM:   51200 kB\n");
        folder.write_entry("42/status", "VmHWM:   51200 kB\n");
        folder.write_entry("42/task/42/children", "43");
        folder.write_entry("43/status", "VmHWM:   1024 kB\n");
        meter.sample_if_due(tick(1));
        folder.write_entry("self/status", "VmRSS:   112640 kB\n");
        folder.write_entry("self/task/7/children", "");
        meter.sample_if_due(tick(2));
        assert_eq!(
            meter.finish_job(JobId(3)),
            Some(PeakMemory {
                own: 100,
                child: 101,
                shared: false
            })
        );
    }

    #[test]
    fn concurrent_jobs_are_charged_all_growth_and_marked_shared() {
        let folder = FakeProcFolder::new();
        let mut meter = folder.meter(2);
        meter.start_job(JobId(0));
        folder.write_entry("self/status", "VmRSS:   153600 kB\n");
        meter.sample_if_due(tick(1));
        meter.start_job(JobId(1));
        meter.sample_if_due(tick(2));
        assert_eq!(
            meter.finish_job(JobId(1)),
            Some(PeakMemory {
                own: 50,
                child: 0,
                shared: true
            })
        );
    }

    #[test]
    fn a_job_between_two_looks_is_not_measured() {
        let folder = FakeProcFolder::new();
        let mut meter = folder.meter(1);
        meter.sample_if_due(tick(1));
        meter.start_job(JobId(0));
        meter.sample_if_due(tick(1) + Duration::from_millis(1));
        assert_eq!(meter.finish_job(JobId(0)), None);
    }
}
