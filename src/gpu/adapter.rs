//! Lists the graphics adapters of this machine and selects one.

use super::error::GpuError;
use std::fmt;
use wgpu::{Adapter, Backend, Backends, DeviceType, Instance, InstanceDescriptor, InstanceFlags};

/// Which adapter to open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdapterChoice {
    /// The first in the order discrete, integrated, virtual, other, software.
    #[default]
    Any,
    /// One that computes on the CPU, such as lavapipe.
    Software,
    /// The first whose name contains this text, in any case.
    Named(String),
}

impl AdapterChoice {
    /// Parses `auto`, `software` (or `cpu`), or else part of an adapter's name. Never fails: a name
    /// that no adapter has is an error only when the adapter is opened.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            // An empty text counts as unset.
            "" | "auto" | "any" => Self::Any,
            "software" | "cpu" => Self::Software,
            name => Self::Named(name.to_owned()),
        }
    }

    fn matches_adapter(&self, facts: &AdapterFacts) -> bool {
        match self {
            Self::Any => true,
            Self::Software => facts.software,
            Self::Named(name) => facts.name.to_lowercase().contains(&name.to_lowercase()),
        }
    }
}

impl fmt::Display for AdapterChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("auto"),
            Self::Software => f.write_str("software"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// Description of one adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterFacts {
    /// Name as the driver reports it.
    pub name: String,
    /// Graphics API: `vulkan`, `metal`, `dx12` or `gl`.
    pub backend: String,
    /// Whether it computes on the CPU. Messages must not call such an adapter a GPU.
    pub software: bool,
    /// Driver name and version; empty if the driver reports neither.
    pub driver: String,
}

impl fmt::Display for AdapterFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.software { "software" } else { "GPU" };
        write!(
            f,
            "{} ({kind}, {}, {})",
            self.name, self.backend, self.driver
        )
    }
}

/// Returns every adapter of this machine, best first within each group of APIs.
#[must_use]
pub fn list_adapters() -> Vec<AdapterFacts> {
    let mut adapters = enumerate_adapters(Backends::PRIMARY);
    // GL comes last, as in the selection, so the first entry is the adapter that `auto` opens.
    adapters.extend(enumerate_adapters(Backends::GL));
    adapters.iter().map(adapter_facts).collect()
}

/// Returns the best adapter for `choice`.
pub(super) fn select_adapter(choice: &AdapterChoice) -> Result<(Adapter, AdapterFacts), GpuError> {
    let mut present = Vec::new();
    // GL is initialised only when no other API has the adapter. Most cards appear under both, and
    // GL drivers lack limits and formats that Vulkan has.
    for backends in [Backends::PRIMARY, Backends::GL] {
        for adapter in enumerate_adapters(backends) {
            let facts = adapter_facts(&adapter);
            if choice.matches_adapter(&facts) {
                return Ok((adapter, facts));
            }
            present.push(facts.to_string());
        }
    }
    // "No adapter at all" needs a driver, "no such adapter" needs another name: two errors, two
    // remedies.
    if present.is_empty() {
        return Err(GpuError::NoAdapter);
    }
    Err(GpuError::NoSuchAdapter {
        wanted: choice.to_string(),
        present: present.join(", "),
    })
}

fn enumerate_adapters(backends: Backends) -> Vec<Adapter> {
    let mut descriptor = InstanceDescriptor::new_without_display_handle();
    descriptor.backends = backends;
    // The default flags turn on validation layers in debug builds. Their warnings would go to
    // stderr and their cost into every test.
    descriptor.flags = InstanceFlags::empty();
    let instance = Instance::new(descriptor);
    let mut adapters = pollster::block_on(instance.enumerate_adapters(backends));
    // The sort is stable: among equals, the order of the driver stays, so a choice repeats from run
    // to run.
    adapters.sort_by_key(|adapter| match adapter.get_info().device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    });
    adapters
}

fn adapter_facts(adapter: &Adapter) -> AdapterFacts {
    let info = adapter.get_info();
    let backend = match info.backend {
        Backend::Vulkan => "vulkan",
        Backend::Metal => "metal",
        Backend::Dx12 => "dx12",
        Backend::Gl => "gl",
        Backend::BrowserWebGpu | Backend::Noop => "none",
    };
    let driver = format!("{} {}", info.driver, info.driver_info)
        .trim()
        .to_owned();
    AdapterFacts {
        name: info.name,
        backend: backend.to_owned(),
        software: info.device_type == DeviceType::Cpu,
        driver,
    }
}
