//! The resources of this machine. Options override the profile, and the profile overrides what is
//! detected.

use super::session_context::SessionContext;
use super::session_error::SessionError;
use crate::base::bounded_text::read_bounded_text;
use crate::base::{Diagnostics, SourceMap};
use crate::execute::{
    AdapterCapacity, ExecutorConfig, JobTimeLimits, MachineCapacity, RetryPolicy,
};
use crate::machine::{DetectedResources, detect_resources, read_profile};
use crate::model::machine_profile::{JobParallelism, MachineProfile};
use std::path::{Path, PathBuf};

/// Parallel jobs if neither option nor profile says how many.
const DEFAULT_PARALLEL: u16 = 4;

/// The largest machine profile. A film or a device that is named by mistake must not fill the
/// memory.
const MAX_PROFILE_BYTES: u64 = 1 << 20;

/// The kernel's folder of processes.
pub(super) const PROC_FOLDER: &str = "/proc";

/// The detected resources of this machine, and its profile.
#[derive(Debug)]
pub struct MachineResources {
    /// What was detected.
    pub detected: DetectedResources,
    /// The profile. Empty if there is none.
    pub profile: MachineProfile,
    /// Path of the profile. `None` if there is none.
    pub profile_path: Option<PathBuf>,
}

impl MachineResources {
    /// Detects the resources and reads a profile: `requested`, otherwise that of the user if it
    /// exists.
    ///
    /// # Errors
    /// Fails when a profile that was requested does not exist, or a profile has mistakes; they are
    /// reported.
    pub fn detect(
        requested: Option<&Path>,
        context: SessionContext<'_>,
    ) -> Result<Self, SessionError> {
        let detected = detect_resources(Path::new("/"));
        let user_profile = context.environment.machine_profile.as_deref();
        // The profile of the user is optional. One that was requested must exist, since a typo in
        // its path would otherwise run with the limits of the whole machine.
        let user_profile = user_profile.filter(|path| path.is_file());
        let Some(path) = requested.or(user_profile) else {
            return Ok(Self {
                detected,
                profile: MachineProfile::default(),
                profile_path: None,
            });
        };
        let text = read_bounded_text(path, MAX_PROFILE_BYTES).map_err(|source| {
            SessionError::UnreadableMachineProfile {
                path: path.to_owned(),
                source,
            }
        })?;
        let mut sources = SourceMap::default();
        let mut diagnostics = Diagnostics::default();
        let file = sources.add_file(path, text.as_str());
        let profile = read_profile(file, text.into(), &mut diagnostics);
        context.report_findings(&diagnostics, &sources);
        if diagnostics.has_errors() {
            return Err(SessionError::InvalidMachineProfile(path.to_owned()));
        }
        Ok(Self {
            detected,
            profile,
            profile_path: Some(path.to_owned()),
        })
    }

    /// Returns the cores that jobs may claim, in thousandths.
    pub(super) fn core_limit(&self) -> u32 {
        self.profile
            .cores
            .unwrap_or(self.detected.cores.saturating_mul(1000))
    }

    /// Returns the mebibytes that jobs may claim. `u32::MAX` if neither system nor profile has a
    /// limit.
    pub(super) fn memory_limit(&self) -> u32 {
        self.profile
            .memory
            .or(self.detected.memory)
            .unwrap_or(u32::MAX)
    }

    pub(crate) fn parallel_jobs(&self, requested: Option<JobParallelism>) -> u16 {
        match requested.or(self.profile.parallel) {
            // Not the number of cores: on a machine with 64 cores, 64 renderers could need more
            // memory than it has. `auto` is the choice for that.
            None => DEFAULT_PARALLEL,
            Some(JobParallelism::Jobs(jobs)) => jobs,
            Some(JobParallelism::Auto) => {
                u16::try_from(self.core_limit().div_ceil(1000).clamp(1, 1024)).unwrap_or(1)
            }
        }
    }

    /// Returns the number of threads for a renderer that runs beside as many other jobs as may run
    /// in parallel.
    pub(super) fn threads_per_job(&self, requested: Option<JobParallelism>) -> usize {
        let cores = usize::try_from(self.core_limit() / 1000).unwrap_or(1);
        // Renderers start as many threads as there are cores unless they are limited. Four at a
        // time would then compete for every core.
        (cores / usize::from(self.parallel_jobs(requested)).max(1)).max(1)
    }

