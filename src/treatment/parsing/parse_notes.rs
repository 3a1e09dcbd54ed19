//! The findings of the parser, each made in one place.

use super::label_lines::label_end;
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::document::quote::quote_value;
use crate::treatment::reading::LocatedText;
use crate::treatment::words::LabelKind;

/// The most words before a colon that may have been meant as a label.
const MOST_LABEL_WORDS: usize = 3;

/// Adds a note about a guess: what was taken, and why.
pub(super) fn note_guess(
    diagnostics: &mut Diagnostics,
    origin: FileSpan,
    guess: impl Into<String>,
    reason: impl Into<String>,
) {
    let note = Diagnostic::info("production::treatment::guess", origin, guess);
    diagnostics.push(note.with_label(reason));
}

/// Notes that a line below a label, which begins as labels do, goes on with that label: a label that is
/// not known would otherwise be spoken, or be gone, without a word.
pub(super) fn note_unknown_label(
    line: &LocatedText,
    above: LabelKind,
    diagnostics: &mut Diagnostics,
) {
    let Some((end, _)) = label_end(&line.text) else {
        return;
    };
    let label = line.text[..end].trim();
    let is_word = |word: &str| {
        word.chars()
            .all(|c| c.is_alphanumeric() || "-'’/.".contains(c))
    };
    let mut words = label.split_whitespace();
    // Prose has colons, too: `one thing: bees`.
    let is_label = label.starts_with(char::is_uppercase)
        && words.clone().count() <= MOST_LABEL_WORDS
        && words.all(is_word);
    if !is_label {
        return;
    }
    let guess = match above {
        LabelKind::Narration => format!("{} is spoken with the line above", quote_value(label)),
        _ => format!("{} goes on with the line above", quote_value(label)),
    };
    let reason = "it is no label; leave a line free above it if it is something else";
    note_guess(diagnostics, line.span(0..end), guess, reason);
}

/// Adds a warning about a value that cannot be read, with what is written there instead.
pub(super) fn warn_unreadable(
    diagnostics: &mut Diagnostics,
    origin: FileSpan,
    what: &str,
    value: &str,
    help: &str,
) {
    let message = format!("{} is no {what}", quote_value(value));
    let code = "production::treatment::unreadable_value";
    let warning = Diagnostic::warning(code, origin, message);
    diagnostics.push(warning.with_label("left out").with_help(help));
}

/// Adds a warning about a second value that differs from the first.
pub(super) fn warn_repeated(
    diagnostics: &mut Diagnostics,
    origin: FileSpan,
    first: FileSpan,
    what: &str,
) {
    let message = format!("the {what} is written twice, and differs");
    let code = "production::treatment::contradiction";
    let warning = Diagnostic::warning(code, origin, message)
        .with_label("not used")
        .with_related(first, "the first one counts")
        .with_help(format!("write the {what} once"));
    diagnostics.push(warning);
}
