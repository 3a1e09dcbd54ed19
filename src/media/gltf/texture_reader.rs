//! Textures of materials: pictures with their samplers, coordinates and transforms.

use super::gltf_document::GltfDocument;
use super::material::{GltfMaterial, GltfTextureFilter, GltfWrapMode, TextureRef};
use super::material_records::{
    MaterialExtensions, SamplerRecord, TextureInfoRecord, TextureTransformRecord,
};

// Numbers of OpenGL, which glTF uses for filters and wrap modes.
const NEAREST: u32 = 9728;
const LINEAR: u32 = 9729;
const NEAREST_MIPMAP_NEAREST: u32 = 9984;
const NEAREST_MIPMAP_LINEAR: u32 = 9986;
const CLAMP_TO_EDGE: u32 = 33071;
const MIRRORED_REPEAT: u32 = 33648;

/// Reads the textures of materials.
pub(super) struct TextureReader<'a> {
    pub(super) document: &'a GltfDocument,
    /// The first picture with the same bytes, for each picture.
    pub(super) first_images: &'a [usize],
    pub(super) warnings: &'a mut Vec<String>,
}

impl TextureReader<'_> {
    /// Returns a texture. `None`: there is none, or it has no picture that can be drawn.
    pub(super) fn read_texture(&mut self, info: Option<&TextureInfoRecord>) -> Option<TextureRef> {
        let info = info?;
        let texture = self.document.textures.get(info.index)?;
        let webp = texture.extensions.webp.as_ref();
        // The extension's picture is the better one. The other is for viewers that cannot read it.
        let source = webp.and_then(|webp| webp.source).or(texture.source);
        let Some(image) = source else {
            let formats = &texture.extensions.others;
            self.warnings.push(formats.keys().next().map_or_else(
                || "a texture without a picture is not drawn".to_owned(),
                |name| format!("a picture that only the extension {name} names is not drawn; export the model with PNG, JPEG or WebP pictures"),
            ));
            return None;
        };
        let sampler = texture
            .sampler
            .and_then(|sampler| self.document.samplers.get(sampler));
        let sampler = sampler.copied().unwrap_or_default();
        let transform = info.extensions.transform.as_ref();
        Some(TextureRef {
            // Equal pictures are decoded once, and take memory once.
            image: self.first_images.get(image).copied().unwrap_or(image),
            wrap: [wrap_mode(sampler.wrap_s), wrap_mode(sampler.wrap_t)],
            filter: texture_filter(sampler),
            second_uvs: false,
            transform: transform.map_or([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], affine_transform),
            uv_set: transform
                .and_then(|transform| transform.tex_coord)
                .unwrap_or(info.tex_coord),
        })
    }

    /// Returns a material whose textures know which of two texture coordinates they use.
    pub(super) fn number_uv_sets(&mut self, mut material: GltfMaterial) -> GltfMaterial {
        let second = material.texture_maps().find(|map| map.uv_set != 0);
        let Some(second) = second.map(|map| map.uv_set) else {
            return material;
        };
        let is_third = |map: &TextureRef| map.uv_set != 0 && map.uv_set != second;
        if material.texture_maps().any(is_third) {
            self.warnings.push(
                "a third set of texture coordinates in one material is drawn with the second"
                    .to_owned(),
            );
        }
        let maps = [
            &mut material.base_colour_map,
            &mut material.metallic_roughness_map,
            &mut material.normal_map,
            &mut material.occlusion_map,
            &mut material.emissive_map,
            &mut material.transmission_map,
        ];
        for map in maps.into_iter().flatten() {
            map.second_uvs = map.uv_set != 0;
            map.uv_set = if map.second_uvs { second } else { 0 };
        }
        material
    }

    /// Warns of pictures whose factors alone are drawn.
    pub(super) fn warn_of_unread(&mut self, extensions: &MaterialExtensions) {
        let specular = extensions.specular.as_ref().is_some_and(|extension| {
            extension.specular_texture.is_some() || extension.specular_color_texture.is_some()
        });
        let clearcoat = extensions.clearcoat.as_ref().is_some_and(|extension| {
            let textures = [
                &extension.clearcoat_texture,
                &extension.clearcoat_roughness_texture,
                &extension.clearcoat_normal_texture,
            ];
            extension.clearcoat_factor > 0.0 && textures.into_iter().any(Option::is_some)
        });
        let sheen = extensions.sheen.as_ref().is_some_and(|extension| {
            extension.sheen_color_texture.is_some() || extension.sheen_roughness_texture.is_some()
        });
        let unread = [
            (specular, "KHR_materials_specular"),
            (clearcoat, "KHR_materials_clearcoat"),
            (sheen, "KHR_materials_sheen"),
        ];
        for (_, name) in unread.into_iter().filter(|(is_unread, _)| *is_unread) {
            self.warnings.push(format!(
                "{name} is drawn without its pictures: it is alike all over the surface"
            ));
        }
    }
}

/// Returns offset times rotation times scale, as `KHR_texture_transform` defines it.
fn affine_transform(change: &TextureTransformRecord) -> [[f32; 3]; 2] {
    let [x, y] = change.offset;
    let [across, down] = change.scale;
    let (sin, cos) = change.rotation.sin_cos();
    [
        [cos * across, sin * down, x],
        [-sin * across, cos * down, y],
    ]
}

const fn wrap_mode(number: Option<u32>) -> GltfWrapMode {
    match number {
        Some(CLAMP_TO_EDGE) => GltfWrapMode::Clamp,
        Some(MIRRORED_REPEAT) => GltfWrapMode::Mirror,
        _ => GltfWrapMode::Repeat,
    }
}

fn texture_filter(sampler: SamplerRecord) -> GltfTextureFilter {
    let reduced_nearest = [NEAREST, NEAREST_MIPMAP_NEAREST, NEAREST_MIPMAP_LINEAR];
    GltfTextureFilter {
        magnified_nearest: sampler.mag_filter == Some(NEAREST),
        reduced_nearest: sampler
            .min_filter
            .is_some_and(|filter| reduced_nearest.contains(&filter)),
        mip_levels: !matches!(sampler.min_filter, Some(NEAREST | LINEAR)),
    }
}
