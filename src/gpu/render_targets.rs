//! Textures and buffers for frames of one size.

use super::device::GpuDevice;
use super::error::GpuError;
use super::material::{GpuMaterial, SurfaceParameters};
use super::pipeline_cache::{AO_FORMAT, COLOUR_FORMAT, DEPTH_FORMAT, SAMPLES_PER_PASS};
use super::uniforms::{SHADOW_SIZE, ViewUniforms};
use crate::model::frame_rate::PixelSize;
use std::sync::atomic::AtomicBool;
use wgpu::{
    BindGroup, BindGroupEntry, BindingResource, Buffer, BufferDescriptor, BufferUsages,
    CompareFunction, Extent3d, FilterMode, Sampler, SamplerDescriptor, Texture, TextureDescriptor,
    TextureDimension, TextureFormat, TextureUsages, TextureView,
};

/// Everything that frames of one size are rendered to. Created once and reused for each frame.
pub struct RenderTargets {
    /// Width and height in pixels.
    pub size: PixelSize,
    pub(super) colour: TextureView,
    pub(super) depth: TextureView,
    pub(super) resolved: Texture,
    pub(super) resolved_view: TextureView,
    pub(super) half_depth: TextureView,
    pub(super) ambient_occlusion: [TextureView; 2],
    pub(super) occlusion_groups: [BindGroup; 2],
    pub(super) shadow_map: TextureView,
    /// Whether the last pass left the shadow map without any shadow.
    pub(super) shadow_map_is_clear: AtomicBool,
    pub(super) samplers: [Sampler; 3],
    pub(super) view_buffer: Buffer,
    pub(super) readback_buffer: Buffer,
    pub(super) plain_material: GpuMaterial,
}

impl GpuDevice {
    /// Allocates the targets for one size.
    ///
    /// # Errors
    /// Fails when the adapter cannot render this size, or has no memory for it.
    pub fn create_render_targets(&self, size: PixelSize) -> Result<RenderTargets, GpuError> {
        // Checked here, since wgpu would report it as a validation error without the limit.
        let most = self.max_texture_side();
        if size.width == 0 || size.height == 0 || size.width.max(size.height) > most {
            let adapter = self.adapter_facts().name.clone();
            return Err(GpuError::TooLarge {
                adapter,
                width: size.width,
                height: size.height,
                most,
            });
        }
        let targets = self.allocate_render_targets(size);
        // Allocation errors arrive by callback. Without this check the first frame would fail
        // instead.
        self.check_errors()?;
        Ok(targets)
    }

    fn allocate_render_targets(&self, size: PixelSize) -> RenderTargets {
        // Rounded up, so that the last column of an odd picture has a texel.
        let half = PixelSize::new(size.width.div_ceil(2), size.height.div_ceil(2));
        let shadow_size = PixelSize::new(SHADOW_SIZE, SHADOW_SIZE);
        let resolved = self.create_render_texture(size, COLOUR_FORMAT, 1, TextureUsages::COPY_SRC);
        let sampled = TextureUsages::TEXTURE_BINDING;
        let view = |texture: Texture| texture.create_view(&wgpu::TextureViewDescriptor::default());
        let half_depth = view(self.create_render_texture(half, DEPTH_FORMAT, 1, sampled));
        let ambient_occlusion =
            [0, 1].map(|_| view(self.create_render_texture(half, AO_FORMAT, 1, sampled)));
        // Each pass reads what the other writes: the first group binds texture 1, which the first
        // pass only declares, because a pass must not read its own target.
        let smooth = self.occlusion_bind_group(&half_depth, &ambient_occlusion[0]);
        let first = self.occlusion_bind_group(&half_depth, &ambient_occlusion[1]);
        RenderTargets {
            size,
            colour: view(self.create_render_texture(
                size,
                COLOUR_FORMAT,
                SAMPLES_PER_PASS,
                TextureUsages::empty(),
            )),
            depth: view(self.create_render_texture(
                size,
                DEPTH_FORMAT,
                SAMPLES_PER_PASS,
                TextureUsages::empty(),
            )),
            resolved_view: view(resolved.clone()),
            resolved,
            half_depth,
            ambient_occlusion,
            occlusion_groups: [first, smooth],
            shadow_map: view(self.create_render_texture(shadow_size, DEPTH_FORMAT, 1, sampled)),
            shadow_map_is_clear: AtomicBool::new(false),
            samplers: self.create_samplers(),
            view_buffer: self.create_buffer(
                size_of::<ViewUniforms>() as u64,
                BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            ),
            readback_buffer: self.create_buffer(
                u64::from(row_bytes(size)) * u64::from(size.height),
                BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            ),
            plain_material: self.upload_material(&SurfaceParameters::PLAIN, [None; 6]),
        }
    }

    pub(super) fn create_render_texture(
        &self,
        size: PixelSize,
        format: TextureFormat,
        sample_count: u32,
        more: TextureUsages,
    ) -> Texture {
        self.device.create_texture(&TextureDescriptor {
            label: None,
            size: Extent3d {
                width: size.width,
                height: size.height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count,
            dimension: TextureDimension::D2,
            format,
            usage: TextureUsages::RENDER_ATTACHMENT | more,
            view_formats: &[],
        })
    }

    pub(super) fn create_buffer(&self, size: u64, usage: BufferUsages) -> Buffer {
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    fn occlusion_bind_group(&self, depth: &TextureView, raw: &TextureView) -> BindGroup {
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.pipelines.depth_map_layout,
            entries: &[
                BindGroupEntry {
                    binding: 0,
                    resource: BindingResource::TextureView(depth),
                },
                BindGroupEntry {
                    binding: 1,
                    resource: BindingResource::TextureView(raw),
                },
            ],
        })
    }

    /// Returns three samplers: clamped, repeated horizontally, and comparing with the shadow map.
    fn create_samplers(&self) -> [Sampler; 3] {
        let plain = SamplerDescriptor {
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            mipmap_filter: wgpu::MipmapFilterMode::Linear,
            ..SamplerDescriptor::default()
        };
        // Only horizontally: a panorama wraps around and ends at the poles.
        let repeat = SamplerDescriptor {
            address_mode_u: wgpu::AddressMode::Repeat,
            ..plain.clone()
        };
        let compare = SamplerDescriptor {
            compare: Some(CompareFunction::LessEqual),
            ..plain.clone()
        };
        [plain, repeat, compare].map(|sampler| self.device.create_sampler(&sampler))
    }
}

/// Returns the bytes of one row in the readback buffer. wgpu requires a multiple of 256.
pub(super) const fn row_bytes(size: PixelSize) -> u32 {
    (size.width * 8).next_multiple_of(256)
}
