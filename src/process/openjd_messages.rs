//! What a child says in lines of the Open Job Description: progress, status, failure, and variables for what comes after.
//!
//! <https://github.com/OpenJobDescription/openjd-specifications/wiki/How-Jobs-Are-Run>: a line must begin with the word.

/// What one line says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OpenjdMessage<'a> {
    /// How much of its work is done, in percent.
    Progress(f64),
    /// What it does now.
    Status(&'a str),
    /// Why it fails.
    Fail(&'a str),
    /// A variable to set for what runs after it.
    Env(&'a str, &'a str),
    /// A variable whose value must never be shown.
    RedactedEnv(&'a str, &'a str),
    /// A variable to take away.
    UnsetEnv(&'a str),
}

/// Returns what a line says, if it says anything of the kind and is well formed.
#[must_use]
pub fn parse_message(line: &str) -> Option<OpenjdMessage<'_>> {
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
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood_and_what_is_malformed_is_none() {
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
