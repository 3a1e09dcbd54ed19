//! Pictures of stagings: what is asked for, the staging brought to life, and one folder per provider.

pub mod blender;
pub mod command;
mod order;
mod passes;
pub mod previz;
pub mod staged;
