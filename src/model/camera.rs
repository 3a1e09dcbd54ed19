//! The camera of one shot: framing, angle, lens and move.

use super::lens_optics::LensOptics;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of the subject the frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShotSize {
    /// The eyes and mouth, or one detail.
    #[serde(alias = "ecu")]
    #[serde(alias = "xcu")]
    #[schemars(extend("x-also" = ["ecu", "xcu"]))]
    ExtremeCloseUp,
    /// The head and the top of the shoulders.
    #[serde(alias = "cu")]
    #[schemars(extend("x-also" = ["cu"]))]
    CloseUp,
    /// Head to the middle of the chest.
    #[serde(alias = "mcu")]
    #[schemars(extend("x-also" = ["mcu"]))]
    MediumCloseUp,
    /// Head to the waist.
    #[serde(alias = "m")]
    #[serde(alias = "ms")]
    #[schemars(extend("x-also" = ["m", "ms"]))]
    Medium,
    /// Head to the knees.
    #[serde(alias = "mf")]
    #[serde(alias = "mfs")]
    #[schemars(extend("x-also" = ["mf", "mfs"]))]
    MediumFull,
    /// The whole figure with a little air.
    #[serde(alias = "f")]
    #[serde(alias = "fs")]
    #[serde(alias = "full")]
    #[schemars(extend("x-also" = ["f", "fs", "full"]))]
    FullShot,
    /// The figures in their place; the place takes most of the frame.
    #[serde(alias = "w")]
    #[serde(alias = "ws")]
    #[schemars(extend("x-also" = ["w", "ws"]))]
    Wide,
    /// The place; figures are small.
    #[serde(alias = "ew")]
    #[serde(alias = "ews")]
    #[schemars(extend("x-also" = ["ew", "ews"]))]
    ExtremeWide,
}

/// The height and tilt of the camera relative to the subject's eye line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Angle")]
pub enum CameraAngle {
    /// Level with the subject's eyes (or its middle).
    #[default]
    #[serde(alias = "eye_level")]
    #[schemars(extend("x-also" = ["eye_level"]))]
    Eye,
    /// Above, looking down about 25 degrees.
    #[serde(alias = "high_angle")]
    #[schemars(extend("x-also" = ["high_angle"]))]
    High,
    /// Below, looking up about 20 degrees.
    #[serde(alias = "low_angle")]
    #[schemars(extend("x-also" = ["low_angle"]))]
    Low,
    /// Level, rolled about 12 degrees.
    #[serde(alias = "dutch_angle")]
    #[schemars(extend("x-also" = ["dutch_angle"]))]
    Dutch,
    /// From straight above.
    #[serde(alias = "birds_eye_view")]
    #[serde(alias = "overhead")]
    #[schemars(extend("x-also" = ["birds_eye_view", "overhead"]))]
    BirdsEye,
    /// From the ground, looking up about 45 degrees.
    #[serde(alias = "worms_eye_view")]
    #[schemars(extend("x-also" = ["worms_eye_view"]))]
    WormsEye,
}

/// What the camera does during the shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// Stands still.
    #[default]
    Static,
    /// Travels towards the subject.
    #[serde(alias = "dolly")]
    #[schemars(extend("x-also" = ["dolly"]))]
    DollyIn,
    /// Travels away from the subject.
    DollyOut,
    /// Travels in while the lens grows longer.
    PushIn,
    /// Circles the subject.
    Orbit,
    /// Turns left on the spot.
    PanLeft,
    /// Turns right on the spot.
    #[serde(alias = "pan")]
    #[schemars(extend("x-also" = ["pan"]))]
    PanRight,
    /// Looks up on the spot.
    #[serde(alias = "tilt")]
    #[schemars(extend("x-also" = ["tilt"]))]
    TiltUp,
    /// Looks down on the spot.
    TiltDown,
    /// Travels left, parallel to the frame.
    TruckLeft,
    /// Travels right, parallel to the frame.
    #[serde(alias = "tracking")]
    #[schemars(extend("x-also" = ["tracking"]))]
    TruckRight,
    /// Rises.
    CraneUp,
    /// Sinks.
    CraneDown,
    /// Breathes like a camera on a shoulder.
    Handheld,
}

