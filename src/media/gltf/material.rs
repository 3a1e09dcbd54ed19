//! Materials and their pictures.

use super::container::{Container, resource};
use super::error::{Fault, limit, malformed};
use crate::media::whole::check_bytes;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The most pixels one picture of a model may have.
const MOST_PIXELS: usize = 16384 * 8192;

/// How a surface answers to light: metallic-roughness, as glTF 2.0 defines it.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    /// Its name in the file, empty when it has none.
    pub name: String,
    /// Linear RGBA.
    pub base_colour: [f32; 4],
    /// 0 for dielectric to 1 for metal.
    pub metallic: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
    /// Linear RGB that it sends out, with its strength.
    pub emissive: [f32; 3],
    /// Factor on the normal map's slopes.
    pub normal_scale: f32,
    /// Strength of the occlusion map, 0 to 1.
    pub occlusion_strength: f32,
    /// What its alpha means.
    pub alpha: Alpha,
    /// Whether its back is drawn.
    pub double_sided: bool,
    /// Whether it ignores light.
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

/// What alpha means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Alpha {
    /// Nothing.
    Opaque,
    /// Holes below this value.
    Mask(f32),
    /// Transparency.
    Blend,
}

/// How a picture continues beyond its edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrap {
    /// The edge goes on.
    Clamp,
    /// The picture starts again.
    Repeat,
    /// The picture starts again, mirrored.
    Mirror,
}

/// A picture as used by a material.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextureRef {
    /// Index into the model's images.
    pub image: usize,
    /// How it continues across and down.
    pub wrap: [Wrap; 2],
    /// Affine map of texture coordinates: `u' = row0 . (u, v, 1)`, `v' = row1 . (u, v, 1)`.
    pub transform: [[f32; 3]; 2],
}

/// A decoded picture, 8 bits a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes a pixel, rows from the top.
    pub rgba: Vec<u8>,
}

/// Reads all materials; the last one is glTF's default for primitives without any.
pub(super) fn materials(container: &Container, warnings: &mut Vec<String>) -> Vec<Material> {
    let mut list: Vec<Material> = container
        .document
        .materials()
        .map(|material| read(&material, warnings))
        .collect();
    list.push(plain());
    list
}

fn plain() -> Material {
    Material {
        name: String::new(),
        base_colour: [1.0; 4],
        metallic: 1.0,
        roughness: 1.0,
        emissive: [0.0; 3],
        normal_scale: 1.0,
        occlusion_strength: 1.0,
        alpha: Alpha::Opaque,
        double_sided: false,
        unlit: false,
        base_colour_map: None,
        metallic_roughness_map: None,
        normal_map: None,
        occlusion_map: None,
        emissive_map: None,
    }
}

fn read(material: &gltf::Material<'_>, warnings: &mut Vec<String>) -> Material {
    let surface = material.pbr_metallic_roughness();
    let strength = material.emissive_strength().unwrap_or(1.0);
    let mut map =
        |info: Option<gltf::texture::Info<'_>>| info.map(|info| with_transform(&info, warnings));
    Material {
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
        alpha: alpha(material),
        double_sided: material.double_sided(),
        unlit: material.unlit(),
        base_colour_map: map(surface.base_color_texture()),
        metallic_roughness_map: map(surface.metallic_roughness_texture()),
        normal_map: material
            .normal_texture()
            .map(|normal| texture(&normal.texture())),
        occlusion_map: material
            .occlusion_texture()
            .map(|occlusion| texture(&occlusion.texture())),
        emissive_map: map(material.emissive_texture()),
    }
}

fn alpha(material: &gltf::Material<'_>) -> Alpha {
    match material.alpha_mode() {
        gltf::material::AlphaMode::Opaque => Alpha::Opaque,
        gltf::material::AlphaMode::Mask => Alpha::Mask(material.alpha_cutoff().unwrap_or(0.5)),
        gltf::material::AlphaMode::Blend => Alpha::Blend,
    }
}

