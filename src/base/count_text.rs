//! Counts with their nouns, the one place that knows plurals: `1 scene`, `2 speeches`, `12,480
//! frames`.

/// Returns a whole number with commas between thousands.
#[must_use]
pub fn format_number(count: usize) -> String {
    // Grouped from the right by hand: the format macros of `std` have no separator for thousands.
    let digits = count.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// Returns a count with its noun, which is in the plural unless the count is 1: `1 frame`, `12,480
/// frames`.
#[must_use]
pub fn format_count(count: usize, noun: &str) -> String {
    format!("{} {}", format_number(count), noun_for(count, noun))
}

/// Returns a count with its noun and a verb in the third person that agrees with it: `1 speaker
/// speaks`, `2 speakers speak`.
#[must_use]
pub fn format_subject(count: usize, noun: &str, verb: &str) -> String {
    let s = if count == 1 { "s" } else { "" };
    format!("{} {verb}{s}", format_count(count, noun))
}

/// Returns a noun as it is behind this count.
#[must_use]
pub fn noun_for(count: usize, noun: &str) -> String {
    let hisses = ["s", "x", "z", "ch", "sh"];
    if count == 1 {
        return noun.to_owned();
    }
    if hisses.iter().any(|end| noun.ends_with(end)) {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_agree_with_their_counts() {
        for (count, noun, text) in [
            (0, "scene", "0 scenes"),
            (1, "scene", "1 scene"),
            (1, "speech", "1 speech"),
            (2, "speech", "2 speeches"),
            (3, "entry", "3 entries"),
            (2, "array", "2 arrays"),
            (1_234_567, "frame", "1,234,567 frames"),
        ] {
            assert_eq!(format_count(count, noun), text);
        }
        assert_eq!(
            format_subject(1, "character", "speak"),
            "1 character speaks"
        );
        assert_eq!(
            format_subject(2, "character", "speak"),
            "2 characters speak"
        );
    }
}
