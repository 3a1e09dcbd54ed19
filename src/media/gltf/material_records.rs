//! Materials, textures and samplers of a glTF file as typed records.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A texture: a picture and a sampler.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextureRecord {
    pub(super) source: Option<usize>,
    pub(super) sampler: Option<usize>,
    pub(super) extensions: TextureExtensions,
}

/// Pictures of a texture in other formats.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextureExtensions {
    #[serde(rename = "EXT_texture_webp")]
    pub(super) webp: Option<TextureSourceRecord>,
    /// Those that are not read.
    #[serde(flatten)]
    pub(super) others: BTreeMap<String, serde::de::IgnoredAny>,
}

/// A picture by its index.
#[derive(Debug, Deserialize)]
pub(super) struct TextureSourceRecord {
    pub(super) source: Option<usize>,
}

/// Filters and wrap modes, as the numbers of OpenGL.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SamplerRecord {
    pub(super) mag_filter: Option<u32>,
    pub(super) min_filter: Option<u32>,
    pub(super) wrap_s: Option<u32>,
    pub(super) wrap_t: Option<u32>,
}

/// A texture of a material, with its texture coordinates.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TextureInfoRecord {
    pub(super) index: usize,
    #[serde(default)]
    pub(super) tex_coord: u32,
    /// Of normal maps only.
    #[serde(default = "one")]
    pub(super) scale: f32,
    /// Of occlusion maps only.
    #[serde(default = "one")]
    pub(super) strength: f32,
    #[serde(default)]
    pub(super) extensions: TextureInfoExtensions,
}

/// Extensions of a texture of a material.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextureInfoExtensions {
    #[serde(rename = "KHR_texture_transform")]
    pub(super) transform: Option<TextureTransformRecord>,
}

/// `KHR_texture_transform`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TextureTransformRecord {
    pub(super) offset: [f32; 2],
    pub(super) rotation: f32,
    pub(super) scale: [f32; 2],
    /// Takes the place of the texture's own.
    pub(super) tex_coord: Option<u32>,
}

impl Default for TextureTransformRecord {
    fn default() -> Self {
        Self {
            offset: [0.0; 2],
            rotation: 0.0,
            scale: [1.0; 2],
            tex_coord: None,
        }
    }
}

/// A material.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct MaterialRecord {
    pub(super) name: String,
    pub(super) pbr_metallic_roughness: MetallicRoughnessRecord,
    pub(super) normal_texture: Option<TextureInfoRecord>,
    pub(super) occlusion_texture: Option<TextureInfoRecord>,
    pub(super) emissive_texture: Option<TextureInfoRecord>,
    pub(super) emissive_factor: [f32; 3],
    pub(super) alpha_mode: Option<String>,
    pub(super) alpha_cutoff: Option<f32>,
    pub(super) double_sided: bool,
    pub(super) extensions: MaterialExtensions,
}

/// The surface of a material without extensions.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct MetallicRoughnessRecord {
    pub(super) base_color_factor: [f32; 4],
    pub(super) base_color_texture: Option<TextureInfoRecord>,
    pub(super) metallic_factor: f32,
    pub(super) roughness_factor: f32,
    pub(super) metallic_roughness_texture: Option<TextureInfoRecord>,
}

impl Default for MetallicRoughnessRecord {
    fn default() -> Self {
        Self {
            base_color_factor: [1.0; 4],
            base_color_texture: None,
            metallic_factor: 1.0,
            roughness_factor: 1.0,
            metallic_roughness_texture: None,
        }
    }
}

/// Extensions of a material that are drawn.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MaterialExtensions {
    #[serde(rename = "KHR_materials_unlit")]
    pub(super) unlit: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_emissive_strength")]
    pub(super) emissive_strength: Option<EmissiveStrengthRecord>,
    #[serde(rename = "KHR_materials_pbrSpecularGlossiness")]
    pub(super) specular_glossiness: Option<SpecularGlossinessRecord>,
    #[serde(rename = "KHR_materials_ior")]
    pub(super) ior: Option<IorRecord>,
    #[serde(rename = "KHR_materials_specular")]
    pub(super) specular: Option<SpecularRecord>,
    #[serde(rename = "KHR_materials_transmission")]
    pub(super) transmission: Option<TransmissionRecord>,
    #[serde(rename = "KHR_materials_clearcoat")]
    pub(super) clearcoat: Option<ClearcoatRecord>,
    #[serde(rename = "KHR_materials_sheen")]
    pub(super) sheen: Option<SheenRecord>,
}

/// `KHR_materials_emissive_strength`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmissiveStrengthRecord {
    #[serde(default = "one")]
    pub(super) emissive_strength: f32,
}

/// `KHR_materials_pbrSpecularGlossiness`.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SpecularGlossinessRecord {
    pub(super) diffuse_factor: [f32; 4],
    pub(super) diffuse_texture: Option<TextureInfoRecord>,
    pub(super) specular_factor: [f32; 3],
    pub(super) glossiness_factor: f32,
    pub(super) specular_glossiness_texture: Option<TextureInfoRecord>,
}

impl Default for SpecularGlossinessRecord {
    fn default() -> Self {
        Self {
            diffuse_factor: [1.0; 4],
            diffuse_texture: None,
            specular_factor: [1.0; 3],
            glossiness_factor: 1.0,
            specular_glossiness_texture: None,
        }
    }
}

/// `KHR_materials_ior`.
#[derive(Debug, Deserialize)]
pub(super) struct IorRecord {
    #[serde(default = "glass_ior")]
    pub(super) ior: f32,
}

/// `KHR_materials_specular`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpecularRecord {
    #[serde(default = "one")]
    pub(super) specular_factor: f32,
    pub(super) specular_texture: Option<TextureInfoRecord>,
    #[serde(default = "white")]
    pub(super) specular_color_factor: [f32; 3],
    pub(super) specular_color_texture: Option<TextureInfoRecord>,
}

/// `KHR_materials_transmission`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TransmissionRecord {
    pub(super) transmission_factor: f32,
    pub(super) transmission_texture: Option<TextureInfoRecord>,
}

/// `KHR_materials_clearcoat`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ClearcoatRecord {
    pub(super) clearcoat_factor: f32,
    pub(super) clearcoat_texture: Option<TextureInfoRecord>,
    pub(super) clearcoat_roughness_factor: f32,
    pub(super) clearcoat_roughness_texture: Option<TextureInfoRecord>,
    pub(super) clearcoat_normal_texture: Option<TextureInfoRecord>,
}

/// `KHR_materials_sheen`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SheenRecord {
    pub(super) sheen_color_factor: [f32; 3],
    pub(super) sheen_color_texture: Option<TextureInfoRecord>,
    pub(super) sheen_roughness_factor: f32,
    pub(super) sheen_roughness_texture: Option<TextureInfoRecord>,
}

const fn one() -> f32 {
    1.0
}

const fn white() -> [f32; 3] {
    [1.0; 3]
}

const fn glass_ior() -> f32 {
    1.5
}
