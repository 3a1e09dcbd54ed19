//! Emphasis: `*italic*`, `**bold**`, `***both***`, `_underlined_`, and `\` before a mark that is
//! literal.
//!
//! Fountain has `\` before `*` and `_` alone. Here it is also read before the second of two brackets,
//! and before the first character of a line if that would make the line something else. So every
//! text has a form in Fountain.

/// Most characters and marks between an opening mark and its partner. It bounds the search: in a
/// line of opening marks alone, it would be quadratic.
const MAX_MARK_DISTANCE: usize = 1000;

/// Returns the text without emphasis marks. A mark without a partner on its line is literal.
#[must_use]
pub fn strip_emphasis(text: &str) -> String {
    text.split('\n')
        .map(strip_line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns a text of one line, in which nothing is a mark, so that [`strip_emphasis`] gives it back.
#[must_use]
pub(in crate::story) fn escape_marks(plain: &str) -> String {
    // `[[` and `/*` begin a note and a boneyard wherever they are.
    let has_opening = plain.contains("[[") || plain.contains("/*");
    if !has_opening && strip_line(plain) == plain {
        return plain.to_owned();
    }
    escape_all_marks(plain)
}

/// Returns the text with every mark escaped, whether or not it has a partner.
pub(in crate::story) fn escape_all_marks(plain: &str) -> String {
    let mut escaped = String::with_capacity(plain.len() + 8);
    let mut before = None;
    for c in plain.chars() {
        if matches!(c, '*' | '_' | '\\') || (c == '[' && before == Some('[')) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

/// A character, or a run of equal marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EmphasisToken {
    Char(char),
    /// A run of marks: the mark, its length, whether it may open, whether it may close.
    Run(char, usize, bool, bool),
    Dropped,
}

fn strip_line(line: &str) -> String {
    // Most lines have no marks, and tokens cost a vector of characters.
    if !line.contains(['*', '_', '\\']) {
        return line.to_owned();
    }
    let mut tokens = tokenize_line(line);
    // From left to right, so that the first mark that opens finds the nearest partner. Both are
    // dropped at once, so none is used twice.
    for index in 0..tokens.len() {
        if let Some(partner) = find_partner(&tokens, index) {
            tokens[index] = EmphasisToken::Dropped;
            tokens[partner] = EmphasisToken::Dropped;
        }
    }
    tokens.into_iter().map(token_text).collect()
}

fn find_partner(tokens: &[EmphasisToken], index: usize) -> Option<usize> {
    let EmphasisToken::Run(mark, length, true, _) = tokens[index] else {
        return None;
    };
    // Only runs of equal length pair. A run such as `***` is not split into `*` and `**`.
    tokens
        .iter()
        .skip(index + 1)
        .take(MAX_MARK_DISTANCE)
        .position(|token| matches!(token, EmphasisToken::Run(m, l, _, true) if *m == mark && *l == length))
        .map(|after| index + 1 + after)
}

fn token_text(token: EmphasisToken) -> String {
    match token {
        EmphasisToken::Char(c) => c.to_string(),
        EmphasisToken::Run(mark, length, ..) => std::iter::repeat_n(mark, length).collect(),
        EmphasisToken::Dropped => String::new(),
    }
}

fn tokenize_line(line: &str) -> Vec<EmphasisToken> {
    let chars: Vec<char> = line.chars().collect();
    let mut tokens = Vec::new();
    let mut index = 0;
    while let Some(c) = chars.get(index).copied() {
        match (c, chars.get(index + 1)) {
            ('\\', Some(mark)) if is_escapable(*mark, &chars[..index]) => {
                tokens.push(EmphasisToken::Char(*mark));
                index += 2;
            }
            ('*' | '_', _) => {
                let length = chars[index..].iter().take_while(|next| **next == c).count();
                tokens.push(mark_run(
                    c,
                    length,
                    index.checked_sub(1).map(|index| chars[index]),
                    chars.get(index + length).copied(),
                ));
                index += length;
            }
            _ => {
                tokens.push(EmphasisToken::Char(c));
                index += 1;
            }
        }
    }
    tokens
}

/// Returns whether `\` behind these characters makes a mark literal.
fn is_escapable(mark: char, before: &[char]) -> bool {
    let is_first = before.iter().all(|c| c.is_whitespace());
    match mark {
        '*' | '_' | '\\' => true,
        '[' => before.last() == Some(&'['),
        '(' | '~' | '#' | '=' | '>' | '!' => is_first,
        _ => false,
    }
}

/// Returns a run of marks. An underscore inside a word is a letter of the word, while an asterisk
/// may be anywhere beside text.
fn mark_run(mark: char, length: usize, before: Option<char>, after: Option<char>) -> EmphasisToken {
    // A mark opens before text and closes after it. `2 * 3` has blanks on both sides, so it is
    // literal.
    let text = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let inside = mark == '_' && word(before) && word(after);
    EmphasisToken::Run(
        mark,
        length,
        text(after) && !inside,
        text(before) && !inside,
    )
}

#[cfg(test)]
mod tests {
    use super::{escape_all_marks, escape_marks, strip_emphasis};
    use proptest::prelude::*;

    #[test]
    fn paired_marks_go_and_single_ones_stay() {
        assert_eq!(strip_emphasis("*a* **b** ***c*** _d_ _*e*_"), "a b c d e");
        assert_eq!(
            strip_emphasis("2 * 3 * 4, file_name_x, *open"),
            "2 * 3 * 4, file_name_x, *open"
        );
        assert_eq!(
            strip_emphasis("**bold _and_ *both***"),
            "**bold and *both***"
        );
    }

    #[test]
    fn an_escaped_mark_is_text() {
        assert_eq!(
            strip_emphasis("\\*not\\* \\_here\\_ \\\\"),
            "*not* _here_ \\"
        );
    }

    #[test]
    fn emphasis_ends_with_its_line() {
        assert_eq!(strip_emphasis("*a\nb*"), "*a\nb*");
    }

    #[test]
    fn a_first_character_may_be_escaped_and_others_keep_their_backslash() {
        assert_eq!(strip_emphasis("\\(hm) \\(no)"), "(hm) \\(no)");
        assert_eq!(strip_emphasis("  \\#1\n\\~la"), "  #1\n~la");
        assert_eq!(strip_emphasis("[\\[ /\\* \\["), "[[ /* \\[");
    }

    proptest! {
        #[test]
        fn an_escaped_text_is_the_text(text in r"[\\*_\[\]/ a-c]{0,24}") {
            for escaped in [escape_marks(&text), escape_all_marks(&text)] {
                prop_assert_eq!(strip_emphasis(&escaped), text.as_str());
                prop_assert!(!escaped.contains("[[") && !escaped.contains("/*"));
            }
        }
    }
}
