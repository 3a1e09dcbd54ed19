//! A model on the device.

use crate::gpu::{
    AlphaCoverage, BoundingSphere, GpuDevice, GpuMaterial, GpuMesh, GpuTexture, MapSource,
    MeshVertex, Rgba8Pixels, SurfaceParameters, TextureWrap,
};
use crate::media::gltf::{
    self, BoundingBox, GltfImage, GltfModel, GltfPrimitive, GltfWrapMode, TextureRef,
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
        .map(|index| build_vertex(part, index))
        .collect();
    let bounds = BoundingBox::from_points(part.positions.iter().map(|place| Vec3::from(*place)));
    UploadedPart {
        mesh: gpu.upload_mesh(&vertices, &part.indices, !part.joints.is_empty()),
        material: part.material,
        bounding_sphere: BoundingSphere {
            centre: bounds.centre(),
            radius: bounds.size().length() * 0.5,
        },
    }
}

fn build_vertex(part: &GltfPrimitive, index: usize) -> MeshVertex {
    // Attributes are optional in glTF. Missing ones get neutral values, so that the device has one
    // vertex layout.
    let or = |list: &[[f32; 4]], none: [f32; 4]| list.get(index).copied().unwrap_or(none);
    let joints = part.joints.get(index).copied().unwrap_or_default();
    MeshVertex {
        position: part.positions[index],
        normal: part.normals[index],
        tangent: or(&part.tangents, [1.0, 0.0, 0.0, 1.0]),
        uv: part.uvs.get(index).copied().unwrap_or_default(),
        // 16 bits are enough for weights and colours and halve their size on the device.
        colour: or(&part.colours, [1.0; 4]).map(to_unorm16),
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
    // Textures are keyed by image and colour space: one image may be a colour map of one material
    // and a data map of another.
    let mut textures: HashMap<(usize, bool), GpuTexture> = HashMap::new();
    for material in &model.materials {
        for (map, srgb) in material_maps(material)
            .into_iter()
            .filter_map(|(map, srgb)| Some((map?, srgb)))
        {
            textures
                .entry((map.image, srgb))
                .or_insert_with(|| upload_texture(gpu, &model.images[map.image], srgb));
        }
    }
    model
        .materials
        .iter()
        .map(|material| {
            gpu.upload_material(
                &material_surface(material),
                material_maps(material).map(|(map, srgb)| {
                    let map = map?;
                    let texture = textures.get(&(map.image, srgb))?;
                    Some(MapSource {
                        texture,
                        transform: map.transform,
                        wrap: map.wrap.map(wrap_mode),
                    })
                }),
            )
        })
        .collect()
}

fn upload_texture(gpu: &GpuDevice, image: &GltfImage, srgb: bool) -> GpuTexture {
    gpu.upload_texture(&Rgba8Pixels {
        width: image.width,
        height: image.height,
        rgba: &image.rgba,
        srgb,
    })
}

/// Returns the maps in the order of the device's bindings, and whether their values are sRGB.
fn material_maps(material: &gltf::GltfMaterial) -> [(Option<TextureRef>, bool); 5] {
    [
        // Only colours are sRGB. Decoding a normal or roughness map as sRGB would bend its values.
        (material.base_colour_map, true),
        (material.metallic_roughness_map, false),
        (material.normal_map, false),
        (material.occlusion_map, false),
        (material.emissive_map, true),
    ]
}

const fn wrap_mode(wrap: GltfWrapMode) -> TextureWrap {
    match wrap {
        GltfWrapMode::Clamp => TextureWrap::Clamp,
        GltfWrapMode::Repeat => TextureWrap::Repeat,
        GltfWrapMode::Mirror => TextureWrap::Mirror,
    }
}

fn material_surface(material: &gltf::GltfMaterial) -> SurfaceParameters {
    SurfaceParameters {
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
