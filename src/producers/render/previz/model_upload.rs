//! A model on the device.

use crate::gpu::{
    AlphaCoverage, BoundingSphere, GpuDevice, GpuMaterial, GpuMesh, GpuTexture, MapSource,
    MeshVertex, Rgba8Pixels, SurfaceParameters, TextureFilter, TextureWrap,
};
use crate::media::gltf::{
    self, BoundingBox, DeformedVertices, GltfImage, GltfModel, GltfPrimitive, GltfTextureFilter,
    GltfWrapMode, TextureRef,
};
use glam::Vec3;
use std::collections::HashMap;

/// A model on the device.
pub(super) struct UploadedModel {
    /// Parts of each mesh.
    pub(super) parts: Vec<Vec<UploadedPart>>,
    pub(super) materials: Vec<GpuMaterial>,
}

/// One primitive on the device.
pub(super) struct UploadedPart {
    pub(super) mesh: GpuMesh,
    pub(super) material: usize,
    /// A sphere around it at rest, relative to its node.
    pub(super) bounding_sphere: BoundingSphere,
}

impl UploadedModel {
    pub(super) fn new(gpu: &GpuDevice, model: &GltfModel) -> Self {
        let parts = model.meshes.iter().map(|mesh| {
            mesh.primitives
                .iter()
                .map(|part| upload_primitive(gpu, part))
                .collect()
        });
        let parts = parts.collect();
        Self {
            parts,
            materials: upload_materials(gpu, model),
        }
    }
}

fn upload_primitive(gpu: &GpuDevice, part: &GltfPrimitive) -> UploadedPart {
    let vertices: Vec<MeshVertex> = (0..part.positions.len())
        // One layout for all parts, so that the device has one pipeline for them.
        .map(|index| build_vertex(part, index))
        .collect();
    UploadedPart {
        mesh: gpu.upload_mesh(&vertices, &part.indices, !part.joints.is_empty()),
        material: part.material,
        bounding_sphere: sphere_around(&part.positions),
    }
}

impl UploadedPart {
    /// Returns the part with vertices that were moved on the processor.
    pub(super) fn deformed(
        &self,
        gpu: &GpuDevice,
        part: &GltfPrimitive,
        deformed: &DeformedVertices,
    ) -> Self {
        let vertices: Vec<MeshVertex> = (0..part.positions.len())
            .map(|index| MeshVertex {
                position: deformed.positions[index],
                normal: deformed.normals[index],
                tangent: tangent_at(&deformed.tangents, index),
                ..build_vertex(part, index)
            })
            .collect();
        // Vertices that the processor has moved with their joints must not be moved again on the
        // device.
        let skinned = self.mesh.is_skinned() && !deformed.is_skinned;
        Self {
            mesh: gpu.upload_vertices(&self.mesh, &vertices, skinned),
            material: self.material,
            // Of the moved vertices: the sphere at rest may be elsewhere, and the part would be
            // culled.
            bounding_sphere: sphere_around(&deformed.positions),
        }
    }
}

fn sphere_around(positions: &[[f32; 3]]) -> BoundingSphere {
    let bounds = BoundingBox::from_points(positions.iter().map(|place| Vec3::from(*place)));
    BoundingSphere {
        centre: bounds.centre(),
        radius: bounds.size().length() * 0.5,
    }
}

fn tangent_at(tangents: &[[f32; 4]], index: usize) -> [f32; 4] {
    tangents.get(index).copied().unwrap_or([1.0, 0.0, 0.0, 1.0])
}

fn build_vertex(part: &GltfPrimitive, index: usize) -> MeshVertex {
    // Attributes are optional in glTF. Missing ones get neutral values, so that the device has one
    // vertex layout.
    let or = |list: &[[f32; 4]], none: [f32; 4]| list.get(index).copied().unwrap_or(none);
    let joints = part.joints.get(index).copied().unwrap_or_default();
    let uv = |list: &[[f32; 2]]| list.get(index).copied().unwrap_or_default();
    let [u, v] = uv(&part.uvs);
    let [second_u, second_v] = uv(&part.second_uvs);
    MeshVertex {
        position: part.positions[index],
        normal: part.normals[index],
        tangent: tangent_at(&part.tangents, index),
        uvs: [u, v, second_u, second_v],
        // 16 bits are enough for weights and colours and halve their size on the device.
        colour: or(&part.colours, [1.0; 4]).map(to_unorm16),
        // The reader refuses models with more joints than 16 bits hold.
        joints: joints.map(|joint| u16::try_from(joint).unwrap_or(0)),
        weights: or(&part.weights, [1.0, 0.0, 0.0, 0.0]).map(to_unorm16),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped"
)]
fn to_unorm16(value: f32) -> u16 {
    (value.clamp(0.0, 1.0) * 65535.0 + 0.5) as u16
}

