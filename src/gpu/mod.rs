//! The GPU: one headless device on any adapter, and one renderer. The only room that names `wgpu`.
//!
//! A [`Frame`] is recorded as a plain value and executed here. Knows vertices, lights and lenses; knows nothing of
//! shots, models or files. Each pure per-pixel kernel in `kernels/` has a CPU twin of the same name.

mod adapter;
mod background;
mod device;
mod environment;
mod error;
mod frame;
mod geometry;
mod material;
mod measure;
mod passes;
mod pipelines;
mod readback;
mod render;
pub mod sky;
mod targets;
mod texture;
mod uniforms;

pub use adapter::{AdapterFacts, Choice, adapters};
pub use background::Background;
pub use device::Gpu;
pub use environment::{Equirect, Surroundings};
pub use error::GpuError;
pub use frame::{Draw, Frame, Key, Lamp, Lens, MOST_LAMPS, Plane, Sphere};
pub use geometry::{Mesh, Vertex};
pub use material::{Coverage, MapSource, Material, Surface};
pub use measure::Measured;
pub use targets::Canvas;
pub use texture::{Continue, Pixels, Texture};
