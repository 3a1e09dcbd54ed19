//! The GPU: one headless device on any adapter, and one renderer. Only this module names `wgpu`.
//!
//! A [`RenderFrame`] is plain data that this module renders. It has vertices, lights and cameras,
//! and no shots, models or files. Each pure per-pixel kernel in `kernels/` has a CPU twin:
//! `sky.wgsl` is `sky.rs`, `background.wgsl` is `cpu_background.rs`.

mod adapter;
mod cpu_background;
mod device;
mod environment_light;
mod error;
mod frame;
mod frame_recorder;
mod lights;
mod material;
mod measure;
mod mesh;
mod pipeline_cache;
mod readback;
mod render;
mod render_targets;
pub mod sky;
mod texture;
mod uniforms;
mod vertex;

pub use adapter::{AdapterChoice, AdapterFacts, list_adapters};
pub use cpu_background::CpuBackground;
pub use device::GpuDevice;
pub use environment_light::{EnvironmentLight, EquirectImage};
pub use error::GpuError;
pub use frame::{BoundingSphere, DrawCall, GroundSurface, RenderFrame, ViewCamera};
pub use lights::{DirectionalKeyLight, LightCone, SphereLight};
pub use material::{AlphaCoverage, GpuMaterial, MapSource, SurfaceParameters};
pub use measure::MeasuredGeometry;
pub use mesh::GpuMesh;
pub use render_targets::RenderTargets;
pub use texture::{GpuTexture, Rgba8Pixels, TextureFilter, TextureWrap};
pub use vertex::MeshVertex;
