//! A staging as a scene, without drawing it: the place of everyone, the view of the camera, and the
//! light.
//!
//! Every renderer draws from this, so all of them frame, pose and light a shot alike. Frame k
//! depends on the staging, the length of the shot and k alone, never on frames drawn before it.
//! Knows models, marks, lenses and lights; knows no device and writes no files.

mod blocking;
mod brought_camera;
mod camera_clearance;
mod camera_moves;
mod figure;
pub mod framing;
mod obstacles;
mod scene_lights;
mod scene_models;
mod shot_view;
mod staged_scene;
#[cfg(test)]
mod tests;

pub(super) use scene_lights::key_light as drawn_key_light;
pub use scene_models::{BLEND_OUTPUT, KnownModels, ModelInstance, SceneModel};
pub use shot_view::ShotView;
pub use staged_scene::StagedScene;
