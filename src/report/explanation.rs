//! The page of a diagnostic code: for a terminal, as Markdown for `docs/rules.md`, as JSON.
//!
//! The pages are arguments: the modules that report codes own the texts.

use super::diagnostic::severity_word;
use crate::base::CodeExplanation;
use serde_json::{Value, json};

/// Columns of running text.
// Not the width of the terminal: long lines of prose are hard to read, and the same page must look
// the same in a test.
const TEXT_WIDTH: usize = 88;

/// Returns one page for a terminal.
#[must_use]
pub fn explanation_text(page: &CodeExplanation) -> String {
    format!(
        "{} ({})\n{}\n\n{}\n\nwrong:\n{}\nright:\n{}",
        page.code,
        severity_word(page.severity),
        to_sentence(page.summary),
        wrap_words(page.explanation),
        indent_lines(page.wrong),
        indent_lines(page.right)
    )
}

/// Returns one line for each page: severity, code, summary.
#[must_use]
pub fn explanation_list(pages: &[CodeExplanation]) -> String {
    // Codes differ in length and are read as a column, so the widest sets the width.
    let widest = pages.iter().map(|page| page.code.len()).max().unwrap_or(0);
    pages
        .iter()
        .map(|page| {
            format!(
                "{:<7}  {:<widest$}  {}\n",
                severity_word(page.severity),
                page.code,
                page.summary
            )
        })
        .collect()
}

/// Returns the pages as `{rules: [..]}`, one object a page.
#[must_use]
pub fn explanations_json(pages: &[CodeExplanation]) -> Value {
    let page = |page: &CodeExplanation| {
        json!({
            "code": page.code,
            "severity": page.severity,
            "summary": page.summary,
            "explanation": page.explanation,
            "wrong": page.wrong,
            "right": page.right,
        })
    };
    json!({ "rules": pages.iter().map(page).collect::<Vec<_>>() })
}

/// Returns one page as Markdown, under a heading of the third level.
#[must_use]
pub fn explanation_markdown(page: &CodeExplanation) -> String {
    format!(
        "### {}\n\n*{}*: {}\n\n{}\n\nWrong:\n\n```yaml\n{}```\n\nRight:\n\n```yaml\n{}```\n",
        page.code,
        severity_word(page.severity),
        to_sentence(page.summary),
        page.explanation,
        page.wrong,
        page.right
    )
}

/// Returns all pages as one Markdown document; an area is a title with its pages. A table of
/// contents comes first.
#[must_use]
pub fn rules_markdown(areas: &[(&str, Vec<CodeExplanation>)]) -> String {
    let counted: usize = areas.iter().map(|(_, pages)| pages.len()).sum();
    let contents: String = areas
        .iter()
        .map(|(title, pages)| contents_rows(title, pages))
        .collect();
    let chapters: String = areas
        .iter()
        .map(|(title, pages)| chapter_markdown(title, pages))
        .collect();
    format!(
        "{INTRODUCTION}\n{counted} codes:\n\n| code | severity | what must hold |\n|---|---|---|\n{contents}{chapters}"
    )
}

fn contents_rows(title: &str, pages: &[CodeExplanation]) -> String {
    let rows = pages.iter().map(|page| {
        format!(
            "| `{}` | {} | {} |\n",
            page.code,
            severity_word(page.severity),
            page.summary
        )
    });
    format!("| **{title}** | | |\n{}", rows.collect::<String>())
}

fn chapter_markdown(title: &str, pages: &[CodeExplanation]) -> String {
    let pages: Vec<String> = pages.iter().map(explanation_markdown).collect();
    format!("\n## {title}\n\n{}", pages.join("\n"))
}

const INTRODUCTION: &str = "\
# Every rule

This page is written by the program: `production explain --list --format markdown > docs/rules.md`. The same text is on
the command line: `production explain shots::no_subject`.

An *error* stops a run. A *warning* lets it run, but probably not as meant. An *info* is worth knowing. Codes are stable:
they never change their meaning.

Each example shows fields of a production: what is under `production:`. Sections that it does not show are those of a
small valid production. A line such as `# script.fountain` begins a file beside the document, and a script that is shown
is also named. Tests run every example that can be written down.
";

/// Returns the summary with a capital and a full stop. Summaries are written without both, because
/// lists show them after the code.
fn to_sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}

fn indent_lines(snippet: &str) -> String {
    snippet
        .lines()
        .map(|line| {
            // Spaces at the end of an empty line would be in every snapshot and in what people
            // copy.
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("    {line}\n")
            }
        })
        .collect()
}

fn wrap_words(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines
            .last_mut()
            // `<` and not `<=`: the space before the word counts too.
            .filter(|line| line.chars().count() + word.chars().count() < TEXT_WIDTH);
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Severity;

    const PAGE: CodeExplanation = CodeExplanation {
        code: "production::test::page",
        severity: Severity::Warning,
        summary: "all is well",
        explanation: "It is not always so.",
        wrong: "a: 1\n",
        right: "a: 2\n\n# b.txt\nb\n",
    };

    #[test]
    fn a_page_for_a_terminal_has_everything_in_order() {
        let expected = "production::test::page (warning)\nAll is well.\n\nIt is not always so.\n\nwrong:\n    a: 1\n\nright:\n    a: 2\n\n    # b.txt\n    b\n";
        assert_eq!(explanation_text(&PAGE), expected);
    }

    #[test]
    fn long_text_is_broken_between_words() {
        let text = wrap_words(&"word ".repeat(40));
        assert!(
            text.lines().count() > 1 && text.lines().all(|line| line.len() <= TEXT_WIDTH),
            "{text}"
        );
    }

    #[test]
    fn the_list_has_a_line_for_each_page() {
        assert_eq!(
            explanation_list(&[PAGE]),
            "warning  production::test::page  all is well\n"
        );
    }
}
