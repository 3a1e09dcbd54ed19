//! How long each picture of an animation is shown, in the whole ticks that its format has.

use super::AnimationFormat;
use crate::model::FrameRate;

/// Delays of pictures whose sum is exact to a tick for any number of pictures.
///
/// Each picture is shown from the tick nearest to its time to that of the next one. At 24 a second
/// in hundredths, these are 4 and 5 in turn, and 24 of them last exactly a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureDelays {
    rate: FrameRate,
    ticks_per_second: u64,
}

impl PictureDelays {
    /// Returns the delays of an animation of this rate.
    #[must_use]
    pub fn for_animation(format: AnimationFormat, rate: FrameRate) -> Self {
        match format {
            AnimationFormat::Gif => Self::rounded(rate, 100),
            // Animated PNG holds any fraction of a second, and browsers round each to milliseconds:
            // 1/24 s is shown for 41 ms, and two seconds are over after 1.97 s.
            AnimationFormat::Webp | AnimationFormat::Apng => Self::rounded(rate, 1000),
        }
    }

    /// Returns the delays at a rate, rounded to ticks.
    #[must_use]
    pub const fn rounded(rate: FrameRate, ticks_per_second: u64) -> Self {
        Self {
            rate,
            ticks_per_second,
        }
    }

    /// Returns the ticks of a second.
    #[must_use]
    pub const fn ticks_per_second(&self) -> u64 {
        self.ticks_per_second
    }

    /// Returns how many ticks picture `index` (from 0) is shown.
    #[must_use]
    pub fn delay(&self, index: usize) -> u64 {
        self.start(index.saturating_add(1)) - self.start(index)
    }

    /// Returns the tick at which picture `index` begins, which is also the length of as many.
    #[must_use]
    pub fn start(&self, index: usize) -> u64 {
        let rate = u128::from(self.rate.num.max(1));
        let ticks = index as u128 * u128::from(self.rate.den) * u128::from(self.ticks_per_second);
        u64::try_from((ticks + rate / 2) / rate).unwrap_or(u64::MAX)
    }

    /// Returns the delays that occur among so many pictures, from short to long.
    #[must_use]
    pub fn distinct(&self, pictures: usize) -> Vec<u64> {
        // Two neighbours at most, and both occur within the first hundreds if at all.
        let mut delays: Vec<u64> = (0..pictures.min(10_000))
            .map(|index| self.delay(index))
            .collect();
        delays.sort_unstable();
        delays.dedup();
        delays
    }

    /// Returns for people how long pictures are shown, such as `4 and 5 hundredths of a second a
    /// picture, 2.00 s`.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a length for people, far below 2^52 ticks"
    )]
    pub fn words(&self, pictures: usize) -> String {
        let unit = match self.ticks_per_second {
            100 => "hundredths of a second",
            _ => "ms",
        };
        let delays: Vec<String> = self
            .distinct(pictures)
            .iter()
            .map(ToString::to_string)
            .collect();
        let seconds = self.start(pictures) as f64 / self.ticks_per_second as f64;
        let digits = if self.ticks_per_second == 100 { 2 } else { 3 };
        format!(
            "{} {unit} a picture, {seconds:.digits$} s",
            delays.join(" and ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundredths(rate: &str) -> PictureDelays {
        PictureDelays::rounded(FrameRate::parse(rate).unwrap(), 100)
    }

    #[test]
    fn delays_are_spread_so_that_the_sum_is_exact() {
        for (rate, pictures, length) in [
            ("24", 48, 200),
            ("50", 100, 200),
            ("30", 60, 200),
            ("23.976", 24_000, 100_100),
            ("12.5", 25, 200),
            ("1", 3, 300),
        ] {
            let delays = hundredths(rate);
            let sum: u64 = (0..pictures).map(|index| delays.delay(index)).sum();
            assert_eq!(sum, length, "{rate}");
            assert_eq!(delays.start(pictures), length, "{rate}");
            let distinct = delays.distinct(pictures);
            assert!(distinct.len() <= 2 && distinct[0] >= 2, "{distinct:?}");
        }
    }

    #[test]
    fn people_read_how_long_a_picture_is_shown() {
        assert_eq!(
            hundredths("24").words(48),
            "4 and 5 hundredths of a second a picture, 2.00 s"
        );
        let delays = PictureDelays::rounded(FrameRate::from_fps(30), 1000);
        assert_eq!(delays.words(3), "33 and 34 ms a picture, 0.100 s");
        let film = FrameRate::from_fps(24);
        let delays = PictureDelays::for_animation(AnimationFormat::Apng, film);
        assert_eq!(delays.words(48), "41 and 42 ms a picture, 2.000 s");
    }
}
