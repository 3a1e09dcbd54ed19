//! Steps on six surfaces. Each is the heel, at the first sample, and then the ball of the foot.

use super::sound_sketch::{
    NoiseBurst, NoiseGrains, SineChirp, SoundSketch, body_mode, noise_burst,
};
use crate::model::sound::StepSurface;

/// Adds one step, whose heel comes down at `at` seconds.
pub(super) fn sketch_step(sketch: &mut SoundSketch, surface: StepSurface, at: f64) {
    let ball = sketch.between(0.07, 0.105);
    // Drawn for each step, so that a walk is no loop of one step.
    let softer = sketch.between(0.35, 0.55);
    for part in [
        FootPart { at, strength: 1.0 },
        FootPart {
            at: at + ball,
            strength: softer,
        },
    ] {
        match surface {
            StepSurface::Wood => step_on_wood(sketch, part),
            StepSurface::Stone => step_on_stone(sketch, part),
            StepSurface::Earth => step_on_earth(sketch, part),
            StepSurface::Water => step_in_water(sketch, part),
            StepSurface::Metal => step_on_metal(sketch, part),
            StepSurface::Carpet => step_on_carpet(sketch, part),
        }
    }
}

/// Heel or ball: when, and how hard.
#[derive(Debug, Clone, Copy)]
struct FootPart {
    at: f64,
    strength: f64,
}

impl FootPart {
    /// Returns a burst of this part.
    fn burst(self, attack: f64, decay: f64, level: f64) -> NoiseBurst {
        noise_burst(attack, decay, level * self.strength).starting_at(self.at)
    }
}

fn step_on_wood(sketch: &mut SoundSketch, part: FootPart) {
    // A board is a plate over a hollow: a few low modes, short, and the knock of the heel.
    sketch.strike(
        part.at,
        part.strength,
        &[
            body_mode(98.0, 0.16, 0.55),
            body_mode(167.0, 0.13, 0.6),
            body_mode(262.0, 0.10, 0.42),
            body_mode(415.0, 0.07, 0.28),
            body_mode(690.0, 0.045, 0.16),
        ],
    );
    sketch.add_burst(part.burst(0.0008, 0.018, 0.42).in_band(700.0, 4200.0));
    sketch.add_burst(part.burst(0.004, 0.09, 0.08).in_band(150.0, 1200.0));
}

fn step_on_stone(sketch: &mut SoundSketch, part: FootPart) {
    sketch.add_burst(part.burst(0.0006, 0.014, 0.6).in_band(1800.0, 7500.0));
    sketch.strike(
        part.at,
        part.strength,
        &[
            body_mode(84.0, 0.06, 0.35),
            body_mode(1250.0, 0.022, 0.2),
            body_mode(2480.0, 0.018, 0.16),
        ],
    );
    // The sole scrapes a little after the heel is down.
    let scrape = FootPart {
        at: part.at + 0.02,
        ..part
    };
    sketch.add_burst(scrape.burst(0.02, 0.11, 0.055).in_band(2500.0, 9000.0));
}

fn step_on_earth(sketch: &mut SoundSketch, part: FootPart) {
    // No modes: soil does not ring. It gives a dull thump, and crumbs that break.
    sketch.add_burst(part.burst(0.004, 0.11, 0.5).in_band(60.0, 420.0));
    sketch.add_grains(NoiseGrains {
        at: part.at,
        seconds: 0.12,
        count: 26,
        decay: 0.016,
        level: 0.34 * part.strength,
        low: 700.0,
        high: 5200.0,
    });
}

fn step_in_water(sketch: &mut SoundSketch, part: FootPart) {
    sketch.add_burst(part.burst(0.002, 0.22, 0.4).in_band(350.0, 5200.0));
    sketch.add_burst(part.burst(0.003, 0.09, 0.3).in_band(80.0, 400.0));
    // Bubbles rise in pitch as they come up.
    for _ in 0..9 {
        let at = part.at + sketch.between(0.02, 0.28);
        let from = sketch.between(420.0, 1300.0);
        let chirp = SineChirp {
            at,
            seconds: sketch.between(0.018, 0.05),
            from,
            to: from * sketch.between(1.25, 1.9),
            level: 0.3 * part.strength * sketch.between(0.3, 1.0),
        };
        sketch.add_chirp(chirp);
    }
}

fn step_on_metal(sketch: &mut SoundSketch, part: FootPart) {
    sketch.strike(
        part.at,
        part.strength,
        &[
            body_mode(146.0, 0.35, 0.4),
            body_mode(318.0, 0.42, 0.3),
            body_mode(562.0, 0.38, 0.24),
            body_mode(887.0, 0.34, 0.2),
            body_mode(1473.0, 0.26, 0.15),
            body_mode(2291.0, 0.2, 0.1),
            body_mode(3607.0, 0.14, 0.06),
        ],
    );
    sketch.add_burst(part.burst(0.0006, 0.01, 0.4).in_band(1500.0, 8000.0));
}

fn step_on_carpet(sketch: &mut SoundSketch, part: FootPart) {
    // Slow attacks: the pile gives way before the floor stops the foot.
    sketch.add_burst(part.burst(0.006, 0.09, 0.5).in_band(50.0, 260.0));
    sketch.add_burst(part.burst(0.012, 0.1, 0.07).in_band(800.0, 2600.0));
}
