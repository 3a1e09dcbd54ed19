//! Mistakes in the user's document as data: code, severity, place, message and fix.
//!
//! Owns the record and its collection. Does not format them (that is `report`) and does not know
//! any rule.

use super::span::FileSpan;
use serde::Serialize;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The production cannot run.
    Error,
    /// The production can run, but probably not as the user means.
    Warning,
    /// A fact that the user may want to know.
    Info,
}

/// A stable public code such as `production::frames::empty`. Its meaning never changes.
pub type DiagnosticCode = &'static str;

/// One replacement in the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// The bytes that are replaced.
    pub origin: FileSpan,
    /// The text that replaces them.
    pub text: String,
}

/// The explanation of a code, for a reader who meets it for the first time.
///
/// Its two examples are fields of a production, as under `production:`. Each section replaces the
/// same section of a small production without mistakes. A line with a file's name after `# `, such
/// as `# script.fountain`, begins that file beside the document; `# production.yaml` begins the
/// whole document. A script is named for the example. Tests run them: the wrong example gives this
/// code and no other, the right one gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeExplanation {
    /// The code that is explained.
    pub code: DiagnosticCode,
    /// The severity that the code has by default.
    pub severity: Severity,
    /// The condition that must hold, in one sentence without a full stop.
    pub summary: &'static str,
    /// Why it matters and what to do, in a few sentences.
    pub explanation: &'static str,
    /// An example with this finding.
    pub wrong: &'static str,
    /// The same example without the mistake.
    pub right: &'static str,
}

/// One finding about the user's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: DiagnosticCode,
    /// How much it matters.
    pub severity: Severity,
    /// The mistake, in one line without a full stop.
    pub message: String,
    /// The text beside the caret. Empty if the message is enough.
    pub label: String,
    /// The bytes that are underlined.
    pub origin: FileSpan,
    /// Further places that explain the finding.
    pub related: Vec<(FileSpan, String)>,
    /// What to write instead. None if that is not known.
    pub help: Option<String>,
    /// Edits that correct it and change nothing else. Empty unless the correction is certain.
    /// `validate --fix` applies them.
    pub fix: Vec<TextEdit>,
    /// JSON pointer of the value in the document, such as `/production/shots/3/template`.
    pub path: String,
}

impl Diagnostic {
    /// Returns an error with this code at `origin`.
    #[must_use]
    pub fn error(code: DiagnosticCode, origin: FileSpan, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, origin, message.into())
    }

    /// Returns a warning with this code at `origin`.
    #[must_use]
    pub fn warning(code: DiagnosticCode, origin: FileSpan, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, origin, message.into())
    }

    /// Returns a note with this code at `origin`.
    #[must_use]
    pub fn info(code: DiagnosticCode, origin: FileSpan, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, origin, message.into())
    }

    fn new(severity: Severity, code: DiagnosticCode, origin: FileSpan, message: String) -> Self {
        let label = String::new();
        let path = String::new();
        let related = Vec::new();
        let fix = Vec::new();
        Self {
            code,
            severity,
            message,
            label,
            origin,
            related,
            help: None,
            fix,
            path,
        }
    }

    /// Sets the text beside the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the help, which replaces an earlier one.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the help. `None` leaves an earlier one in place.
    #[must_use]
    pub fn with_optional_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a safe edit: `text` in place of the bytes at `origin`.
    #[must_use]
    pub fn with_fix(mut self, origin: FileSpan, text: impl Into<String>) -> Self {
        self.fix.push(TextEdit {
            origin,
            text: text.into(),
        });
        self
    }

    /// Adds a place that explains the finding.
    #[must_use]
    pub fn with_related(mut self, origin: FileSpan, label: impl Into<String>) -> Self {
        self.related.push((origin, label.into()));
        self
    }

    /// Sets the JSON pointer of the value.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

/// Findings of a whole pass. [`Diagnostics::into_sorted`] removes repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    entries: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one finding, also if it is a repeat.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.entries.push(diagnostic);
    }

    /// Adds all findings of another collection.
    pub fn extend(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// Returns whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.entries
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Returns the number of findings of this severity.
    #[must_use]
    pub fn count_severity(&self, severity: Severity) -> usize {
        self.entries
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Returns whether there are no findings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the findings in their present order.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.entries
    }

    /// Returns the findings sorted by file and offset, without repeats.
    #[must_use]
    pub fn into_sorted(mut self) -> Self {
        // The message is part of the key: two rules may report one place under one code.
        let key = |d: &Diagnostic| (d.origin, d.code, d.message.clone());
        self.entries.sort_by_key(key);
        self.entries.dedup_by_key(|diagnostic| key(diagnostic));
        self
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}
