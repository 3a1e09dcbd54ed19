//! Pictures of stagings: what is asked for, the staging brought to life, and one folder per provider.

pub mod blender;
pub mod command;
mod depth_passes;
pub mod previz;
mod render_producer;
mod render_request;
mod rendered_outputs;
pub mod scene;

pub(super) use render_producer::RenderProducer;
