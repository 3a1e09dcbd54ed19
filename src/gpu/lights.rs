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
    /// The cone into which it shines. `None`: it shines to all sides.
    pub cone: Option<LightCone>,
}

/// The cone of a spot light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LightCone {
    /// Unit vector along which it shines.
    pub axis: Vec3,
    /// Radians from the axis to which it shines in full.
    pub inner: f32,
    /// Radians from the axis at which it ends.
    pub outer: f32,
}
