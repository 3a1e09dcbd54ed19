//! Text of XML: escapes on the way out, and a limit of depth on the way in.

/// How deep elements may be in each other.
// `roxmltree` calls itself for each level.
const MOST_LEVELS: usize = 200;

/// Returns a text as it stands in an attribute or between tags. Characters that XML cannot have at
/// all are left out.
pub(crate) fn xml_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // As they are, a reader would make spaces of them.
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\r' => escaped.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Returns whether elements are too deep in each other to be read. It may count a little too much,
/// where a comment has tags.
pub(super) fn is_too_deep(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut depth: usize = 0;
    let mut index = 0;
    while let Some(found) = text.get(index..).and_then(|rest| rest.find('<')) {
        let at = index + found;
        index = at + 1;
        match bytes.get(index) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                let end = text[index..]
                    .find('>')
                    .map_or(text.len(), |end| index + end);
                let is_closed = bytes[..end].ends_with(b"/");
                depth += usize::from(!is_closed);
                if depth > MOST_LEVELS {
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_keep_a_text_in_its_place() {
        assert_eq!(
            xml_escaped("a<b> & \"c\"\u{1}\n"),
            "a&lt;b&gt; &amp; &quot;c&quot;&#10;"
        );
    }

    #[test]
    fn depth_is_counted_before_anything_is_read() {
        assert!(is_too_deep(&"<a>".repeat(300)));
        assert!(!is_too_deep(&"<a></a>".repeat(300)));
        assert!(!is_too_deep(&"<a/>".repeat(300)));
        assert!(!is_too_deep("<"));
        assert!(!is_too_deep(""));
    }
}
