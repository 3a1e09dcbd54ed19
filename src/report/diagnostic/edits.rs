//! Edits as one line each: old text and new text.

use super::message_text::escape_unprintable;
use crate::base::{SourceMap, TextEdit};

/// Returns one line `file:line: old -> new` for each edit. The files must be those from before the
/// edits.
#[must_use]
pub fn edit_lines(edits: &[TextEdit], sources: &SourceMap) -> String {
    edits.iter().map(|edit| edit_line(edit, sources)).collect()
}

fn edit_line(edit: &TextEdit, sources: &SourceMap) -> String {
    let Some(source) = sources.get(edit.origin.file) else {
        return String::new();
    };
    let (line, _) = source.line_and_column(edit.origin.start);
    let path = escape_unprintable(&source.path.display().to_string());
    // `escape_unprintable` lets line breaks through, and one edit must stay one line.
    let flat = |text: &str| escape_unprintable(text).replace('\n', "\\n");
    format!(
        "{path}:{line}: {} -> {}\n",
        flat(sources.span_text(edit.origin)),
        flat(&edit.text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;

    #[test]
    fn an_edit_is_shown_by_file_line_old_and_new() {
        let mut sources = SourceMap::default();
        let file = sources.add_file("p.yaml", "a: 1\nb: |\n  x\n  y\u{1b}\n");
        let edit = TextEdit {
            origin: FileSpan::new(file, 12, 18),
            text: "true".to_owned(),
        };
        assert_eq!(
            edit_lines(&[edit], &sources),
            "p.yaml:3: x\\n  y\\u{1b} -> true\n"
        );
    }
}
