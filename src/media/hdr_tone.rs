//! From light to a screen of high dynamic range: highlights, BT.2020, PQ and HLG.
//!
//! Scene-linear 1 is the reference white of ITU-R BT.2408, 203 cd/m2, so middle grey (0.18) is as
//! bright as in the film for usual screens. Up to reference white, light is shown as it is. Above,
//! it rolls off exponentially towards the peak of 1000 cd/m2, which it never exceeds:
//! `peak - (peak - 1) * exp(-(light - 1) / (peak - 1))`, in units of reference white. Value and
//! slope are continuous there. The greatest channel decides and the others keep their ratio to it,
//! so hues do not shift. Between, the grade works on display values of gamma 2.2 with 1 at
//! reference white, as it does for usual screens, and continues above 1.

use crate::model::HdrTransfer;
use std::sync::OnceLock;

/// Reference white of BT.2408, in cd/m2.
pub const REFERENCE_WHITE: f32 = 203.0;

/// The brightest that is shown, in cd/m2.
pub const PEAK_LUMINANCE: f32 = 1000.0;

/// The peak in units of reference white.
const PEAK: f32 = PEAK_LUMINANCE / REFERENCE_WHITE;

/// Gamma of the display values that the grade works on.
const DISPLAY_GAMMA: f32 = 2.2;

/// The display value of the peak.
const PEAK_VALUE: f32 = 2.064;

/// Steps of each table. Values between them are interpolated.
const TABLE_STEPS: usize = 4096;

/// Linear RGB of BT.709 in the primaries of BT.2020 (ITU-R BT.2087).
const BT709_TO_BT2020: [[f32; 3]; 3] = [
    [0.627_404, 0.329_283, 0.043_313],
    [0.069_097, 0.919_540, 0.011_362],
    [0.016_391, 0.088_013, 0.895_595],
];

/// Weights of luminance in BT.2020.
const LUMINANCE_WEIGHTS: [f32; 3] = [0.2627, 0.6780, 0.0593];

/// Gamma of the opto-optical transfer of HLG on a screen of 1000 cd/m2.
const HLG_GAMMA: f32 = 1.2;

/// Returns display values of scene-linear RGB: 1 is reference white, and the peak 2.06. NaN and
/// negative light are black.
#[must_use]
pub fn highlight_values(linear: [f32; 3]) -> [f32; 3] {
    let light = linear.map(|value| value.max(0.0));
    let greatest = light.iter().copied().fold(0.0, f32::max);
    let shown = roll_off(greatest);
    // Infinite light has no ratios.
    let scale = if greatest > 0.0 && greatest.is_finite() {
        shown / greatest
    } else {
        0.0
    };
    let even = if greatest.is_finite() { 0.0 } else { shown };
    light.map(|value| {
        let value = if value.is_finite() {
            value * scale
        } else {
            0.0
        };
        curves().to_display.interpolate(value.max(even))
    })
}

/// Returns light with highlights rolled off, in units of reference white.
fn roll_off(light: f32) -> f32 {
    if light <= 1.0 {
        light
    } else {
        let room = PEAK - 1.0;
        PEAK - room * libm::expf(-(light - 1.0) / room)
    }
}

/// Encodes display values as RGB of BT.2020 in 0..=1. Values outside of the screen are limited.
#[must_use]
pub fn encode_values(transfer: HdrTransfer, values: [f32; 3]) -> [f32; 3] {
    let curves = curves();
    let light = values.map(|value| curves.to_light.interpolate(value));
    let wide = BT709_TO_BT2020.map(|row| {
        let mixed = row[0] * light[0] + row[1] * light[1] + row[2] * light[2];
        // Of the peak.
        (mixed / PEAK).clamp(0.0, 1.0)
    });
    match transfer {
        HdrTransfer::Pq => wide.map(|share| curves.pq.interpolate(share)),
        HdrTransfer::Hlg => {
            let luminance: f32 = (0..3).map(|i| LUMINANCE_WEIGHTS[i] * wide[i]).sum();
            let scale = curves.hlg_scale.interpolate(luminance);
            wide.map(|share| curves.hlg.interpolate((share * scale).min(1.0)))
        }
    }
}

