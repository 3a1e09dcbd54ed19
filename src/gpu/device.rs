//! The device: opened once, shared by all jobs on its adapter. Caches pipelines; collects the driver's complaints.

use super::adapter::{self, AdapterFacts, Choice};
use super::error::GpuError;
use super::pipelines::Pipelines;
use std::sync::{Arc, Mutex, PoisonError};
use wgpu::{Device, DeviceDescriptor, Limits, Queue};

/// One open adapter.
pub struct Gpu {
    pub(super) device: Device,
    pub(super) queue: Queue,
    pub(super) pipelines: Pipelines,
    facts: AdapterFacts,
    complaint: Arc<Mutex<Option<wgpu::Error>>>,
}

impl Gpu {
    /// Opens the best adapter for `choice`.
    ///
    /// # Errors
    /// Fails when there is none, or when it makes no device.
    pub fn open(choice: &Choice) -> Result<Self, GpuError> {
        let (adapter, facts) = adapter::pick(choice)?;
        let wanted = DeviceDescriptor {
            label: None,
            required_limits: limits(&adapter.limits()),
            ..DeviceDescriptor::default()
        };
        let opened = pollster::block_on(adapter.request_device(&wanted));
        let (device, queue) = opened.map_err(|error| GpuError::Device {
            adapter: facts.name.clone(),
            why: error.to_string(),
        })?;
        let complaint = Arc::new(Mutex::new(None));
        let heard = Arc::clone(&complaint);
        device.on_uncaptured_error(Arc::new(move |error| {
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(error);
        }));
        let gpu = Self {
            pipelines: Pipelines::new(&device),
            device,
            queue,
            facts,
            complaint,
        };
        gpu.settled()?;
        Ok(gpu)
    }

    /// Returns what is known of the adapter.
    #[must_use]
    pub const fn facts(&self) -> &AdapterFacts {
        &self.facts
    }

    /// Fails with the first complaint of the driver since the last call.
    pub(super) fn settled(&self) -> Result<(), GpuError> {
        let complaint = self
            .complaint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let adapter = self.facts.name.clone();
        match complaint {
            None => Ok(()),
            Some(wgpu::Error::OutOfMemory { source }) => Err(GpuError::OutOfMemory {
                adapter,
                why: source.to_string(),
            }),
            Some(other) => Err(GpuError::Render {
                adapter,
                why: other.to_string(),
            }),
        }
    }

    /// Returns a failure while drawing.
    pub(super) fn broken(&self, why: impl std::fmt::Display) -> GpuError {
        GpuError::Render {
            adapter: self.facts.name.clone(),
            why: why.to_string(),
        }
    }

    /// Returns the most pixels a side that a picture may have.
    #[must_use]
    pub fn most_pixels(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }
}

/// Asks for little, so that GL adapters do too, but for whatever sizes the adapter offers.
fn limits(offered: &Limits) -> Limits {
    let mut limits = Limits::downlevel_defaults().using_resolution(offered.clone());
    limits.max_buffer_size = offered.max_buffer_size;
    limits.max_storage_buffer_binding_size = offered.max_storage_buffer_binding_size;
    limits
}
