//! The built-in instruments: a small SoundFont that is computed, for machines without any.
//!
//! Its samples are sums of partials: decaying ones for what is struck or plucked, and loops of
//! exactly a second, in which every partial has a whole number of periods, for what is held. The
//! same synthesiser plays them, so envelopes, vibrato and balance are those of any other font.

use super::font_tables::{FontEntry, FontGenerator, FontPreset, FontSample, FontTables, font_name};
use super::instrument_sounds::{HeldSound, InstrumentSound, SoundKind, StruckSound, find_sound};
use super::percussion_sounds::{PERCUSSION_KEYS, percussion_samples};
use crate::base::seeded_random::SeededRandom;
use std::f64::consts::TAU;

/// Frames a second of the samples.
pub(super) const FONT_RATE: u32 = 32_000;
/// The highest partial.
const HIGHEST_PARTIAL: f64 = 11_000.0;
/// Pitches between which a sample of its own is made.
const ROOTS: [i32; 6] = [31, 43, 55, 67, 79, 91];
/// Changes whenever the built-in instruments sound different.
pub(super) const BUILT_IN_VERSION: u32 = 1;

// Numbers of the generators that are used.
const VIBRATO_TO_PITCH: u16 = 6;
const TREMOLO_TO_VOLUME: u16 = 13;
const TREMOLO_RATE: u16 = 22;
const VIBRATO_DELAY: u16 = 23;
const VIBRATO_RATE: u16 = 24;
const ATTACK: u16 = 34;
const DECAY: u16 = 36;
const SUSTAIN: u16 = 37;
const RELEASE: u16 = 38;
const INSTRUMENT: u16 = 41;
const KEY_RANGE: u16 = 43;
const SAMPLE_ID: u16 = 53;
const SAMPLE_MODES: u16 = 54;

/// Returns a font with these presets.
#[must_use]
pub(super) fn built_in_font<'a>(wanted: impl Iterator<Item = &'a FontPreset>) -> Vec<u8> {
    let mut writer = FontWriter::default();
    for preset in wanted {
        let zones = if preset.bank == 128 {
            writer.percussion_zones()
        } else {
            writer.instrument_zones(find_sound(preset.program))
        };
        writer.add_preset(*preset, zones);
    }
    // A font of a few instruments never has more than the format can number.
    writer.tables.file_bytes(&writer.data).unwrap_or_default()
}

#[derive(Default)]
struct FontWriter {
    tables: FontTables,
    data: Vec<u8>,
}

const fn generator(number: u16, amount: i16) -> FontGenerator {
    FontGenerator {
        number,
        amount: amount.cast_unsigned(),
    }
}

fn key_range(low: i32, high: i32) -> FontGenerator {
    let key = |pitch: i32| u16::try_from(pitch.clamp(0, 127)).unwrap_or(0);
    FontGenerator {
        number: KEY_RANGE,
        amount: key(high) << 8 | key(low),
    }
}

/// Returns seconds as the format counts them: 1200 to the doubling, from one second.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the range of the format"
)]
fn timecents(seconds: f64) -> i16 {
    (1200.0 * libm::log2(seconds.max(0.001))).clamp(-12_000.0, 8000.0) as i16
}

/// Returns a frequency as the format counts it: hundredths of a semitone above 8.176 Hz.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the range of the format"
)]
fn absolute_cents(hertz: f64) -> i16 {
    (1200.0 * libm::log2(hertz.max(0.001) / 8.176)).clamp(-16_000.0, 4500.0) as i16
}

impl FontWriter {
    fn add_preset(&mut self, preset: FontPreset, zones: Vec<Vec<FontGenerator>>) {
        let index = u16::try_from(self.tables.instruments.len()).unwrap_or(u16::MAX);
        let name = font_name(&format!("built-in {}-{}", preset.bank, preset.program));
        self.tables.instruments.push(FontEntry {
            name,
            program: 0,
            bank: 0,
            zones,
        });
        let reference = FontGenerator {
            number: INSTRUMENT,
            amount: index,
        };
        self.tables.presets.push(FontEntry {
            name,
            program: preset.program,
            bank: preset.bank,
            zones: vec![vec![reference]],
        });
    }

