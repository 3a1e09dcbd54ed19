//! A staging brought to life without drawing it: who stands where, what the camera sees, what lights it.
//!
//! Every renderer draws from this, so that all of them frame, pose and light a shot alike. Frame k depends on the staging,
//! the shot's length and k alone, never on which frames were drawn before it. Knows models, marks, lenses and lights; knows
//! no device and writes no files.

mod blocking;
mod clearance;
mod figure;
pub mod framing;
mod lights;
mod models;
mod obstacles;
mod shoot;
mod stage;
mod travel;

pub use models::{BLEND, Placed, Sourced};
pub use shoot::Shoot;
pub use stage::Stage;
