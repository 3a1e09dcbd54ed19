//! The lights of a frame that have a place or a direction.

use glam::Vec3;

/// The light that casts shadows. Its distance is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectionalKeyLight {
    /// Unit vector from the scene towards the light.
    pub toward: Vec3,
    /// Linear RGB irradiance on a surface that faces it.
    pub colour: Vec3,
    /// Apparent diameter in radians; 0 gives hard shadows.
    pub width: f32,
}

/// A lamp without shadows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphereLight {
    /// Position in metres.
    pub centre: Vec3,
    /// Radius in metres. It bounds the light on close surfaces.
    pub radius: f32,
    /// Linear RGB irradiance at a distance of one metre.
    pub intensity: Vec3,
    /// Distance in metres at which the light has faded to 0.
    pub range: f32,
}

/// Lamps a frame can have.
// The array in the uniforms has a fixed size, and each number of lamps compiles its own pipeline.
pub const MAX_LAMPS: usize = 8;
