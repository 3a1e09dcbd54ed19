//! Quoting for scripts, which POSIX shells read.

/// Returns the word quoted so that a shell reads it as one word, without expansion.
#[must_use]
pub(super) fn shell_quoted(word: &str) -> String {
    // Plain words stay unquoted, because people read the scripts. The list names what is safe in
    // every position: `~` is not on it, as a shell expands it at the beginning of a word.
    if !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c))
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
    fn a_word_stays_one_word_whatever_is_in_it() {
        assert_eq!(shell_quoted("/a/b-1.0"), "/a/b-1.0");
        assert_eq!(shell_quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_quoted(""), "''");
    }
}
