//! The contrast between two colours.

use crate::model::cut::ScreenColour;

/// The smallest contrast at which large letters and shapes are read, as in WCAG 2.1.
pub const LEAST_CONTRAST: f32 = 3.0;

/// Returns the contrast of two colours as WCAG 2.1 counts it: 1 for the same colour, 21 for black
/// and white.
#[must_use]
pub fn colour_contrast(one: ScreenColour, other: ScreenColour) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns white or black, whichever is read better on a colour.
#[must_use]
pub fn readable_on(colour: ScreenColour) -> ScreenColour {
    let is_light = colour_contrast(colour, ScreenColour::BLACK)
        > colour_contrast(colour, ScreenColour::WHITE) * 1.2;
    if is_light {
        ScreenColour([16, 20, 24])
    } else {
        ScreenColour::WHITE
    }
}

/// Returns the colour between two: 0 is the first, 1 the second.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mix of two bytes is a byte"
)]
pub fn mixed_colour(one: ScreenColour, other: ScreenColour, share: f32) -> ScreenColour {
    let mixed = |index: usize| {
        let (from, to) = (f32::from(one.0[index]), f32::from(other.0[index]));
        (from + (to - from) * share.clamp(0.0, 1.0)).round() as u8
    };
    ScreenColour([mixed(0), mixed(1), mixed(2)])
}

/// Returns how bright a colour is, 0 to 1.
fn luminance(colour: ScreenColour) -> f32 {
    // The curve of sRGB is near to a square plus a little at its dark end. Nothing but a comparison
    // with a limit depends on it, and a square is the same number on every machine.
    let [red, green, blue] = colour.0.map(|value| {
        let value = f32::from(value) / 255.0;
        value * value * (0.8 + 0.2 * value)
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_near_to_those_of_the_guideline() {
        let contrast = |one, other| colour_contrast(ScreenColour(one), ScreenColour(other));
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
        assert!((contrast([255; 3], [119; 3]) - 4.5).abs() < 0.3);
        assert!(contrast([46, 196, 182], [12, 24, 34]) > 7.0);
    }

    #[test]
    fn letters_are_light_on_dark_and_dark_on_light() {
        assert_eq!(readable_on(ScreenColour([12, 24, 34])), ScreenColour::WHITE);
        assert_ne!(
            readable_on(ScreenColour([244, 247, 250])),
            ScreenColour::WHITE
        );
    }
}
