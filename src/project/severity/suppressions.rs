//! The comments that allow findings of one line: which line, which codes, and whether a finding
//! matched.

use super::code_lookup::{find_code, unknown_code_warning};
use super::{cannot_silence_warning, depends_on_machine};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileId, Severity, Spanned};
use crate::document::allow_comments::AllowComment;
use std::collections::{BTreeMap, BTreeSet};

/// One code of one comment.
struct SuppressionEntry<'a> {
    name: &'a Spanned<String>,
    code: DiagnosticCode,
    /// Byte after the line that the comment is about.
    end: u32,
    path: &'a str,
    used: bool,
}

/// The codes of all comments, by the first byte of the line that each is about.
pub(super) struct SuppressionTable<'a> {
    by_line: BTreeMap<(FileId, u32), Vec<SuppressionEntry<'a>>>,
}

impl<'a> SuppressionTable<'a> {
    pub(super) fn new(
        allows: &'a [AllowComment],
        known: &[(DiagnosticCode, Severity)],
        notes: &mut Diagnostics,
    ) -> Self {
        let mut suppressions = Self {
            by_line: BTreeMap::new(),
        };
        for allow in allows {
            // A comment without a code allows nothing: silence for a whole line would hide new
            // mistakes.
            if allow.codes.is_empty() {
                notes.push(empty_allow_warning(allow));
            }
            for name in &allow.codes {
                match find_code(&name.value, known) {
                    None => notes.push(unknown_code_warning(name, known).with_path(&allow.path)),
                    // An error cannot be allowed, since the run would fail anyway. Ignoring the
                    // comment without a word would look as if it worked.
                    Some((_, Severity::Error)) => {
                        notes.push(cannot_silence_warning(name).with_path(&allow.path));
                    }
                    Some((code, _)) => suppressions.add_entry(allow, name, code),
                }
            }
        }
        suppressions
    }

    fn add_entry(
        &mut self,
        allow: &'a AllowComment,
        name: &'a Spanned<String>,
        code: DiagnosticCode,
    ) {
        let entry = SuppressionEntry {
            name,
            code,
            end: allow.line.end,
            path: &allow.path,
            used: false,
        };
        self.by_line
            .entry((allow.line.file, allow.line.start))
            .or_default()
            .push(entry);
    }

    /// Returns whether a comment allows the finding, and marks that comment as used.
    pub(super) fn try_suppress(&mut self, finding: &Diagnostic) -> bool {
        let place = (finding.origin.file, finding.origin.start);
        // A finding points somewhere into a line, and the key is the first byte of that line: the
        // last key at or before the finding is the only line that can contain it.
        let Some((line, entries)) = self.by_line.range_mut(..=place).next_back() else {
            return false;
        };
        let mut covered = false;
        for entry in entries {
            let covers = line.0 == place.0 && place.1 < entry.end && entry.code == finding.code;
            // No early end: a code that is written twice is used twice, and neither may be reported
            // as unused.
            entry.used |= covers;
            covered |= covers;
        }
        covered
    }

    /// Returns a warning for each code that allowed nothing.
    pub(super) fn unused_warnings(&self, unchecked: &BTreeSet<DiagnosticCode>) -> Diagnostics {
        let entries = self.by_line.values().flatten();
        let entries = entries.filter(|entry| !unchecked.contains(entry.code));
        let idle = entries.filter(|entry| !entry.used && !depends_on_machine(&entry.name.value));
        let mut notes = Diagnostics::default();
        idle.for_each(|entry| notes.push(entry.unused_warning()));
        notes
    }
}

impl SuppressionEntry<'_> {
    fn unused_warning(&self) -> Diagnostic {
        let message = format!("there is no `{}` here to allow", self.name.value);
        Diagnostic::warning("production::rules::unused_allow", self.name.origin, message)
            .with_label("allows nothing")
            .with_help("remove it, or move it to the line that the finding points at")
            .with_path(self.path)
    }
}

fn empty_allow_warning(allow: &AllowComment) -> Diagnostic {
    Diagnostic::warning("production::rules::empty_allow", allow.origin, "the comment names no code")
        .with_label("allows nothing")
        .with_help("write `# production: allow CODE -- reason`, with a code that `production validate` printed")
        .with_path(&allow.path)
}
