//! Finds the nearest known name to a misspelt one, for suggestions. Each search has a limit.

use super::work_counter::count_work;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most characters of a name that is searched for, and of a candidate.
///
/// Nobody misspells a name of this length by a letter: it was pasted, or it is hostile.
const MAX_NAME_CHARS: usize = 64;

/// Most steps of one search. A pair of names of ten letters takes a hundred.
///
/// A search then takes a fraction of a millisecond with any document. Without the limit,
/// the time grows with the square of the length of names and with the number of candidates.
const MAX_SEARCH_STEPS: usize = 1 << 18;

/// Most candidates that are collected for one search.
const MAX_CANDIDATES: usize = 1 << 14;

/// Most bytes of names that a help line lists.
const MAX_LISTED_BYTES: usize = 500;

/// Most searches of one pass. A document with more unknown names has another mistake, such as a
/// list in the wrong file, and nobody reads hundreds of suggestions.
const MAX_SEARCHES: usize = 100;

/// Counts the searches of one pass over a document, so that their cost has a limit.
#[derive(Debug, Default)]
// Atomic, so that what holds one can still be shared.
pub struct SearchAllowance {
    used: AtomicUsize,
}

impl Clone for SearchAllowance {
    fn clone(&self) -> Self {
        Self {
            used: AtomicUsize::new(self.used.load(Ordering::Relaxed)),
        }
    }
}

impl SearchAllowance {
    /// Returns the result of `search`. `None`, without a search, after the limit.
    pub fn search<T>(&self, search: impl FnOnce() -> Option<T>) -> Option<T> {
        let used = self.used.fetch_add(1, Ordering::Relaxed);
        (used < MAX_SEARCHES).then(search).flatten()
    }
}

/// A name that candidates are compared with, and the steps that are left for it.
struct NameSearch {
    wanted: String,
    length: usize,
    /// Zero once a candidate was not compared.
    steps: usize,
    normalize: fn(&str) -> String,
}

impl NameSearch {
    /// Returns `None` for a name that is too long to be a slip.
    fn new(name: &str, normalize: fn(&str) -> String) -> Option<Self> {
        bounded_length(name)?;
        let wanted = normalize(name);
        Some(Self {
            length: wanted.chars().count(),
            wanted,
            steps: MAX_SEARCH_STEPS,
            normalize,
        })
    }

    /// Returns the number of edits to a candidate, at most `edits_between(longer length)`. `None`:
    /// there are more, or no steps are left.
    fn edits_to(
        &mut self,
        candidate: &str,
        most_edits: impl FnOnce(usize) -> usize,
    ) -> Option<usize> {
        // A candidate that is only looked at costs steps as well: there may be a million.
        self.take_steps(1)?;
        bounded_length(candidate)?;
        let candidate = (self.normalize)(candidate);
        let length = candidate.chars().count();
        let most = most_edits(self.length.max(length));
        // Each letter that one of them has more is an edit, so most candidates need no comparison.
        if self.length.abs_diff(length) > most {
            return None;
        }
        self.take_steps((self.length + 1) * (length + 1))?;
        let edits = strsim::osa_distance(&self.wanted, &candidate);
        (edits <= most).then_some(edits)
    }

    fn take_steps(&mut self, steps: usize) -> Option<()> {
        count_work(steps.min(self.steps));
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(0);
        left.map(|_| ())
    }
}

/// Returns the number of characters, if there are not too many.
fn bounded_length(name: &str) -> Option<usize> {
    let length = name.chars().take(MAX_NAME_CHARS + 1).count();
    (length <= MAX_NAME_CHARS).then_some(length)
}

/// Returns the candidate closest to `name`. None if no candidate is close enough to be probably
/// meant.
///
/// The distance is Damerau-Levenshtein on lower-cased text. It may be a third of the longer name,
/// and at least one edit. Names of more than 64 characters are near to no other, and with thousands
/// of candidates only the first are compared.
#[must_use]
pub fn nearest_match<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut search = NameSearch::new(name, str::to_lowercase)?;
    let scored = candidates.into_iter().filter_map(|candidate| {
        // The limit grows with the name: three edits in twelve letters are a slip, in four they are
        // another word.
        let edits = search.edits_to(candidate, |longest| (longest / 3).max(1))?;
        Some((edits, candidate))
    });
    // Of equal distances the first by name wins, so that messages do not depend on the order of
    // candidates.
    scored
        .min_by_key(|(edits, candidate)| (*edits, *candidate))
        .map(|(_, best)| best)
}