/// Returns the signals of a colour of a usual screen, whose white is reference white.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "signals are 0 to 1"
)]
pub fn colour_signals(transfer: HdrTransfer, colour: [u8; 3]) -> [u16; 3] {
    let values = colour.map(|value| f32::from(value) / 255.0);
    encode_values(transfer, values).map(|signal| (signal * 65535.0).round() as u16)
}

/// Returns the light that each signal of 16 bits stands for, as a share of the peak: that of the
/// screen in PQ, that of the scene in HLG.
#[must_use]
pub fn light_of_signals(transfer: HdrTransfer) -> &'static [f32] {
    static PQ: OnceLock<Vec<f32>> = OnceLock::new();
    static HLG: OnceLock<Vec<f32>> = OnceLock::new();
    let (table, light): (_, fn(f64) -> f64) = match transfer {
        HdrTransfer::Pq => (&PQ, |signal| {
            pq_light(signal) * 10_000.0 / f64::from(PEAK_LUMINANCE)
        }),
        HdrTransfer::Hlg => (&HLG, hlg_light),
    };
    table.get_or_init(|| {
        (0..=u16::MAX)
            .map(|signal| decoded_light(light, signal))
            .collect()
    })
}

#[expect(clippy::cast_possible_truncation, reason = "light is 0 to 1")]
fn decoded_light(light: fn(f64) -> f64, signal: u16) -> f32 {
    // Nothing is brighter than the peak.
    light(f64::from(signal) / 65535.0).clamp(0.0, 1.0) as f32
}

/// Returns the signal of some light, as [`light_of_signals`] has it.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "signals are 0 to 1"
)]
pub fn signal_of_light(transfer: HdrTransfer, light: f32) -> u16 {
    let curves = curves();
    let signal = match transfer {
        HdrTransfer::Pq => curves.pq.interpolate(light),
        HdrTransfer::Hlg => curves.hlg.interpolate(light),
    };
    (signal * 65535.0).round() as u16
}

/// A function of 0 to `end` as a table.
struct ValueTable {
    values: Vec<f32>,
    end: f32,
}

impl ValueTable {
    /// Fills the table. Steps are finer near 0, where transfer functions are steep.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a table has 4096 steps, and its values are near 0 to 1"
    )]
    fn fill(end: f32, function: impl Fn(f64) -> f64) -> Self {
        let value = |step: usize| {
            let root = step as f64 / TABLE_STEPS as f64;
            function(f64::from(end) * root * root * root * root) as f32
        };
        Self {
            values: (0..=TABLE_STEPS).map(value).collect(),
            end,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the table"
    )]
    fn interpolate(&self, value: f32) -> f32 {
        let share = (value / self.end).clamp(0.0, 1.0);
        // Square roots are rounded alike on every machine.
        let position = share.sqrt().sqrt() * TABLE_STEPS as f32;
        let low = (position as usize).min(TABLE_STEPS - 1);
        let part = position - low as f32;
        self.values[low] + (self.values[low + 1] - self.values[low]) * part
    }
}

/// The transfer functions. `powf` for every channel of every pixel would be slow.
struct TransferTables {
    to_display: ValueTable,
    to_light: ValueTable,
    pq: ValueTable,
    hlg: ValueTable,
    hlg_scale: ValueTable,
}

fn curves() -> &'static TransferTables {
    static TABLES: OnceLock<TransferTables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let gamma = f64::from(DISPLAY_GAMMA);
        TransferTables {
            to_display: ValueTable::fill(PEAK, |light| power(light, 1.0 / gamma)),
            to_light: ValueTable::fill(PEAK_VALUE, |value| power(value, gamma)),
            pq: ValueTable::fill(1.0, |share| {
                pq_signal(share * f64::from(PEAK_LUMINANCE) / 10_000.0)
            }),
            hlg: ValueTable::fill(1.0, hlg_signal),
            hlg_scale: ValueTable::fill(1.0, |luminance| {
                let gamma = f64::from(HLG_GAMMA);
                // Black has no scale; what is times it is black too.
                power(luminance.max(1e-6), (1.0 - gamma) / gamma)
            }),
        }
    })
}

fn power(base: f64, exponent: f64) -> f64 {
    // Alike on every machine, unlike `powf` of the standard library.
    libm::pow(base, exponent)
}

