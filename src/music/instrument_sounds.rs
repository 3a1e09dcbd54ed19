//! How the built-in instruments sound: partials and envelopes by General MIDI program.

/// What is struck or plucked.
#[derive(Debug, Clone, Copy)]
pub(super) struct StruckSound {
    /// Frequencies of its partials above the lowest. Empty: those of a string.
    pub(super) ratios: &'static [f64],
    /// How fast partials get weaker upwards: the exponent.
    pub(super) tilt: f64,
    /// Seconds until the lowest partial of middle C has fallen by 60 dB.
    pub(super) decay: f64,
    /// How much sooner higher partials fall.
    pub(super) damping: f64,
    /// Level of the noise of the stroke.
    pub(super) noise: f64,
    /// Part of the string at which it is plucked; 0 for what is no string.
    pub(super) pluck: f64,
}

impl StruckSound {
    /// Returns the frequencies of the partials above the lowest.
    pub(super) fn partials(&self) -> impl Iterator<Item = f64> + '_ {
        // A stiff string is a little sharp above.
        let string = (1..=24).map(|number| {
            let number = f64::from(number);
            number * libm::sqrt(1.0 + 0.0003 * number * number)
        });
        let is_string = self.ratios.is_empty();
        let bars = self.ratios.iter().copied();
        string.filter(move |_| is_string).chain(bars)
    }

    /// Returns the level that a partial has because of where the string is plucked.
    pub(super) fn pluck_level(&self, index: usize) -> f64 {
        if self.pluck <= 0.0 {
            return 1.0;
        }
        let number = (index + 1) as f64;
        libm::sin(std::f64::consts::PI * number * self.pluck).abs() + 0.05
    }
}

/// What is bowed, blown or held by electricity.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldSound {
    /// Players, or oscillators.
    pub(super) voices: u32,
    /// How far they are apart, as a part of the frequency.
    pub(super) spread: f64,
    /// How fast harmonics get weaker upwards: the exponent.
    pub(super) tilt: f64,
    /// Frequency from which harmonics fall steeply.
    pub(super) cutoff: f64,
    /// Level of even harmonics.
    pub(super) even: f64,
    /// Frequencies that the body or the mouth makes louder.
    pub(super) formants: &'static [f64],
    /// Level of the noise of breath or bow.
    pub(super) breath: f64,
}

impl HeldSound {
    pub(super) fn harmonic_level(&self, harmonic: f64, hertz: f64) -> f64 {
        let is_even = libm::fmod(harmonic, 2.0) < 0.5;
        let parity = if is_even { self.even } else { 1.0 };
        let ratio = hertz / self.cutoff;
        let fall = 1.0 / (1.0 + ratio * ratio * ratio);
        let peaks = self.formants.iter().map(|formant| {
            let distance = (hertz - formant) / (90.0 + formant * 0.08);
            3.0 / (1.0 + distance * distance)
        });
        let body = if self.formants.is_empty() {
            1.0
        } else {
            0.25 + peaks.sum::<f64>()
        };
        parity * body * fall * libm::pow(harmonic, -self.tilt)
    }

    /// Returns the number of partials of its noise.
    pub(super) const fn breath_partials(&self) -> u32 {
        if self.breath > 0.0 { 80 } else { 0 }
    }
}

/// How a sound is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum SoundKind {
    Struck(StruckSound),
    Held(HeldSound),
}

/// A built-in instrument.
#[derive(Debug, Clone, Copy)]
pub(super) struct InstrumentSound {
    /// The first and the last program that it stands for.
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) kind: SoundKind,
    /// Seconds of the envelope.
    pub(super) attack: f64,
    pub(super) decay: f64,
    /// Tenths of a decibel by which it is softer after the decay.
    pub(super) sustain: i16,
    pub(super) release: f64,
    /// Depth of the vibrato in hundredths of a semitone.
    pub(super) vibrato: i16,
    /// Depth of the tremolo in tenths of a decibel.
    pub(super) tremolo: i16,
}

const STRING: StruckSound = StruckSound {
    ratios: &[],
    tilt: 1.1,
    decay: 5.0,
    damping: 0.35,
    noise: 0.15,
    pluck: 0.13,
};

