//! The built-in renderer: stagings of glTF models, drawn on any graphics adapter, software ones included.
//!
//! Where everything stands is the stage's; drawing itself is left to `gpu` and files to `media`.

mod draw_list;
mod gpu_scene;
mod model_upload;
mod previz_renderer;
#[cfg(test)]
mod tests;

pub use gpu_scene::{GpuScene, ShotRenderer};
pub use previz_renderer::{PrevizRenderer, describe_adapter, previz_identity};
