//! Durations as users write them: `90s`, `30m`, `1h30m`.

use std::time::Duration;

/// The help for a text that is no duration.
pub const DURATION_SYNTAX: &str = "write it as `90s`, `30m` or `2h`";

/// Parses a duration.
///
/// # Errors
/// Fails with the syntax to use, or with the reason if the duration is not positive.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    // `jiff` parses ISO 8601 and the friendly form, so no grammar of our own can differ from other
    // tools.
    let span: jiff::SignedDuration = text
        .trim()
        .parse()
        .map_err(|_| DURATION_SYNTAX.to_owned())?;
    // A time limit of zero would end every job at once, which no user means.
    let positive = Duration::try_from(span).ok().filter(|span| !span.is_zero());
    positive.ok_or_else(|| "it must be longer than zero".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read_as_people_write_them() {
        assert_eq!(parse_duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("1h30m"), Ok(Duration::from_mins(90)));
        for wrong in ["", "90", "-5s", "0s", "soon"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
