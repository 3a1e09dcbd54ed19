//! The nearest known name to a misspelt one, for suggestions.

/// Returns the candidate closest to `name`, if one is close enough to be what was meant.
///
/// Distance is Damerau-Levenshtein on lower-cased text, at most a third of the longer name (and at least one edit).
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let distance = |candidate: &str| strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
    let scored = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    let (edits, best) = scored.min_by_key(|(edits, candidate)| (*edits, *candidate))?;
    let longest = wanted.chars().count().max(best.chars().count());
    (edits <= (longest / 3).max(1)).then_some(best)
}

/// Returns a help line for a misspelt name: the nearest one, else the whole list when it is short.
#[must_use]
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(best) = nearest(name, candidates.iter().copied()) {
        return Some(format!("did you mean `{best}`?"));
    }
    let few = !candidates.is_empty() && candidates.len() <= 12;
    few.then(|| format!("known: {}", candidates.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transposed_name_is_found() {
        assert_eq!(nearest("heor_cu", ["hero_cu", "insert"]), Some("hero_cu"));
    }

    #[test]
    fn a_distant_name_is_not_offered() {
        assert_eq!(nearest("zebra", ["hero_cu", "insert"]), None);
    }
}
