//! Emphasis: `*italic*`, `**bold**`, `***both***`, `_underlined_`, and `\` before a mark that is meant as itself.

/// How many characters and marks after an opening mark its partner may stand.
const FARTHEST: usize = 1000;

/// Returns the text without emphasis marks. A mark without a partner on its line is text.
#[must_use]
pub fn plain(text: &str) -> String {
    text.split('\n')
        .map(plain_line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A run of equal marks, or a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    /// Mark, length, whether it may open, whether it may close.
    Run(char, usize, bool, bool),
    Dropped,
}

fn plain_line(line: &str) -> String {
    if !line.contains(['*', '_', '\\']) {
        return line.to_owned();
    }
    let mut tokens = tokens(line);
    for at in 0..tokens.len() {
        if let Some(partner) = partner(&tokens, at) {
            tokens[at] = Token::Dropped;
            tokens[partner] = Token::Dropped;
        }
    }
    tokens.into_iter().map(written).collect()
}

fn partner(tokens: &[Token], at: usize) -> Option<usize> {
    let Token::Run(mark, length, true, _) = tokens[at] else {
        return None;
    };
    let closes =
        |token: &Token| matches!(token, Token::Run(m, l, _, true) if *m == mark && *l == length);
    tokens
        .iter()
        .skip(at + 1)
        .take(FARTHEST)
        .position(closes)
        .map(|after| at + 1 + after)
}

fn written(token: Token) -> String {
    match token {
        Token::Char(c) => c.to_string(),
        Token::Run(mark, length, ..) => std::iter::repeat_n(mark, length).collect(),
        Token::Dropped => String::new(),
    }
}

fn tokens(line: &str) -> Vec<Token> {
    let chars: Vec<char> = line.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        match (c, chars.get(at + 1)) {
            ('\\', Some(mark @ ('*' | '_' | '\\'))) => {
                tokens.push(Token::Char(*mark));
                at += 2;
            }
            ('*' | '_', _) => {
                let length = chars[at..].iter().take_while(|next| **next == c).count();
                tokens.push(run(
                    c,
                    length,
                    at.checked_sub(1).map(|at| chars[at]),
                    chars.get(at + length).copied(),
                ));
                at += length;
            }
            _ => {
                tokens.push(Token::Char(c));
                at += 1;
            }
        }
    }
    tokens
}

/// An underscore inside a word is a letter of that word; an asterisk may stand anywhere beside text.
fn run(mark: char, length: usize, before: Option<char>, after: Option<char>) -> Token {
    let text = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let inside = mark == '_' && word(before) && word(after);
    Token::Run(
        mark,
        length,
        text(after) && !inside,
        text(before) && !inside,
    )
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn paired_marks_go_and_single_ones_stay() {
        assert_eq!(plain("*a* **b** ***c*** _d_ _*e*_"), "a b c d e");
        assert_eq!(
            plain("2 * 3 * 4, file_name_x, *open"),
            "2 * 3 * 4, file_name_x, *open"
        );
        assert_eq!(plain("**bold _and_ *both***"), "**bold and *both***");
    }

    #[test]
    fn an_escaped_mark_is_text() {
        assert_eq!(plain("\\*not\\* \\_here\\_ \\\\"), "*not* _here_ \\");
    }

    #[test]
    fn emphasis_ends_with_its_line() {
        assert_eq!(plain("*a\nb*"), "*a\nb*");
    }
}
