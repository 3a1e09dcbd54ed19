//! The lights of a frame that have a place or a direction.

use glam::Vec3;

/// The light that casts shadows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectionalKeyLight {
    /// Unit vector towards it.
    pub toward: Vec3,
    /// Linear RGB irradiance on a surface that faces it.
    pub colour: Vec3,
    /// Apparent width, in radians.
    pub width: f32,
}

/// A small light without shadows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphereLight {
    /// Its place.
    pub centre: Vec3,
    /// Its radius, in metres; keeps what is close from burning out.
    pub radius: f32,
    /// Linear RGB of its intensity: irradiance at one metre.
    pub intensity: Vec3,
    /// Metres at which it has no effect any more.
    pub range: f32,
}

/// The most lamps one frame has.
pub const MAX_LAMPS: usize = 8;
