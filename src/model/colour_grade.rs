//! The grade: what turns rendered light into the look of a picture.

use serde::{Deserialize, Serialize};

/// One grade. Applied to scene-linear light in this order: exposure, white balance, lens effects,
/// tone curve, contrast, lift/gamma/gain, split toning, saturation, vignette, grain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// Stops of exposure.
    // The fields are numbers and not operations. The order is fixed, so that two layers of a style
    // can be merged field by field.
    pub exposure: f32,
    /// White balance shift, -1 (cool) to 1 (warm).
    pub warmth: f32,
    /// White balance shift, -1 (green) to 1 (magenta).
    pub tint: f32,
    /// Slope of the tone curve around middle grey, 1 for none.
    pub contrast: f32,
    /// Colourfulness, 1 for none, 0 for black and white.
    pub saturation: f32,
    /// Added to the shadows, per channel.
    pub lift: [f32; 3],
    /// Power of the midtones, per channel, 1 for none.
    pub gamma: [f32; 3],
    /// Factor on the highlights, per channel, 1 for none.
    pub gain: [f32; 3],
    /// Display RGB that shadows lean to, with `split` as strength.
    pub shadow_tone: [f32; 3],
    /// Display RGB that highlights lean to, with `split` as strength.
    pub highlight_tone: [f32; 3],
    /// Strength of split toning, 0 to 1.
    pub split: f32,
    /// Glow around highlights, 0 to 1.
    pub bloom: f32,
    /// Darkening of the corners, 0 to 1.
    pub vignette: f32,
    /// Film grain, 0 to 1.
    pub grain: f32,
}

impl Default for Grade {
    fn default() -> Self {
        let zeros = [0.0; 3];
        let ones = [1.0; 3];
        // Every value here changes nothing: a grade without settings shows the render as it is.
        Self {
            exposure: 0.0,
            warmth: 0.0,
            tint: 0.0,
            contrast: 1.0,
            saturation: 1.0,
            lift: zeros,
            gamma: ones,
            gain: ones,
            shadow_tone: zeros,
            highlight_tone: ones,
            split: 0.0,
            bloom: 0.0,
            vignette: 0.0,
            grain: 0.0,
        }
    }
}
