//! Timecode: frames since midnight as `hh:mm:ss:ff`.

use crate::model::frame_rate::FrameRate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How timecode counts frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimecodeCounting {
    /// Every number is used: `hh:mm:ss:ff`.
    #[default]
    NonDrop,
    /// Numbers are left out, so that 29.97 and 59.94 frames a second follow the clock:
    /// `hh:mm:ss;ff`.
    Drop,
}

/// A frame in timecode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timecode {
    /// Frames since midnight.
    pub frames: u64,
    /// Frames a second.
    pub rate: FrameRate,
    /// How numbers are counted.
    pub counting: TimecodeCounting,
}

impl Timecode {
    /// Returns the timecode of a frame since midnight, without dropped numbers.
    #[must_use]
    pub const fn from_frames(frames: u64, rate: FrameRate) -> Self {
        Self {
            frames,
            rate,
            counting: TimecodeCounting::NonDrop,
        }
    }

    /// Returns the same frame counted with dropped numbers, if its rate has them.
    #[must_use]
    pub fn with_dropped_numbers(self) -> Self {
        let counting = match dropped_numbers(self.rate) {
            Some(_) => TimecodeCounting::Drop,
            None => TimecodeCounting::NonDrop,
        };
        Self { counting, ..self }
    }

    /// Reads `hh:mm:ss:ff`, or `hh:mm:ss;ff` with dropped numbers. `None`: it is written otherwise,
    /// the rate has no such frame, or the number is one that is dropped.
    #[must_use]
    pub fn parse(text: &str, rate: FrameRate) -> Option<Self> {
        let text = text.trim();
        let counting = if text.contains([';', ',']) {
            TimecodeCounting::Drop
        } else {
            TimecodeCounting::NonDrop
        };
        let fields: Vec<&str> = text.split([':', ';', ',', '.']).collect();
        // Exactly four: with fewer, it would be unclear what is left out.
        let [hours, minutes, seconds, frame] = fields.try_into().ok()?;
        let base = u64::from(nominal_rate(rate));
        let [hours, minutes, seconds] = [
            parse_field(hours, 24)?,
            parse_field(minutes, 60)?,
            parse_field(seconds, 60)?,
        ];
        let frame = parse_field(frame, base)?;
        let seconds = (hours * 60 + minutes) * 60 + seconds;
        Self::from_clock(seconds, frame, rate, counting)
    }

    /// Returns the frame that is shown as so many seconds and `frame`. `None`: that number is
    /// dropped, or the rate drops none.
    fn from_clock(
        seconds: u64,
        frame: u64,
        rate: FrameRate,
        counting: TimecodeCounting,
    ) -> Option<Self> {
        let numbers = seconds * u64::from(nominal_rate(rate)) + frame;
        if counting == TimecodeCounting::NonDrop {
            return Some(Self::from_frames(numbers, rate));
        }
        let dropped = dropped_numbers(rate)?;
        let minutes = seconds / 60;
        // These numbers are dropped, so no frame has them.
        if seconds.is_multiple_of(60) && frame < dropped && !minutes.is_multiple_of(10) {
            return None;
        }
        Some(Self {
            frames: numbers - dropped * (minutes - minutes / 10),
            rate,
            counting,
        })
    }

    /// Returns the timecode of a film of another rate that shows the same hours, minutes and
    /// seconds. Frames are the nearest earlier ones.
    #[must_use]
    pub fn at_rate(self, rate: FrameRate) -> Self {
        let base = u64::from(nominal_rate(self.rate));
        let number = self.shown_number();
        let seconds = number / base;
        let frame = number % base * u64::from(nominal_rate(rate)) / base;
        let drops = self.counting == TimecodeCounting::Drop && dropped_numbers(rate).is_some();
        let counting = match drops {
            true => TimecodeCounting::Drop,
            false => TimecodeCounting::NonDrop,
        };
        let clock = |frame| Self::from_clock(seconds, frame, rate, counting);
        // A number that the other rate drops is that of the first frame behind the gap.
        let first_counted = dropped_numbers(rate).unwrap_or_default();
        clock(frame)
            .or_else(|| clock(first_counted))
            .unwrap_or(Self { rate, ..self })
    }

