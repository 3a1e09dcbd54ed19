//! Doors, locks, knocks, switches and creaks.

use super::sound_sketch::{BodyMode, NoiseGrains, SoundSketch, SweptNoise, body_mode, noise_burst};

/// A door of solid wood, as a plate.
// The modes of a plate are no multiples of its lowest, unlike those of a string, so each is listed.
const DOOR_MODES: [BodyMode; 7] = [
    body_mode(62.0, 0.34, 0.8),
    body_mode(104.0, 0.28, 0.7),
    body_mode(171.0, 0.2, 0.5),
    body_mode(247.0, 0.15, 0.36),
    body_mode(383.0, 0.11, 0.24),
    body_mode(556.0, 0.08, 0.14),
    body_mode(842.0, 0.05, 0.09),
];

/// A latch: small, hard, of steel.
const LATCH_MODES: [BodyMode; 5] = [
    body_mode(1180.0, 0.05, 0.3),
    body_mode(2140.0, 0.045, 0.34),
    body_mode(3310.0, 0.04, 0.26),
    body_mode(4870.0, 0.03, 0.16),
    body_mode(6450.0, 0.02, 0.1),
];

/// A knuckle on a door.
// Higher and shorter than the modes of the whole door: a knuckle moves only the panel around it.
const KNOCK_MODES: [BodyMode; 5] = [
    body_mode(128.0, 0.11, 0.4),
    body_mode(214.0, 0.10, 0.6),
    body_mode(357.0, 0.08, 0.5),
    body_mode(603.0, 0.05, 0.3),
    body_mode(1120.0, 0.025, 0.2),
];

/// The plastic of a switch.
const SWITCH_MODES: [BodyMode; 4] = [
    body_mode(1650.0, 0.018, 0.4),
    body_mode(2730.0, 0.014, 0.4),
    body_mode(4180.0, 0.01, 0.3),
    body_mode(640.0, 0.02, 0.2),
];

fn add_latch(sketch: &mut SoundSketch, at: f64, strength: f64) {
    sketch.strike(at, strength, &LATCH_MODES);
    sketch.add_burst(
        noise_burst(0.0005, 0.012, 0.3 * strength)
            .in_band(1500.0, 9000.0)
            .starting_at(at),
    );
}

/// Adds a door that opens: the handle, the latch, the hinge, and air.
pub(super) fn sketch_door_open(sketch: &mut SoundSketch) {
    // Twice: the handle goes down softly, and then the latch springs back.
    add_latch(sketch, 0.0, 0.4);
    add_latch(sketch, 0.11, 0.75);
    sketch.strike(0.13, 0.22, &DOOR_MODES);
    add_creak(sketch, 0.3, 0.75, 0.4);
    sketch.add_sweep(SweptNoise {
        at: 0.15,
        seconds: 1.1,
        peak_at: 0.4,
        from: 120.0,
        peak: 420.0,
        to: 150.0,
        q: 0.7,
        level: 0.025,
    });
}

/// Adds a door that falls into its lock after a moment of air.
pub(super) fn sketch_door_close(sketch: &mut SoundSketch) {
    sketch.add_sweep(SweptNoise {
        at: 0.0,
        seconds: 0.36,
        peak_at: 0.8,
        from: 150.0,
        peak: 500.0,
        to: 200.0,
        q: 0.7,
        level: 0.09,
    });
    sketch.strike(0.3, 0.8, &DOOR_MODES);
    sketch.add_burst(
        noise_burst(0.002, 0.09, 0.3)
            .in_band(70.0, 1400.0)
            .starting_at(0.3),
    );
    // After the door is in its frame: the tongue slides over the plate, and drops into it.
    add_latch(sketch, 0.335, 0.5);
    add_latch(sketch, 0.39, 0.25);
}

/// Adds a door that is slammed. It hits at the first sample: sound and picture of a slam coincide.
pub(super) fn sketch_door_slam(sketch: &mut SoundSketch) {
    sketch.strike(0.0, 1.0, &DOOR_MODES);
    sketch.add_burst(noise_burst(0.0006, 0.05, 0.9).in_band(200.0, 5500.0));
    sketch.add_burst(noise_burst(0.001, 0.3, 0.5).in_band(35.0, 220.0));
    add_latch(sketch, 0.012, 0.8);
    // The frame rattles.
    sketch.add_grains(NoiseGrains {
        at: 0.05,
        seconds: 0.35,
        count: 16,
        decay: 0.02,
        level: 0.16,
        low: 500.0,
        high: 3000.0,
    });
}

/// Adds three knocks.
pub(super) fn sketch_knock(sketch: &mut SoundSketch) {
    let mut at = 0.0;
    for strength in [0.85, 1.0, 0.92] {
        sketch.strike(at, strength, &KNOCK_MODES);
        sketch.add_burst(
            noise_burst(0.0006, 0.02, 0.3 * strength)
                .in_band(500.0, 3200.0)
                .starting_at(at),
        );
        // Knocks of a hand are neither equally far apart nor equally loud. Equal ones sound like a
        // machine.
        at += sketch.between(0.2, 0.24);
    }
}

/// Adds a click.
pub(super) fn sketch_click(sketch: &mut SoundSketch) {
    // Without the low mode of the case: a click comes from something smaller than a switch.
    sketch.strike(0.0, 1.0, &SWITCH_MODES[..3]);
    sketch.add_burst(noise_burst(0.0004, 0.006, 0.5).in_band(2000.0, 12_000.0));
}

/// Adds a switch: pressed, then over its edge.
pub(super) fn sketch_switch(sketch: &mut SoundSketch) {
    sketch.strike(0.0, 0.5, &SWITCH_MODES);
    sketch.add_burst(noise_burst(0.0005, 0.01, 0.16).in_band(900.0, 6000.0));
    sketch.strike(0.045, 1.0, &SWITCH_MODES);
    sketch.add_burst(
        noise_burst(0.0004, 0.012, 0.4)
            .in_band(900.0, 8000.0)
            .starting_at(0.045),
    );
}

/// Adds a creak: wood that sticks and slips, faster in its middle.
pub(super) fn sketch_creak(sketch: &mut SoundSketch) {
    add_creak(sketch, 0.0, 1.3, 0.6);
}

fn add_creak(sketch: &mut SoundSketch, at: f64, seconds: f64, level: f64) {
    let first = sketch.between(32.0, 46.0);
    let highest = first * sketch.between(2.4, 3.4);
    let body = sketch.between(0.9, 1.15);
    // Drawn once, since every slip moves the same piece of wood.
    let modes = [
        body_mode(385.0 * body, 0.022, 0.5),
        body_mode(742.0 * body, 0.02, 0.62),
        body_mode(1164.0 * body, 0.016, 0.4),
        body_mode(1830.0 * body, 0.012, 0.26),
        body_mode(2675.0 * body, 0.008, 0.12),
    ];
    let mut place = 0.0;
    while place < 1.0 {
        // A hinge is slow at both ends of its way, so slips are rarer and softer there.
        let arch = libm::sin(std::f64::consts::PI * place);
        let slips = first + (highest - first) * arch;
        let strength = level * (0.25 + 0.75 * arch) * sketch.between(0.55, 1.0);
        sketch.strike(at + place * seconds, strength, &modes);
        // With jitter: slips at equal distances would be a tone.
        place += sketch.between(0.85, 1.15) / (slips * seconds);
    }
}
