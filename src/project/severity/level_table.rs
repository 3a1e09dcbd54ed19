//! The severities that `rules` of the document sets: which code, which level, and whether a finding
//! matched.

use super::code_lookup::{find_code, unknown_code_warning};
use super::{cannot_silence_warning, level_severity};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, Severity, Spanned};
use crate::document::OrderedMap;
use crate::document::draft::LevelDraft;
use std::collections::{BTreeSet, HashMap};

/// One entry of `rules`.
struct LevelEntry {
    name: Spanned<String>,
    default_severity: Severity,
    configured: LevelDraft,
    used: bool,
}

/// The entries by code. Of two entries for the same code, the first counts.
pub(super) struct LevelTable {
    by_code: HashMap<DiagnosticCode, LevelEntry>,
    repeated: Vec<LevelEntry>,
}

impl LevelTable {
    pub(super) fn new(
        rules: Option<&OrderedMap<Spanned<LevelDraft>>>,
        known: &[(DiagnosticCode, Severity)],
        notes: &mut Diagnostics,
    ) -> Self {
        let mut levels = Self {
            by_code: HashMap::new(),
            repeated: Vec::new(),
        };
        for (name, configured) in rules
            .into_iter()
            .flatten()
            .filter(|(name, configured)| !name.is_placeholder && !configured.is_placeholder)
        {
            match find_code(&name.value, known) {
                None => notes.push(unknown_code_warning(name, known)),
                // An entry that sets an error to `error` changes nothing and is not worth a
                // warning.
                Some((_, Severity::Error)) if configured.value == LevelDraft::Error => {}
                Some((_, Severity::Error)) => notes.push(cannot_silence_warning(name)),
                Some((code, natural)) => levels.add_entry(code, name, natural, configured.value),
            }
        }
        levels
    }

    fn add_entry(
        &mut self,
        code: DiagnosticCode,
        name: &Spanned<String>,
        default_severity: Severity,
        configured: LevelDraft,
    ) {
        let level = LevelEntry {
            name: name.clone(),
            default_severity,
            configured,
            used: false,
        };
        // One code may be written in two ways, with and without its prefix, which are different
        // keys in YAML. The second is stored, so that it is reported as unused.
        if self.by_code.contains_key(code) {
            self.repeated.push(level);
        } else {
            self.by_code.insert(code, level);
        }
    }

    /// Returns the finding with its configured severity. `None` if that is `off`. An error stays as
    /// it is.
    pub(super) fn apply_level(&mut self, mut finding: Diagnostic) -> Option<Diagnostic> {
        let level = self
            .by_code
            .get_mut(finding.code)
            // By the severity of the finding, and not that of the code, since a finding may be more
            // severe than the default of its code.
            .filter(|_| finding.severity != Severity::Error);
        let Some(level) = level else {
            return Some(finding);
        };
        level.used = true;
        finding.severity = level_severity(level.configured)?;
        Some(finding)
    }

    /// Returns a note for each entry that lowers a severity and matched no finding.
    pub(super) fn unused_notes(&self, unchecked: &BTreeSet<DiagnosticCode>) -> Diagnostics {
        let levels = self.by_code.iter();
        let levels = levels.filter(|(code, _)| !unchecked.contains(*code));
        let levels = levels.map(|(_, level)| level).chain(&self.repeated);
        let idle = levels.filter(|level| {
            // An entry that raises a severity is a wish for the future and is never reported as
            // unused.
            !level.used && level.lowers_severity() && !super::depends_on_machine(&level.name.value)
        });
        let mut notes = Diagnostics::default();
        idle.for_each(|level| notes.push(level.unused_note()));
        notes
    }
}

impl LevelEntry {
    fn lowers_severity(&self) -> bool {
        // Severities are ordered from error down, so greater is less severe.
        level_severity(self.configured).is_none_or(|wanted| wanted > self.default_severity)
    }

    fn unused_note(&self) -> Diagnostic {
        let message = format!("nothing in this production breaks `{}`", self.name.value);
        Diagnostic::info("production::rules::unused_entry", self.name.origin, message)
            .with_label("changes nothing")
            .with_help("remove this line, or keep it for productions that extend this one")
    }
}
