//! Materials and their textures.

use super::container::GltfContainer;
use super::material_records::{
    MaterialExtensions, MaterialRecord, SpecularGlossinessRecord, TextureInfoRecord,
};
use super::texture_reader::TextureReader;

/// A material of glTF 2.0: metallic-roughness or specular-glossiness, with what its extensions add.
#[derive(Debug, Clone, PartialEq)]
pub struct GltfMaterial {
    /// Its name in the file. Empty: it has none.
    pub name: String,
    /// Linear RGBA, multiplied with its map. Of specular-glossiness: the diffuse colour.
    pub base_colour: [f32; 4],
    /// 0 (dielectric) to 1 (metal). Of specular-glossiness: 0.
    pub metallic: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
    /// How a surface that is no metal reflects.
    pub reflectance: GltfReflectance,
    /// Linear RGB of the emission, with its strength. May exceed 1.
    pub emissive: [f32; 3],
    /// Factor on the slopes of the normal map.
    pub normal_scale: f32,
    /// Strength of the occlusion map, 0 to 1.
    pub occlusion_strength: f32,
    /// How its alpha is used.
    pub alpha: GltfAlphaMode,
    /// Whether back faces are drawn.
    pub double_sided: bool,
    /// Whether it is shown without lighting.
    pub unlit: bool,
    /// The share of the light on a surface that goes through it, 0 to 1.
    pub transmission: f32,
    /// A layer of varnish.
    pub clearcoat: GltfClearcoat,
    /// A layer of fibres.
    pub sheen: GltfSheen,
    /// Picture of the base colour, in sRGB.
    pub base_colour_map: Option<TextureRef>,
    /// Picture of roughness (green) and metallic (blue). Of specular-glossiness: the colour of
    /// reflections in sRGB, and gloss (alpha).
    pub metallic_roughness_map: Option<TextureRef>,
    /// Picture of tangent-space normals.
    pub normal_map: Option<TextureRef>,
    /// Picture of occlusion (red).
    pub occlusion_map: Option<TextureRef>,
    /// Picture of the emission, in sRGB.
    pub emissive_map: Option<TextureRef>,
    /// Picture of the transmission (red).
    pub transmission_map: Option<TextureRef>,
}

/// How a surface that is no metal reflects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GltfReflectance {
    /// Linear RGB that is reflected straight ahead.
    pub straight: [f32; 3],
    /// What is reflected at a grazing angle, 0 to 1.
    pub grazing: f32,
    /// Whether the material is one of specular-glossiness.
    pub specular_glossiness: bool,
}

/// A layer of varnish over a surface.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GltfClearcoat {
    /// 0 (none) to 1.
    pub strength: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
}

/// A layer of fibres over a surface.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GltfSheen {
    /// Linear RGB. Black: none.
    pub colour: [f32; 3],
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
}

/// How alpha is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GltfAlphaMode {
    /// Alpha is ignored.
    Opaque,
    /// Pixels with alpha below this value are holes.
    Mask(f32),
    /// Alpha is transparency.
    Blend,
}

/// How a texture continues beyond its edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GltfWrapMode {
    /// The pixels of the edge repeat.
    Clamp,
    /// The picture repeats.
    Repeat,
    /// The picture repeats, every second time mirrored.
    Mirror,
}

/// How a texture is read between its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GltfTextureFilter {
    /// Whether a magnified pixel has hard edges.
    pub magnified_nearest: bool,
    /// Whether a reduced picture shows one of its pixels, and no mean of four.
    pub reduced_nearest: bool,
    /// Whether a reduced picture is read from pictures of less size.
    pub mip_levels: bool,
}

impl GltfTextureFilter {
    /// The filter of a texture that names none.
    pub const SMOOTH: Self = Self {
        magnified_nearest: false,
        reduced_nearest: false,
        mip_levels: true,
    };
}

/// A picture with its texture coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextureRef {
    /// Index into the model's images.
    pub image: usize,
    /// How it continues across (0) and down (1).
    pub wrap: [GltfWrapMode; 2],
    /// How it is read between pixels.
    pub filter: GltfTextureFilter,
    /// Whether its coordinates are [`GltfPrimitive::second_uvs`](super::GltfPrimitive::second_uvs).
    pub second_uvs: bool,
    /// Affine map of texture coordinates: `u' = row0 . (u, v, 1)`, `v' = row1 . (u, v, 1)`.
    pub transform: [[f32; 3]; 2],
    /// Number of its coordinates in the file.
    pub(super) uv_set: u32,
}

/// Reads all materials, and appends the default material of glTF for primitives without one.
pub(super) fn read_materials(
    container: &GltfContainer,
    warnings: &mut Vec<String>,
) -> Vec<GltfMaterial> {
    let default = MaterialRecord::default();
    let records = container.document.materials.iter().chain([&default]);
    records
        .map(|record| {
            let mut textures = TextureReader {
                document: &container.document,
                first_images: &container.first_images,
                warnings,
            };
            let material = read_material(record, &mut textures);
            textures.number_uv_sets(material)
        })
        .collect()
}

