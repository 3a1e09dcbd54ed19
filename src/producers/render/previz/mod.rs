//! The built-in renderer: stagings of glTF models, drawn on any graphics adapter, software ones included.
//!
//! Frame k depends on the staging, the shot's length and k alone, never on which frames were drawn before it.
//! Knows models, marks, lenses and lights; leaves drawing itself to `gpu` and files to `media`.

mod blocking;
mod figure;
pub mod framing;
mod instance;
mod lights;
mod obstacles;
mod perform;
mod pictures;
mod stage;
mod travel;
mod upload;

pub use perform::Previz;
#[doc(hidden)]
#[allow(missing_docs)]
pub fn debug_png(p: &std::path::Path, s: crate::model::Size, x: &[[f32; 3]]) { pictures::write_png(p, s, x).unwrap(); }
pub use stage::{Shoot, Stage};
