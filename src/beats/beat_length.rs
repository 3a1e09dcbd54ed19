//! Lengths of beats and ads as they are written: whole seconds in steps of five.

use crate::model::beats::{BEAT_SECONDS, BEAT_STEP_SECONDS};

/// Returns the seconds of a written length: `15s`, `15 s` or `15`. `None`: it is no whole number of
/// seconds.
#[must_use]
pub fn parse_seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.strip_suffix('s').unwrap_or(text).trim();
    digits.parse().ok()
}

/// Returns whether a beat can be this long.
#[must_use]
pub fn is_beat_length(seconds: u32) -> bool {
    BEAT_SECONDS.contains(&seconds)
}

/// Returns the length of a beat that is nearest: up to 7 s is 5, up to 12 s is 10, else 15.
#[must_use]
pub const fn nearest_beat_length(seconds: u32) -> u32 {
    match seconds {
        0..=7 => 5,
        8..=12 => 10,
        _ => 15,
    }
}

/// Returns whether an ad can be this long.
#[must_use]
pub const fn is_ad_length(seconds: u32) -> bool {
    seconds >= BEAT_STEP_SECONDS && seconds.is_multiple_of(BEAT_STEP_SECONDS)
}

/// Returns the nearest lengths of ads, below and above, in words: `15 s and 20 s`.
#[must_use]
pub fn nearest_ad_lengths(seconds: u32) -> String {
    let below = seconds / BEAT_STEP_SECONDS * BEAT_STEP_SECONDS;
    let above = below.saturating_add(BEAT_STEP_SECONDS);
    if below == 0 {
        format!("{above} s")
    } else {
        format!("{below} s and {above} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_with_and_without_their_unit() {
        assert_eq!(parse_seconds(" 15 s "), Some(15));
        assert_eq!(parse_seconds("10"), Some(10));
        assert_eq!(parse_seconds("1.5s"), None);
        assert_eq!(parse_seconds("soon"), None);
    }

    #[test]
    fn the_nearest_lengths_are_those_of_beats_and_ads() {
        assert_eq!(
            [3, 7, 8, 12, 13].map(nearest_beat_length),
            [5, 5, 10, 10, 15]
        );
        assert_eq!(nearest_ad_lengths(17), "15 s and 20 s");
        assert_eq!(nearest_ad_lengths(3), "5 s");
    }
}