    /// Returns the timecode so many frames earlier; before midnight, that of the day before.
    #[must_use]
    pub fn earlier(self, frames: u64) -> Self {
        let day = self.day_length();
        let frames = (self.frames % day + day - frames % day) % day;
        Self { frames, ..self }
    }

    /// Returns the frames after which timecode begins again.
    #[must_use]
    pub fn day_length(self) -> u64 {
        let base = u64::from(nominal_rate(self.rate));
        let dropped =
            dropped_numbers(self.rate).filter(|_| self.counting == TimecodeCounting::Drop);
        // Each minute but every tenth drops numbers.
        base * 24 * 3600 - dropped.unwrap_or_default() * 24 * 54
    }

    /// Returns the number that is shown for this frame if no number were dropped before it.
    fn shown_number(self) -> u64 {
        let Some(dropped) =
            dropped_numbers(self.rate).filter(|_| self.counting == TimecodeCounting::Drop)
        else {
            return self.frames;
        };
        let base = u64::from(nominal_rate(self.rate));
        // The first minute of ten is whole, and the other nine are shorter.
        let minute = base * 60 - dropped;
        let ten_minutes = minute * 10 + dropped;
        let within = self.frames % ten_minutes;
        let minutes = within.saturating_sub(dropped) / minute;
        self.frames + dropped * (9 * (self.frames / ten_minutes) + minutes)
    }
}

impl fmt::Display for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.shown_number();
        let base = u64::from(nominal_rate(self.rate));
        let seconds = number / base;
        let mark = match self.counting {
            TimecodeCounting::NonDrop => ':',
            TimecodeCounting::Drop => ';',
        };
        write!(
            f,
            "{:02}:{:02}:{:02}{mark}{:02}",
            // A clock: after a day it begins again.
            seconds / 3600 % 24,
            seconds / 60 % 60,
            seconds % 60,
            number % base
        )
    }
}

impl FrameRate {
    /// Returns whether SMPTE ST 12 has timecode of this rate. 12 and 15 frames a second have none.
    #[must_use]
    pub const fn has_timecode(self) -> bool {
        matches!(
            (self.num, self.den),
            (24 | 25 | 30 | 48 | 50 | 60, 1) | (24_000 | 30_000 | 48_000 | 60_000, 1001)
        )
    }
}

/// Returns the number of frames that timecode counts in a second: 30 for 30000/1001.
fn nominal_rate(rate: FrameRate) -> u32 {
    // Timecode at 29.97 counts to 30.
    rate.num.div_ceil(rate.den.max(1)).max(1)
}

/// Returns how many numbers are dropped each minute, but every tenth. `None`: the rate drops none.
const fn dropped_numbers(rate: FrameRate) -> Option<u64> {
    match (rate.num, rate.den) {
        (30_000, 1001) => Some(2),
        (60_000, 1001) => Some(4),
        _ => None,
    }
}

