//! Materials on the device: glTF's metallic-roughness model.

use super::device::GpuDevice;
use super::pipeline_cache::PipelineVariant;
use super::texture::{GpuTexture, Rgba8Pixels, TextureWrap};
use bytemuck::{Pod, Zeroable};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    BindGroup, BindGroupEntry, BindingResource, BufferUsages, FilterMode, MipmapFilterMode,
    SamplerDescriptor,
};

/// Parameters of a material, without its textures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceParameters {
    /// Linear RGBA.
    pub base_colour: [f32; 4],
    /// Linear RGB of emitted light.
    pub emissive: [f32; 3],
    /// 0 for a dielectric, 1 for a metal.
    pub metallic: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
    /// Factor on the slopes of the normal map.
    pub normal_scale: f32,
    /// Strength of the occlusion map, 0 to 1.
    pub occlusion: f32,
    /// Meaning of alpha.
    pub coverage: AlphaCoverage,
    /// Whether back faces are drawn.
    pub double_sided: bool,
    /// Whether the base colour is shown without light.
    pub unlit: bool,
}

impl SurfaceParameters {
    /// A white, rough, opaque surface.
    pub const PLAIN: Self = Self {
        base_colour: [1.0; 4],
        emissive: [0.0; 3],
        metallic: 0.0,
        roughness: 1.0,
        normal_scale: 1.0,
        occlusion: 1.0,
        coverage: AlphaCoverage::Opaque,
        double_sided: false,
        unlit: false,
    };
}

/// Meaning of alpha, as in glTF's `alphaMode`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AlphaCoverage {
    /// Alpha is ignored.
    Opaque,
    /// Pixels with an alpha below this value are holes.
    Mask(f32),
    /// Alpha is the opacity.
    Blend,
}

/// A texture of a material.
#[derive(Clone, Copy)]
pub struct MapSource<'a> {
    /// The uploaded picture.
    pub texture: &'a GpuTexture,
    /// Affine transform of texture coordinates, two rows.
    pub transform: [[f32; 3]; 2],
    /// Address modes across and down.
    pub wrap: [TextureWrap; 2],
}

/// A material on the device.
pub struct GpuMaterial {
    pub(super) bind_group: BindGroup,
    pub(super) variant: PipelineVariant,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct MaterialUniforms {
    base_colour: [f32; 4],
    emissive: [f32; 4],
    factors: [f32; 4],
    transforms: [[f32; 4]; 10],
}

impl GpuDevice {
    /// Uploads a material. `maps`: base colour, metallic-roughness, normal, occlusion, emissive.
    #[must_use]
    pub fn upload_material(
        &self,
        surface: &SurfaceParameters,
        maps: [Option<MapSource<'_>>; 5],
    ) -> GpuMaterial {
        let contents = bytemuck::bytes_of(&material_uniforms(surface, &maps)).to_vec();
        let usage = BufferUsages::UNIFORM;
        let buffer = self.device.create_buffer_init(&BufferInitDescriptor {
            label: None,
            contents: &contents,
            usage,
        });
        // The bind group has a slot for every texture. Unused slots get one white pixel, and the
        // pipeline of a material without the map never samples it.
        let white = self.upload_texture(&Rgba8Pixels {
            width: 1,
            height: 1,
            rgba: &[255; 4],
            srgb: false,
        });
        // One sampler serves all maps of a material. glTF allows one for each, but exporters rarely
        // write more than one, and downlevel adapters have 16 in all.
        let sampler = self.create_map_sampler(
            maps.iter()
                .flatten()
                .next()
                .map_or([TextureWrap::Repeat; 2], |map| map.wrap),
        );
        let views = maps.map(|map| map.map_or(&white.view, |map| &map.texture.view));
        let mut entries = vec![
            BindGroupEntry {
                binding: 0,
                resource: buffer.as_entire_binding(),
            },
            BindGroupEntry {
                binding: 1,
                resource: BindingResource::Sampler(&sampler),
            },
        ];
        entries.extend((2..).zip(views).map(|(binding, view)| BindGroupEntry {
            binding,
            resource: BindingResource::TextureView(view),
        }));
        let layout = &self.pipelines.material_layout;
        let bind_group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &entries,
        });
        GpuMaterial {
            bind_group,
            variant: material_variant(surface, &maps),
        }
    }

    fn create_map_sampler(&self, wrap: [TextureWrap; 2]) -> wgpu::Sampler {
        self.device.create_sampler(&SamplerDescriptor {
            address_mode_u: wrap[0].address_mode(),
            address_mode_v: wrap[1].address_mode(),
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            // Blending two mip levels doubles the cost of every sample on the CPU, and hardly
            // shows.
            mipmap_filter: if self.adapter_facts().software {
                MipmapFilterMode::Nearest
            } else {
                MipmapFilterMode::Linear
            },
            ..SamplerDescriptor::default()
        })
    }
}

fn material_uniforms(
    surface: &SurfaceParameters,
    maps: &[Option<MapSource<'_>>; 5],
) -> MaterialUniforms {
    let [r, g, b] = surface.emissive;
    let cutoff = if let AlphaCoverage::Mask(cutoff) = surface.coverage {
        cutoff
    } else {
        0.0
    };
    let mut transforms = [[0.0; 4]; 10];
    for (pair, map) in transforms.chunks_exact_mut(2).zip(maps) {
        let rows = map.map_or([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], |map| map.transform);
        for (row, [a, b, c]) in pair.iter_mut().zip(rows) {
            *row = [a, b, c, 0.0];
        }
    }
    MaterialUniforms {
        base_colour: surface.base_colour,
        emissive: [r, g, b, cutoff],
        factors: [
            surface.metallic,
            // A mirror with roughness 0 would make GGX divide by zero.
            surface.roughness.clamp(0.045, 1.0),
            surface.normal_scale,
            surface.occlusion,
        ],
        transforms,
    }
}

fn material_variant(
    surface: &SurfaceParameters,
    maps: &[Option<MapSource<'_>>; 5],
) -> PipelineVariant {
    PipelineVariant {
        double_sided: surface.double_sided,
        masked: matches!(surface.coverage, AlphaCoverage::Mask(_)),
        blended: surface.coverage == AlphaCoverage::Blend,
        unlit: surface.unlit,
        maps: std::array::from_fn(|map| maps[map].is_some()),
        ..PipelineVariant::default()
    }
}
