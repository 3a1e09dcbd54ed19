//! Blender: Cycles, Eevee and Workbench, one process for all pictures of a job.
//!
//! The stage says where everything stands, `script/draw.py` builds and draws it with the background left open, and what lies
//! behind is put in here, the same for every engine. Blender files are brought in by `script/bring.py`. Knows Blender's words; knows nothing of plans.

mod blend_import;
mod blender_call;
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