const BAR: StruckSound = StruckSound {
    ratios: &[1.0, 3.98, 9.2],
    tilt: 1.4,
    decay: 1.2,
    damping: 0.5,
    noise: 0.3,
    pluck: 0.0,
};

const SECTION: HeldSound = HeldSound {
    voices: 3,
    spread: 0.0035,
    tilt: 1.0,
    cutoff: 2600.0,
    even: 1.0,
    formants: &[],
    breath: 0.004,
};

const SOLO: HeldSound = HeldSound {
    voices: 1,
    spread: 0.0,
    ..SECTION
};

const fn struck(first: u16, last: u16, sound: StruckSound, release: f64) -> InstrumentSound {
    InstrumentSound {
        first,
        last,
        kind: SoundKind::Struck(sound),
        attack: 0.001,
        decay: 10.0,
        sustain: 0,
        release,
        vibrato: 0,
        tremolo: 0,
    }
}

const fn held(
    first: u16,
    last: u16,
    sound: HeldSound,
    attack: f64,
    release: f64,
) -> InstrumentSound {
    InstrumentSound {
        first,
        last,
        kind: SoundKind::Held(sound),
        attack,
        decay: 1.0,
        sustain: 10,
        release,
        vibrato: 0,
        tremolo: 0,
    }
}

