//! Figures as text for people: durations, sizes, counts, rates. Also makes text from
//! outside safe for a terminal.
//!
//! Every function is pure.

use super::report_facts::ExpectedFacts;
pub use crate::base::count_text::{format_count, format_number, format_subject};
use crate::base::json::serialized_name;
use crate::base::printable::flatten_escaped;
use crate::model::{ExecutionMode, FailureClass, FrameRate};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns an amount with two decimals, or with six if it is less than one hundredth.
#[must_use]
pub fn format_money(amount: f64, currency: &str) -> String {
    // A price of a fraction of a cent for each frame would be shown as 0.00, as if it were free.
    if amount > 0.0 && amount < 0.01 {
        format!("{amount:.6} {currency}")
    } else {
        format!("{amount:.2} {currency}")
    }
}

/// Returns seconds with their two leading units: `0.4s`, `12s`, `1m 12s`, `2h 05m`, `3d 04h`.
/// Negative and non-finite values become `0.0s`.
#[must_use]
pub fn format_duration(seconds: f64) -> String {
    // Estimates divide by measured values. A NaN in one figure must not become text that looks like
    // a bug.
    let seconds = if seconds.is_finite() {
        seconds.max(0.0)
    } else {
        0.0
    };
    // 9.95 and not 10: 9.96 would be rounded to `10.0s`, three digits where the next second has
    // two.
    if seconds < 9.95 {
        return format!("{seconds:.1}s");
    }
    // Rounded before it is split, so that 59.6 s becomes `1m 00s` and not `60s`.
    let rounded = round_seconds(seconds);
    match rounded {
        ..MINUTE => format!("{rounded}s"),
        MINUTE..HOUR => format!("{}m {:02}s", rounded / MINUTE, rounded % MINUTE),
        HOUR..DAY => format!("{}h {:02}m", rounded / HOUR, rounded % HOUR / MINUTE),
        DAY.. => format!("{}d {:02}h", rounded / DAY, rounded % DAY / HOUR),
    }
}

/// Returns seconds without tenths, for figures that are redrawn: changing tenths would only
/// flicker.
#[must_use]
pub fn format_whole_seconds(seconds: f64) -> String {
    if seconds < 9.95 {
        format!("{}s", round_seconds(seconds))
    } else {
        format_duration(seconds)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and centuries fit"
)]
fn round_seconds(seconds: f64) -> u64 {
    seconds.round() as u64
}

/// Returns a size in decimal units with at most three leading digits: `812 B`, `1.4 MB`, `27 GB`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn format_bytes(size: u64) -> String {
    // Decimal units, because file managers and makers of disks count in them.
    let mut amount = size as f64;
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        // 999.5 and not 1000: `999.6 kB` would round to `1000 kB`, four digits.
        if amount < 999.5 || unit == "TB" {
            let tenths = unit != "B" && amount < 9.95;
            return if tenths {
                format!("{amount:.1} {unit}")
            } else {
                format!("{amount:.0} {unit}")
            };
        }
        amount /= 1000.0;
    }
    format!("{size} B")
}

/// Returns frames per second with at most three decimals: `24`, `23.976`, `12.5`.
#[must_use]
pub fn format_frame_rate(rate: FrameRate) -> String {
    let text = format!("{:.3}", rate.as_f64());
    // There is always a point in the text, so zeros before it, as in `100`, are safe.
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns the class of a failure as people read it. [`FailureClass::id`] is the stable name for
/// programs.
#[must_use]
pub const fn failure_class_label(class: FailureClass) -> &'static str {
    match class {
        FailureClass::Crash => "crash",
        FailureClass::Timeout => "timeout",
        FailureClass::NoOutput => "no output",
        FailureClass::NoProgress => "no progress",
        FailureClass::OutOfMemory => "out of memory",
        FailureClass::Licence => "licence",
        FailureClass::MissingInput => "missing input",
        FailureClass::BadOutput => "bad output",
        FailureClass::MissingTool => "missing tool",
        FailureClass::DiskFull => "disk full",
        FailureClass::HostLost => "host lost",
        FailureClass::Cancelled => "cancelled",
    }
}

/// Returns the execution mode as one word.
#[must_use]
pub const fn mode_label(mode: ExecutionMode) -> &'static str {
    match mode {
        ExecutionMode::Real => "real",
        ExecutionMode::Simulated => "simulated",
    }
}

