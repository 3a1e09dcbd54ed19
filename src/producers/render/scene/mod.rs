//! A staging brought to life without drawing it: who stands where, what the camera sees, what lights it.
//!
//! Every renderer draws from this, so that all of them frame, pose and light a shot alike. Frame k depends on the staging,
//! the shot's length and k alone, never on which frames were drawn before it. Knows models, marks, lenses and lights; knows
//! no device and writes no files.

mod blocking;
mod camera_clearance;
mod camera_moves;
mod figure;
pub mod framing;
mod obstacles;
mod scene_lights;
mod scene_models;
mod shot_view;
mod staged_scene;

pub use scene_models::{BLEND_OUTPUT, ModelInstance, SceneModel};
pub use shot_view::ShotView;
pub use staged_scene::StagedScene;
