//! Spans of time as people write them: `90s`, `30m`, `1h30m`.

use std::time::Duration;

/// How to write one, for whoever did not.
pub const DURATION_SYNTAX: &str = "write it as `90s`, `30m` or `2h`";

/// Reads a span of time.
///
/// # Errors
/// Fails with how to write it, also when it is no time at all.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration = text
        .trim()
        .parse()
        .map_err(|_| DURATION_SYNTAX.to_owned())?;
    let positive = Duration::try_from(span).ok().filter(|span| !span.is_zero());
    positive.ok_or_else(|| "it must be longer than nothing".to_owned())
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
