//! Machine profiles: what a user states about a machine. Plain data. The module `machine` detects
//! the rest.

use super::action_kind::ActionKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many jobs run at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobParallelism {
    /// One for each core.
    Auto,
    /// This many.
    Jobs(u16),
}

/// The device that Cycles renders on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CyclesDevice {
    /// A supported graphics device, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// A graphics device. Without one nothing is rendered.
    Gpu,
}

/// The settings of a machine profile. What is `None` or empty is detected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineProfile {
    /// Jobs at a time. The command line overrides it.
    pub parallel: Option<JobParallelism>,
    /// Thousandths of cores for all jobs together.
    pub cores: Option<u32>,
    /// Memory for all jobs together, in MiB.
    pub memory: Option<u32>,
    /// Path of Blender, or of a Python that has it as a module.
    pub blender: Option<PathBuf>,
    /// The device that Cycles renders on.
    pub cycles_device: CyclesDevice,
    /// Path of the SoundFont that music is played with.
    pub sound_font: Option<PathBuf>,
    /// Graphics adapters.
    pub gpus: Vec<GpuProfile>,
    /// Thousandths of tokens by name: licences, sessions, and anything else that is counted.
    // Thousandths, so that sums of claims are exact.
    pub tokens: BTreeMap<String, u32>,
    /// Claims by kind of action, in place of the built-in and measured ones.
    pub claims: BTreeMap<ActionKind, ClaimProfile>,
}

/// One graphics adapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GpuProfile {
    /// Part of its name as `production doctor` prints it.
    pub adapter: String,
    /// Thousandths of jobs that may render on it at a time.
    pub slots: Option<u32>,
    /// Its own memory in MiB.
    pub memory: Option<u32>,
}

/// The claim of jobs of one kind. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimProfile {
    /// Thousandths of a core.
    pub cores: Option<u32>,
    /// Memory in MiB.
    pub memory: Option<u32>,
    /// Thousandths of a GPU slot.
    pub gpu: Option<u32>,
    /// Memory of an adapter in MiB.
    pub gpu_memory: Option<u32>,
    /// Thousandths of tokens, by name.
    pub tokens: BTreeMap<String, u32>,
}
