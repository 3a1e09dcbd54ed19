//! Which adapters there are, and which one to use.

use super::error::GpuError;
use std::fmt;
use wgpu::{Adapter, Backend, Backends, DeviceType, Instance, InstanceDescriptor, InstanceFlags};

/// Which adapter to use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdapterChoice {
    /// The fastest kind there is; software when there is nothing else.
    #[default]
    Any,
    /// One that computes on the processor.
    Software,
    /// The first whose name contains this text, in any case.
    Named(String),
}

impl AdapterChoice {
    /// Reads `auto`, `software` or part of an adapter's name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
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

/// What is known of one adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterFacts {
    /// Its name.
    pub name: String,
    /// The interface it is used through, such as `vulkan`.
    pub backend: String,
    /// Whether it computes on the processor: never call it a GPU then.
    pub software: bool,
    /// Its driver with version.
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

/// Returns every adapter of this machine, best first.
#[must_use]
pub fn list_adapters() -> Vec<AdapterFacts> {
    let mut adapters = enumerate_adapters(Backends::PRIMARY);
    adapters.extend(enumerate_adapters(Backends::GL));
    adapters.iter().map(adapter_facts).collect()
}

/// Returns the best adapter for `choice`; GL is only tried when no other interface has one.
pub(super) fn select_adapter(choice: &AdapterChoice) -> Result<(Adapter, AdapterFacts), GpuError> {
    let mut present = Vec::new();
    for backends in [Backends::PRIMARY, Backends::GL] {
        for adapter in enumerate_adapters(backends) {
            let facts = adapter_facts(&adapter);
            if choice.matches_adapter(&facts) {
                return Ok((adapter, facts));
            }
            present.push(facts.to_string());
        }
    }
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
    descriptor.flags = InstanceFlags::empty();
    let instance = Instance::new(descriptor);
    let mut adapters = pollster::block_on(instance.enumerate_adapters(backends));
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