/// Returns an identifier as words: `cinematic_teal_orange` as `cinematic teal orange`. Values that
/// serialise to something else than text give an empty string.
#[must_use]
pub fn identifier_words(id: &(impl serde::Serialize + ?Sized)) -> String {
    serialized_name(id).replace('_', " ")
}

/// Returns the last `limit` lines that are not blank, each without colours and escaped.
#[must_use]
pub fn last_lines(text: &str, limit: usize) -> Vec<String> {
    // Colours are removed first: escaped, they would be longer than the text that they colour.
    let text = anstream::adapter::strip_str(text).to_string();
    let mut lines: Vec<String> = text
        .lines()
        // From the end, so that a log of megabytes is not escaped as a whole for eight lines.
        .rev()
        .map(flatten_escaped)
        .filter(|line| !line.is_empty())
        .take(limit)
        .collect();
    lines.reverse();
    lines
}

/// Returns the deviation from the estimate in words, such as `18 % longer than expected`. From
/// twice the time on it is a factor, because percentages over 100 are hard to read.
pub(super) fn compare_with_estimate(expected: &ExpectedFacts) -> String {
    format_deviation(expected.off)
}

fn format_deviation(deviation: f64) -> String {
    // A deviation of 1.0 is twice as long: `off` is relative to the estimate.
    let percent = (deviation.abs() * 100.0).round();
    let times = deviation + 1.0;
    match deviation {
        _ if percent < 1.0 => "as expected".to_owned(),
        _ if deviation < 0.0 => format!("{percent} % shorter than expected"),
        _ if times < 2.0 => format!("{percent} % longer than expected"),
        _ if times < 9.95 => format!("{times:.1} times as long as expected"),
        _ => format!("{times:.0} times as long as expected"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_shows_its_two_leading_units() {
        let spans = [
            0.0,
            0.44,
            9.96,
            59.4,
            59.6,
            72.0,
            3599.7,
            7500.0,
            273_600.0,
            f64::NAN,
            -1.0,
        ];
        let shown = spans.map(format_duration);
        let expected = [
            "0.0s", "0.4s", "10s", "59s", "1m 00s", "1m 12s", "1h 00m", "2h 05m", "3d 04h", "0.0s",
            "0.0s",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_calm_span_has_no_tenths() {
        assert_eq!(
            [0.4, 7.6, 72.0].map(format_whole_seconds),
            ["0s", "8s", "1m 12s"]
        );
    }

    #[test]
    fn bytes_are_decimal_and_never_show_four_digits() {
        let shown = [
            0,
            812,
            999,
            1000,
            1_449_000,
            9_960_000,
            999_600_000,
            27_000_000_000,
        ]
        .map(format_bytes);
        assert_eq!(
            shown,
            [
                "0 B", "812 B", "999 B", "1.0 kB", "1.4 MB", "10 MB", "1.0 GB", "27 GB"
            ]
        );
    }

    #[test]
    fn counts_group_thousands_and_agree_with_their_noun() {
        assert_eq!(
            [
                format_count(0, "shot"),
                format_count(1, "shot"),
                format_count(1_234_567, "frame")
            ],
            ["0 shots", "1 shot", "1,234,567 frames"]
        );
    }

    #[test]
    fn a_run_far_longer_than_expected_is_shown_as_a_factor() {
        assert_eq!(
            [0.004, -0.3, 0.18, 1.4, 34.2].map(format_deviation),
            [
                "as expected",
                "30 % shorter than expected",
                "18 % longer than expected",
                "2.4 times as long as expected",
                "35 times as long as expected"
            ]
        );
    }

    #[test]
    fn a_rate_is_shown_with_three_decimals_at_the_most() {
        let ntsc = FrameRate::from_fraction(24000, 1001).unwrap();
        assert_eq!(format_frame_rate(ntsc), "23.976");
        assert_eq!(format_frame_rate(FrameRate::from_fps(24)), "24");
        assert_eq!(format_frame_rate(FrameRate::from_fps(100)), "100");
    }

    #[test]
    fn text_from_outside_cannot_steer_a_terminal() {
        assert_eq!(
            flatten_escaped("a\u{1b}[31m\nb\u{202e}"),
            "a\\u{1b}[31m b\\u{202e}"
        );
        assert_eq!(
            last_lines("one\n\ntwo\n\u{1b}[1mthree\u{1b}[0m\n", 2),
            ["two", "three"]
        );
    }
}
