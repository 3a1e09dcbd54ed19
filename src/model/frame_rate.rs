//! Frame rates as exact fractions, and picture sizes in whole pixels.

use super::decimal_rate::DecimalRate;
pub use super::decimal_rate::UnclearRate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Frames a second, as a fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
// A fraction, because 23.976 is 24000/1001. Rounded to a decimal, the length of a long film could
// be off by a frame, and equal rates would differ.
pub struct FrameRate {
    /// Numerator.
    pub num: u32,
    /// Denominator, at least 1.
    pub den: u32,
}

impl FrameRate {
    /// Returns a whole number of frames a second.
    #[must_use]
    pub const fn from_fps(fps: u32) -> Self {
        Self { num: fps, den: 1 }
    }

    /// Parses `24`, `29.97` or `30000/1001`. `None`: not a rate from 0.01 to 1000, not a fraction
    /// of positive numbers, or a decimal such as 23.97 that may stand for several rates.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((num, den)) = text.split_once('/') {
            return Self::from_fraction(num.trim().parse().ok()?, den.trim().parse().ok()?);
        }
        let fps = parse_decimal(text)?;
        match DecimalRate::interpret(fps)? {
            DecimalRate::Clear(rate) => Some(rate),
            DecimalRate::Unclear(_) => None,
        }
    }

    /// Returns what a text that [`Self::parse`] refuses may stand for, if it is a decimal next to a
    /// rate in use.
    #[must_use]
    pub fn parse_unclear(text: &str) -> Option<UnclearRate> {
        match DecimalRate::interpret(parse_decimal(text)?)? {
            DecimalRate::Clear(_) => None,
            DecimalRate::Unclear(unclear) => Some(unclear),
        }
    }

    /// Returns `num / den` in lowest terms. `None`: one of them is zero.
    #[must_use]
    pub fn from_fraction(num: u32, den: u32) -> Option<Self> {
        let (lowest_num, lowest_den) = lowest_terms(num.into(), den.into());
        let lowest_num = u32::try_from(lowest_num).ok()?;
        let lowest_den = u32::try_from(lowest_den).ok()?;
        (num > 0 && den > 0).then_some(Self {
            num: lowest_num,
            den: lowest_den,
        })
    }

    /// Returns the ratio of this rate to `source` in lowest terms: so many frames of this rate last
    /// as long as so many of `source`.
    #[must_use]
    pub fn ratio_to(&self, source: Self) -> (u64, u64) {
        let times = |left: u32, right: u32| u64::from(left) * u64::from(right);
        lowest_terms(times(self.num, source.den), times(source.num, self.den))
    }

    /// Returns frames a second.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// Returns the duration of `frames` frames, in seconds.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "frame counts stay far below 2^52"
    )]
    pub fn duration_seconds(&self, frames: usize) -> f64 {
        frames as f64 / self.as_f64()
    }

    /// Returns the number of frames at this rate for `frames` frames of `source`, rounded up so
    /// that no frame is lost.
    #[must_use]
    pub fn resampled_count(&self, frames: usize, source: Self) -> usize {
        // Whole numbers, since an error of rounding would add or lose a frame. Products of three
        // 32-bit numbers need 128 bits.
        let ticks = frames as u128 * u128::from(source.den) * u128::from(self.num);
        usize::try_from(ticks.div_ceil(u128::from(source.num) * u128::from(self.den)))
            .unwrap_or(usize::MAX)
    }

    /// Returns the index of the `source` frame that is on screen when frame `index` of this rate is
    /// shown.
    #[must_use]
    pub fn source_index(&self, index: usize, source: Self) -> usize {
        // Rounded down: a frame stays on screen until the next one is due.
        let ticks = index as u128 * u128::from(self.den) * u128::from(source.num);
        usize::try_from(ticks / (u128::from(self.num) * u128::from(source.den)))
            .unwrap_or(usize::MAX)
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 {
            write!(f, "{}", self.num)
        } else {
            write!(f, "{}/{}", self.num, self.den)
        }
    }
}

/// Returns a number from 0.01 to 1000.
fn parse_decimal(text: &str) -> Option<f64> {
    let fps = text.trim().parse().ok();
    fps.filter(|fps| (0.01..=1000.0).contains(fps))
}

/// Returns a fraction in lowest terms.
fn lowest_terms(num: u64, den: u64) -> (u64, u64) {
    let mut divisor = num;
    let mut rest = den;
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (num / divisor.max(1), den / divisor.max(1))
}

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PixelSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl PixelSize {
    /// Returns the size.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Returns the number of pixels.
    #[must_use]
    pub const fn pixel_count(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// Returns width divided by height.
    #[must_use]
    pub fn aspect_ratio(&self) -> f64 {
        // A size of zero is an error elsewhere. Here it must not divide by zero.
        f64::from(self.width) / f64::from(self.height.max(1))
    }
}

impl fmt::Display for PixelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcast_decimals_become_exact_fractions() {
        assert_eq!(
            FrameRate::parse("23.976"),
            FrameRate::from_fraction(24000, 1001)
        );
        assert_eq!(
            FrameRate::parse("29.97"),
            FrameRate::from_fraction(30000, 1001)
        );
        assert_eq!(FrameRate::parse("12.5"), FrameRate::from_fraction(25, 2));
    }

    #[test]
    fn halving_the_rate_keeps_every_second_frame() {
        let game = FrameRate::from_fps(12);
        let film = FrameRate::from_fps(24);
        assert_eq!(game.resampled_count(49, film), 25);
        assert_eq!(
            (0..4)
                .map(|i| game.source_index(i, film))
                .collect::<Vec<_>>(),
            [0, 2, 4, 6]
        );
    }
}
