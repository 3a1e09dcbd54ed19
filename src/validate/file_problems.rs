//! Findings about files: one for a file, at its first mention, with the others beside it.

use super::file_mentions::{FileMention, FileMentions};
use super::rule::RuleFindings;

/// Problem of a file.
#[derive(Debug, Clone)]
pub(super) struct FileProblem {
    /// Continues the description of the file, such as `is empty`.
    message: String,
    label: String,
    help: Option<String>,
}

impl FileProblem {
    /// Returns a problem without help.
    pub(super) fn new(message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            label: label.into(),
            help: None,
        }
    }

    /// Sets the help, if there is one.
    pub(super) fn with_help(self, help: impl Into<Option<String>>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }
}

/// Reports every one of these files that has a problem, once, with all its mentions.
pub(super) fn report_file_problems(
    files: Vec<FileMentions<'_>>,
    findings: &mut RuleFindings,
    problem: impl Fn(&FileMention<'_>) -> Option<FileProblem>,
) {
    for FileMentions { first, others } in files {
        let Some(FileProblem {
            message,
            label,
            help,
        }) = problem(&first)
        else {
            continue;
        };
        let finding = findings.finding_at(
            first.asset.origin,
            format!("{} {message}", first.describe_mention()),
        );
        let finding = finding.with_label(label).with_optional_help(help);
        let finding = others.iter().fold(finding, |finding, origin| {
            finding.with_related(*origin, "named here too")
        });
        findings.push(finding);
    }
}
