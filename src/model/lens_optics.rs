//! What a lens does to what it does not look at: how far it is open, and where it is sharp.

use serde::{Deserialize, Serialize};

/// An opened lens; everything is sharp without one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LensOptics {
    /// Focal length over the width of the opening: the f-number.
    pub aperture: f32,
    /// Where it is sharp.
    pub focus: FocusTarget,
}

/// Where a picture is sharp.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FocusTarget {
    /// At what the camera frames.
    #[default]
    Subject,
    /// At the eyes of one of the cast.
    Performer(usize),
    /// So many metres from the camera's plane.
    Distance(f32),
}
