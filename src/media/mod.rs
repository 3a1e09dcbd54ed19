//! Pictures, models and video as files.

pub mod gltf;