    /// Adds a sample and returns its index.
    fn add_sample(&mut self, waveform: &SampleWaveform) -> u16 {
        let index = u16::try_from(self.tables.samples.len()).unwrap_or(u16::MAX);
        let bytes: Vec<u8> = waveform
            .samples
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        let frames = u32::try_from(waveform.samples.len()).unwrap_or(0);
        let sample = FontSample {
            name: font_name(&format!("built-in {index}")),
            bytes: 0..0,
            // From the second frame, so that the interpolation at the start of the loop has a frame
            // before it. The loop is a second, and every period is whole in it.
            loop_start: if waveform.is_loop { 1 } else { 0 },
            loop_end: if waveform.is_loop {
                FONT_RATE + 1
            } else {
                frames.saturating_sub(1)
            },
            sample_rate: FONT_RATE,
            pitch: waveform.pitch,
            correction: waveform.correction.cast_unsigned(),
            kind: 1,
        };
        self.tables.add_sample(sample, &bytes, &mut self.data);
        index
    }

    fn instrument_zones(&mut self, sound: &InstrumentSound) -> Vec<Vec<FontGenerator>> {
        let mut zones = Vec::new();
        for (index, root) in ROOTS.iter().enumerate() {
            let waveform = match &sound.kind {
                SoundKind::Struck(struck) => struck_waveform(struck, *root),
                SoundKind::Held(held) => held_waveform(held, *root),
            };
            let sample = self.add_sample(&waveform);
            // The roots are an octave apart. A sample that is played far from its pitch sounds
            // wrong, so each has the keys that are nearest, and the outer ones all others.
            let low = if index == 0 { 0 } else { root - 6 };
            let high = ROOTS.get(index + 1).map_or(127, |next| next - 7);
            let mut zone = vec![
                key_range(low, high),
                generator(VIBRATO_TO_PITCH, sound.vibrato),
                generator(TREMOLO_TO_VOLUME, sound.tremolo),
                generator(TREMOLO_RATE, absolute_cents(9.0)),
                generator(VIBRATO_DELAY, timecents(0.35)),
                generator(VIBRATO_RATE, absolute_cents(5.2)),
                generator(ATTACK, timecents(sound.attack)),
                generator(DECAY, timecents(sound.decay)),
                generator(SUSTAIN, sound.sustain),
                generator(RELEASE, timecents(sound.release)),
            ];
            zone.push(generator(SAMPLE_MODES, i16::from(waveform.is_loop)));
            zone.push(FontGenerator {
                number: SAMPLE_ID,
                amount: sample,
            });
            zones.push(zone);
        }
        zones
    }

    fn percussion_zones(&mut self) -> Vec<Vec<FontGenerator>> {
        let mut zones = Vec::new();
        for key in PERCUSSION_KEYS {
            let waveform = SampleWaveform {
                samples: whole_samples(&percussion_samples(key)),
                pitch: u8::try_from(key).unwrap_or(60),
                correction: 0,
                is_loop: false,
            };
            let sample = self.add_sample(&waveform);
            zones.push(vec![
                key_range(key, key),
                // A stroke sounds to its end however short its note is.
                generator(RELEASE, timecents(3.0)),
                FontGenerator {
                    number: SAMPLE_ID,
                    amount: sample,
                },
            ]);
        }
        zones
    }
}

/// A computed sample.
struct SampleWaveform {
    samples: Vec<i16>,
    pitch: u8,
    correction: i8,
    is_loop: bool,
}

fn frequency(pitch: i32) -> f64 {
    440.0 * libm::exp2(f64::from(pitch - 69) / 12.0)
}

/// Returns samples as whole numbers, at a level that all samples have.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is within 16 bits"
)]
fn whole_samples(samples: &[f64]) -> Vec<i16> {
    let peak = samples
        .iter()
        .fold(1e-9_f64, |peak, sample| peak.max(sample.abs()));
    // The loudest tenth of a second, so that a long decay is not louder than a held tone.
    let window = (FONT_RATE / 10) as usize;
    let loudest = samples
        .chunks(window)
        .map(|chunk| chunk.iter().map(|sample| sample * sample).sum::<f64>() / chunk.len() as f64);
    let power = loudest.fold(1e-12, f64::max);
    let factor = (0.22 / libm::sqrt(power)).min(0.95 / peak);
    samples
        .iter()
        .map(|sample| (sample * factor * 32_767.0) as i16)
        .collect()
}

/// A partial: an oscillator that is turned by a fixed angle each frame.
struct SoundPartial {
    cosine: f64,
    sine: f64,
    turn_cosine: f64,
    turn_sine: f64,
}

impl SoundPartial {
    fn new(hertz: f64, level: f64, phase: f64, decay: f64) -> Self {
        let turn = TAU * hertz / f64::from(FONT_RATE);
        Self {
            cosine: level * libm::cos(phase),
            sine: level * libm::sin(phase),
            turn_cosine: libm::cos(turn) * decay,
            turn_sine: libm::sin(turn) * decay,
        }
    }

