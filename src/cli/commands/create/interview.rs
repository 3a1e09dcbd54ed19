//! Questions on the terminal, one line each, with what an empty answer means in brackets.
//!
//! An answer that cannot be is asked for again; the end of the input takes every default that is left. Knows streams of
//! text and nothing of terminals, so that answers may come from a file.

use std::io::{BufRead, Write};

/// Whom to ask.
pub(super) struct TerminalInterview<'a> {
    answers: &'a mut dyn BufRead,
    questions: &'a mut dyn Write,
}

impl<'a> TerminalInterview<'a> {
    pub(super) fn new(answers: &'a mut dyn BufRead, questions: &'a mut dyn Write) -> Self {
        Self { answers, questions }
    }

    /// Says something that is no question.
    pub(super) fn print_text(&mut self, text: &str) {
        let _ = writeln!(self.questions, "{}", text.trim_end());
    }

    /// Asks until `check` takes the answer; the default is not checked.
    pub(super) fn ask_question<T>(
        &mut self,
        question: &str,
        default: &str,
        check: impl Fn(&str) -> Result<T, String>,
        usual: impl FnOnce() -> T,
    ) -> std::io::Result<T> {
        loop {
            let _ = write!(self.questions, "{question} [{default}]: ");
            let _ = self.questions.flush();
            let mut line = String::new();
            let ended = self.answers.read_line(&mut line)? == 0;
            let answer = line.trim();
            if ended {
                self.print_text("");
            }
            if answer.is_empty() || answer == default {
                return Ok(usual());
            }
            match check(answer) {
                Ok(value) => return Ok(value),
                Err(why) => self.print_text(&format!("  {why}")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: &str) -> (String, String) {
        let mut questions = Vec::new();
        let mut answers = answers.as_bytes();
        let mut interview = TerminalInterview::new(&mut answers, &mut questions);
        let even = |text: &str| {
            if text.len().is_multiple_of(2) {
                Ok(text.to_owned())
            } else {
                Err("odd".to_owned())
            }
        };
        let answer = interview
            .ask_question("Word", "usual", even, || "usual".to_owned())
            .unwrap();
        (answer, String::from_utf8(questions).unwrap())
    }

    #[test]
    fn a_wrong_answer_is_asked_for_again() {
        assert_eq!(
            asked("abc\nabcd\n"),
            ("abcd".into(), "Word [usual]:   odd\nWord [usual]: ".into())
        );
    }

    #[test]
    fn an_empty_answer_and_the_end_of_input_mean_the_default() {
        assert_eq!(asked("\n").0, "usual");
        assert_eq!(asked("odd").0, "usual");
    }
}
