//! glTF 2.0 models: reads, poses and packs them, with readers of its own.
//!
//! It has files, nodes, vertices, skins, clips and materials, and no GPUs, shots or cameras.

mod accessor;
mod animation;
mod bounding_box;
mod container;
#[cfg(test)]
mod cost_tests;
mod deformation;
mod error;
mod expression;
mod extension_support;
#[cfg(test)]
mod feature_tests;
mod glb_file;
mod gltf_document;
mod gltf_file;
mod gltf_model;
mod index_check;
mod influences;
mod instancing;
mod material;
mod material_records;
mod mend;
mod meshopt;
mod model_camera;
mod model_facts;
mod model_feet;
mod model_image;
mod model_loader;
mod model_paint;
mod model_source;
mod node_pose;
mod pack;
mod picture_card;
mod pose;
mod primitive;
mod punctual_light;
mod read_budget;
#[cfg(test)]
pub(crate) mod sample;
mod shown_cost;
mod tangent;
#[cfg(test)]
mod tests;
mod texture_reader;
mod uri;

pub(super) use container::read_file as read_model_file;
pub(super) use glb_file::glb_bytes;

pub use animation::AnimationClip;
pub use bounding_box::BoundingBox;
pub use deformation::DeformedVertices;
pub use error::{GltfFault, ModelError};
pub use gltf_model::{GltfMesh, GltfModel, GltfNode, GltfSkin};
pub use influences::InfluenceSet;
pub use material::{
    GltfAlphaMode, GltfClearcoat, GltfMaterial, GltfReflectance, GltfSheen, GltfTextureFilter,
    GltfWrapMode, TextureRef,
};
pub use mend::mend_rotation;
pub use model_camera::{GltfCamera, PosedCamera};
pub use model_facts::ModelFacts;
pub use model_feet::ModelFoot;
pub use model_image::GltfImage;
pub use model_loader::model_facts;
pub use model_paint::{ModelLabel, with_body_colour};
pub use model_source::model_file_references;
pub use node_pose::NodePose;
pub use pack::{gltf_file_references, pack_glb};
pub use picture_card::picture_card;
pub use pose::{HeadBounds, ModelPose};
pub use primitive::{GltfPrimitive, MorphTarget};
pub use punctual_light::{GltfLight, GltfLightShape};
