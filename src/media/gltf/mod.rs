//! glTF 2.0 models: reads, poses and packs them. The only module that names the `gltf` crate.
//!
//! It has files, nodes, vertices, skins, clips and materials, and no GPUs, shots or cameras.

mod accessor;
mod animation;
mod bounding_box;
mod container;
mod error;
mod glb_file;
mod gltf_file;
mod gltf_model;
mod index_check;
mod material;
mod model_feet;
mod model_loader;
mod model_paint;
mod node_pose;
mod optional_fields;
mod pack;
mod picture_card;
mod pose;
mod primitive;
#[cfg(test)]
pub(crate) mod sample;
mod tangent;
#[cfg(test)]
mod tests;
mod uri;

pub use animation::AnimationClip;
pub use bounding_box::BoundingBox;
pub use error::{GltfFault, ModelError};
pub use gltf_model::{GltfMesh, GltfModel, GltfNode, GltfSkin};
pub use material::{GltfAlphaMode, GltfImage, GltfMaterial, GltfWrapMode, TextureRef};
pub use model_feet::ModelFoot;
pub use model_loader::clip_names;
pub use model_paint::{ModelLabel, with_body_colour};
pub use node_pose::NodePose;
pub use pack::{gltf_file_references, pack_glb};
pub use picture_card::picture_card;
pub use pose::{HeadBounds, ModelPose};
pub use primitive::GltfPrimitive;
