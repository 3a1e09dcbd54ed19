//! Depth of field: aperture and focus.

use serde::{Deserialize, Serialize};

/// The depth of field of a shot. A shot without one is sharp everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LensOptics {
    /// The f-number: focal length divided by the diameter of the aperture.
    pub aperture: f32,
    /// Where the picture is sharp.
    pub focus: FocusTarget,
}

/// Where a picture is sharp.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FocusTarget {
    /// The subject of the camera.
    #[default]
    Subject,
    /// The eyes of a character, by index in the cast.
    // An index and no distance, because where the character is in the set is known only when the
    // scene is staged.
    Performer(usize),
    /// Metres from the plane of the camera.
    Distance(f32),
}
