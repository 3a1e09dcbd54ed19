//! Materials on the device: glTF's metallic-roughness model, with layers.

use super::device::GpuDevice;
use super::pipeline_cache::PipelineVariant;
use super::texture::{GpuTexture, Rgba8Pixels, TextureFilter, TextureWrap};
use bytemuck::{Pod, Zeroable};
use std::sync::PoisonError;
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
    /// Linear RGB that is reflected straight ahead where the surface is no metal, and the share that
    /// is reflected at a grazing angle.
    pub reflectance: [f32; 4],
    /// Whether the second map has the colour of reflections, and gloss in alpha.
    pub specular_glossiness: bool,
    /// The share of light that goes through, 0 to 1.
    pub transmission: f32,
    /// Strength and roughness of a layer of varnish, each 0 to 1.
    pub clearcoat: [f32; 2],
    /// Linear RGB and roughness of a layer of fibres.
    pub sheen: [f32; 4],
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
        reflectance: [0.04, 0.04, 0.04, 1.0],
        specular_glossiness: false,
        transmission: 0.0,
        clearcoat: [0.0; 2],
        sheen: [0.0; 4],
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
    /// Whether its texture coordinates are the second ones of a vertex.
    pub second_uvs: bool,
    /// Address modes across and down.
    pub wrap: [TextureWrap; 2],
    /// How it is read between pixels.
    pub filter: TextureFilter,
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
    reflectance: [f32; 4],
    layers: [f32; 4],
    sheen: [f32; 4],
    transforms: [[f32; 4]; 12],
}

impl GpuDevice {
    /// Uploads a material. `maps`: base colour, metallic-roughness or specular-glossiness, normal,
    /// occlusion, emissive, transmission.
    #[must_use]
    pub fn upload_material(
        &self,
        surface: &SurfaceParameters,
        maps: [Option<MapSource<'_>>; 6],
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
            mask_cutoff: None,
        });
        let samplers = maps.map(|map| {
            let wrap = map.map_or([TextureWrap::Repeat; 2], |map| map.wrap);
            self.map_sampler(wrap, map.map_or(TextureFilter::SMOOTH, |map| map.filter))
        });
        let views = maps.map(|map| map.map_or(&white.view, |map| &map.texture.view));
        let textures = views.into_iter().map(BindingResource::TextureView);
        let samplers = samplers.iter().map(BindingResource::Sampler);
        let resources = std::iter::once(buffer.as_entire_binding());
        let resources = resources.chain(textures).chain(samplers);
        let entries: Vec<BindGroupEntry<'_>> = (0..)
            .zip(resources)
            .map(|(binding, resource)| BindGroupEntry { binding, resource })
            .collect();
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

    /// Returns a sampler. Materials share them, because a device has room for a few thousand only.
    fn map_sampler(&self, wrap: [TextureWrap; 2], filter: TextureFilter) -> wgpu::Sampler {
        let mut samplers = self
            .map_samplers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        samplers
            .entry((wrap, filter))
            .or_insert_with(|| self.create_map_sampler(wrap, filter))
            .clone()
    }

    fn create_map_sampler(&self, wrap: [TextureWrap; 2], filter: TextureFilter) -> wgpu::Sampler {
        let mode = |is_nearest: bool| {
            if is_nearest {
                FilterMode::Nearest
            } else {
                FilterMode::Linear
            }
        };
        self.device.create_sampler(&SamplerDescriptor {
            address_mode_u: wrap[0].address_mode(),
            address_mode_v: wrap[1].address_mode(),
            mag_filter: mode(filter.magnified_nearest),
            min_filter: mode(filter.reduced_nearest),
            // Blending two mip levels doubles the cost of every sample on the CPU, and hardly
            // shows.
            mipmap_filter: if self.adapter_facts().software {
                MipmapFilterMode::Nearest
            } else {
                MipmapFilterMode::Linear
            },
            // Without levels the picture itself is read, however small it is seen.
            lod_max_clamp: if filter.mip_levels { 32.0 } else { 0.0 },
            ..SamplerDescriptor::default()
        })
    }
}

fn material_uniforms(
    surface: &SurfaceParameters,
    maps: &[Option<MapSource<'_>>; 6],
) -> MaterialUniforms {
    let [r, g, b] = surface.emissive;
    // With a cutoff of 0 no pixel is a hole.
    let cutoff = if let AlphaCoverage::Mask(cutoff) = surface.coverage {
        cutoff
    } else {
        0.0
    };
    let mut transforms = [[0.0; 4]; 12];
    for (pair, map) in transforms.chunks_exact_mut(2).zip(maps) {
        let rows = map.map_or([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], |map| map.transform);
        let second = f32::from(u8::from(map.is_some_and(|map| map.second_uvs)));
        for (row, [a, b, c]) in pair.iter_mut().zip(rows) {
            *row = [a, b, c, second];
        }
    }
    let [coat, coat_roughness] = surface.clearcoat;
    let [sheen_r, sheen_g, sheen_b, sheen_roughness] = surface.sheen;
    MaterialUniforms {
        base_colour: surface.base_colour,
        reflectance: surface.reflectance,
        layers: [surface.transmission, coat, coat_roughness, sheen_roughness],
        sheen: [sheen_r, sheen_g, sheen_b, 0.0],
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
    maps: &[Option<MapSource<'_>>; 6],
) -> PipelineVariant {
    PipelineVariant {
        double_sided: surface.double_sided,
        masked: matches!(surface.coverage, AlphaCoverage::Mask(_)),
        blended: surface.coverage == AlphaCoverage::Blend,
        unlit: surface.unlit,
        maps: std::array::from_fn(|map| maps[map].is_some()),
        second_uvs: maps.iter().flatten().any(|map| map.second_uvs),
        specular_glossiness: surface.specular_glossiness,
        transmissive: surface.transmission > 0.0,
        clearcoat: surface.clearcoat[0] > 0.0,
        sheen: surface.sheen[..3].iter().any(|part| *part > 0.0),
        ..PipelineVariant::default()
    }
}