/// Returns the candidate that `name` certainly means. `validate --fix` applies it without a
/// question.
///
/// One edit is allowed for names of four characters or more, two for eight or more, and no other
/// candidate may be as near. Case does not count, nor does `-` or a space in place of `_`. Digits
/// must be equal: `h266` means no other codec.
#[must_use]
pub fn certain_match<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut search = NameSearch::new(name, normalized_name)?;
    // In a short name a single edit may lead to another word: `in` and `on`.
    let allowed = match search.wanted.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let scored = candidates
        .into_iter()
        .filter_map(|candidate| Some((search.edits_to(candidate, |_| allowed)?, candidate)));
    let mut scored: Vec<(usize, &str)> = scored.collect();
    // With no steps left, a candidate that was not compared may be as near.
    if search.steps == 0 {
        return None;
    }
    scored.sort_unstable();
    let (edits, best) = *scored.first()?;
    let alone = scored.get(1).is_none_or(|(second, _)| *second > edits);
    // `h264` and `h265` are one edit apart and different codecs, so digits must be equal.
    (alone && ascii_digits(&search.wanted).eq(ascii_digits(best))).then_some(best)
}

fn normalized_name(name: &str) -> String {
    // People write names of presets as they are written in prose: with spaces, hyphens and
    // capitals.
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

fn ascii_digits(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(char::is_ascii_digit)
}

/// Returns a help line for a misspelt name: the nearest name, or the whole list if it is short.
#[must_use]
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    // More are not compared, and collecting a million for each unknown name would cost more than
    // comparing some.
    let candidates: Vec<&str> = candidates.into_iter().take(MAX_CANDIDATES).collect();
    if let Some(best) = nearest_match(name, candidates.iter().copied()) {
        return Some(format!("did you mean `{best}`?"));
    }
    // A longer list would hide the message.
    let few = !candidates.is_empty()
        && candidates.len() <= 12
        && candidates.iter().map(|name| name.len()).sum::<usize>() <= MAX_LISTED_BYTES;
    few.then(|| format!("known: {}", candidates.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::work_counter::count_work_of;

    #[test]
    fn a_transposed_name_is_found() {
        assert_eq!(
            nearest_match("heor_cu", ["hero_cu", "insert"]),
            Some("hero_cu")
        );
    }

    #[test]
    fn a_sure_name_is_near_and_alone() {
        let known = [
            "character",
            "characters",
            "close_up",
            "h264",
            "h265",
            "in",
            "out",
            "duration",
        ];
        let sure = |name: &str| certain_match(name, known);
        assert_eq!(sure("Close-Up"), Some("close_up"));
        assert_eq!(sure("duraton"), Some("duration"));
        assert_eq!(sure("charactr"), Some("character"));
        for unsure in ["charactes", "h266", "im", "oin", "durtin", "zebra", ""] {
            assert_eq!(sure(unsure), None, "{unsure}");
        }
    }

    #[test]
    fn a_search_has_a_limit_of_length_and_of_steps() {
        let long = "a".repeat(MAX_NAME_CHARS + 1);
        let nearly = format!("{}b", &long[1..]);
        assert_eq!(nearest_match(&long, [nearly.as_str()]), None);
        assert_eq!(
            nearest_match(&long[1..], [&nearly[1..]]),
            Some(&nearly[1..])
        );
        let many: Vec<String> = (0..MAX_SEARCH_STEPS)
            .map(|n| format!("name{n:08}"))
            .collect();
        let steps = count_work_of(|| {
            assert!(nearest_match("nmae00000000", many.iter().map(String::as_str)).is_some());
            // Names that were not compared may be as near, so nothing is certain.
            assert_eq!(
                certain_match("nmae00000000", many.iter().map(String::as_str)),
                None
            );
        });
        assert!(steps <= 3 * MAX_SEARCH_STEPS, "{steps}");
    }

    #[test]
    fn a_pass_makes_a_limited_number_of_searches() {
        let allowance = SearchAllowance::default();
        let found = (0..2 * MAX_SEARCHES).filter_map(|_| allowance.search(|| Some(())));
        assert_eq!(found.count(), MAX_SEARCHES);
    }

    #[test]
    fn a_distant_name_is_not_offered() {
        assert_eq!(nearest_match("zebra", ["hero_cu", "insert"]), None);
    }
}
