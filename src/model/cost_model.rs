//! Rough durations and sizes, for estimates before anything was measured. They were measured on two
//! cores with a driver that draws on the processor. What was measured on this machine replaces
//! them, and is scaled by them from one size or number of samples to another.

use super::action_kind::{ActionKind, RoughDuration};
use super::{Engine, PixelSize, UnitLoad};

/// Bytes a pixel of a rendered and a graded frame together in the store, compressed.
const STORED_BYTES_PER_PIXEL: f64 = 4.0;

/// Seconds that Blender takes to start and to import one file.
const BLEND_IMPORT_SECONDS: f64 = 3.0;

/// Rough seconds of a renderer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct RenderCost {
    /// Before the first frame.
    start: f64,
    /// For each frame of any size: geometry and shadows.
    frame: f64,
    /// For each sample of a pixel.
    sample: f64,
}

/// Returns the rough seconds of the engine with this name.
fn render_cost(engine: &str) -> RenderCost {
    let cost = |start, frame, sample| RenderCost {
        start,
        frame,
        sample,
    };
    // Blender starts as a process and loads its modules. The built-in renderer runs in this one.
    match engine {
        "previz" => cost(0.15, 0.12, 6e-8),
        "workbench" => cost(2.5, 0.6, 1e-8),
        "eevee" => cost(2.5, 1.0, 2e-6),
        "cycles" => cost(2.5, 0.3, 1e-6),
        // Nothing is known of a command. It counts as the slowest engine, because an estimate that
        // is too low is worse than one that is too high.
        _ => cost(0.0, 0.3, 1e-6),
    }
}

/// Returns the rough seconds to render one frame.
#[must_use]
pub fn render_seconds(engine: &Engine, size: PixelSize, samples: u32) -> f64 {
    let cost = render_cost(engine.name());
    cost.frame + pixel_count(size) * f64::from(samples) * cost.sample
}

/// Returns the rough seconds of the units of a job without its start: one frame of `size`.
#[must_use]
pub fn unit_seconds(kind: ActionKind, size: PixelSize) -> f64 {
    let load = UnitLoad {
        pixels: size.pixel_count(),
        samples: 0,
    };
    job_seconds(kind, "", load, 1.0) - job_seconds(kind, "", load, 0.0)
}

/// Returns the rough seconds of a job of `units`. `variant` is the engine, or `blend` for an import
/// of a Blender file.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a guess")]
pub fn job_seconds(kind: ActionKind, variant: &str, load: UnitLoad, units: f64) -> f64 {
    match kind.spec().rough_duration {
        // Blender has to start and to open the file; every other asset is read in no time.
        _ if kind == ActionKind::Import && variant == "blend" => BLEND_IMPORT_SECONDS,
        RoughDuration::PerUnit { start, unit, pixel } => {
            start + units * (load.pixels as f64).mul_add(pixel, unit)
        }
        RoughDuration::Drawn => {
            let cost = render_cost(variant);
            let samples = load.pixels as f64 * f64::from(load.samples);
            let unit = samples.mul_add(cost.sample, cost.frame);
            // Each view of a sheet loads its scene again.
            if kind == ActionKind::Sheet {
                units * (cost.start + unit)
            } else {
                cost.start + units * unit
            }
        }
    }
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

    #[test]
    fn every_engine_has_a_cost_under_its_name() {
        let unknown = render_cost("a command");
        for engine in [
            Engine::Previz,
            Engine::Workbench,
            Engine::Eevee,
            Engine::Cycles,
        ] {
            assert_ne!(render_cost(engine.name()), unknown, "{}", engine.name());
        }
    }

    #[test]
    fn a_job_grows_with_its_units_and_with_their_size() {
        let load = |pixels| UnitLoad { pixels, samples: 0 };
        let seconds = |pixels, units| job_seconds(ActionKind::Encode, "", load(pixels), units);
        assert!(seconds(1000, 10.0) > seconds(1000, 1.0));
        assert!(seconds(1_000_000, 10.0) > 2.0 * seconds(1000, 10.0));
    }
}
