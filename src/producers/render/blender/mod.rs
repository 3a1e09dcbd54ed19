//! Blender: Cycles, Eevee and Workbench, one process for all pictures of a job.
//!
//! The stage says where everything stands, `script/draw.py` builds and draws it with the background left open, and what lies
//! behind is put in here, the same for every engine. Blender files are brought in by `script/bring.py`. Knows Blender's words; knows nothing of plans.

mod brief;
mod bring;
mod call;
mod hearing;
mod passes;
mod perform;
mod program;
mod script;

#[cfg(test)]
mod tests;

pub use bring::bringer;
pub use perform::{Rendering, provider};
pub use program::Blender;
