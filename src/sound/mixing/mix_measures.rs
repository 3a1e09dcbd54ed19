//! From what the meters measured to the facts of a mix.

use crate::model::sound::{
    LoudnessCurve, LoudnessTarget, MixFacts, MixReason, MixReasonKind, WaveformBins,
};
use crate::sound::{CURVE_RATE, LoudnessGap, LoudnessMeasure, MOST_BINS, WaveformSummary};

/// What was measured of one mix.
#[derive(Debug)]
pub(super) struct MixMeasures {
    pub(super) mix: LoudnessMeasure,
    pub(super) waveform: WaveformSummary,
    /// The most that the limiter took off, as a factor.
    pub(super) lowest_gain: f32,
    /// Stems that would have samples beyond full scale, and were limited.
    pub(super) limited_stems: Vec<&'static str>,
}

/// What does not depend on the mix as it was written.
#[derive(Debug)]
pub(super) struct MixSubject<'a> {
    pub(super) sample_rate: u32,
    pub(super) length: u64,
    pub(super) target: &'a LoudnessTarget,
    pub(super) dialogue: LoudnessMeasure,
}

impl MixSubject<'_> {
    /// Returns the facts of a mix that was raised by `gain` decibels.
    pub(super) fn mix_facts(
        &self,
        measures: &MixMeasures,
        gain: f64,
        missed: Option<MixReason>,
    ) -> MixFacts {
        let MixMeasures { mix, waveform, .. } = measures;
        // A gain of 0 would be an infinite number of decibels.
        let lowest = f64::from(measures.lowest_gain.max(1e-6));
        let dialogue = self.dialogue.integrated.ok();
        let mut reasons: Vec<MixReason> = self.gap_reasons(mix);
        reasons.extend(missed);
        if !measures.limited_stems.is_empty() {
            let names = measures.limited_stems.join(", ");
            reasons.push(reason(
                MixReasonKind::StemClipped,
                format!("peaks above full scale are limited in {names}: there the stems do not add up to the mix"),
            ));
        }
        MixFacts {
            sample_rate: self.sample_rate,
            length: self.length,
            target: tidy(f64::from(self.target.lufs), 100.0),
            target_name: self.target.name.clone(),
            ceiling: tidy(f64::from(self.target.true_peak), 100.0),
            integrated: mix.integrated.ok().map(two_digits),
            ungated: mix.ungated.map(two_digits),
            range: mix.range.map(two_digits),
            loudest_moment: mix.loudest_moment().map(two_digits),
            true_peak: mix.true_peak.map(two_digits),
            // The stem was measured before the gain.
            dialogue: dialogue.map(|level| two_digits(level + gain)),
            dialogue_range: self.dialogue.range.map(two_digits),
            gain: two_digits(gain),
            limited: two_digits(-20.0 * libm::log10(lowest)),
            reasons,
            curve: loudness_curve(&mix.momentary),
            waveform: waveform_bins(waveform, self.sample_rate),
        }
    }

    fn gap_reasons(&self, mix: &LoudnessMeasure) -> Vec<MixReason> {
        let seconds = self.length as f64 / f64::from(self.sample_rate.max(1));
        let gap = mix.integrated.err().map(|gap| match gap {
            LoudnessGap::Silent => reason(MixReasonKind::Silent, "nothing is heard"),
            LoudnessGap::TooShort => reason(
                MixReasonKind::TooShort,
                format!(
                    "{seconds:.3} s are shorter than the 0.4 s that a meter needs; the loudness of all of it is used"
                ),
            ),
            LoudnessGap::BelowGate => reason(
                MixReasonKind::BelowGate,
                "nothing is louder than -70 LUFS, where meters begin; it is left as it is",
            ),
        });
        let no_range = (mix.range.is_none() && mix.integrated.is_ok()).then(|| {
            reason(
                MixReasonKind::NoRange,
                format!("{seconds:.3} s are shorter than the 3 s that a loudness range needs"),
            )
        });
        gap.into_iter().chain(no_range).collect()
    }
}

pub(super) fn reason(kind: MixReasonKind, text: impl Into<String>) -> MixReason {
    MixReason {
        kind,
        text: text.into(),
    }
}

/// Returns the value rounded to hundredths.
// The meters call functions of the system whose last digits differ between machines. Rounded
// values do not.
pub(super) fn two_digits(value: f64) -> f64 {
    tidy(value, 100.0)
}

fn tidy(value: f64, steps: f64) -> f64 {
    let rounded = libm::round(value * steps) / steps;
    // Neither infinite values nor `-0.0` belong in JSON.
    if rounded.is_finite() && rounded != 0.0 {
        rounded
    } else {
        0.0
    }
}

/// Returns the curve in at most [`MOST_BINS`] values, each the loudest of its step.
fn loudness_curve(momentary: &[Option<f64>]) -> LoudnessCurve {
    let most = usize::try_from(MOST_BINS).unwrap_or(usize::MAX);
    let group = momentary.len().div_ceil(most).max(1);
    let loudest = |values: &[Option<f64>]| {
        let loudest = values.iter().flatten().copied().reduce(f64::max);
        loudest.map(|level| tidy(level, 10.0))
    };
    LoudnessCurve {
        step: group as f64 / f64::from(CURVE_RATE),
        values: momentary.chunks(group).map(loudest).collect(),
    }
}

fn waveform_bins(waveform: &WaveformSummary, sample_rate: u32) -> WaveformBins {
    let tidied = |samples: &[f32]| {
        let samples = samples.iter();
        samples
            .map(|sample| tidy(f64::from(*sample), 1000.0))
            .collect()
    };
    let step = waveform.bin_length() as f64 / f64::from(sample_rate.max(1));
    WaveformBins {
        step: tidy(step, 1e6),
        low: tidied(waveform.lows()),
        high: tidied(waveform.highs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_infinite_or_a_negative_zero() {
        assert_eq!(two_digits(f64::NEG_INFINITY), 0.0);
        assert_eq!(two_digits(f64::NAN), 0.0);
        assert!(two_digits(-0.001).is_sign_positive());
        assert_eq!(two_digits(-23.004), -23.0);
    }

    #[test]
    fn a_long_curve_keeps_its_peaks() {
        let mut momentary = vec![Some(-30.0); 9001];
        momentary[4321] = Some(-9.96);
        momentary[0] = None;
        momentary[9000] = None;
        let curve = loudness_curve(&momentary);
        assert!(curve.values.len() <= 2000);
        assert!(curve.values.contains(&Some(-10.0)));
        assert_eq!(curve.values[0], Some(-30.0));
        assert_eq!(curve.values.last(), Some(&None));
        assert!((curve.step - 0.5).abs() < 1e-9);
        assert_eq!(loudness_curve(&[]).values, []);
    }
}
