//! How much memory each job holds at most, as far as that can be known from outside.
//!
//! Every [`PERIOD`] the kernel is asked two things. First, for every worker thread: which child processes it has, theirs
//! too, and how large each ever was (`VmHWM`); their sum is the job's own beyond doubt. `ru_maxrss` of `wait4` would be
//! simpler and wrong: a child begins with the size of the process that started it. Second, how large this process is. A job
//! that runs with no other beside it is charged what the process grew by since it began. Jobs side by side share one heap,
//! so each is charged all that the process grew by since the run began: more than it held, never less, and marked as
//! such. A job shorter than a period is not measured. Where there is no `/proc`, nothing is.

use crate::model::{JobId, PeakMemory};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(50);

/// How deep below a worker child processes are looked for.
const DEPTH: usize = 4;

/// Where a worker says what it does.
#[derive(Default)]
pub(super) struct Desk {
    /// The kernel's name of its thread, below the folder of processes.
    thread: OnceLock<PathBuf>,
    /// Its job's number plus one; 0 for none.
    job: AtomicU32,
}

impl Desk {
    /// Sits down: called once by the worker's own thread.
    pub(super) fn sit(&self, proc: &Path) {
        if let Ok(thread) = std::fs::read_link(proc.join("thread-self")) {
            let _ = self.thread.set(proc.join(thread));
        }
    }

    pub(super) fn begin(&self, id: JobId) {
        self.job.store(id.0.saturating_add(1), Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.job.store(0, Ordering::Relaxed);
    }

    fn job(&self) -> Option<JobId> {
        self.job.load(Ordering::Relaxed).checked_sub(1).map(JobId)
    }
}

/// What is known of a running job, in mebibytes.
struct Watched {
    /// Size of this process when the job began.
    began: u32,
    most: u32,
    child: u32,
    shared: bool,
    seen: bool,
}

/// Measures the jobs of one run.
pub(super) struct Meter {
    /// The kernel's folder of processes.
    proc: PathBuf,
    desks: Arc<[Desk]>,
    watched: HashMap<JobId, Watched>,
    /// Size of this process when the run began, and at the last look.
    base: u32,
    now: u32,
    looked: Duration,
}

impl Meter {
    pub(super) fn new(proc: &Path, desks: Arc<[Desk]>) -> Self {
        let base = mebibytes(&proc.join("self/status"), "VmRSS:").unwrap_or(0);
        let (watched, looked) = (HashMap::new(), Duration::ZERO);
        Self {
            proc: proc.to_owned(),
            desks,
            watched,
            base,
            now: base,
            looked,
        }
    }

    pub(super) fn begin(&mut self, id: JobId) {
        let watched = Watched {
            began: self.now,
            most: 0,
            child: 0,
            shared: false,
            seen: false,
        };
        self.watched.insert(id, watched);
    }

    /// Looks at every running job, if the last look is a period ago.
    pub(super) fn look(&mut self, now: Duration) {
        if now < self.looked + PERIOD {
            return;
        }
        self.looked = now;
        let Some(size) = mebibytes(&self.proc.join("self/status"), "VmRSS:") else {
            return;
        };
        self.now = size;
        let shared = self.watched.len() > 1;
        for watched in self.watched.values_mut() {
            watched.most = watched.most.max(size);
            watched.shared |= shared;
            watched.seen = true;
        }
        for desk in self.desks.iter() {
            let watched = desk.job().and_then(|id| self.watched.get_mut(&id));
            if let (Some(watched), Some(thread)) = (watched, desk.thread.get()) {
                watched.child = watched.child.max(children(&self.proc, thread, DEPTH));
            }
        }
    }

    /// Returns what `id` held at most, now that it ended; nothing when it was never looked at.
    pub(super) fn end(&mut self, id: JobId) -> Option<PeakMemory> {
        let Watched {
            began,
            most,
            child,
            shared,
            seen,
        } = self.watched.remove(&id)?;
        let own = most.saturating_sub(if shared { self.base } else { began });
        seen.then_some(PeakMemory { own, child, shared })
    }
}

/// Returns the most that the child processes of a thread ever held together, and their children.
fn children(proc: &Path, thread: &Path, depth: usize) -> u32 {
    let list = std::fs::read_to_string(thread.join("children")).unwrap_or_default();
    let one = |pid: &str| {
        let process = proc.join(pid);
        let below = if depth == 0 {
            0
        } else {
            children(proc, &process.join("task").join(pid), depth - 1)
        };
        mebibytes(&process.join("status"), "VmHWM:")
            .unwrap_or(0)
            .saturating_add(below)
    };
    list.split_whitespace()
        .map(one)
        .fold(0, u32::saturating_add)
}

/// Returns a line of a process's status in mebibytes, rounded up.
fn mebibytes(status: &Path, line: &str) -> Option<u32> {
    let text = std::fs::read_to_string(status).ok()?;
    let kilobytes = text.lines().find_map(|found| found.strip_prefix(line))?;
    kilobytes
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u32>()
        .ok()
        .map(|kilobytes| kilobytes.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of processes that says what it is told.
    struct Kernel(tempfile::TempDir);

    impl Kernel {
        fn new() -> Self {
            let kernel = Self(tempfile::tempdir().unwrap());
            kernel.says("self/status", "VmRSS:   102400 kB\n");
            std::os::unix::fs::symlink("self/task/7", kernel.0.path().join("thread-self")).unwrap();
            kernel
        }

        fn says(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn meter(&self, workers: usize) -> Meter {
            let desks: Arc<[Desk]> = (0..workers).map(|_| Desk::default()).collect();
            desks.iter().for_each(|desk| desk.sit(self.0.path()));
            Meter::new(self.0.path(), desks)
        }
    }

    const fn tick(count: u32) -> Duration {
        PERIOD.saturating_mul(count)
    }

    #[test]
    fn a_job_alone_is_charged_what_the_process_grew_by_and_its_children() {
        let kernel = Kernel::new();
        let mut meter = kernel.meter(1);
        meter.begin(JobId(3));
        meter.desks[0].begin(JobId(3));
        kernel.says("self/status", "VmRSS:   204800 kB\n");
        kernel.says("self/task/7/children", "41 42 ");
        kernel.says("41/status", "VmHWM:   51200 kB\n");
        kernel.says("42/status", "VmHWM:   51200 kB\n");
        kernel.says("42/task/42/children", "43");
        kernel.says("43/status", "VmHWM:   1024 kB\n");
        meter.look(tick(1));
        kernel.says("self/status", "VmRSS:   112640 kB\n");
        kernel.says("self/task/7/children", "");
        meter.look(tick(2));
        assert_eq!(
            meter.end(JobId(3)),
            Some(PeakMemory {
                own: 100,
                child: 101,
                shared: false
            })
        );
    }

    #[test]
    fn jobs_side_by_side_are_charged_all_growth_and_say_so() {
        let kernel = Kernel::new();
        let mut meter = kernel.meter(2);
        meter.begin(JobId(0));
        kernel.says("self/status", "VmRSS:   153600 kB\n");
        meter.look(tick(1));
        meter.begin(JobId(1));
        meter.look(tick(2));
        assert_eq!(
            meter.end(JobId(1)),
            Some(PeakMemory {
                own: 50,
                child: 0,
                shared: true
            })
        );
    }

    #[test]
    fn a_job_between_two_looks_is_not_measured() {
        let kernel = Kernel::new();
        let mut meter = kernel.meter(1);
        meter.look(tick(1));
        meter.begin(JobId(0));
        meter.look(tick(1) + Duration::from_millis(1));
        assert_eq!(meter.end(JobId(0)), None);
    }
}