fn with_transform(info: &gltf::texture::Info<'_>, warnings: &mut Vec<String>) -> TextureRef {
    if info.tex_coord() != 0 {
        warnings.push("a second set of texture coordinates is drawn with the first".to_owned());
    }
    let mut texture = texture(&info.texture());
    if let Some(change) = info.texture_transform() {
        let ([x, y], [across, down]) = (change.offset(), change.scale());
        let (sin, cos) = change.rotation().sin_cos();
        texture.transform = [
            [cos * across, sin * down, x],
            [-sin * across, cos * down, y],
        ];
    }
    texture
}

fn texture(texture: &gltf::Texture<'_>) -> TextureRef {
    let wrap = |mode: gltf::texture::WrappingMode| match mode {
        gltf::texture::WrappingMode::ClampToEdge => Wrap::Clamp,
        gltf::texture::WrappingMode::MirroredRepeat => Wrap::Mirror,
        gltf::texture::WrappingMode::Repeat => Wrap::Repeat,
    };
    let sampler = texture.sampler();
    let transform = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    TextureRef {
        image: texture.source().index(),
        wrap: [wrap(sampler.wrap_s()), wrap(sampler.wrap_t())],
        transform,
    }
}

impl Material {
    /// Returns every picture the material uses.
    pub fn maps(&self) -> impl Iterator<Item = &TextureRef> {
        let maps = [
            &self.base_colour_map,
            &self.metallic_roughness_map,
            &self.normal_map,
            &self.occlusion_map,
        ];
        maps.into_iter().chain([&self.emissive_map]).flatten()
    }
}

/// Decodes the pictures that materials use; the others stay empty.
pub(super) fn images(container: &Container, materials: &[Material]) -> Result<Vec<Image>, Fault> {
    let used = used(materials);
    let count = container.document.as_json().images.len();
    (0..count)
        .into_par_iter()
        .map(|index| {
            if used.contains(&index) {
                decode(container, index)
            } else {
                Ok(Image::default())
            }
        })
        .collect()
}

/// Looks at size and end of the pictures that materials use, without decoding them.
pub(super) fn check_images(container: &Container, materials: &[Material]) -> Result<(), Fault> {
    let used: Vec<usize> = used(materials).into_iter().collect();
    used.into_par_iter()
        .try_for_each(|index| whole(container, index).map(|_| ()))
}

fn used(materials: &[Material]) -> BTreeSet<usize> {
    materials
        .iter()
        .flat_map(Material::maps)
        .map(|map| map.image)
        .collect()
}

fn decode(container: &Container, index: usize) -> Result<Image, Fault> {
    let (bytes, [width, height]) = whole(container, index)?;
    let image = image::load_from_memory(&bytes).map_err(|error| undecodable(index, &error))?;
    Ok(Image {
        width,
        height,
        rgba: image.into_rgba8().into_raw(),
    })
}

/// Returns the bytes of a picture that is all there and not too large, and its width and height.
fn whole(container: &Container, index: usize) -> Result<(Vec<u8>, [u32; 2]), Fault> {
    let bytes = bytes(container, index)?;
    let reader = image::ImageReader::new(std::io::Cursor::new(&bytes)).with_guessed_format()?;
    let (width, height) = reader
        .into_dimensions()
        .map_err(|error| undecodable(index, &error))?;
    limit(
        "pixels in one picture",
        width as usize * height as usize,
        MOST_PIXELS,
    )?;
    check_bytes(&bytes).map_err(|why| Fault::Malformed(format!("picture {index} {why}")))?;
    Ok((bytes, [width, height]))
}

fn undecodable(index: usize, error: &image::ImageError) -> Fault {
    Fault::Malformed(format!("picture {index} cannot be decoded: {error}"))
}

fn bytes(container: &Container, index: usize) -> Result<Vec<u8>, Fault> {
    let image = &container.document.as_json().images[index];
    match (&image.uri, &image.buffer_view) {
        (Some(uri), _) => resource(&container.folder, uri),
        (None, Some(view)) => Ok(container.view(view.value())?.to_vec()),
        (None, None) => malformed(format!(
            "picture {index} has neither a uri nor a buffer view"
        )),
    }
}
