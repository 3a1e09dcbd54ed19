//! The built-in renderer: stagings of glTF models, on any graphics adapter, also on software ones.
//!
//! Places come from `render/scene`, drawing is done by `gpu`, and files are written by `media`.

mod draw_list;
mod gpu_scene;
mod model_upload;
mod previz_renderer;
mod scene_parts;
mod sprite_renderer;
#[cfg(test)]
mod sprite_tests;
mod sprite_view;
#[cfg(test)]
mod tests;

pub use gpu_scene::{GpuScene, ShotRenderer};
pub use previz_renderer::{PrevizRenderer, describe_adapter, previz_identity};
pub use scene_parts::{MadeParts, SceneParts};
