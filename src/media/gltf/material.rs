//! Materials and their textures.

use super::container::{GltfContainer, read_resource};
use super::error::{GltfFault, check_limit, check_memory, fail_malformed};
use crate::media::integrity::check_bytes_complete;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The most pixels of one picture of a model.
const MAX_IMAGE_PIXELS: usize = 16384 * 8192;

/// The metallic-roughness material of glTF 2.0.
#[derive(Debug, Clone, PartialEq)]
pub struct GltfMaterial {
    /// Its name in the file. Empty: it has none.
    pub name: String,
    /// Linear RGBA, multiplied with its map.
    pub base_colour: [f32; 4],
    /// 0 (dielectric) to 1 (metal).
    pub metallic: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
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
    /// Picture of the base colour, in sRGB.
    pub base_colour_map: Option<TextureRef>,
    /// Picture of roughness (green) and metallic (blue).
    pub metallic_roughness_map: Option<TextureRef>,
    /// Picture of tangent-space normals.
    pub normal_map: Option<TextureRef>,
    /// Picture of occlusion (red).
    pub occlusion_map: Option<TextureRef>,
    /// Picture of the emission, in sRGB.
    pub emissive_map: Option<TextureRef>,
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

/// A picture with its texture coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextureRef {
    /// Index into the model's images.
    pub image: usize,
    /// How it continues across (0) and down (1).
    pub wrap: [GltfWrapMode; 2],
    /// Affine map of texture coordinates: `u' = row0 . (u, v, 1)`, `v' = row1 . (u, v, 1)`.
    pub transform: [[f32; 3]; 2],
}

/// A decoded picture, 8 bits a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GltfImage {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes a pixel, rows from the top.
    pub rgba: Vec<u8>,
}

/// Reads all materials, and appends the default material of glTF for primitives without one.
pub(super) fn read_materials(
    container: &GltfContainer,
    warnings: &mut Vec<String>,
) -> Vec<GltfMaterial> {
    let mut list: Vec<GltfMaterial> = container
        .document
        .materials()
        .map(|material| read_material(&material, warnings))
        .collect();
    list.push(default_material());
    list
}

fn default_material() -> GltfMaterial {
    GltfMaterial {
        name: String::new(),
        // The defaults of glTF 2.0, so that a model looks as in every other viewer.
        base_colour: [1.0; 4],
        metallic: 1.0,
        roughness: 1.0,
        emissive: [0.0; 3],
        normal_scale: 1.0,
        occlusion_strength: 1.0,
        alpha: GltfAlphaMode::Opaque,
        double_sided: false,
        unlit: false,
        base_colour_map: None,
        metallic_roughness_map: None,
        normal_map: None,
        occlusion_map: None,
        emissive_map: None,
    }
}

fn read_material(material: &gltf::Material<'_>, warnings: &mut Vec<String>) -> GltfMaterial {
    let surface = material.pbr_metallic_roughness();
    // `KHR_materials_emissive_strength` lifts the limit of 1 for lamps and screens.
    let strength = material.emissive_strength().unwrap_or(1.0);
    let mut map =
        |info: Option<gltf::texture::Info<'_>>| info.map(|info| read_texture_info(&info, warnings));
    GltfMaterial {
        name: material.name().unwrap_or_default().to_owned(),
        base_colour: surface.base_color_factor(),
        metallic: surface.metallic_factor(),
        roughness: surface.roughness_factor(),
        emissive: material.emissive_factor().map(|value| value * strength),
        normal_scale: material
            .normal_texture()
            .map_or(1.0, |normal| normal.scale()),
        occlusion_strength: material
            .occlusion_texture()
            .map_or(1.0, |occlusion| occlusion.strength()),
        alpha: read_alpha_mode(material),
        double_sided: material.double_sided(),
        unlit: material.unlit(),
        base_colour_map: map(surface.base_color_texture()),
        metallic_roughness_map: map(surface.metallic_roughness_texture()),
        normal_map: material
            .normal_texture()
            .map(|normal| read_texture(&normal.texture())),
        occlusion_map: material
            .occlusion_texture()
            .map(|occlusion| read_texture(&occlusion.texture())),
        emissive_map: map(material.emissive_texture()),
    }
}

fn read_alpha_mode(material: &gltf::Material<'_>) -> GltfAlphaMode {
    match material.alpha_mode() {
        gltf::material::AlphaMode::Opaque => GltfAlphaMode::Opaque,
        gltf::material::AlphaMode::Mask => {
            // 0.5 is the default of glTF 2.0.
            GltfAlphaMode::Mask(material.alpha_cutoff().unwrap_or(0.5))
        }
        gltf::material::AlphaMode::Blend => GltfAlphaMode::Blend,
    }
}

