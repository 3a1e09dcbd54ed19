//! What a child says in lines of the Open Job Description: progress, status, failure, and variables for what comes after.
//!
//! <https://github.com/OpenJobDescription/openjd-specifications/wiki/How-Jobs-Are-Run>: a line must begin with the word.

/// What one line says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Word<'a> {
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
pub fn word(line: &str) -> Option<Word<'_>> {
    let (word, rest) = line.split_once(':')?;
    let rest = rest.trim();
    let pair = || rest.split_once('=').filter(|(name, _)| is_name(name));
    match word {
        "openjd_progress" => rest
            .parse()
            .ok()
            .filter(|share| (0.0..=100.0).contains(share))
            .map(Word::Progress),
        "openjd_status" => Some(Word::Status(rest)),
        "openjd_fail" => Some(Word::Fail(rest)),
        "openjd_env" => pair().map(|(name, value)| Word::Env(name, value)),
        "openjd_redacted_env" => pair().map(|(name, value)| Word::RedactedEnv(name, value)),
        "openjd_unset_env" => Some(Word::UnsetEnv(rest)).filter(|_| is_name(rest)),
        _ => None,
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood_and_what_is_malformed_is_none() {
        let words = [
            ("openjd_progress: 12.5", Some(Word::Progress(12.5))),
            ("openjd_progress: 101", None),
            ("openjd_progress: half", None),
            (
                "openjd_status: drawing frame 3",
                Some(Word::Status("drawing frame 3")),
            ),
            ("openjd_fail: no seat", Some(Word::Fail("no seat"))),
            ("openjd_env: A=b=c", Some(Word::Env("A", "b=c"))),
            ("openjd_env: 1A=b", None),
            (
                "openjd_redacted_env: TOKEN=hunter2",
                Some(Word::RedactedEnv("TOKEN", "hunter2")),
            ),
            ("openjd_unset_env: A", Some(Word::UnsetEnv("A"))),
            (" openjd_fail: not at the start", None),
            ("progress: 3", None),
        ];
        for (line, expected) in words {
            assert_eq!(word(line), expected, "{line}");
        }
    }
}
