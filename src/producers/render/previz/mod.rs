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
mod stage;
#[cfg(test)]
mod tests;
mod travel;
mod upload;

pub use perform::Previz;
pub use stage::{Shoot, Stage};
