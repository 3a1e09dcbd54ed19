//! The angles from which sprites are seen.

use serde::{Deserialize, Serialize};

/// How a sprite is seen by an orthographic camera.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SpriteAngle {
    /// Degrees of the camera above the horizon: 0 is from the side, 90 from above.
    pub elevation: f32,
    /// Degrees by which every direction is turned, counter-clockwise as seen from above.
    pub turn: f32,
}

/// The angles that have a name.
///
/// An elevation `e` shows a square on the ground that stands on its corner `1 / sin e` times as wide
/// as it is tall.
pub const SPRITE_ANGLES: [(&str, SpriteAngle); 7] = [
    // All three axes are equally long: the sine is 1 / sqrt 3.
    ("true_isometric", SpriteAngle::from_elevation(35.264_39)),
    // The sine is one half: tiles are exactly twice as wide as tall.
    ("pixel", SpriteAngle::from_elevation(30.0)),
    // 26.565 degrees is the slope of lines that go two pixels across for one up. The camera that
    // draws the edges of tiles along them is 30 degrees up; one at 26.565 would draw tiles that are
    // 2.24 times as wide as tall, and no line of theirs would follow the pixels.
    ("pixel_perfect", SpriteAngle::from_elevation(30.0)),
    ("military", SpriteAngle::from_elevation(45.0)),
    // The grid is turned by 30 degrees instead of 45, and what faces along it by 15 less.
    (
        "dimetric",
        SpriteAngle {
            elevation: 30.0,
            turn: -15.0,
        },
    ),
    ("side", SpriteAngle::from_elevation(0.0)),
    ("top", SpriteAngle::from_elevation(90.0)),
];

impl SpriteAngle {
    /// Returns the angle at this elevation, with directions as the compass has them.
    #[must_use]
    pub const fn from_elevation(elevation: f32) -> Self {
        Self {
            elevation,
            turn: 0.0,
        }
    }

    /// Returns the angle of this name. `None`: there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut known = SPRITE_ANGLES.iter();
        known
            .find(|(known, _)| *known == name)
            .map(|(_, angle)| *angle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_have_the_shape_that_the_name_promises() {
        let ratio = |name: &str| {
            let angle = SpriteAngle::from_name(name).unwrap();
            1.0 / f64::from(angle.elevation).to_radians().sin()
        };
        assert!((ratio("true_isometric") - 3f64.sqrt()).abs() < 1e-6);
        assert!((ratio("pixel") - 2.0).abs() < 1e-12);
        assert!((ratio("pixel_perfect") - 2.0).abs() < 1e-12);
        assert!((ratio("military") - 2f64.sqrt()).abs() < 1e-12);
        assert_eq!(SpriteAngle::from_name("isometric"), None);
    }
}