    fn add_to(mut self, samples: &mut [f64]) {
        for sample in samples {
            *sample += self.sine;
            // A rotation for each sample. A sine for each would take most of the time of a font.
            let cosine = self.cosine * self.turn_cosine - self.sine * self.turn_sine;
            self.sine = self.sine * self.turn_cosine + self.cosine * self.turn_sine;
            self.cosine = cosine;
        }
    }
}

/// Returns the factor of a frame by which a partial falls by 60 dB in `seconds`.
fn frame_decay(seconds: f64) -> f64 {
    libm::exp(-6.907_755 / (seconds.max(0.01) * f64::from(FONT_RATE)))
}

fn struck_waveform(struck: &StruckSound, root: i32) -> SampleWaveform {
    let hertz = frequency(root);
    let mut random = SeededRandom::for_part(u64::from(root.unsigned_abs()), "struck");
    // High tones die sooner, by about the half for an octave and a half.
    let decay = struck.decay * libm::exp2(f64::from(60 - root) / 18.0);
    let seconds = (decay * 0.8).clamp(0.15, 4.5);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some seconds"
    )]
    let length = (seconds * f64::from(FONT_RATE)) as usize;
    let mut samples = vec![0.0; length];
    for (index, ratio) in struck.partials().enumerate() {
        let partial = hertz * ratio;
        // Played half an octave higher, it would pass half of the rate and come back as another tone.
        if partial > HIGHEST_PARTIAL {
            continue;
        }
        let level = libm::pow(ratio, -struck.tilt) * struck.pluck_level(index);
        let partial_decay = decay / (1.0 + struck.damping * (ratio - 1.0));
        let phase = TAU * f64::from(random.next_unit());
        SoundPartial::new(partial, level, phase, frame_decay(partial_decay)).add_to(&mut samples);
    }
    // The stroke itself: a few milliseconds of noise.
    let mut level = struck.noise;
    for sample in &mut samples {
        *sample += level * f64::from(random.next_signed());
        level *= 0.996;
    }
    soften_ends(&mut samples);
    SampleWaveform {
        samples: whole_samples(&samples),
        pitch: u8::try_from(root).unwrap_or(60),
        correction: 0,
        is_loop: false,
    }
}

/// Fades the first millisecond in and the last hundredth of a second out, so that neither clicks.
fn soften_ends(samples: &mut [f64]) {
    let rise = (FONT_RATE / 1000) as usize;
    for (index, sample) in samples.iter_mut().take(rise).enumerate() {
        *sample *= index as f64 / rise as f64;
    }
    let fall = (FONT_RATE / 100) as usize;
    for (index, sample) in samples.iter_mut().rev().take(fall).enumerate() {
        *sample *= index as f64 / fall as f64;
    }
}

fn held_waveform(held: &HeldSound, root: i32) -> SampleWaveform {
    // A whole number of hertz, so that a second is a loop; the font file says what is missing.
    let hertz = libm::round(frequency(root));
    let cents = 1200.0 * libm::log2(frequency(root) / hertz);
    let mut random = SeededRandom::for_part(u64::from(root.unsigned_abs()), "held");
    let mut samples = vec![0.0; FONT_RATE as usize];
    let highest = libm::floor(HIGHEST_PARTIAL.min(hertz * 40.0) / hertz);
    let mut harmonic = 1.0;
    while harmonic <= highest {
        let level = held.harmonic_level(harmonic, harmonic * hertz);
        for voice in 0..held.voices {
            // Voices of a section are a few cents apart.
            let offset = f64::from(voice) - f64::from(held.voices - 1) / 2.0;
            let detuned = harmonic * hertz * (1.0 + held.spread * offset);
            let phase = TAU * f64::from(random.next_unit());
            SoundPartial::new(libm::round(detuned), level, phase, 1.0).add_to(&mut samples);
        }
        harmonic += 1.0;
    }
    for _ in 0..held.breath_partials() {
        let place = libm::round(hertz * 2.0 + 4000.0 * f64::from(random.next_unit()));
        let phase = TAU * f64::from(random.next_unit());
        SoundPartial::new(place, held.breath, phase, 1.0).add_to(&mut samples);
    }
    let mut samples = whole_samples(&samples);
    // The frames after the loop are its beginning, for the interpolation at its end.
    let again: Vec<i16> = samples.iter().take(4).copied().collect();
    samples.extend(again);
    #[expect(clippy::cast_possible_truncation, reason = "below half a semitone")]
    let correction = cents.clamp(-99.0, 99.0) as i8;
    SampleWaveform {
        samples,
        pitch: u8::try_from(root).unwrap_or(60),
        // The sample is lower than its pitch by the cents that the correction adds.
        correction,
        is_loop: true,
    }
}