/// Encodes light as a share of 10,000 cd/m2 (SMPTE ST 2084).
fn pq_signal(light: f64) -> f64 {
    let root = power(light.max(0.0), 0.159_301_757_812_5);
    power(
        (0.835_937_5 + 18.851_562_5 * root) / (1.0 + 18.687_5 * root),
        78.843_75,
    )
}

/// Decodes light as a share of 10,000 cd/m2 (SMPTE ST 2084).
fn pq_light(signal: f64) -> f64 {
    let root = power(signal.max(0.0), 1.0 / 78.843_75);
    let light = (root - 0.835_937_5).max(0.0) / (18.851_562_5 - 18.687_5 * root);
    power(light, 1.0 / 0.159_301_757_812_5)
}

/// Constants of HLG (ARIB STD-B67).
const HLG_A: f64 = 0.178_832_77;
const HLG_B: f64 = 0.284_668_92;
const HLG_C: f64 = 0.559_910_73;

/// Decodes the light of a scene, 0 to 1 (ARIB STD-B67).
fn hlg_light(signal: f64) -> f64 {
    if signal <= 0.5 {
        signal * signal / 3.0
    } else {
        (libm::exp((signal - HLG_C) / HLG_A) + HLG_B) / 12.0
    }
}

/// Encodes the light of a scene, 0 to 1 (ARIB STD-B67).
fn hlg_signal(light: f64) -> f64 {
    if light <= 1.0 / 12.0 {
        (3.0 * light).sqrt()
    } else {
        HLG_A * libm::log(12.0 * light - HLG_B) + HLG_C
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(transfer: HdrTransfer, light: f32) -> f32 {
        encode_values(transfer, highlight_values([light; 3]))[1]
    }

    #[test]
    fn reference_white_and_peak_are_where_the_standards_have_them() {
        // BT.2408: 203 cd/m2 is 58 % of PQ and 75 % of HLG; 1000 cd/m2 is 75.2 % of PQ.
        assert!((shown(HdrTransfer::Pq, 1.0) - 0.5807).abs() < 1e-3);
        assert!((shown(HdrTransfer::Hlg, 1.0) - 0.7500).abs() < 2e-3);
        assert!((shown(HdrTransfer::Pq, 1e6) - 0.7518).abs() < 1e-3);
        assert!((shown(HdrTransfer::Hlg, 1e6) - 1.0).abs() < 1e-3);
        assert!(shown(HdrTransfer::Pq, 0.0) < 1e-6);
    }

    #[test]
    fn brighter_light_is_never_shown_darker_and_nothing_exceeds_the_peak() {
        for transfer in [HdrTransfer::Pq, HdrTransfer::Hlg] {
            let shades: Vec<f32> = (0..4000)
                .map(|step| shown(transfer, 2f32.powf(step as f32 / 200.0 - 10.0)))
                .collect();
            assert!(shades.windows(2).all(|pair| pair[1] >= pair[0]));
            assert!(shades.iter().all(|shade| (0.0..=1.0).contains(shade)));
        }
    }

    #[test]
    fn hues_stay_in_highlights() {
        let values = highlight_values([16.0, 8.0, 4.0]);
        let light = values.map(|value| curves().to_light.interpolate(value));
        assert!((light[0] / light[1] - 2.0).abs() < 0.01, "{light:?}");
        assert!((light[1] / light[2] - 2.0).abs() < 0.01, "{light:?}");
        assert!(light[0] < PEAK);
    }

    #[test]
    fn strange_light_stays_on_screen() {
        for light in [
            [f32::NAN; 3],
            [f32::INFINITY, 0.0, 1.0],
            [-5.0; 3],
            [65_504.0; 3],
        ] {
            let values = encode_values(HdrTransfer::Pq, highlight_values(light));
            assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }

    #[test]
    fn the_tables_are_close_to_the_functions() {
        for step in 0..=1000 {
            let share = step as f32 / 1000.0;
            let wanted = pq_signal(f64::from(share) * 0.1);
            let found = f64::from(curves().pq.interpolate(share));
            // A tenth of a step of 10 bits.
            assert!((wanted - found).abs() < 1e-4, "{share}: {wanted} {found}");
        }
    }
}
