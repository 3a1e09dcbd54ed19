//! Questions on the terminal, one line each, with the default answer in brackets.
//!
//! A wrong answer repeats the question. At the end of the input every remaining question takes its
//! default. The interview reads and writes streams and needs no terminal, so that answers can come
//! from a file.

use std::io::{BufRead, Write};

/// The streams of questions and answers.
pub(super) struct TerminalInterview<'a> {
    answers: &'a mut dyn BufRead,
    questions: &'a mut dyn Write,
}

impl<'a> TerminalInterview<'a> {
    pub(super) fn new(answers: &'a mut dyn BufRead, questions: &'a mut dyn Write) -> Self {
        Self { answers, questions }
    }

    pub(super) fn print_text(&mut self, text: &str) {
        let _ = writeln!(self.questions, "{}", text.trim_end());
    }

    /// Asks until `check` accepts the answer, and returns its value. Returns `usual` for an empty
    /// answer and for the default.
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
            // Only the end of the input reads nothing: an empty answer has its line break.
            let ended = self.answers.read_line(&mut line)? == 0;
            let answer = line.trim();
            // Nobody typed a line break, so the next text would begin behind the question.
            if ended {
                self.print_text("");
            }
            // The default is not checked: it may be a word that is no valid answer, such as `none`.
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

    /// Returns the value of the answer, and what was printed.
    fn run_interview(answers: &str) -> (String, String) {
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
    fn a_wrong_answer_repeats_the_question() {
        assert_eq!(
            run_interview("abc\nabcd\n"),
            ("abcd".into(), "Word [usual]:   odd\nWord [usual]: ".into())
        );
    }

    #[test]
    fn an_empty_answer_and_the_end_of_input_mean_the_default() {
        assert_eq!(run_interview("\n").0, "usual");
        assert_eq!(run_interview("odd").0, "usual");
    }
}