/// How a move speeds up and slows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Easing {
    /// Constant speed.
    Linear,
    /// Starts slowly (quadratic).
    In,
    /// Ends slowly (quadratic).
    Out,
    /// Starts and ends slowly (quadratic).
    #[default]
    InOut,
    /// Starts and ends slowly (cubic).
    InOutCubic,
    /// Starts and ends very slowly (exponential).
    InOutExpo,
}

impl Easing {
    /// Returns eased progress for linear progress `t`, which may be below 0 or above 1: a move that
    /// has not come to rest continues at the speed that it has there.
    #[must_use]
    pub fn apply_beyond(self, t: f32) -> f32 {
        let eased = self.apply(t);
        let [at_start, at_end] = self.end_speeds();
        eased + at_start * t.min(0.0) + at_end * (t - 1.0).max(0.0)
    }

    /// Returns the speed at the beginning and at the end. 1 is that of a linear move.
    const fn end_speeds(self) -> [f32; 2] {
        match self {
            Self::Linear => [1.0, 1.0],
            Self::In => [0.0, 2.0],
            Self::Out => [2.0, 0.0],
            Self::InOut | Self::InOutCubic | Self::InOutExpo => [0.0, 0.0],
        }
    }

    /// Returns eased progress for linear progress `t`, both from 0 to 1.
    #[must_use]
    pub fn apply(self, t: f32) -> f32 {
        let t = t.clamp(0.0, 1.0);
        // The second half of a symmetric curve is the first one turned around, so both meet at 0.5.
        let mirrored = |ease: fn(f32) -> f32| {
            if t < 0.5 {
                ease(2.0 * t) / 2.0
            } else {
                1.0 - ease(2.0 - 2.0 * t) / 2.0
            }
        };
        match self {
            Self::Linear => t,
            Self::In => t * t,
            Self::Out => 1.0 - (1.0 - t) * (1.0 - t),
            Self::InOut => mirrored(|t| t * t),
            Self::InOutCubic => mirrored(|t| t * t * t),
            Self::InOutExpo => mirrored(|t| {
                // The exponential never reaches zero. Without this a shot would begin with a jump.
                if t <= 0.0 {
                    0.0
                } else {
                    (10.0 * (t - 1.0)).exp2()
                }
            }),
        }
    }
}

/// A camera move with its amount.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CameraMove {
    /// What the camera does.
    pub kind: MoveKind,
    /// Degrees for orbit, pan and tilt. A fraction of the distance to the subject for dolly, truck,
    /// crane and push, so that a move looks the same at every framing. A factor on the natural sway
    /// for handheld.
    pub amount: f32,
    /// Its speed over the shot.
    pub easing: Easing,
}

/// The camera of one shot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// How much of the subject the frame holds.
    pub size: ShotSize,
    /// Height and roll.
    pub angle: CameraAngle,
    /// Degrees around the subject: 0 is in front, positive to the subject's left, 180 behind.
    pub azimuth: f32,
    /// Focal length in millimetres, for a sensor of `sensor_width`.
    pub lens_mm: f32,
    /// Sensor width in millimetres; the height follows from the picture's aspect.
    pub sensor_width: f32,
    /// Its move during the shot.
    pub travel: CameraMove,
    /// Depth of field. `None`: everything is sharp.
    // The JSON of a staging is part of a job's identity. A field that is written without need would
    // render every shot of older stores again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optics: Option<LensOptics>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_easing_starts_at_zero_and_ends_at_one() {
        use Easing::{In, InOut, InOutCubic, InOutExpo, Linear, Out};
        for easing in [Linear, In, Out, InOut, InOutCubic, InOutExpo] {
            assert!(easing.apply(0.0).abs() < 1e-3, "{easing:?}");
            assert!((easing.apply(1.0) - 1.0).abs() < 1e-3, "{easing:?}");
            assert!(easing.apply(0.4) <= easing.apply(0.6), "{easing:?}");
        }
    }
}
