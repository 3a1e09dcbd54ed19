//! What frames cost, roughly, on two cores without a graphics card: for guesses before anything was measured.

use super::Size;

/// Bytes a pixel that a rendered and a graded frame take in the store together, after compression.
const KEPT: f64 = 4.0;

/// Returns about how many seconds one frame takes to render.
#[must_use]
pub fn render_seconds(size: Size, samples: u32) -> f64 {
    0.02 + pixels(size) * f64::from(samples) * 5e-8
}

/// Returns about how many seconds one frame takes to grade.
#[must_use]
pub const fn grade_seconds() -> f64 {
    0.06
}

/// Returns about how many seconds one frame takes to encode.
#[must_use]
pub fn encode_seconds(size: Size) -> f64 {
    0.01 + pixels(size) * 2e-8
}

/// Returns about how many bytes one frame takes in the store while a production is made.
#[must_use]
pub fn kept_bytes(size: Size) -> f64 {
    pixels(size) * KEPT
}

#[expect(clippy::cast_precision_loss, reason = "a guess")]
fn pixels(size: Size) -> f64 {
    size.pixels() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_samples_take_about_twice_as_long() {
        let size = Size::new(1920, 1080);
        let ratio = render_seconds(size, 64) / render_seconds(size, 32);
        assert!((1.9..2.0).contains(&ratio), "{ratio}");
    }
}