    /// Returns the configuration for jobs that draw on `adapter`, with default limits and retries.
    pub(super) fn executor_config(
        &self,
        requested: Option<JobParallelism>,
        adapter: &str,
    ) -> ExecutorConfig {
        let parallel = self.parallel_jobs(requested);
        ExecutorConfig {
            parallel: usize::from(parallel),
            capacity: self.executor_capacity(parallel, adapter),
            max_failures: Some(1),
            retries: RetryPolicy::default(),
            limits: JobTimeLimits::default(),
            proc_dir: Some(PathBuf::from(PROC_FOLDER)),
            shared_cores: Some(f64::from(self.core_limit()) / 1000.0),
        }
    }

    /// Returns what jobs may claim on this machine in total.
    fn executor_capacity(&self, parallel: u16, adapter: &str) -> MachineCapacity {
        // `--parallel` above the number of cores raises the detected cores, or the extra jobs would
        // never start. Cores in a profile are a limit that the option does not lift.
        let at_least = u32::from(parallel) * 1000;
        let cores = self
            .profile
            .cores
            .unwrap_or_else(|| self.core_limit().max(at_least));
        let gpu_profile = self
            .profile
            .gpus
            .iter()
            // A part of the name is enough: drivers add versions and bus numbers to it, which a
            // profile should not have to follow.
            .find(|gpu| is_part_of(&gpu.adapter, adapter));
        let adapter = AdapterCapacity {
            name: adapter.to_owned(),
            // One slot by default. Two renderers on one adapter would share its memory, and each
            // would be slower.
            slots: gpu_profile.and_then(|gpu| gpu.slots).unwrap_or(1000),
            memory: gpu_profile.and_then(|gpu| gpu.memory).unwrap_or(u32::MAX),
        };
        MachineCapacity {
            cores,
            memory: self.memory_limit(),
            gpus: vec![adapter],
            tokens: self.profile.tokens.clone(),
        }
    }
}

fn is_part_of(part: &str, name: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::machine_profile::GpuProfile;

    fn means(profile: MachineProfile) -> MachineResources {
        MachineResources {
            detected: DetectedResources {
                cores: 2,
                memory: Some(4096),
                limited: false,
            },
            profile,
            profile_path: None,
        }
    }

    #[test]
    fn the_default_is_four_jobs_at_a_time() {
        let auto = MachineProfile {
            parallel: Some(JobParallelism::Auto),
            ..MachineProfile::default()
        };
        assert_eq!(means(MachineProfile::default()).parallel_jobs(None), 4);
        assert_eq!(means(auto.clone()).parallel_jobs(None), 2);
        assert_eq!(
            means(auto.clone()).parallel_jobs(Some(JobParallelism::Jobs(8))),
            8
        );
        assert_eq!(
            means(MachineProfile {
                cores: Some(7500),
                ..auto
            })
            .parallel_jobs(None),
            8
        );
    }

    #[test]
    fn found_cores_give_way_to_parallel_and_named_cores_do_not() {
        let named = MachineProfile {
            cores: Some(2000),
            ..MachineProfile::default()
        };
        assert_eq!(
            means(MachineProfile::default())
                .executor_config(Some(JobParallelism::Jobs(8)), "a")
                .capacity
                .cores,
            8000
        );
        assert_eq!(
            means(named)
                .executor_config(Some(JobParallelism::Jobs(8)), "a")
                .capacity
                .cores,
            2000
        );
    }

    #[test]
    fn an_adapter_is_found_by_part_of_its_name() {
        let gpu = GpuProfile {
            adapter: "rtx".into(),
            slots: Some(2000),
            memory: Some(24),
        };
        let means = means(MachineProfile {
            gpus: vec![gpu],
            ..MachineProfile::default()
        });
        assert_eq!(
            means.executor_config(None, "NVIDIA RTX 4090").capacity.gpus[0].slots,
            2000
        );
        let other = &means.executor_config(None, "llvmpipe").capacity.gpus[0];
        assert_eq!((other.slots, other.memory), (1000, u32::MAX));
    }
}
