//! Rough costs of frames, on two cores without a graphics card, for estimates before anything was
//! measured.

use super::{Engine, PixelSize};

/// Bytes a pixel of a rendered and a graded frame together in the store, compressed.
const STORED_BYTES_PER_PIXEL: f64 = 4.0;

/// Returns the rough seconds to render one frame.
#[must_use]
pub fn render_seconds(engine: &Engine, size: PixelSize, samples: u32) -> f64 {
    // Seconds for each frame, and for each sample of a pixel.
    let (frame, sample) = match engine {
        Engine::Previz => (0.02, 5e-8),
        Engine::Workbench => (0.6, 1e-8),
        Engine::Eevee => (1.0, 2e-6),
        // Nothing is known of a command. It counts as the slowest engine, because an estimate that
        // is too low is worse than one that is too high.
        Engine::Cycles | Engine::Command(_) => (0.3, 1e-6),
    };
    frame + pixel_count(size) * f64::from(samples) * sample
}

/// Returns the rough seconds before the first frame of a renderer.
#[must_use]
pub const fn startup_seconds(engine: &Engine) -> f64 {
    // Blender starts as a process and loads its modules. The built-in renderer runs in this one.
    if engine.is_blender() { 2.5 } else { 0.0 }
}

/// Returns the rough seconds to grade one frame.
#[must_use]
pub const fn grade_seconds() -> f64 {
    0.06
}

/// Returns the rough seconds to encode one frame.
#[must_use]
pub fn encode_seconds(size: PixelSize) -> f64 {
    0.01 + pixel_count(size) * 2e-8
}

/// Returns the rough bytes of one frame in the store while a production is made.
#[must_use]
pub fn stored_bytes(size: PixelSize) -> f64 {
    pixel_count(size) * STORED_BYTES_PER_PIXEL
}

#[expect(clippy::cast_precision_loss, reason = "a guess")]
fn pixel_count(size: PixelSize) -> f64 {
    size.pixel_count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_samples_take_about_twice_as_long() {
        let size = PixelSize::new(1920, 1080);
        let seconds = |samples| render_seconds(&Engine::Previz, size, samples);
        let ratio = seconds(64) / seconds(32);
        assert!((1.9..2.0).contains(&ratio), "{ratio}");
    }
}
