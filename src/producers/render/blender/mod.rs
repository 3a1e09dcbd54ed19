//! Blender: Cycles, Eevee and Workbench, with one process for all pictures of a job.
//!
//! `render/scene` computes all places. `script/draw.py` builds the scene and draws it on a
//! transparent background, and the background is added here, the same for every engine.
//! `script/bring.py` imports Blender files. Knows Blender's output; knows nothing of plans.

mod blend_import;
mod blender_call;
mod blender_home;
mod blender_output;
mod blender_program;
mod blender_renderer;
mod blender_script;
mod layer_passes;
mod scene_json;

#[cfg(test)]
mod tests;

pub use blend_import::blend_import_identity;
pub use blender_program::BlenderProgram;
pub use blender_renderer::{BlenderRenderer, blender_identity};
