//! Lines of the Open Job Description on stdout: progress, status, failure and environment
//! variables.
//!
//! <https://github.com/OpenJobDescription/openjd-specifications/wiki/How-Jobs-Are-Run>: the keyword
//! begins the line.

/// One message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OpenjdMessage<'a> {
    /// Share of the work that is done, 0 to 100 percent.
    Progress(f64),
    /// What the process does now, for people.
    Status(&'a str),
    /// Why the process fails.
    Fail(&'a str),
    /// Name and value of a variable for the actions that run after this one.
    Env(&'a str, &'a str),
    /// As `Env`; the value must not appear in any log.
    RedactedEnv(&'a str, &'a str),
    /// Name of a variable to remove.
    UnsetEnv(&'a str),
}

/// Returns the message of a line. `None`: an ordinary line, or a malformed message.
#[must_use]
pub fn parse_message(line: &str) -> Option<OpenjdMessage<'_>> {
    // A malformed message is an ordinary line of output: a tool that prints "openjd_progress: done"
    // must not fail its job.
    let (keyword, rest) = line.split_once(':')?;
    let rest = rest.trim();
    let pair = || {
        rest.split_once('=')
            .filter(|(name, _)| is_variable_name(name))
    };
    match keyword {
        "openjd_progress" => rest
            .parse()
            .ok()
            // The range check also excludes NaN and infinity, which `f64` parses.
            .filter(|share| (0.0..=100.0).contains(share))
            .map(OpenjdMessage::Progress),
        "openjd_status" => Some(OpenjdMessage::Status(rest)),
        "openjd_fail" => Some(OpenjdMessage::Fail(rest)),
        "openjd_env" => pair().map(|(name, value)| OpenjdMessage::Env(name, value)),
        "openjd_redacted_env" => {
            pair().map(|(name, value)| OpenjdMessage::RedactedEnv(name, value))
        }
        "openjd_unset_env" => {
            Some(OpenjdMessage::UnsetEnv(rest)).filter(|_| is_variable_name(rest))
        }
        _ => None,
    }
}

fn is_variable_name(name: &str) -> bool {
    // Names as POSIX has them. A name with `=` or a space would set another variable than it shows.
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_parsed_and_malformed_lines_are_ignored() {
        let words = [
            ("openjd_progress: 12.5", Some(OpenjdMessage::Progress(12.5))),
            ("openjd_progress: 101", None),
            ("openjd_progress: half", None),
            (
                "openjd_status: drawing frame 3",
                Some(OpenjdMessage::Status("drawing frame 3")),
            ),
            ("openjd_fail: no seat", Some(OpenjdMessage::Fail("no seat"))),
            ("openjd_env: A=b=c", Some(OpenjdMessage::Env("A", "b=c"))),
            ("openjd_env: 1A=b", None),
            (
                "openjd_redacted_env: TOKEN=hunter2",
                Some(OpenjdMessage::RedactedEnv("TOKEN", "hunter2")),
            ),
            ("openjd_unset_env: A", Some(OpenjdMessage::UnsetEnv("A"))),
            (" openjd_fail: not at the start", None),
            ("progress: 3", None),
        ];
        for (line, expected) in words {
            assert_eq!(parse_message(line), expected, "{line}");
        }
    }
}
