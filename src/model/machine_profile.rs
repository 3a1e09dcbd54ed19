//! What a machine has for jobs, as someone says it in a profile. Plain data; what is found out is the `machine` room's.

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

/// What Cycles draws on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CyclesDevice {
    /// A graphics device that it knows, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// A graphics device; without one nothing is drawn.
    Gpu,
}

/// What a profile says of a machine; what it leaves out is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineProfile {
    /// Jobs at a time, unless the command line says otherwise.
    pub parallel: Option<JobParallelism>,
    /// Thousandths of cores that jobs may hold together.
    pub cores: Option<u32>,
    /// Mebibytes of memory that jobs may hold together.
    pub memory: Option<u32>,
    /// Blender: the program, or a Python that has it as a module.
    pub blender: Option<PathBuf>,
    /// What Cycles draws on.
    pub cycles_device: CyclesDevice,
    /// Graphics adapters.
    pub gpus: Vec<GpuProfile>,
    /// Thousandths of tokens by name: licences, sessions, whatever there are only so many of.
    pub tokens: BTreeMap<String, u32>,
    /// What jobs hold, by kind of work, in place of what is built in or learned.
    pub claims: BTreeMap<ActionKind, ClaimProfile>,
}

/// One graphics adapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GpuProfile {
    /// Part of its name, as `production doctor` shows it.
    pub adapter: String,
    /// Thousandths of jobs that may draw on it at a time.
    pub slots: Option<u32>,
    /// Mebibytes of its own memory.
    pub memory: Option<u32>,
}

/// What jobs of one kind hold; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimProfile {
    /// Thousandths of a core.
    pub cores: Option<u32>,
    /// Mebibytes of memory.
    pub memory: Option<u32>,
    /// Thousandths of a GPU slot.
    pub gpu: Option<u32>,
    /// Mebibytes of an adapter's memory.
    pub gpu_memory: Option<u32>,
    /// Thousandths of tokens, by name.
    pub tokens: BTreeMap<String, u32>,
}
