//! Blows, falls, water, glass and bells.

use super::sound_sketch::{
    NoiseGrains, SineChirp, SoundSketch, SweptNoise, body_mode, noise_burst,
};

/// Adds a hard blow: a crack, a boom, and what falls down after it.
pub(super) fn sketch_impact(sketch: &mut SoundSketch) {
    sketch.add_burst(noise_burst(0.0005, 0.06, 0.9).in_band(300.0, 9000.0));
    sketch.add_burst(noise_burst(0.002, 0.5, 0.5).in_band(35.0, 260.0));
    sketch.strike(
        0.0,
        0.9,
        &[
            body_mode(52.0, 0.6, 0.9),
            body_mode(87.0, 0.45, 0.6),
            body_mode(141.0, 0.3, 0.5),
            body_mode(463.0, 0.2, 0.22),
            body_mode(1212.0, 0.15, 0.14),
        ],
    );
    sketch.add_grains(NoiseGrains {
        at: 0.08,
        seconds: 0.6,
        count: 34,
        decay: 0.03,
        level: 0.12,
        low: 600.0,
        high: 6000.0,
    });
}

/// Adds a body or a sack that falls: soft and low.
pub(super) fn sketch_thud(sketch: &mut SoundSketch) {
    sketch.strike(
        0.0,
        1.0,
        &[
            body_mode(47.0, 0.22, 0.9),
            body_mode(71.0, 0.18, 0.7),
            body_mode(112.0, 0.12, 0.4),
        ],
    );
    sketch.add_burst(noise_burst(0.003, 0.12, 0.5).in_band(40.0, 380.0));
    sketch.add_burst(
        noise_burst(0.01, 0.16, 0.05)
            .in_band(600.0, 2600.0)
            .starting_at(0.004),
    );
}

/// Adds something that falls into water.
pub(super) fn sketch_splash(sketch: &mut SoundSketch) {
    sketch.add_burst(noise_burst(0.002, 0.16, 0.5).in_band(60.0, 600.0));
    sketch.add_burst(noise_burst(0.006, 0.75, 0.4).in_band(500.0, 7000.0));
    // Water that was thrown up comes down again.
    sketch.add_grains(NoiseGrains {
        at: 0.18,
        seconds: 0.95,
        count: 120,
        decay: 0.018,
        level: 0.2,
        low: 1500.0,
        high: 8000.0,
    });
    for _ in 0..26 {
        let at = sketch.between(0.06, 1.1);
        let from = sketch.between(260.0, 1100.0);
        let chirp = SineChirp {
            at,
            seconds: sketch.between(0.02, 0.07),
            from,
            to: from * sketch.between(1.2, 2.0),
            // Later bubbles are smaller, as less water falls.
            level: sketch.between(0.06, 0.26) * (1.2 - at),
        };
        sketch.add_chirp(chirp);
    }
}

/// Adds a pane that breaks.
pub(super) fn sketch_glass(sketch: &mut SoundSketch) {
    sketch.add_burst(noise_burst(0.0005, 0.07, 0.6).in_band(2500.0, 14_000.0));
    sketch.strike(
        0.0,
        0.5,
        &[body_mode(310.0, 0.06, 0.5), body_mode(820.0, 0.05, 0.4)],
    );
    for piece in 0..46 {
        // Most pieces fall at once, and the last ones roll out.
        let when = sketch.between(0.0, 1.0);
        let at = if piece < 12 {
            when * 0.05
        } else {
            0.05 + when * when * 1.0
        };
        let hertz = sketch.between(2100.0, 9500.0);
        let decay = sketch.between(0.04, 0.24);
        // The last pieces that roll out are the smallest.
        let strength = sketch.between(0.06, 0.3) * (1.15 - at);
        sketch.strike(
            at,
            strength,
            &[
                body_mode(hertz, decay, 0.6),
                // A second mode that is no multiple of the first: with one alone each piece would
                // be a whistle.
                body_mode(hertz * 1.61, decay * 0.6, 0.3),
            ],
        );
    }
}