fn read_texture_info(info: &gltf::texture::Info<'_>, warnings: &mut Vec<String>) -> TextureRef {
    if info.tex_coord() != 0 {
        // Only one set is read. One map with wrong coordinates is better than a model that is
        // refused.
        warnings.push("a second set of texture coordinates is drawn with the first".to_owned());
    }
    let mut texture = read_texture(&info.texture());
    if let Some(change) = info.texture_transform() {
        let [x, y] = change.offset();
        let [across, down] = change.scale();
        let (sin, cos) = change.rotation().sin_cos();
        // Offset times rotation times scale, as `KHR_texture_transform` defines it.
        texture.transform = [
            [cos * across, sin * down, x],
            [-sin * across, cos * down, y],
        ];
    }
    texture
}

fn read_texture(texture: &gltf::Texture<'_>) -> TextureRef {
    let wrap = |mode: gltf::texture::WrappingMode| match mode {
        gltf::texture::WrappingMode::ClampToEdge => GltfWrapMode::Clamp,
        gltf::texture::WrappingMode::MirroredRepeat => GltfWrapMode::Mirror,
        gltf::texture::WrappingMode::Repeat => GltfWrapMode::Repeat,
    };
    let sampler = texture.sampler();
    let transform = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    TextureRef {
        image: texture.source().index(),
        wrap: [wrap(sampler.wrap_s()), wrap(sampler.wrap_t())],
        transform,
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
        ];
        maps.into_iter().chain([&self.emissive_map]).flatten()
    }
}

/// Decodes the pictures that materials use. The others stay empty, so that indices are those of the
/// file.
pub(super) fn decode_images(
    container: &GltfContainer,
    materials: &[GltfMaterial],
) -> Result<Vec<GltfImage>, GltfFault> {
    let used = used_images(materials);
    let count = container.document.as_json().images.len();
    (0..count)
        // Pictures are independent of each other and slow to decode.
        .into_par_iter()
        .map(|index| {
            if used.contains(&index) {
                decode_picture(container, index)
            } else {
                Ok(GltfImage::default())
            }
        })
        .collect()
}

/// Checks size and end of the pictures that materials use, without decoding them.
pub(super) fn check_images(
    container: &GltfContainer,
    materials: &[GltfMaterial],
) -> Result<(), GltfFault> {
    let used: Vec<usize> = used_images(materials).into_iter().collect();
    used.into_par_iter()
        .try_for_each(|index| complete_image(container, index).map(|_| ()))
}

fn used_images(materials: &[GltfMaterial]) -> BTreeSet<usize> {
    materials
        .iter()
        .flat_map(GltfMaterial::texture_maps)
        .map(|map| map.image)
        .collect()
}

fn decode_picture(container: &GltfContainer, index: usize) -> Result<GltfImage, GltfFault> {
    let (bytes, [width, height]) = complete_image(container, index)?;
    // As it is decoded, and as four channels.
    let bytes_needed = u64::from(width) * u64::from(height) * 12;
    check_memory(format!("picture {index} of {width}x{height}"), bytes_needed)?;
    let image =
        image::load_from_memory(&bytes).map_err(|error| undecodable_image(index, &error))?;
    Ok(GltfImage {
        width,
        height,
        rgba: image.into_rgba8().into_raw(),
    })
}

/// Returns the bytes of a picture, and its width and height. Fails if it is cut short or too large.
fn complete_image(
    container: &GltfContainer,
    index: usize,
) -> Result<(Vec<u8>, [u32; 2]), GltfFault> {
    let bytes = image_bytes(container, index)?;
    let reader = image::ImageReader::new(std::io::Cursor::new(&bytes)).with_guessed_format()?;
    let (width, height) = reader
        .into_dimensions()
        .map_err(|error| undecodable_image(index, &error))?;
    // The header is cheap. A picture of a few bytes can claim gigabytes of pixels.
    check_limit(
        "pixels in one picture",
        width as usize * height as usize,
        MAX_IMAGE_PIXELS,
    )?;
    // The JPEG decoder fills a missing part with grey and reports nothing.
    check_bytes_complete(&bytes)
        .map_err(|why| GltfFault::Malformed(format!("picture {index} {why}")))?;
    Ok((bytes, [width, height]))
}

fn undecodable_image(index: usize, error: &image::ImageError) -> GltfFault {
    GltfFault::Malformed(format!("picture {index} cannot be decoded: {error}"))
}

fn image_bytes(container: &GltfContainer, index: usize) -> Result<Vec<u8>, GltfFault> {
    let image = &container.document.as_json().images[index];
    match (&image.uri, &image.buffer_view) {
        // The content decides about the format, since `mimeType` may be wrong.
        (Some(uri), _) => read_resource(&container.folder, uri),
        (None, Some(view)) => Ok(container.view_bytes(view.value())?.to_vec()),
        (None, None) => fail_malformed(format!(
            "picture {index} has neither a uri nor a buffer view"
        )),
    }
}
