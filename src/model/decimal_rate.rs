//! What frame rate a decimal means. Broadcast rates are fractions such as 24000/1001 that people
//! round or cut off, and a decimal next to one of them may be a slip.

use super::frame_rate::FrameRate;

/// Whole rates `n` whose broadcast form `n * 1000/1001` is in use.
const NTSC_NOMINALS: [u32; 13] = [12, 15, 24, 30, 48, 60, 72, 90, 96, 120, 144, 180, 240];
/// The most digits after the point that are compared.
const MAX_DIGITS: u32 = 6;
/// A decimal this near to a whole rate, or to its broadcast form, may be a slip for either.
const NEARBY: f64 = 0.1;

/// The meaning of a decimal number of frames a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalRate {
    /// The author means this rate.
    Clear(FrameRate),
    /// The author may mean one of several rates.
    Unclear(UnclearRate),
}

/// A decimal that is next to a rate in use, and is not it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnclearRate {
    /// The broadcast rate that it may stand for.
    pub broadcast: Option<FrameRate>,
    /// The whole rate that it may stand for.
    pub whole: FrameRate,
    /// The decimal itself as a fraction.
    pub literal: FrameRate,
}

impl DecimalRate {
    /// Interprets a number from 0.01 to 1000.
    pub(super) fn interpret(fps: f64) -> Option<Self> {
        let literal = literal_fraction(fps)?;
        let nominal = nearby_whole(fps);
        let Some(nominal) = nominal.filter(|_| fps.fract() != 0.0) else {
            return Some(Self::Clear(literal));
        };
        let broadcast = NTSC_NOMINALS
            .contains(&nominal)
            .then(|| FrameRate::from_fraction(nominal * 1000, 1001))
            .flatten();
        Some(match broadcast {
            Some(exact) if is_written_form(fps, exact.as_f64()) => Self::Clear(exact),
            _ => Self::Unclear(UnclearRate {
                broadcast,
                whole: FrameRate::from_fps(nominal),
                literal,
            }),
        })
    }
}

/// Returns whether `fps` is how people write `exact` with two or more digits.
// 23.98 and 23.976 name one rate, as editors and cameras show it. With one digit, 29.9 may as well
// be a slip for 29.97, 25.9 or 29.
fn is_written_form(fps: f64, exact: f64) -> bool {
    let digits = digit_count(fps);
    let unit = 0.1_f64.powi(digits.cast_signed());
    // Half a unit is what rounding changes. The rest is the error of the numbers themselves.
    let is_rounded = (exact - fps).abs() <= unit / 2.0 + 1e-7;
    // From three digits on, cutting off is as usual as rounding: 23.976023 for 23.9760239. 23.97 is
    // not accepted for 23.976, because it may also be a slip for 29.97.
    let is_cut = (0.0..unit).contains(&(exact - fps));
    digits >= 2 && (is_rounded || digits >= 3 && is_cut)
}

/// Returns the number of digits after the point, at most [`MAX_DIGITS`].
fn digit_count(fps: f64) -> u32 {
    (0..MAX_DIGITS)
        .find(|digits| {
            let scaled = fps * f64::from(10_u32.pow(*digits));
            (scaled - scaled.round()).abs() < 1e-7 * scaled.max(1.0)
        })
        .unwrap_or(MAX_DIGITS)
}

/// Returns the number as a fraction with at most six digits.
fn literal_fraction(fps: f64) -> Option<FrameRate> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 1000 x 10^6"
    )]
    let millionths = (fps * 1e6).round() as u32;
    FrameRate::from_fraction(millionths, 1_000_000)
}

