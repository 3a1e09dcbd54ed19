//! Character cues: the line above a dialogue.

/// A cue, split into its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::story) struct CharacterCue<'t> {
    /// The name, a slice of the line.
    pub(in crate::story) name: &'t str,
    /// Text in parentheses after the name, such as `V.O.`. Several are joined with a comma.
    pub(in crate::story) extension: Option<String>,
    /// Whether `^` marks it as spoken beside the dialogue before it.
    pub(in crate::story) dual: bool,
    /// Whether `@` marks it as a cue, so that the name may have small letters.
    pub(in crate::story) forced: bool,
}

/// Returns the cue that this line looks like. Whether it is one depends on the lines around it.
pub(in crate::story) fn parse_cue(line: &str) -> Option<CharacterCue<'_>> {
    let line = line.trim();
    // The mark is removed before the extension is looked for, since it follows the extension.
    let (line, dual) = line
        .strip_suffix('^')
        .map_or((line, false), |line| (line.trim_end(), true));
    let (line, forced) = line
        .strip_prefix('@')
        .map_or((line, false), |line| (line, true));
    // Some programs print all cues in bold, with or without the extension.
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    let (name, extension) = split_extension(line.trim_matches(is_mark));
    let name = name.trim_matches(is_mark);
    // At least one letter must be a capital: a line of digits, such as a year, is no name.
    let capital = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
    // Scripts without capitals, such as Japanese, have cues only through `@`.
    let named = !name.is_empty() && (forced || capital);
    named.then_some(CharacterCue {
        name,
        extension,
        dual,
        forced,
    })
}

fn split_extension(line: &str) -> (&str, Option<String>) {
    // A parenthesis in the middle belongs to the name, so the line must end with one.
    let Some((name, rest)) = line.split_once('(').filter(|_| line.ends_with(')')) else {
        return (line.trim(), None);
    };
    let parts = rest
        .split(['(', ')'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    (name.trim(), Some(parts.collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_has_name_extension_and_dual_mark() {
        let found = parse_cue("  HANS (V.O.) (cont'd) ^").unwrap();
        assert_eq!(
            (found.name, found.extension.as_deref(), found.dual),
            ("HANS", Some("V.O., cont'd"), true)
        );
        assert_eq!(parse_cue("R2D2").unwrap().name, "R2D2");
        assert_eq!(parse_cue("@McAVOY").unwrap().name, "McAVOY");
        assert_eq!(parse_cue("ÉLODIE").unwrap().name, "ÉLODIE");
        for bold in ["**HANS** (V.O.)", "**HANS (V.O.)**"] {
            let found = parse_cue(bold).unwrap();
            let read = (found.name, found.extension.as_deref());
            assert_eq!(read, ("HANS", Some("V.O.")));
        }
    }

    #[test]
    fn a_line_with_small_letters_or_no_letters_is_no_cue() {
        assert!(
            [
                parse_cue("Hans"),
                parse_cue("23"),
                parse_cue(""),
                parse_cue("(V.O.)"),
                parse_cue("@")
            ]
            .iter()
            .all(Option::is_none)
        );
    }
}
