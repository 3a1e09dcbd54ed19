//! The built-in renderer: stagings of glTF models, drawn on any graphics adapter, software ones included.
//!
//! Where everything stands is the stage's; drawing itself is left to `gpu` and files to `media`.

mod assembly;
mod perform;
mod studio;
#[cfg(test)]
mod tests;
mod upload;

pub use perform::{Previz, adapter, provider};
pub use studio::{Filming, Studio};