/// Adds one stroke of a bell, with the partials of church bells.
pub(super) fn sketch_bell(sketch: &mut SoundSketch) {
    // The other partials are ratios of it that bell founders tune to, an octave below included.
    const PRIME: f64 = 392.0;
    sketch.strike(
        0.0,
        0.5,
        &[
            body_mode(PRIME * 0.5, 4.6, 0.34),
            body_mode(PRIME, 3.6, 0.4),
            // Two close tierces beat, as those of a cast bell do.
            body_mode(PRIME * 1.183, 3.0, 0.24),
            body_mode(PRIME * 1.191, 2.8, 0.16),
            body_mode(PRIME * 1.506, 2.2, 0.2),
            body_mode(PRIME * 2.0, 2.0, 0.42),
            body_mode(PRIME * 2.514, 1.3, 0.2),
            body_mode(PRIME * 2.662, 1.2, 0.16),
            body_mode(PRIME * 3.011, 1.0, 0.22),
            body_mode(PRIME * 4.166, 0.7, 0.14),
            body_mode(PRIME * 5.433, 0.45, 0.1),
            body_mode(PRIME * 6.796, 0.3, 0.06),
        ],
    );
    sketch.add_burst(noise_burst(0.0006, 0.02, 0.12).in_band(1500.0, 9000.0));
}

/// Adds the accent under a logo: a soft low hit, and a shimmer that rises out of it.
///
/// It has no key, because the music under it has one that is not known here.
pub(super) fn sketch_sting(sketch: &mut SoundSketch) {
    sketch.strike(
        0.0,
        0.8,
        &[
            body_mode(49.0, 0.9, 0.8),
            body_mode(77.0, 0.6, 0.5),
            body_mode(121.0, 0.35, 0.3),
        ],
    );
    sketch.add_burst(noise_burst(0.001, 0.18, 0.2).in_band(80.0, 1800.0));
    for step in 0..14 {
        let at = 0.02 + 0.055 * f64::from(step);
        let hertz = 1900.0 + 330.0 * f64::from(step) + sketch.between(0.0, 260.0);
        let strength = sketch.between(0.05, 0.09);
        sketch.strike(
            at,
            strength,
            &[
                body_mode(hertz, 0.9, 0.5),
                body_mode(hertz * 1.47, 0.6, 0.25),
                body_mode(hertz * 2.09, 0.4, 0.12),
            ],
        );
    }
    sketch.add_sweep(SweptNoise {
        at: 0.0,
        seconds: 2.2,
        peak_at: 0.3,
        from: 2500.0,
        peak: 8200.0,
        to: 5200.0,
        q: 1.0,
        level: 0.06,
    });
}

/// Adds something that flies past.
pub(super) fn sketch_whoosh(sketch: &mut SoundSketch) {
    sketch.add_sweep(SweptNoise {
        at: 0.0,
        seconds: 0.75,
        peak_at: 0.48,
        from: 280.0,
        peak: 1900.0,
        to: 340.0,
        q: 1.3,
        level: 0.5,
    });
    sketch.add_sweep(SweptNoise {
        at: 0.0,
        seconds: 0.75,
        peak_at: 0.5,
        from: 110.0,
        peak: 420.0,
        to: 120.0,
        q: 0.8,
        level: 0.3,
    });
}

/// Adds a gust of wind.
pub(super) fn sketch_wind_gust(sketch: &mut SoundSketch) {
    sketch.add_sweep(SweptNoise {
        at: 0.0,
        seconds: 3.4,
        peak_at: 0.42,
        from: 190.0,
        peak: 620.0,
        to: 170.0,
        q: 1.1,
        level: 0.5,
    });
    sketch.add_sweep(SweptNoise {
        at: 0.3,
        seconds: 2.9,
        peak_at: 0.4,
        from: 480.0,
        peak: 1150.0,
        to: 430.0,
        q: 5.0,
        level: 0.22,
    });
}

/// Adds clothes that move.
pub(super) fn sketch_cloth(sketch: &mut SoundSketch) {
    for at in [0.0, 0.17, 0.33] {
        let peak = sketch.between(1700.0, 2900.0);
        let sweep = SweptNoise {
            at,
            seconds: sketch.between(0.17, 0.26),
            peak_at: sketch.between(0.3, 0.5),
            from: 800.0,
            peak,
            to: 900.0,
            q: 0.6,
            level: sketch.between(0.3, 0.55),
        };
        sketch.add_sweep(sweep);
        sketch.add_burst(
            noise_burst(0.03, 0.12, 0.12)
                .in_band(120.0, 600.0)
                .starting_at(at),
        );
    }
}

/// Adds a sheet of paper that is turned.
pub(super) fn sketch_paper(sketch: &mut SoundSketch) {
    sketch.add_sweep(SweptNoise {
        at: 0.0,
        seconds: 0.5,
        peak_at: 0.55,
        from: 2200.0,
        peak: 5200.0,
        to: 2800.0,
        q: 0.7,
        level: 0.22,
    });
    for grains in [0.02, 0.3] {
        sketch.add_grains(NoiseGrains {
            at: grains,
            seconds: 0.26,
            count: 70,
            decay: 0.008,
            level: 0.6,
            low: 2200.0,
            high: 9500.0,
        });
    }
}