const SOUNDS: [InstrumentSound; 27] = [
    // Pianos; electric pianos are softer above.
    struck(0, 3, STRING, 0.35),
    struck(
        4,
        7,
        StruckSound {
            ratios: &[1.0, 2.0, 3.0, 14.0],
            tilt: 1.3,
            decay: 3.5,
            damping: 0.2,
            noise: 0.05,
            pluck: 0.0,
        },
        0.25,
    ),
    // Celesta, glockenspiel, music box.
    struck(
        8,
        10,
        StruckSound {
            ratios: &[1.0, 2.76, 5.4],
            decay: 3.0,
            ..BAR
        },
        1.0,
    ),
    // Vibraphone.
    struck(
        11,
        11,
        StruckSound {
            ratios: &[1.0, 4.0],
            decay: 4.5,
            noise: 0.05,
            ..BAR
        },
        0.6,
    ),
    // Marimba, xylophone.
    struck(12, 13, BAR, 0.3),
    // Tubular bells and the like.
    struck(
        14,
        15,
        StruckSound {
            ratios: &[0.5, 1.0, 1.19, 1.56, 2.0, 2.66, 3.01],
            tilt: 0.6,
            decay: 6.0,
            damping: 0.2,
            noise: 0.1,
            pluck: 0.0,
        },
        2.0,
    ),
    // Organs.
    held(
        16,
        23,
        HeldSound {
            tilt: 0.9,
            breath: 0.0,
            ..SOLO
        },
        0.02,
        0.1,
    ),
    // Guitars.
    struck(
        24,
        25,
        StruckSound {
            decay: 3.0,
            pluck: 0.22,
            ..STRING
        },
        0.2,
    ),
    struck(
        26,
        27,
        StruckSound {
            decay: 3.5,
            tilt: 1.4,
            pluck: 0.3,
            ..STRING
        },
        0.15,
    ),
    struck(
        28,
        31,
        StruckSound {
            decay: 0.7,
            tilt: 1.3,
            damping: 0.6,
            ..STRING
        },
        0.1,
    ),
    // Basses.
    struck(
        32,
        37,
        StruckSound {
            decay: 2.5,
            tilt: 1.6,
            damping: 0.6,
            pluck: 0.25,
            ..STRING
        },
        0.12,
    ),
    // Basses of synthesisers.
    InstrumentSound {
        decay: 0.8,
        sustain: 60,
        ..held(
            38,
            39,
            HeldSound {
                tilt: 1.0,
                cutoff: 700.0,
                breath: 0.0,
                ..SOLO
            },
            0.004,
            0.08,
        )
    },
    // Bowed strings alone, in tremolo, plucked; harp; timpani.
    InstrumentSound {
        vibrato: 12,
        ..held(
            40,
            43,
            HeldSound {
                formants: &[450.0, 1100.0, 2600.0],
                ..SOLO
            },
            0.06,
            0.2,
        )
    },
    InstrumentSound {
        tremolo: 45,
        ..held(44, 44, SECTION, 0.05, 0.25)
    },
    struck(
        45,
        45,
        StruckSound {
            decay: 0.9,
            damping: 0.5,
            pluck: 0.2,
            ..STRING
        },
        0.25,
    ),
    struck(
        46,
        46,
        StruckSound {
            decay: 4.0,
            tilt: 1.5,
            pluck: 0.4,
            ..STRING
        },
        0.9,
    ),
    struck(
        47,
        47,
        StruckSound {
            ratios: &[1.0, 1.5, 1.99, 2.44, 2.89],
            tilt: 0.8,
            decay: 1.8,
            damping: 0.3,
            noise: 0.4,
            pluck: 0.0,
        },
        0.8,
    ),
    // Sections of strings, choir, hit.
    InstrumentSound {
        vibrato: 4,
        ..held(48, 51, SECTION, 0.09, 0.35)
    },
    InstrumentSound {
        vibrato: 8,
        ..held(
            52,
            54,
            HeldSound {
                tilt: 0.7,
                formants: &[650.0, 1080.0, 2650.0],
                breath: 0.01,
                ..SECTION
            },
            0.12,
            0.4,
        )
    },
    InstrumentSound {
        decay: 0.9,
        sustain: 400,
        ..held(
            55,
            55,
            HeldSound {
                tilt: 0.6,
                cutoff: 4000.0,
                ..SECTION
            },
            0.004,
            0.3,
        )
    },
    // Brass.
    InstrumentSound {
        vibrato: 4,
        ..held(
            56,
            63,
            HeldSound {
                voices: 2,
                spread: 0.002,
                tilt: 0.7,
                cutoff: 1800.0,
                breath: 0.003,
                ..SECTION
            },
            0.045,
            0.15,
        )
    },
    // Reeds; the clarinet has few even harmonics.
    InstrumentSound {
        vibrato: 6,
        ..held(
            64,
            70,
            HeldSound {
                tilt: 0.6,
                cutoff: 2400.0,
                formants: &[1100.0, 2900.0],
                ..SOLO
            },
            0.04,
            0.12,
        )
    },
    held(
        71,
        71,
        HeldSound {
            tilt: 0.9,
            even: 0.12,
            breath: 0.006,
            ..SOLO
        },
        0.04,
        0.12,
    ),
    // Flutes and other pipes.
    InstrumentSound {
        vibrato: 8,
        ..held(
            72,
            79,
            HeldSound {
                tilt: 2.0,
                cutoff: 3000.0,
                breath: 0.012,
                ..SOLO
            },
            0.05,
            0.12,
        )
    },
    // Leads and pads of synthesisers.
    held(
        80,
        87,
        HeldSound {
            voices: 2,
            spread: 0.003,
            tilt: 0.9,
            cutoff: 3200.0,
            breath: 0.0,
            ..SECTION
        },
        0.006,
        0.12,
    ),
    held(
        88,
        97,
        HeldSound {
            spread: 0.004,
            tilt: 1.3,
            cutoff: 1400.0,
            ..SECTION
        },
        0.35,
        0.9,
    ),
    // Everything else has the sound of bells.
    struck(
        98,
        127,
        StruckSound {
            ratios: &[1.0, 2.01, 3.5, 5.02],
            tilt: 1.2,
            decay: 4.5,
            damping: 0.15,
            noise: 0.02,
            pluck: 0.0,
        },
        1.2,
    ),
];

/// Returns the built-in instrument of a program.
pub(super) fn find_sound(program: u16) -> &'static InstrumentSound {
    let found = SOUNDS
        .iter()
        .find(|sound| (sound.first..=sound.last).contains(&program));
    found.unwrap_or(&SOUNDS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_has_one_instrument() {
        for program in 0..128 {
            let found = SOUNDS
                .iter()
                .filter(|sound| (sound.first..=sound.last).contains(&program));
            assert_eq!(found.count(), 1, "program {program}");
        }
    }
}
