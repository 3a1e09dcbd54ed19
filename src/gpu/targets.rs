//! What one size of picture is drawn on.

use super::device::Gpu;
use super::error::GpuError;
use super::material::{Material, Surface};
use super::pipelines::{COLOUR, DEPTH, OPENING, SAMPLES};
use super::uniforms::{SHADOW_SIZE, View};
use crate::model::frame_rate::PixelSize;
use wgpu::{
    BindGroup, BindGroupEntry, BindingResource, Buffer, BufferDescriptor, BufferUsages,
    CompareFunction, Extent3d, FilterMode, Sampler, SamplerDescriptor, Texture, TextureDescriptor,
    TextureDimension, TextureFormat, TextureUsages, TextureView,
};

/// Everything that pictures of one size are drawn on; made once and drawn on many times.
pub struct Canvas {
    /// Pixels across and down.
    pub size: PixelSize,
    pub(super) colour: TextureView,
    pub(super) depth: TextureView,
    pub(super) resolved: Texture,
    pub(super) resolved_view: TextureView,
    pub(super) small_depth: TextureView,
    pub(super) opening: [TextureView; 2],
    pub(super) opening_groups: [BindGroup; 2],
    pub(super) shadow: TextureView,
    pub(super) samplers: [Sampler; 3],
    pub(super) view: Buffer,
    pub(super) readback: Buffer,
    pub(super) plain: Material,
}

impl Gpu {
    /// Makes a canvas.
    ///
    /// # Errors
    /// Fails when the adapter cannot draw pictures this large, or has no memory for it.
    pub fn canvas(&self, size: PixelSize) -> Result<Canvas, GpuError> {
        let most = self.most_pixels();
        if size.width == 0 || size.height == 0 || size.width.max(size.height) > most {
            let adapter = self.facts().name.clone();
            return Err(GpuError::TooLarge {
                adapter,
                width: size.width,
                height: size.height,
                most,
            });
        }
        let canvas = self.unchecked_canvas(size);
        self.settled()?;
        Ok(canvas)
    }

    fn unchecked_canvas(&self, size: PixelSize) -> Canvas {
        let half = PixelSize::new(size.width.div_ceil(2), size.height.div_ceil(2));
        let shadow_size = PixelSize::new(SHADOW_SIZE, SHADOW_SIZE);
        let resolved = self.target(size, COLOUR, 1, TextureUsages::COPY_SRC);
        let seen = TextureUsages::TEXTURE_BINDING;
        let view = |texture: Texture| texture.create_view(&wgpu::TextureViewDescriptor::default());
        let small_depth = view(self.target(half, DEPTH, 1, seen));
        let opening = [0, 1].map(|_| view(self.target(half, OPENING, 1, seen)));
        let smooth = self.opening_group(&small_depth, &opening[0]);
        let first = self.opening_group(&small_depth, &opening[1]);
        Canvas {
            size,
            colour: view(self.target(size, COLOUR, SAMPLES, TextureUsages::empty())),
            depth: view(self.target(size, DEPTH, SAMPLES, TextureUsages::empty())),
            resolved_view: view(resolved.clone()),
            resolved,
            small_depth,
            opening,
            opening_groups: [first, smooth],
            shadow: view(self.target(shadow_size, DEPTH, 1, seen)),
            samplers: self.samplers(),
            view: self.buffer(
                size_of::<View>() as u64,
                BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            ),
            readback: self.buffer(
                u64::from(row_bytes(size)) * u64::from(size.height),
                BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            ),
            plain: self.material(&Surface::PLAIN, [None; 5]),
        }
    }

    pub(super) fn target(
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

    pub(super) fn buffer(&self, size: u64, usage: BufferUsages) -> Buffer {
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    fn opening_group(&self, depth: &TextureView, raw: &TextureView) -> BindGroup {
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.pipelines.depth_map,
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

    /// Returns samplers that end at the edge, that go around, and that compare with the shadow map.
    fn samplers(&self) -> [Sampler; 3] {
        let plain = SamplerDescriptor {
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            mipmap_filter: wgpu::MipmapFilterMode::Linear,
            ..SamplerDescriptor::default()
        };
        let around = SamplerDescriptor {
            address_mode_u: wgpu::AddressMode::Repeat,
            ..plain.clone()
        };
        let compare = SamplerDescriptor {
            compare: Some(CompareFunction::LessEqual),
            ..plain.clone()
        };
        [plain, around, compare].map(|sampler| self.device.create_sampler(&sampler))
    }
}

/// Returns the bytes of one row in the readback buffer: a multiple of 256.
pub(super) const fn row_bytes(size: PixelSize) -> u32 {
    (size.width * 8).next_multiple_of(256)
}
