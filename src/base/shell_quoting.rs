//! Words quoted for POSIX shells: for scripts that a shell reads, and for commands that are shown.

/// Returns the word quoted so that a shell reads it as one word, without expansion.
#[must_use]
pub fn shell_quoted(word: &str) -> String {
    // Plain words stay unquoted, because people read the scripts. The list names what is safe in
    // every position: `~` is not on it, as a shell expands it at the beginning of a word.
    quote_unless_plain(word, |c| c.is_ascii_alphanumeric())
}

/// Returns the word quoted for a command that is shown to people. Letters of every script stay
/// unquoted.
#[must_use]
pub fn readable_shell_word(word: &str) -> String {
    quote_unless_plain(word, char::is_alphanumeric)
}

fn quote_unless_plain(word: &str, is_letter: fn(char) -> bool) -> String {
    // An empty word needs its quotes, or it would be lost.
    if !word.is_empty()
        && word
            .chars()
            .all(|c| is_letter(c) || "_-./:=@%+,".contains(c))
    {
        return word.to_owned();
    }
    // Nothing is special within single quotes but the quote itself, which ends the string, is
    // escaped, and begins a new one.
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_quoted_as_one_word() {
        assert_eq!(shell_quoted("/a/b-1.0"), "/a/b-1.0");
        assert_eq!(shell_quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_quoted(""), "''");
        assert_eq!(shell_quoted("né"), "'né'");
        assert_eq!(readable_shell_word("né"), "né");
        assert_eq!(readable_shell_word("~"), "'~'");
    }
}