fn upload_materials(gpu: &GpuDevice, model: &GltfModel) -> Vec<GpuMaterial> {
    // Materials of one model often share pictures, and each is the largest thing that is uploaded.
    let mut textures: HashMap<TextureKey, GpuTexture> = HashMap::new();
    for material in &model.materials {
        for (map, encoding) in material_maps(material) {
            let Some(map) = map else { continue };
            textures
                .entry(encoding.texture_key(&map))
                .or_insert_with(|| upload_texture(gpu, &model.images[map.image], encoding));
        }
    }
    model
        .materials
        .iter()
        .map(|material| {
            gpu.upload_material(
                &material_surface(material),
                material_maps(material).map(|(map, encoding)| {
                    let map = map?;
                    Some(MapSource {
                        texture: textures.get(&encoding.texture_key(&map))?,
                        transform: map.transform,
                        second_uvs: map.second_uvs,
                        wrap: map.wrap.map(wrap_mode),
                        filter: texture_filter(map.filter),
                    })
                }),
            )
        })
        .collect()
}

/// What the numbers of a map mean.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MapEncoding {
    /// Whether they are colours in sRGB.
    srgb: bool,
    /// Alpha below which pixels are holes.
    mask_cutoff: Option<f32>,
}

/// An image with its encoding. One image may be a colour map of one material and a data map of
/// another, or have holes in one of them.
type TextureKey = (usize, bool, Option<u32>);

impl MapEncoding {
    const COLOUR: Self = Self {
        srgb: true,
        mask_cutoff: None,
    };
    const DATA: Self = Self {
        srgb: false,
        mask_cutoff: None,
    };

    fn texture_key(self, map: &TextureRef) -> TextureKey {
        (map.image, self.srgb, self.mask_cutoff.map(f32::to_bits))
    }
}

fn upload_texture(gpu: &GpuDevice, image: &GltfImage, encoding: MapEncoding) -> GpuTexture {
    gpu.upload_texture(&Rgba8Pixels {
        width: image.width,
        height: image.height,
        rgba: &image.rgba,
        srgb: encoding.srgb,
        mask_cutoff: encoding.mask_cutoff,
    })
}

/// Returns the maps in the order of the device's bindings, and what their numbers mean.
fn material_maps(material: &gltf::GltfMaterial) -> [(Option<TextureRef>, MapEncoding); 6] {
    let base = MapEncoding {
        mask_cutoff: match material.alpha {
            // The factor is part of the alpha that is compared.
            gltf::GltfAlphaMode::Mask(cutoff) if material.base_colour[3] > 0.0 => {
                Some(cutoff / material.base_colour[3])
            }
            _ => None,
        },
        ..MapEncoding::COLOUR
    };
    let reflection = if material.reflectance.specular_glossiness {
        MapEncoding::COLOUR
    } else {
        MapEncoding::DATA
    };
    [
        // Only colours are sRGB. Decoding a normal or roughness map as sRGB would bend its values.
        (material.base_colour_map, base),
        (material.metallic_roughness_map, reflection),
        (material.normal_map, MapEncoding::DATA),
        (material.occlusion_map, MapEncoding::DATA),
        (material.emissive_map, MapEncoding::COLOUR),
        (material.transmission_map, MapEncoding::DATA),
    ]
}

const fn texture_filter(filter: GltfTextureFilter) -> TextureFilter {
    TextureFilter {
        magnified_nearest: filter.magnified_nearest,
        reduced_nearest: filter.reduced_nearest,
        mip_levels: filter.mip_levels,
    }
}

const fn wrap_mode(wrap: GltfWrapMode) -> TextureWrap {
    match wrap {
        GltfWrapMode::Clamp => TextureWrap::Clamp,
        GltfWrapMode::Repeat => TextureWrap::Repeat,
        GltfWrapMode::Mirror => TextureWrap::Mirror,
    }
}

fn material_surface(material: &gltf::GltfMaterial) -> SurfaceParameters {
    let [straight_r, straight_g, straight_b] = material.reflectance.straight;
    let [sheen_r, sheen_g, sheen_b] = material.sheen.colour;
    SurfaceParameters {
        reflectance: [
            straight_r,
            straight_g,
            straight_b,
            material.reflectance.grazing,
        ],
        specular_glossiness: material.reflectance.specular_glossiness,
        transmission: material.transmission,
        clearcoat: [material.clearcoat.strength, material.clearcoat.roughness],
        sheen: [sheen_r, sheen_g, sheen_b, material.sheen.roughness],
        base_colour: material.base_colour,
        emissive: material.emissive,
        metallic: material.metallic,
        roughness: material.roughness,
        normal_scale: material.normal_scale,
        occlusion: material.occlusion_strength,
        coverage: match material.alpha {
            gltf::GltfAlphaMode::Opaque => AlphaCoverage::Opaque,
            gltf::GltfAlphaMode::Mask(cutoff) => AlphaCoverage::Mask(cutoff),
            gltf::GltfAlphaMode::Blend => AlphaCoverage::Blend,
        },
        double_sided: material.double_sided,
        unlit: material.unlit,
    }
}
