//! The time of each word of a line: the artefact `words.json` of a speech job, for captions.

use serde::{Deserialize, Serialize};

/// The words of a line, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordTimes {
    /// Where their times come from.
    pub source: WordTimeSource,
    /// Seconds of the whole line.
    pub seconds: f64,
    /// The words. Empty if nothing of the text can be spoken.
    pub words: Vec<WordTime>,
}

/// Where the times of words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordTimeSource {
    /// The engine.
    Engine,
    /// An estimate: the measured line is divided by syllables, at the pauses that are audible in
    /// it.
    Estimate,
}

/// The time of one word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordTime {
    /// The word, without the punctuation around it.
    pub word: String,
    /// Seconds from the start of the line.
    pub start: f64,
    /// Seconds from the start of the line at which it ends.
    pub end: f64,
}

impl WordTimes {
    /// Returns what is wrong with the times. `None`: they rise, and are within the line.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        if !self.seconds.is_finite() || self.seconds < 0.0 {
            return Some(format!("the line lasts {} s", self.seconds));
        }
        let mut last = 0.0;
        for word in &self.words {
            let ordered = word.start >= last && word.end >= word.start;
            // A millisecond, as the times are rounded.
            if !ordered || word.end > self.seconds + 1e-3 {
                return Some(format!(
                    "`{}` is from {} s to {} s, behind {last} s of {} s",
                    word.word, word.start, word.end, self.seconds
                ));
            }
            last = word.end;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(spans: &[(f64, f64)]) -> WordTimes {
        let word = |(start, end): &(f64, f64)| WordTime {
            word: "a".to_owned(),
            start: *start,
            end: *end,
        };
        WordTimes {
            source: WordTimeSource::Engine,
            seconds: 1.0,
            words: spans.iter().map(word).collect(),
        }
    }

    #[test]
    fn times_that_fall_or_leave_the_line_are_a_fault() {
        assert_eq!(times(&[(0.0, 0.4), (0.5, 1.0)]).fault(), None);
        assert_eq!(times(&[]).fault(), None);
        assert!(times(&[(0.0, 0.6), (0.5, 1.0)]).fault().is_some());
        assert!(times(&[(0.4, 0.3)]).fault().is_some());
        assert!(times(&[(0.4, 1.1)]).fault().is_some());
        assert!(times(&[(f64::NAN, 1.0)]).fault().is_some());
    }
}
