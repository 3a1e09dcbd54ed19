//! Mistakes in the user's document, as data: code, severity, place, message and fix.
//!
//! Owns the record and its collection. Does not draw anything (that is `report`) and does not know any rule.

use super::span::FileSpan;
use serde::Serialize;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The production cannot run.
    Error,
    /// The production can run, but probably not as meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// A stable public code such as `production::frames::empty`. It never changes meaning.
pub type DiagnosticCode = &'static str;

/// One replacement in the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// The bytes replaced.
    pub origin: FileSpan,
    /// What stands there afterwards.
    pub text: String,
}

/// What a code means, for someone who meets it for the first time.
///
/// Its two examples are fields of a production: what would stand under `production:`, each section in place of the same
/// section of a small sound production. A line that is a file's name after `# `, such as `# script.fountain`, begins that
/// file beside the document; `# production.yaml` begins the whole document. A script is named for the example. Tests run
/// them: the wrong one gives this code and no other, the right one nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeExplanation {
    /// The code.
    pub code: DiagnosticCode,
    /// How much it matters.
    pub severity: Severity,
    /// What must hold, in one sentence without a full stop.
    pub summary: &'static str,
    /// Why it matters and what to do, in a few sentences.
    pub explanation: &'static str,
    /// An example that is told.
    pub wrong: &'static str,
    /// The same, mended.
    pub right: &'static str,
}

/// One finding about the user's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: DiagnosticCode,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// The words beside the caret; empty when the message says it all.
    pub label: String,
    /// The bytes underlined.
    pub origin: FileSpan,
    /// Further places that explain the finding.
    pub related: Vec<(FileSpan, String)>,
    /// The fix, when it is known.
    pub help: Option<String>,
    /// Edits that mend it without changing anything else, when that is certain; applied by `validate --fix`.
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
        let (label, path) = (String::new(), String::new());
        let (related, fix) = (Vec::new(), Vec::new());
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

    /// Puts words beside the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Offers the fix.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers the fix, when there is one.
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

    /// Adds a second place.
    #[must_use]
    pub fn with_related(mut self, origin: FileSpan, label: impl Into<String>) -> Self {
        self.related.push((origin, label.into()));
        self
    }

    /// Names the value by its JSON pointer.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

/// Diagnostics collected over a whole pass, without repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    entries: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one finding, unless the same code, place and message are there already.
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

    /// Returns how many findings have this severity.
    #[must_use]
    pub fn count_severity(&self, severity: Severity) -> usize {
        self.entries
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Returns whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the findings as they stand.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.entries
    }

    /// Returns the findings sorted by file and offset, repeats removed.
    #[must_use]
    pub fn into_sorted(mut self) -> Self {
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
