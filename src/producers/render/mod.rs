//! Pictures of stagings: what is asked for, the staging brought to life, and one folder per provider.

pub mod blender;
pub mod command;
mod depth_passes;
pub mod previz;
mod render_request;
pub mod scene;
