//! Estimates the times of words, from the text and the measured sound.
//!
//! No engine that is called as a program tells it: `espeak-ng` only to callers of its library, and
//! `piper` only for phonemes, to callers that load it with another option. The pauses of the text
//! are looked for in the sound, and what is between them is divided by syllables.

use super::finished_line::rounded_seconds;
use crate::model::sound::{TextPause, TextWord, WordTime, WordTimeSource, WordTimes, text_words};
use crate::sound::{SoundBuffer, quiet_parts};
use std::ops::Range;

/// Seconds from which a quiet part may be a pause of the text. The stop in a `t` is shorter.
const MIN_PAUSE_SECONDS: f64 = 0.06;

/// Syllables that a word takes beside its own.
const WORD_WEIGHT: f64 = 0.25;

/// Returns the estimated times of the words of `text`, which is spoken in `sound`.
pub(super) fn estimate_word_times(text: &str, sound: &SoundBuffer) -> WordTimes {
    let words = text_words(text);
    let seconds = sound.seconds();
    let mut times = Vec::with_capacity(words.len());
    let breaks = breaks_of_text(&words);
    match pauses_in_sound(sound, breaks.len()) {
        // Between two pauses the estimate begins anew, so its errors do not add up over a line.
        Some(pauses) => {
            let mut start = 0.0;
            let mut first = 0;
            for (last, pause) in breaks.into_iter().zip(pauses) {
                divide_span(&words[first..=last], start..pause.start, &mut times);
                first = last + 1;
                start = pause.end;
            }
            divide_span(&words[first..], start..seconds, &mut times);
        }
        None => divide_span(&words, 0.0..seconds, &mut times),
    }
    WordTimes {
        source: WordTimeSource::Estimate,
        seconds: rounded_seconds(seconds),
        words: times,
    }
}

/// Returns the words behind which the text has a pause, without the last word.
fn breaks_of_text(words: &[TextWord]) -> Vec<usize> {
    let inner = words.len().saturating_sub(1);
    let with_pause =
        |(index, word): (usize, &TextWord)| (word.pause != TextPause::Unbroken).then_some(index);
    words[..inner]
        .iter()
        .enumerate()
        .filter_map(with_pause)
        .collect()
}

/// Returns the `count` longest quiet parts in seconds, in order. `None`: there are not so many, so
/// it is not known which is which.
fn pauses_in_sound(sound: &SoundBuffer, count: usize) -> Option<Vec<Range<f64>>> {
    let mut parts = quiet_parts(sound, MIN_PAUSE_SECONDS);
    if parts.len() < count {
        return None;
    }
    // The longest: a stop within a word is shorter than the pause of a comma. Of equals the first,
    // so that the result is one.
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part.start));
    parts.truncate(count);
    parts.sort_by_key(|part| part.start);
    let rate = f64::from(sound.sample_rate());
    let seconds = |part: Range<usize>| part.start as f64 / rate..part.end as f64 / rate;
    Some(parts.into_iter().map(seconds).collect())
}

/// Divides a span among words by their syllables and the pauses between them.
fn divide_span(words: &[TextWord], span: Range<f64>, times: &mut Vec<WordTime>) {
    let weight = |word: &TextWord| word.syllables as f64 + WORD_WEIGHT;
    let pauses = words
        .iter()
        .rev()
        .skip(1)
        .map(|word| word.pause.syllables());
    let total = words.iter().map(weight).sum::<f64>() + pauses.sum::<f64>();
    let second = (span.end - span.start).max(0.0) / total.max(f64::MIN_POSITIVE);
    let mut at = span.start;
    for word in words {
        let end = weight(word).mul_add(second, at).min(span.end.max(at));
        times.push(WordTime {
            word: word.text.clone(),
            start: rounded_seconds(at),
            end: rounded_seconds(end),
        });
        at = word.pause.syllables().mul_add(second, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns tones with silence between them, each of so many milliseconds at 8 kHz.
    fn tones(milliseconds: &[usize]) -> SoundBuffer {
        let mut samples = Vec::new();
        for (turn, length) in milliseconds.iter().enumerate() {
            let amplitude = if turn % 2 == 0 { 0.5 } else { 0.0 };
            samples.extend((0..length * 8).map(|index| {
                let sign = if index % 8 < 4 { 1.0 } else { -1.0 };
                sign * amplitude
            }));
        }
        SoundBuffer::mono(samples, 8_000)
    }

    #[test]
    fn words_end_at_a_pause() {
        let sound = tones(&[1_000, 200, 500]);
        let times = estimate_word_times("Over the water, light.", &sound);
        assert_eq!(times.fault(), None);
        assert_eq!(times.source, WordTimeSource::Estimate);
        let water = &times.words[2];
        assert_eq!((water.word.as_str(), water.end), ("water", 1.0));
        assert_eq!((times.words[3].start, times.words[3].end), (1.2, 1.7));
        assert!(times.words[1].end - times.words[1].start < water.end - water.start);
    }

    #[test]
    fn without_a_pause_in_the_sound_all_words_share_it() {
        let times = estimate_word_times("One, two. Three", &tones(&[900]));
        assert_eq!(times.fault(), None);
        assert_eq!(times.words.len(), 3);
        assert_eq!(times.words[2].end, 0.9);
        assert!(times.words[1].start > times.words[0].end);
    }

    #[test]
    fn no_words_and_no_sound_are_no_panic() {
        let nothing = SoundBuffer::silence(1, 0, 8_000);
        assert!(estimate_word_times("...", &tones(&[10])).words.is_empty());
        assert_eq!(estimate_word_times("One two", &nothing).fault(), None);
        assert_eq!(estimate_word_times("", &nothing).fault(), None);
    }
}
