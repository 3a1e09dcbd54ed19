//! The CPU time that each job uses.
//!
//! The kernel counts the time of this process, and that of child processes once they have ended. A
//! child's time is the job's whose end follows. The time of this process belongs to threads that
//! all jobs share, such as those of a driver that draws on the processor, so it is split evenly
//! among the jobs that ran: the sum is exact, and the sum decides how long a run takes. Reading
//! costs as much as a very short job, so jobs shorter than [`SHORTEST_JOB_SECONDS`] are not
//! measured.

use crate::model::JobId;
use crate::process::ProcessCpu;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Jobs shorter than this have no CPU time.
const SHORTEST_JOB_SECONDS: f64 = 0.05;

/// Measures the jobs of one run.
pub(super) struct CpuMeter {
    proc_dir: PathBuf,
    /// CPU seconds of this process that running jobs have been given so far.
    jobs: BTreeMap<JobId, f64>,
    last: ProcessCpu,
}

impl CpuMeter {
    pub(super) fn new(proc_dir: &Path) -> Self {
        Self {
            proc_dir: proc_dir.to_owned(),
            jobs: BTreeMap::new(),
            // Systems without `/proc` have no measurement, neither now nor later.
            last: ProcessCpu::read(proc_dir).unwrap_or_default(),
        }
    }

    pub(super) fn start_job(&mut self, id: JobId) {
        self.jobs.insert(id, 0.0);
    }

    /// Gives what was used since the last look to the jobs that run.
    pub(super) fn sample(&mut self) {
        if let Some(times) = ProcessCpu::read(&self.proc_dir) {
            self.share_out(times.own);
        }
    }

    /// Returns the CPU seconds of a job that ended after `seconds`. `None`: it was too short, or
    /// the kernel does not report it.
    pub(super) fn finish_job(&mut self, id: JobId, seconds: f64) -> Option<f64> {
        if seconds < SHORTEST_JOB_SECONDS {
            self.jobs.remove(&id);
            return None;
        }
        let times = ProcessCpu::read(&self.proc_dir)?;
        self.share_out(times.own);
        // Tools are counted when they end, which is when their job does.
        let children = times.children - self.last.children;
        self.last.children = times.children;
        self.jobs.remove(&id).map(|own| own + children.max(0.0))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of workers")]
    fn share_out(&mut self, own: f64) {
        // The kernel counts for the process and not for a job, so all that run have equal shares.
        let share = (own - self.last.own).max(0.0) / self.jobs.len().max(1) as f64;
        self.jobs.values_mut().for_each(|seconds| *seconds += share);
        self.last.own = own;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Clock, SystemClock};

    /// Writes a file of times in hundredths of a second.
    fn write_times(folder: &Path, own: u32, children: u32) {
        std::fs::create_dir_all(folder.join("self")).unwrap();
        let text = format!("7 (a) name) S 1 7 7 0 -1 4 0 0 0 0 {own} 0 {children} 0 20 0 9\n");
        std::fs::write(folder.join("self/stat"), text).unwrap();
    }

    #[test]
    fn jobs_share_the_time_of_the_process_and_own_that_of_their_children() {
        let folder = tempfile::tempdir().unwrap();
        write_times(folder.path(), 1_000, 500);
        let mut meter = CpuMeter::new(folder.path());
        meter.start_job(JobId(0));
        write_times(folder.path(), 1_100, 500);
        meter.sample();
        meter.start_job(JobId(1));
        write_times(folder.path(), 1_300, 800);
        assert_eq!(meter.finish_job(JobId(0), 3.0), Some(1.0 + 1.0 + 3.0));
        write_times(folder.path(), 1_400, 800);
        assert_eq!(meter.finish_job(JobId(1), 1.0), Some(1.0 + 1.0));
    }

    #[test]
    fn a_short_job_is_not_measured() {
        let folder = tempfile::tempdir().unwrap();
        write_times(folder.path(), 0, 0);
        let mut meter = CpuMeter::new(folder.path());
        meter.start_job(JobId(0));
        assert_eq!(meter.finish_job(JobId(0), 0.01), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_kernel_counts_this_process() {
        let mut meter = CpuMeter::new(Path::new("/proc"));
        meter.start_job(JobId(0));
        let clock = SystemClock::default();
        while clock.elapsed().as_millis() < 200 {
            std::hint::black_box(&clock);
        }
        assert!(meter.finish_job(JobId(0), 1.0).unwrap() > 0.0);
    }
}
