//! The device: opened once, shared by all jobs on its adapter. Caches pipelines; collects the driver's complaints.

use super::adapter::{self, AdapterChoice, AdapterFacts};
use super::error::GpuError;
use super::pipeline_cache::PipelineCache;
use std::sync::{Arc, Mutex, PoisonError};
use wgpu::{Device, DeviceDescriptor, Limits, Queue};

/// One open adapter.
pub struct GpuDevice {
    pub(super) device: Device,
    pub(super) queue: Queue,
    pub(super) pipelines: PipelineCache,
    facts: AdapterFacts,
    uncaptured_error: Arc<Mutex<Option<wgpu::Error>>>,
}

impl GpuDevice {
    /// Opens the best adapter for `choice`.
    ///
    /// # Errors
    /// Fails when there is none, or when it makes no device.
    pub fn open(choice: &AdapterChoice) -> Result<Self, GpuError> {
        let (adapter, facts) = adapter::select_adapter(choice)?;
        let descriptor = DeviceDescriptor {
            label: None,
            required_limits: device_limits(&adapter.limits()),
            ..DeviceDescriptor::default()
        };
        let opened = pollster::block_on(adapter.request_device(&descriptor));
        let (device, queue) = opened.map_err(|error| GpuError::Device {
            adapter: facts.name.clone(),
            why: error.to_string(),
        })?;
        let uncaptured_error = Arc::new(Mutex::new(None));
        let error_slot = Arc::clone(&uncaptured_error);
        device.on_uncaptured_error(Arc::new(move |error| {
            error_slot
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(error);
        }));
        let gpu = Self {
            pipelines: PipelineCache::new(&device),
            device,
            queue,
            facts,
            uncaptured_error,
        };
        gpu.check_errors()?;
        Ok(gpu)
    }

    /// Returns what is known of the adapter.
    #[must_use]
    pub const fn adapter_facts(&self) -> &AdapterFacts {
        &self.facts
    }

    /// Fails with the first complaint of the driver since the last call.
    pub(super) fn check_errors(&self) -> Result<(), GpuError> {
        let uncaptured_error = self
            .uncaptured_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let adapter = self.facts.name.clone();
        match uncaptured_error {
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
    pub(super) fn render_error(&self, why: impl std::fmt::Display) -> GpuError {
        GpuError::Render {
            adapter: self.facts.name.clone(),
            why: why.to_string(),
        }
    }

    /// Returns the most pixels a side that a picture may have.
    #[must_use]
    pub fn max_texture_side(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }
}

/// Asks for little, so that GL adapters do too, but for whatever sizes the adapter offers.
fn device_limits(offered: &Limits) -> Limits {
    let mut limits = Limits::downlevel_defaults().using_resolution(offered.clone());
    limits.max_buffer_size = offered.max_buffer_size;
    limits.max_storage_buffer_binding_size = offered.max_storage_buffer_binding_size;
    limits
}
