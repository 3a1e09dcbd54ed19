//! The numbers about sound: the range of each, and the help for one that is outside of it.

use super::context::ResolveContext;
use crate::base::Spanned;
use crate::model::value_ranges::{self, ValueRange};
use std::fmt::Display;

/// A kind of number about sound.
#[derive(Debug, Clone, Copy)]
pub(super) struct SoundNumber<N> {
    range: ValueRange<N>,
    /// What to write, with the unit.
    form: &'static str,
    /// Returns the number that was likely meant by one outside of the range.
    meant: fn(N) -> N,
}

/// Loudness of a mix.
pub(super) const LOUDNESS: SoundNumber<f32> = SoundNumber {
    range: value_ranges::LOUDNESS,
    form: "LUFS such as `-16`, or a name such as `ebu_r128`, `streaming` or `podcast`",
    // People leave the sign out, since no loudness is above 0.
    meant: |lufs| -lufs,
};
/// Ceiling of the true peak.
pub(super) const TRUE_PEAK: SoundNumber<f32> = SoundNumber {
    range: value_ranges::TRUE_PEAK,
    form: "dBTP such as `-1`",
    meant: |peak| -peak,
};
/// Decibels on top of a usual level.
pub(super) const GAIN: SoundNumber<f32> = SoundNumber {
    range: value_ranges::DECIBELS,
    form: "decibels such as `-3`",
    meant: |gain| gain,
};
/// Decibels by which music gives way.
pub(super) const DEPTH: SoundNumber<f32> = SoundNumber {
    range: value_ranges::DUCKING,
    form: "decibels such as `9`; 0 turns it off",
    meant: |depth| -depth,
};
/// Place from left to right.
pub(super) const PAN: SoundNumber<f32> = SoundNumber {
    range: value_ranges::BALANCE,
    form: "-1 for left, 0 for the middle, 1 for right, or a number between them",
    // Mixers show percent.
    meant: |percent| percent / 100.0,
};
/// Semitones of a voice.
pub(super) const PITCH: SoundNumber<f32> = SoundNumber {
    range: value_ranges::PITCH,
    form: "semitones such as `-2`; 12 are an octave",
    meant: |semitones| semitones,
};
/// Seconds of a fade, a hold or a part that is left out.
pub(super) const SECONDS: SoundNumber<f32> = SoundNumber {
    range: value_ranges::FADE,
    form: "seconds such as `1.5`",
    meant: |milliseconds| milliseconds / 1000.0,
};
/// Words a minute of a voice.
pub(super) const WORDS_PER_MINUTE: SoundNumber<u32> = SoundNumber {
    range: value_ranges::WORDS_PER_MINUTE,
    form: "words a minute such as `150`",
    meant: |words| words,
};
/// Samples a second of a console.
pub(super) const CONSOLE_RATE: SoundNumber<u32> = SoundNumber {
    range: value_ranges::CONSOLE_RATE,
    form: "samples a second such as `32000`",
    // Sheets of consoles give kilohertz.
    meant: |kilohertz| kilohertz.saturating_mul(1000),
};
/// Bits a sample of a console.
pub(super) const CONSOLE_BITS: SoundNumber<u32> = SoundNumber {
    range: value_ranges::CONSOLE_BITS,
    form: "bits a sample such as `8`",
    meant: |bits| bits,
};

impl<N: PartialOrd + Display + Copy> SoundNumber<N> {
    /// Returns the number of an optional field. `None`: unset or reported.
    pub(super) fn resolve(
        &self,
        context: &mut ResolveContext<'_>,
        field: &str,
        value: Option<&Spanned<N>>,
    ) -> Option<N> {
        let value = value?;
        context.in_range_with_help(field, value, self.range, |wrong| Some(self.help(wrong)))
    }

    fn help(&self, wrong: N) -> String {
        let meant = (self.meant)(wrong);
        // The usual slip is offered only where it gives a number that is allowed.
        if self.range.contains(meant) {
            format!("did you mean `{meant}`? write {}", self.form)
        } else {
            format!("write {}", self.form)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_outside_of_its_range_has_the_likely_one_as_help() {
        for (help, start) in [
            (LOUDNESS.help(14.0), "did you mean `-14`? write LUFS"),
            (LOUDNESS.help(-3.0), "write LUFS"),
            (TRUE_PEAK.help(1.5), "did you mean `-1.5`?"),
            (PAN.help(-50.0), "did you mean `-0.5`?"),
            (PAN.help(f32::NAN), "write -1 for left"),
            (DEPTH.help(-12.0), "did you mean `12`?"),
            (SECONDS.help(1500.0), "did you mean `1.5`?"),
            (SECONDS.help(-1.0), "write seconds"),
            (GAIN.help(30.0), "write decibels"),
            (WORDS_PER_MINUTE.help(20), "write words a minute"),
            (CONSOLE_RATE.help(32), "did you mean `32000`?"),
            (CONSOLE_BITS.help(24), "write bits"),
        ] {
            assert!(help.starts_with(start), "{help}");
        }
    }
}
