//! What this machine offers a run. The command line stands above the profile, the profile above what is found out.
//!
//! The profile is the file of `--machine`, else the user's settings file where there is one.

use super::workplace::Hands;
use crate::base::{Diagnostics, SourceMap};
use crate::cli::args;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::execute::{
    AdapterCapacity, ExecutorConfig as Pool, JobTimeLimits, MachineCapacity, RetryPolicy,
};
use crate::machine::{DetectedResources, detect_resources, read_profile};
use crate::model::farm_profile::NodeCapabilities;
use crate::model::machine_profile::{JobParallelism, MachineProfile};
use crate::report::diagnostic;
use std::path::{Path, PathBuf};

/// Jobs at a time when no one says otherwise.
const PARALLEL: u16 = 4;

/// Where the kernel tells of processes.
const PROCESSES: &str = "/proc";

/// What was found out, and what was said.
pub(super) struct Means {
    pub(super) detected: DetectedResources,
    pub(super) profile: MachineProfile,
    /// The profile's file.
    pub(super) from: Option<PathBuf>,
}

impl Means {
    /// Looks at the machine and reads the profile.
    ///
    /// # Errors
    /// Fails when a profile that was asked for is not there, or has mistakes; they are shown.
    pub(super) fn look(asked: Option<&Path>, settings: &Settings) -> Result<Self, CliError> {
        let detected = detect_resources(Path::new("/"));
        let by_user = settings.profile.as_deref().filter(|path| path.is_file());
        let Some(path) = asked.or(by_user) else {
            return Ok(Self {
                detected,
                profile: MachineProfile::default(),
                from: None,
            });
        };
        let what = format!("read the machine profile {}", path.display());
        let text = std::fs::read_to_string(path)
            .map_err(|error| CliError::Usage(format!("{what}: {error}")))?;
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let file = sources.add_file(path, text.as_str());
        let profile = read_profile(file, text.into(), &mut found);
        if !found.is_empty() {
            settings.say_error(&diagnostic::render_diagnostics(
                &found,
                &sources,
                settings.style(),
            ));
        }
        if found.has_errors() {
            return Err(CliError::Usage(format!(
                "{what}: it has the mistakes above"
            )));
        }
        Ok(Self {
            detected,
            profile,
            from: Some(path.to_owned()),
        })
    }

    /// Returns the thousandths of cores that jobs may hold, as far as anyone says.
    pub(super) fn cores(&self) -> u32 {
        self.profile
            .cores
            .unwrap_or(self.detected.cores.saturating_mul(1000))
    }

    /// Returns the mebibytes that jobs may hold; no limit where neither the system nor a profile says.
    pub(super) fn memory(&self) -> u32 {
        self.profile
            .memory
            .or(self.detected.memory)
            .unwrap_or(u32::MAX)
    }

    /// Returns how many jobs run at a time.
    pub(super) fn parallel(&self, asked: Option<JobParallelism>) -> u16 {
        match asked.or(self.profile.parallel) {
            None => PARALLEL,
            Some(JobParallelism::Jobs(jobs)) => jobs,
            Some(JobParallelism::Auto) => {
                u16::try_from(self.cores().div_ceil(1000).clamp(1, 1024)).unwrap_or(1)
            }
        }
    }

    /// Returns who draws here, as the command line says.
    pub(super) fn hands<'a>(&'a self, asked: &'a args::Machine) -> Hands<'a> {
        Hands {
            gpu: &asked.gpu,
            means: self,
            parallel: asked.parallel,
            nodes: NodeCapabilities::default(),
        }
    }

    /// Returns how many threads a program may fill that draws beside as many others as run at a time.
    pub(super) fn threads(&self, asked: Option<JobParallelism>) -> usize {
        let cores = usize::try_from(self.cores() / 1000).unwrap_or(1);
        (cores / usize::from(self.parallel(asked)).max(1)).max(1)
    }

    /// Returns how this machine runs jobs that draw on `adapter`, when nothing goes wrong.
    pub(super) fn pool(&self, asked: Option<JobParallelism>, adapter: &str) -> Pool {
        let parallel = self.parallel(asked);
        Pool {
            parallel: usize::from(parallel),
            capacity: self.capacity(parallel, adapter),
            max_failures: Some(1),
            retries: RetryPolicy::default(),
            limits: JobTimeLimits::default(),
            proc_dir: Some(PathBuf::from(PROCESSES)),
        }
    }

    /// Cores that were only found out give way to `--parallel`: whoever asks for more jobs than cores gets them. Cores that
    /// a profile names are a limit.
    fn capacity(&self, parallel: u16, adapter: &str) -> MachineCapacity {
        let at_least = u32::from(parallel) * 1000;
        let cores = self
            .profile
            .cores
            .unwrap_or_else(|| self.cores().max(at_least));
        let said = self
            .profile
            .gpus
            .iter()
            .find(|gpu| is_part_of(&gpu.adapter, adapter));
        let adapter = AdapterCapacity {
            name: adapter.to_owned(),
            slots: said.and_then(|gpu| gpu.slots).unwrap_or(1000),
            memory: said.and_then(|gpu| gpu.memory).unwrap_or(u32::MAX),
        };
        MachineCapacity {
            cores,
            memory: self.memory(),
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

    fn means(profile: MachineProfile) -> Means {
        Means {
            detected: DetectedResources {
                cores: 2,
                memory: Some(4096),
                limited: false,
            },
            profile,
            from: None,
        }
    }

    #[test]
    fn four_jobs_at_a_time_unless_someone_says_otherwise() {
        let auto = MachineProfile {
            parallel: Some(JobParallelism::Auto),
            ..MachineProfile::default()
        };
        assert_eq!(means(MachineProfile::default()).parallel(None), 4);
        assert_eq!(means(auto.clone()).parallel(None), 2);
        assert_eq!(
            means(auto.clone()).parallel(Some(JobParallelism::Jobs(8))),
            8
        );
        assert_eq!(
            means(MachineProfile {
                cores: Some(7500),
                ..auto
            })
            .parallel(None),
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
                .pool(Some(JobParallelism::Jobs(8)), "a")
                .capacity
                .cores,
            8000
        );
        assert_eq!(
            means(named)
                .pool(Some(JobParallelism::Jobs(8)), "a")
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
            means.pool(None, "NVIDIA RTX 4090").capacity.gpus[0].slots,
            2000
        );
        let other = &means.pool(None, "llvmpipe").capacity.gpus[0];
        assert_eq!((other.slots, other.memory), (1000, u32::MAX));
    }
}
