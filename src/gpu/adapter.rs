//! Which adapters there are, and which one to use.

use super::error::GpuError;
use std::fmt;
use wgpu::{Adapter, Backend, Backends, DeviceType, Instance, InstanceDescriptor, InstanceFlags};

/// Which adapter to use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// The fastest kind there is; software when there is nothing else.
    #[default]
    Any,
    /// One that computes on the processor.
    Software,
    /// The first whose name contains this text, in any case.
    Named(String),
}

impl Choice {
    /// Reads `auto`, `software` or part of an adapter's name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "" | "auto" | "any" => Self::Any,
            "software" | "cpu" => Self::Software,
            name => Self::Named(name.to_owned()),
        }
    }

    fn takes(&self, facts: &AdapterFacts) -> bool {
        match self {
            Self::Any => true,
            Self::Software => facts.software,
            Self::Named(name) => facts.name.to_lowercase().contains(&name.to_lowercase()),
        }
    }
}

impl fmt::Display for Choice {
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
pub fn adapters() -> Vec<AdapterFacts> {
    let mut all = found(Backends::PRIMARY);
    all.extend(found(Backends::GL));
    all.iter().map(facts).collect()
}

/// Returns the best adapter for `choice`; GL is only tried when no other interface has one.
pub(super) fn pick(choice: &Choice) -> Result<(Adapter, AdapterFacts), GpuError> {
    let mut present = Vec::new();
    for backends in [Backends::PRIMARY, Backends::GL] {
        for adapter in found(backends) {
            let facts = facts(&adapter);
            if choice.takes(&facts) {
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

fn found(backends: Backends) -> Vec<Adapter> {
    let mut wanted = InstanceDescriptor::new_without_display_handle();
    wanted.backends = backends;
    wanted.flags = InstanceFlags::empty();
    let instance = Instance::new(wanted);
    let mut list = pollster::block_on(instance.enumerate_adapters(backends));
    list.sort_by_key(|adapter| match adapter.get_info().device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    });
    list
}

fn facts(adapter: &Adapter) -> AdapterFacts {
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
