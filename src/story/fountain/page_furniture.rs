//! Paragraphs that say nothing: transitions without a mark, ends, and what programs print on pages.

/// Whole paragraphs, in capitals and without marks at their ends.
const FURNITURE: &[&str] = &[
    "FADE IN",
    "FADE OUT",
    "FADE TO BLACK",
    "FADE TO WHITE",
    "FADE UP",
    "FADE",
    "CUT TO",
    "CUT TO BLACK",
    "SMASH CUT",
    "JUMP CUT",
    "MATCH CUT",
    "BACK TO SCENE",
    "THE END",
    "END",
    "FIN",
    "FINE",
    "ENDE",
    "END CREDITS",
    "ROLL CREDITS",
    "END TITLES",
    "MAIN TITLES",
    "OPENING CREDITS",
    "MORE",
    "CONTINUED",
    "CONTINUES",
    "CONT'D",
    "CONT’D",
    "CONTD",
    "OMITTED",
    "TEASER",
    "COLD OPEN",
    "TAG",
    "ABBLENDE",
    "AUFBLENDE",
    "SCHNITT",
    "FONDU AU NOIR",
    "FUNDIDO A NEGRO",
];

/// Beginnings of such paragraphs, which a name or a number follows.
const BEGINNINGS: &[&str] = &["ACT ", "END OF ", "CONTINUED (", "CONTINUED: ("];

/// The most characters of such a paragraph.
const MOST_CHARACTERS: usize = 40;

/// Returns whether a paragraph of action shows nothing: `FADE OUT.`, `CUT TO:`, `THE END`,
/// `(MORE)`,
/// `CONTINUED: (2)`, the number of a page.
#[must_use]
pub fn is_page_furniture(paragraph: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '>' | '<' | '-' | '–');
    let text = paragraph.trim_matches(is_mark);
    // A sentence has small letters. `The End` has two words of it.
    let is_end = text.eq_ignore_ascii_case("the end") || text.eq_ignore_ascii_case("the end.");
    if text.chars().count() > MOST_CHARACTERS || text.is_empty() || text.contains('\n') {
        return false;
    }
    if is_end || is_page_number(text) {
        return true;
    }
    if text.chars().any(char::is_lowercase) {
        return false;
    }
    let bare = text.trim_matches(|c: char| is_mark(c) || matches!(c, '.' | ':' | '(' | ')' | '!'));
    let is_transition = text.ends_with(" TO:") || bare.ends_with(" CUT") || bare.ends_with(" ZU");
    FURNITURE.contains(&bare)
        || BEGINNINGS.iter().any(|start| text.starts_with(start))
        || is_transition && text.split_whitespace().count() <= 4
}

/// Whether a paragraph is a number alone, such as `12.` or `- 3 -`.
fn is_page_number(text: &str) -> bool {
    let number = text.trim_end_matches('.');
    !number.is_empty() && number.len() <= 4 && number.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_page_furniture;

    #[test]
    fn transitions_ends_and_what_programs_print_show_nothing() {
        for furniture in [
            "FADE IN:",
            "FADE OUT.",
            "**FADE OUT.**",
            "CUT TO:",
            "SMASH CUT TO:",
            "HARD CUT",
            "CUT TO BLACK.",
            "THE END",
            "The End.",
            "(MORE)",
            "MORE",
            "CONTINUED:",
            "(CONTINUED)",
            "CONTINUED: (2)",
            "CONT'D",
            "12.",
            "- 3 -",
            "END OF ACT ONE",
            "ACT TWO",
            "ENDE",
        ] {
            assert!(is_page_furniture(furniture), "{furniture}");
        }
        for action in [
            "",
            "Fog. A bell.",
            "BANG!",
            "A CUT TO THE HAND",
            "THE END OF THE PIER",
            "More of them come.",
            "1917 was a hard year.",
            "SUPER: 1917",
            "FADE OUT on her face as she turns.",
        ] {
            assert!(!is_page_furniture(action), "{action}");
        }
    }
}
