//! Divides one line into captions.
//!
//! All ways to divide it are compared, from the start on: a caption must fit, and costs more where
//! it breaks a clause, spans a pause, or is too short or too fast to be read.

use super::caption_words::{CaptionWord, letter_count};
use super::line_breaks::{
    LineTable, WordWidths, break_cost, broken_lines, ends_sentence, joined_words,
};
use crate::model::captions::CaptionProfile;
use std::ops::Range;

/// What each caption costs, so that few are better than many.
const CAPTION_COST: f64 = 2.0;
/// Seconds from which silence parts two captions, and what it saves there and costs within one.
const PAUSE_SECONDS: f64 = 0.6;
const PAUSE_COST: f64 = 4.0;
/// What it costs that a sentence ends within a caption and another begins.
const SENTENCE_COST: f64 = 1.5;
/// How much more it costs to end a caption at a place than to break a line there.
const PARTING_FACTOR: f64 = 1.5;
/// What a caption costs that is too short or too fast, times how much.
const SHORT_COST: f64 = 5.0;
const FAST_COST: f64 = 6.0;

/// One caption of a line: its words and how they are broken into lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CueSegment {
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) lines: Vec<String>,
}

/// Returns the captions of words, in order. `rate` is frames a second.
pub(super) fn cue_segments(
    words: &[CaptionWord],
    profile: &CaptionProfile,
    rate: f64,
) -> Vec<CueSegment> {
    let search = SegmentSearch {
        words,
        widths: WordWidths::new(words),
        profile,
        rate,
    };
    let mut ends = search.best_ends();
    // The cheapest way is known from its end only.
    ends.reverse();
    let mut first = 0;
    let mut segments = Vec::with_capacity(ends.len());
    for end in ends {
        let part = &words[first..end];
        let broken = broken_lines(part, profile.line_letters, profile.lines);
        segments.push(CueSegment {
            start: part[0].start,
            end: part[part.len() - 1].end,
            // A single word always fits, unless a profile has no lines.
            lines: broken.unwrap_or_else(|| vec![joined_words(part)]),
        });
        first = end;
    }
    segments
}

struct SegmentSearch<'a> {
    words: &'a [CaptionWord],
    widths: WordWidths,
    profile: &'a CaptionProfile,
    rate: f64,
}

/// The cheapest way to divide the words up to a place.
#[derive(Debug, Clone, Copy)]
struct SegmentPath {
    cost: f64,
    /// Where its last caption begins.
    first: usize,
}

impl SegmentSearch<'_> {
    /// Returns the end of each caption, the last first.
    fn best_ends(&self) -> Vec<usize> {
        let mut paths = vec![SegmentPath {
            cost: 0.0,
            first: 0,
        }];
        for end in 1..=self.words.len() {
            paths.push(self.best_path(&paths, end));
        }
        let mut ends = Vec::new();
        let mut end = self.words.len();
        while end > 0 {
            ends.push(end);
            end = paths[end].first;
        }
        ends
    }

    /// Returns the cheapest way to divide the words before `end`, given those for fewer words.
    fn best_path(&self, paths: &[SegmentPath], end: usize) -> SegmentPath {
        let profile = self.profile;
        let mut table = LineTable::new(
            self.words,
            &self.widths,
            profile.line_letters,
            profile.lines,
            end,
        );
        // The table must have the last word before others are put in front of it.
        table.add_word();
        // A word alone is a caption, whether it fits or not.
        let mut best = SegmentPath {
            cost: paths[end - 1].cost + self.segment_cost(end - 1..end, 0.0),
            first: end - 1,
        };
        // From the nearest, since the search stops at the first that cannot fit: more words are
        // never shorter.
        for first in (0..end - 1).rev() {
            if !self.may_fit(first..end) {
                break;
            }
            let Some(lines) = table.add_word() else {
                continue;
            };
            let cost = paths[first].cost + self.segment_cost(first..end, lines);
            // Of equal ways the one with the shorter last caption stays, so the same words always
            // give the same captions.
            if cost < best.cost {
                best = SegmentPath { cost, first };
            }
        }
        best
    }

    /// Returns whether words are short enough that more of them might still fit.
    fn may_fit(&self, range: Range<usize>) -> bool {
        // Spaces are lost where lines are broken.
        let room = (self.profile.line_letters + 1).saturating_mul(self.profile.lines.max(1));
        let seconds = self.words[range.end - 1].end - self.words[range.start].start;
        self.widths.width(range) < room && seconds * self.rate <= self.profile.longest as f64
    }

    /// Returns what words as one caption cost, whose lines cost `lines`.
    fn segment_cost(&self, range: Range<usize>, lines: f64) -> f64 {
        let words = &self.words[range.clone()];
        let within: f64 = words
            .windows(2)
            .map(|pair| {
                let pause = if is_pause(&pair[0], &pair[1]) {
                    PAUSE_COST
                } else {
                    0.0
                };
                let sentence = if ends_sentence(&pair[0]) {
                    SENTENCE_COST
                } else {
                    0.0
                };
                pause + sentence
            })
            .sum();
        let next = self.words.get(range.end);
        let broken = next.map_or(0.0, |next| {
            let last = &words[words.len() - 1];
            let saved = if is_pause(last, next) {
                PAUSE_COST
            } else {
                0.0
            };
            PARTING_FACTOR * break_cost(last, next) - saved
        });
        // A caption can stay until the next one, or a little longer than its words last.
        let start = words[0].start;
        let end = words[words.len() - 1].end + self.profile.hang as f64 / self.rate;
        let end = next.map_or(end, |next| end.min(next.start));
        // Words of one time, such as those of a line without measured words, would divide by 0.
        let seconds = (end - start).max(1.0 / self.rate);
        let shortest = self.profile.shortest as f64 / self.rate;
        let short = (1.0 - seconds / shortest).max(0.0) * SHORT_COST;
        let letters = words
            .iter()
            .map(|word| letter_count(&word.text))
            .sum::<usize>() as f64;
        // Without a limit, one caption that cannot be read in time would outweigh every other cost,
        // and sentences would be torn apart to save a letter.
        let fast = letters / seconds / self.profile.letters_a_second - 1.0;
        CAPTION_COST + within + lines + broken + short + fast.clamp(0.0, 2.0) * FAST_COST
    }
}

fn is_pause(before: &CaptionWord, after: &CaptionWord) -> bool {
    after.start - before.end >= PAUSE_SECONDS
}
