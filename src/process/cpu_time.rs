//! The CPU time that the kernel has counted: of this process, of its children, and of the whole
//! machine.

use std::path::Path;

/// CPU seconds of a process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ProcessCpu {
    /// Of its threads.
    pub own: f64,
    /// Of child processes that have ended, and theirs.
    pub children: f64,
}

impl ProcessCpu {
    /// Reads the times of this process. `proc_dir` is the kernel's folder of processes. `None`:
    /// there is no such folder, or it has another form.
    #[must_use]
    pub fn read(proc_dir: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(proc_dir.join("self/stat")).ok()?;
        // The second field is the program's name in brackets, which may hold anything. The times
        // are the 14th to 17th field: user and system time of the process, then of its children.
        let (_, fields) = text.rsplit_once(')')?;
        let mut ticks = fields
            .split_whitespace()
            .skip(11)
            .map(|field| field.parse::<f64>().ok());
        let mut next_pair = || Some(ticks.next()?? + ticks.next()??);
        Some(Self {
            own: next_pair()? / ticks_per_second(),
            children: next_pair()? / ticks_per_second(),
        })
    }

    /// Returns the sum.
    #[must_use]
    pub fn total(self) -> f64 {
        self.own + self.children
    }
}

/// Returns the seconds for which cores of this machine were busy since it started: two for each
/// second in which two cores are. `None`: the kernel does not report it.
#[must_use]
pub fn machine_busy_seconds(proc_dir: &Path) -> Option<f64> {
    let text = std::fs::read_to_string(proc_dir.join("stat")).ok()?;
    let line = text.lines().find(|line| line.starts_with("cpu "))?;
    // user, nice, system, idle, iowait, irq, softirq. Time that a hypervisor gave to others comes
    // after them: it is as lost as if another program had used it.
    let ticks: Vec<f64> = line
        .split_whitespace()
        .skip(1)
        .map_while(|field| field.parse().ok())
        .collect();
    let busy = ticks.get(..3)?.iter().chain(ticks.get(5..8)?);
    Some(busy.sum::<f64>() / ticks_per_second())
}

#[expect(clippy::cast_precision_loss, reason = "a hundred or a thousand")]
fn ticks_per_second() -> f64 {
    rustix::param::clock_ticks_per_second() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_moves_no_field() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("self")).unwrap();
        let text = "7 (a) b (c) S 1 7 7 0 -1 4 0 0 0 0 100 20 300 4 20 0 9\n";
        std::fs::write(folder.path().join("self/stat"), text).unwrap();
        let times = ProcessCpu::read(folder.path()).unwrap();
        let ticks = ticks_per_second();
        assert_eq!((times.own, times.children), (120.0 / ticks, 304.0 / ticks));
    }

    #[test]
    fn idle_time_and_waiting_for_disks_are_not_busy() {
        let folder = tempfile::tempdir().unwrap();
        let text = "cpu  10 20 30 4000 5000 1 2 4 0 0\ncpu0 1 1 1 1\n";
        std::fs::write(folder.path().join("stat"), text).unwrap();
        let busy = machine_busy_seconds(folder.path());
        assert_eq!(busy, Some(67.0 / ticks_per_second()));
    }

    #[test]
    fn a_kernel_without_these_files_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ProcessCpu::read(folder.path()), None);
        assert_eq!(machine_busy_seconds(folder.path()), None);
    }
}
