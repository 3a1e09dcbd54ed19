//! The device: opened once and shared by all jobs on its adapter. Caches pipelines and collects
//! errors of the driver.

use super::adapter::{self, AdapterChoice, AdapterFacts};
use super::error::GpuError;
use super::pipeline_cache::PipelineCache;
use super::texture::{TextureFilter, TextureWrap};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use wgpu::{Device, DeviceDescriptor, Limits, Queue};

/// How a map of a material continues beyond its edges, and how it is read between its pixels.
pub(super) type MapSampler = ([TextureWrap; 2], TextureFilter);

/// One open adapter with its pipelines.
pub struct GpuDevice {
    pub(super) device: Device,
    pub(super) queue: Queue,
    pub(super) pipelines: PipelineCache,
    /// Samplers of materials, each created once.
    pub(super) map_samplers: Mutex<HashMap<MapSampler, wgpu::Sampler>>,
    facts: AdapterFacts,
    uncaptured_error: Arc<Mutex<Option<wgpu::Error>>>,
}

impl GpuDevice {
    /// Opens the best adapter for `choice`.
    ///
    /// # Errors
    /// Fails when no adapter matches, or when the adapter refuses to open a device.
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
        // wgpu reports most errors by callback, after the call that caused them has returned. The
        // default callback panics; here the error is stored, and `check_errors` returns it to the
        // job.
        let uncaptured_error = Arc::new(Mutex::new(None));
        let error_slot = Arc::clone(&uncaptured_error);
        device.on_uncaptured_error(Arc::new(move |error| {
            error_slot
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                // The first error is the cause. Later ones are mostly its effects.
                .get_or_insert(error);
        }));
        let gpu = Self {
            pipelines: PipelineCache::new(&device),
            map_samplers: Mutex::default(),
            device,
            queue,
            facts,
            uncaptured_error,
        };
        // Shader modules are compiled above. A driver that rejects one must fail here and not in a
        // frame.
        gpu.check_errors()?;
        Ok(gpu)
    }

    /// Describes the adapter of this device.
    #[must_use]
    pub const fn adapter_facts(&self) -> &AdapterFacts {
        &self.facts
    }

    /// Returns the first error of the driver since the last call.
    pub(super) fn check_errors(&self) -> Result<(), GpuError> {
        let uncaptured_error = self
            .uncaptured_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let adapter = self.facts.name.clone();
        match uncaptured_error {
            None => Ok(()),
            // Out of memory has its own variant, since the retry policy differs from that of a
            // crash.
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

    /// Returns a render error of this adapter.
    pub(super) fn render_error(&self, why: impl std::fmt::Display) -> GpuError {
        GpuError::Render {
            adapter: self.facts.name.clone(),
            why: why.to_string(),
        }
    }

    /// Returns the largest width and height of a texture, in pixels.
    #[must_use]
    pub fn max_texture_side(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }
}

/// Returns the limits to request: the portable minimum, with the sizes that the adapter offers.
fn device_limits(offered: &Limits) -> Limits {
    // Requesting the defaults would exclude GL adapters. Requesting everything would let a shader
    // pass here and fail on another machine. Only sizes follow the adapter, because pictures need
    // them.
    let mut limits = Limits::downlevel_defaults().using_resolution(offered.clone());
    limits.max_buffer_size = offered.max_buffer_size;
    // How many matrices a frame needs depends on the document, so the adapter sets this limit.
    limits.max_storage_buffer_binding_size = offered.max_storage_buffer_binding_size;
    limits
}
