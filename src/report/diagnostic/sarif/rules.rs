//! SARIF rules: the page of each code in the log.

use super::results::sarif_level;
use crate::base::{CodeExplanation, Diagnostic, DiagnosticCode, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns the distinct codes, sorted, each with the severity of its first diagnostic.
pub(super) fn distinct_codes(diagnostics: &[Diagnostic]) -> Vec<(DiagnosticCode, Severity)> {
    let mut codes = BTreeMap::new();
    for diagnostic in diagnostics {
        codes.entry(diagnostic.code).or_insert(diagnostic.severity);
    }
    codes.into_iter().collect()
}

/// Returns the descriptor of a code, with its page if there is one.
pub(super) fn rule_descriptor(
    code: DiagnosticCode,
    severity: Severity,
    explanation: Option<CodeExplanation>,
) -> Value {
    // SARIF requires the id only. A code without a page is still listed, because results refer to
    // rules by index.
    let Some(known) = explanation else {
        return json!({ "id": code, "defaultConfiguration": { "level": sarif_level(severity) } });
    };
    let mut described = json!({
        "id": code,
        "shortDescription": { "text": known.summary },
        // The severity of the rule, not of the result: a document can change the latter.
        "defaultConfiguration": { "level": sarif_level(known.severity) },
    });
    if !known.explanation.is_empty() {
        described["fullDescription"] = json!({ "text": known.explanation });
        // Both forms, because SARIF requires the text wherever there is Markdown.
        described["help"] = json!({ "text": help_text(&known), "markdown": help_markdown(&known) });
    }
    described
}

fn help_text(known: &CodeExplanation) -> String {
    format!(
        "{}\n\nWrong:\n{}\n\nRight:\n{}\n",
        known.explanation,
        known.wrong.trim_end(),
        known.right.trim_end()
    )
}

fn help_markdown(known: &CodeExplanation) -> String {
    let example =
        |title: &str, yaml: &str| format!("{title}:\n\n```yaml\n{}\n```\n", yaml.trim_end());
    let wrong = example("Wrong", known.wrong);
    let right = example("Right", known.right);
    format!("{}\n\n{wrong}\n{right}", known.explanation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explained_rule_carries_its_help_with_both_examples() {
        let known = CodeExplanation {
            code: "production::test::e",
            severity: Severity::Info,
            summary: "it holds",
            explanation: "It must hold.",
            wrong: "a: 1\n",
            right: "a: 2\n",
        };
        let described = rule_descriptor(known.code, Severity::Error, Some(known));
        assert_eq!(described["defaultConfiguration"]["level"], "note");
        assert_eq!(
            described["help"]["text"],
            "It must hold.\n\nWrong:\na: 1\n\nRight:\na: 2\n"
        );
        assert!(
            described["help"]["markdown"]
                .as_str()
                .unwrap()
                .contains("```yaml\na: 2\n```")
        );
    }
}
