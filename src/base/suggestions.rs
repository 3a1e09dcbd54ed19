//! Finds the nearest known name to a misspelt one, for suggestions.

/// Returns the candidate closest to `name`. None if no candidate is close enough to be probably
/// meant.
///
/// The distance is Damerau-Levenshtein on lower-cased text. It may be a third of the longer name,
/// and at least one edit.
#[must_use]
pub fn nearest_match<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let distance =
        |candidate: &str| strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
    let scored = candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate));
    // Of equal distances the first by name wins, so that messages do not depend on the order of
    // candidates.
    let (edits, best) = scored.min_by_key(|(edits, candidate)| (*edits, *candidate))?;
    // The limit grows with the name: three edits in twelve letters are a slip, in four they are
    // another word.
    let longest = wanted.chars().count().max(best.chars().count());
    (edits <= (longest / 3).max(1)).then_some(best)
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
    let wanted = normalized_name(name);
    let distance =
        |candidate: &str| strsim::damerau_levenshtein(&wanted, &normalized_name(candidate));
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .collect();
    scored.sort_unstable();
    let (edits, best) = *scored.first()?;
    // In a short name a single edit may lead to another word: `in` and `on`.
    let allowed = match wanted.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let alone = scored.get(1).is_none_or(|(second, _)| *second > edits);
    // `h264` and `h265` are one edit apart and different codecs, so digits must be equal.
    (edits <= allowed && alone && ascii_digits(&wanted).eq(ascii_digits(best))).then_some(best)
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
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(best) = nearest_match(name, candidates.iter().copied()) {
        return Some(format!("did you mean `{best}`?"));
    }
    // A longer list would hide the message.
    let few = !candidates.is_empty() && candidates.len() <= 12;
    few.then(|| format!("known: {}", candidates.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_distant_name_is_not_offered() {
        assert_eq!(nearest_match("zebra", ["hero_cu", "insert"]), None);
    }
}
