//! glTF 2.0 models: read, posed and packed. The only room that names the `gltf` crate.
//!
//! Knows files, nodes, vertices, skins, clips and materials. Knows nothing of GPUs, shots or cameras.

mod accessor;
mod bounds;
mod clip;
mod container;
mod error;
mod geometry;
mod load;
mod material;
mod model;
mod pack;
mod pose;
#[cfg(test)]
pub(crate) mod sample;
mod tangent;
#[cfg(test)]
mod tests;
mod uri;

pub use bounds::Bounds;
pub use clip::Clip;
pub use error::{Fault, ModelError};
pub use geometry::Primitive;
pub use load::clip_names;
pub use material::{Alpha, Image, Material, TextureRef, Wrap};
pub use model::{Head, Mesh, Model, Node, Skin};
pub use pack::{files, pack};
pub use pose::Pose;
