//! Pictures of stagings: what a job requests, the staged scene that all renderers share, and one
//! folder for each renderer.

pub mod blender;
pub mod command;
mod depth_passes;
pub mod previz;
mod render_producer;
mod render_request;
mod rendered_outputs;
pub mod scene;

pub(super) use render_producer::RenderProducer;