/// Reads a number of one or more digits below `limit`.
fn parse_field(text: &str, limit: u64) -> Option<u64> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = text.parse().ok().filter(|_| is_number);
    value.filter(|value| *value < limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILM: FrameRate = FrameRate::from_fps(24);
    const NTSC: FrameRate = FrameRate {
        num: 30_000,
        den: 1001,
    };

    #[test]
    fn timecode_counts_frames_of_the_nominal_rate() {
        let hour = Timecode::from_frames(3600 * 24 + 25, FILM);
        assert_eq!(hour.to_string(), "01:00:01:01");
        let ntsc = Timecode::from_frames(3600 * 30, NTSC);
        assert_eq!(ntsc.to_string(), "01:00:00:00");
        assert_eq!(Timecode::parse(" 01:00:01:01 ", FILM), Some(hour));
    }

    #[test]
    fn dropped_numbers_follow_the_clock() {
        // An hour of the clock has 107,892 frames at 30000/1001.
        let code = |frames| {
            Timecode::from_frames(frames, NTSC)
                .with_dropped_numbers()
                .to_string()
        };
        assert_eq!(code(107_892), "01:00:00;00");
        assert_eq!(code(1799), "00:00:59;29");
        assert_eq!(code(1800), "00:01:00;02");
        assert_eq!(code(17_981), "00:09:59;29");
        assert_eq!(code(17_982), "00:10:00;00");
        assert_eq!(Timecode::parse("00:01:00;00", NTSC), None, "it is dropped");
        assert_eq!(
            Timecode::from_frames(5, FILM).with_dropped_numbers(),
            Timecode::from_frames(5, FILM),
            "24 frames a second drop no number"
        );
    }

    #[test]
    fn another_rate_shows_the_same_clock() {
        let at = |text: &str, from, into| {
            let code = Timecode::parse(text, from).unwrap().at_rate(into);
            (code.to_string(), code.rate == into)
        };
        let pal = FrameRate::from_fps(25);
        assert_eq!(at("01:00:00:00", FILM, pal), ("01:00:00:00".into(), true));
        assert_eq!(at("00:00:41:17", FILM, pal), ("00:00:41:17".into(), true));
        assert_eq!(at("10:00:00:12", FILM, NTSC), ("10:00:00:15".into(), true));
        assert_eq!(at("00:59:59;29", NTSC, FILM), ("00:59:59:23".into(), true));
        let twice = FrameRate {
            num: 60_000,
            den: 1001,
        };
        // 29.97 drops two numbers a minute, and 59.94 four.
        assert_eq!(at("00:01:00;02", NTSC, twice), ("00:01:00;04".into(), true));
        assert_eq!(at("00:01:00;05", twice, NTSC).0, "00:01:00;02");
    }

    #[test]
    fn only_timecode_is_read() {
        for wrong in [
            "",
            "1",
            "01:00:00",
            "24:00:00:00",
            "00:60:00:00",
            "00:00:60:00",
            "00:00:00:24",
            "-1:00:00:00",
            "+1:00:00:00",
            "0a:00:00:00",
            "00:00:00;00",
            "00:00:00:00:00",
            "99999999999999999999:0:0:0",
        ] {
            assert_eq!(Timecode::parse(wrong, FILM), None, "{wrong}");
        }
    }

    #[test]
    fn rates_of_games_have_no_timecode() {
        assert!(FILM.has_timecode() && NTSC.has_timecode());
        for fps in [1, 8, 10, 12, 15, 29, 120] {
            assert!(!FrameRate::from_fps(fps).has_timecode(), "{fps}");
        }
    }

    #[test]
    fn what_is_before_midnight_is_of_the_day_before() {
        let start = Timecode::from_frames(86_400, FILM);
        assert_eq!(start.earlier(24).to_string(), "00:59:59:00");
        let midnight = Timecode::from_frames(0, FILM);
        assert_eq!(midnight.earlier(1).to_string(), "23:59:59:23");
        assert_eq!(midnight.earlier(0), midnight);
        let dropped = Timecode::from_frames(0, NTSC);
        let last = dropped.with_dropped_numbers().earlier(1);
        assert_eq!(last.to_string(), "23:59:59;29");
    }

    proptest! {
        #[test]
        fn timecode_is_read_as_it_is_written(
            frames in 0u64..24 * 3600 * 24,
            rate in prop::sample::select(vec![FILM, NTSC, FrameRate { num: 60_000, den: 1001 }, FrameRate::from_fps(12)]),
            drop in any::<bool>(),
        ) {
            let day = Timecode::from_frames(frames % (24 * 3600 * 12), rate);
            let code = if drop { day.with_dropped_numbers() } else { day };
            prop_assert_eq!(Timecode::parse(&code.to_string(), rate), Some(code));
        }
    }
}