fn read_material(record: &MaterialRecord, textures: &mut TextureReader<'_>) -> GltfMaterial {
    let surface = &record.pbr_metallic_roughness;
    let extensions = &record.extensions;
    // `KHR_materials_emissive_strength` lifts the limit of 1 for lamps and screens.
    let strength = extensions.emissive_strength.as_ref();
    let strength = strength.map_or(1.0, |extension| extension.emissive_strength);
    let scale = |info: &Option<TextureInfoRecord>, value: fn(&TextureInfoRecord) -> f32| {
        info.as_ref().map_or(1.0, value)
    };
    textures.warn_of_unread(extensions);
    let material = GltfMaterial {
        name: record.name.clone(),
        base_colour: surface.base_color_factor,
        metallic: surface.metallic_factor,
        roughness: surface.roughness_factor,
        reflectance: read_reflectance(extensions),
        emissive: record.emissive_factor.map(|value| value * strength),
        normal_scale: scale(&record.normal_texture, |info| info.scale),
        occlusion_strength: scale(&record.occlusion_texture, |info| info.strength),
        alpha: read_alpha_mode(record),
        double_sided: record.double_sided,
        unlit: extensions.unlit.is_some(),
        transmission: extensions
            .transmission
            .as_ref()
            .map_or(0.0, |extension| extension.transmission_factor),
        clearcoat: extensions
            .clearcoat
            .as_ref()
            .map_or_else(GltfClearcoat::default, |extension| GltfClearcoat {
                strength: extension.clearcoat_factor,
                roughness: extension.clearcoat_roughness_factor,
            }),
        sheen: extensions
            .sheen
            .as_ref()
            .map_or_else(GltfSheen::default, |extension| GltfSheen {
                colour: extension.sheen_color_factor,
                roughness: extension.sheen_roughness_factor,
            }),
        base_colour_map: textures.read_texture(surface.base_color_texture.as_ref()),
        metallic_roughness_map: textures.read_texture(surface.metallic_roughness_texture.as_ref()),
        normal_map: textures.read_texture(record.normal_texture.as_ref()),
        occlusion_map: textures.read_texture(record.occlusion_texture.as_ref()),
        emissive_map: textures.read_texture(record.emissive_texture.as_ref()),
        transmission_map: textures.read_texture(
            extensions
                .transmission
                .as_ref()
                .and_then(|extension| extension.transmission_texture.as_ref()),
        ),
    };
    match &extensions.specular_glossiness {
        Some(extension) => with_specular_glossiness(material, extension, textures),
        None => material,
    }
}

/// Returns a material with the surface that its specular-glossiness describes, which takes the place
/// of the other.
fn with_specular_glossiness(
    material: GltfMaterial,
    extension: &SpecularGlossinessRecord,
    textures: &mut TextureReader<'_>,
) -> GltfMaterial {
    GltfMaterial {
        base_colour: extension.diffuse_factor,
        metallic: 0.0,
        roughness: 1.0 - extension.glossiness_factor,
        reflectance: GltfReflectance {
            straight: extension.specular_factor,
            // The extension has no factor for it, so all is reflected there.
            grazing: 1.0,
            specular_glossiness: true,
        },
        base_colour_map: textures.read_texture(extension.diffuse_texture.as_ref()),
        metallic_roughness_map: textures
            .read_texture(extension.specular_glossiness_texture.as_ref()),
        ..material
    }
}

/// Returns how the surface reflects where it is no metal (`KHR_materials_ior`,
/// `KHR_materials_specular`).
fn read_reflectance(extensions: &MaterialExtensions) -> GltfReflectance {
    // Without an index of refraction the format says 0.04, which is that of 1.5.
    let straight = extensions.ior.as_ref().map_or(0.04, |extension| {
        // The format means an infinite index by 0: all is reflected.
        if extension.ior <= 0.0 {
            return 1.0;
        }
        let ratio = (extension.ior - 1.0) / (extension.ior + 1.0);
        ratio * ratio
    });
    let (strength, colour) = extensions
        .specular
        .as_ref()
        .map_or((1.0, [1.0; 3]), |extension| {
            (extension.specular_factor, extension.specular_color_factor)
        });
    GltfReflectance {
        // Limited before the strength, as the extension multiplies them.
        straight: colour.map(|part| (straight * part).min(1.0) * strength),
        grazing: strength,
        specular_glossiness: false,
    }
}

fn read_alpha_mode(record: &MaterialRecord) -> GltfAlphaMode {
    match record.alpha_mode.as_deref() {
        // 0.5 is the default of glTF 2.0.
        Some("MASK") => GltfAlphaMode::Mask(record.alpha_cutoff.unwrap_or(0.5)),
        Some("BLEND") => GltfAlphaMode::Blend,
        _ => GltfAlphaMode::Opaque,
    }
}

impl GltfMaterial {
    /// Returns every texture of the material.
    pub fn texture_maps(&self) -> impl Iterator<Item = &TextureRef> {
        let maps = [
            &self.base_colour_map,
            &self.metallic_roughness_map,
            &self.normal_map,
            &self.occlusion_map,
            &self.emissive_map,
            &self.transmission_map,
        ];
        maps.into_iter().flatten()
    }

    /// Returns the number of the second texture coordinates that the material uses. `None`: it uses
    /// the first alone.
    pub(super) fn second_uv_set(&self) -> Option<u32> {
        let second = self.texture_maps().find(|map| map.second_uvs);
        second.map(|map| map.uv_set)
    }
}