/// Returns the whole rate that a decimal is next to, or next to whose broadcast form it is.
fn nearby_whole(fps: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is from 0.01 to 1000"
    )]
    // The broadcast form of 240 is 0.24 below it, so the next whole number counts and not only the
    // nearest.
    let candidates = [fps.round() as u32, fps.ceil() as u32];
    candidates.into_iter().find(|nominal| {
        let whole = f64::from(*nominal);
        (whole * 1000.0 / 1001.0 - NEARBY - 1e-9..=whole + NEARBY + 1e-9).contains(&fps)
            && *nominal > 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn interpret(text: &str) -> DecimalRate {
        DecimalRate::interpret(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_usual_ways_to_write_a_broadcast_rate_mean_it_exactly() {
        let cases: [(u32, &[&str]); 9] = [
            (12, &["11.99", "11.988", "11.98801"]),
            (15, &["14.985", "14.99", "14.98501"]),
            (
                24,
                &[
                    "23.976",
                    "23.98",
                    "23.980",
                    "23.9760",
                    "23.97602",
                    "23.976023",
                    "23.976024",
                    "23.976023976023978",
                ],
            ),
            (30, &["29.97", "29.970", "29.97003", "29.97002997"]),
            (48, &["47.952", "47.95", "47.95205", "47.952047952"]),
            (60, &["59.94", "59.940", "59.94006", "59.94005994"]),
            (72, &["71.928", "71.93"]),
            (120, &["119.88", "119.880", "119.88012"]),
            (240, &["239.76", "239.760", "239.76024"]),
        ];
        for (nominal, texts) in cases {
            let exact = FrameRate::from_fraction(nominal * 1000, 1001).unwrap();
            for text in texts {
                assert_eq!(interpret(text), DecimalRate::Clear(exact), "{text}");
            }
        }
    }

    #[test]
    fn a_decimal_beside_a_broadcast_rate_is_unclear() {
        let cases = [
            ("23.97", 24),
            ("23.9", 24),
            ("23.99", 24),
            ("23.975", 24),
            ("23.977", 24),
            ("24.01", 24),
            ("29.9", 30),
            ("29.96", 30),
            ("29.98", 30),
            ("29.971", 30),
            ("59.9", 60),
            ("59.93", 60),
            ("59.95", 60),
            ("47.9", 48),
            ("47.96", 48),
            ("119.8", 120),
            ("119.9", 120),
            ("119.87", 120),
            ("239.7", 240),
            ("239.8", 240),
            ("239.75", 240),
            ("14.9", 15),
            ("14.98", 15),
        ];
        for (text, nominal) in cases {
            let DecimalRate::Unclear(unclear) = interpret(text) else {
                panic!("{text} was taken");
            };
            assert_eq!(
                unclear.broadcast,
                FrameRate::from_fraction(nominal * 1000, 1001),
                "{text}"
            );
            assert_eq!(unclear.whole, FrameRate::from_fps(nominal), "{text}");
        }
        // 25 has no broadcast form, but 24.98 is a slip as well.
        let DecimalRate::Unclear(unclear) = interpret("24.98") else {
            panic!("24.98 was taken");
        };
        assert_eq!((unclear.broadcast, unclear.whole.num), (None, 25));
    }

    #[test]
    fn other_decimals_and_whole_numbers_mean_what_they_say() {
        let cases = [
            ("24", 24, 1),
            ("25.0", 25, 1),
            ("12.5", 25, 2),
            ("7.5", 15, 2),
            ("16.67", 1667, 100),
            ("18.75", 75, 4),
            ("16.6667", 166_667, 10_000),
            ("0.5", 1, 2),
            ("240", 240, 1),
        ];
        for (text, num, den) in cases {
            let exact = FrameRate::from_fraction(num, den).unwrap();
            assert_eq!(interpret(text), DecimalRate::Clear(exact), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_clear_rate_is_the_decimal_to_half_of_its_last_digit(thousandths in 1000_u32..240_000) {
            let fps = f64::from(thousandths) / 1000.0;
            if let Some(DecimalRate::Clear(rate)) = DecimalRate::interpret(fps) {
                prop_assert!((rate.as_f64() - fps).abs() <= 0.005 + 1e-6, "{fps} became {rate}");
            }
        }
    }
}
