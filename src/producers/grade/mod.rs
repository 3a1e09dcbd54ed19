//! Grading: scene-linear frames become display pictures.

mod bloom;
mod chain;
mod work;

pub use chain::apply;
pub use work::Grading;
