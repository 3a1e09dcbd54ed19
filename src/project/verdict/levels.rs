//! The severities that the document's `rules` give: which code, which level, and whether anything came of it.

use super::codes::{find, unknown};
use super::{cannot_silence, severity};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, Severity, Spanned};
use crate::document::OrderedMap;
use crate::document::draft::LevelDraft;
use std::collections::HashMap;

/// One entry of `rules`.
struct Level {
    name: Spanned<String>,
    natural: Severity,
    wanted: LevelDraft,
    used: bool,
}

/// The entries by code; of two for the same code, the first counts.
pub(super) struct Levels {
    by_code: HashMap<DiagnosticCode, Level>,
    repeated: Vec<Level>,
}

impl Levels {
    pub(super) fn new(
        rules: Option<&OrderedMap<Spanned<LevelDraft>>>,
        known: &[(DiagnosticCode, Severity)],
        notes: &mut Diagnostics,
    ) -> Self {
        let mut levels = Self {
            by_code: HashMap::new(),
            repeated: Vec::new(),
        };
        for (name, wanted) in rules
            .into_iter()
            .flatten()
            .filter(|(name, wanted)| !name.is_placeholder && !wanted.is_placeholder)
        {
            match find(&name.value, known) {
                None => notes.push(unknown(name, known)),
                Some((_, Severity::Error)) if wanted.value == LevelDraft::Error => {}
                Some((_, Severity::Error)) => notes.push(cannot_silence(name)),
                Some((code, natural)) => levels.add(code, name, natural, wanted.value),
            }
        }
        levels
    }

    fn add(
        &mut self,
        code: DiagnosticCode,
        name: &Spanned<String>,
        natural: Severity,
        wanted: LevelDraft,
    ) {
        let level = Level {
            name: name.clone(),
            natural,
            wanted,
            used: false,
        };
        if self.by_code.contains_key(code) {
            self.repeated.push(level);
        } else {
            self.by_code.insert(code, level);
        }
    }

    /// Returns the finding at its level; nothing when that is `off`. An error is left as it is.
    pub(super) fn apply(&mut self, mut finding: Diagnostic) -> Option<Diagnostic> {
        let level = self
            .by_code
            .get_mut(finding.code)
            .filter(|_| finding.severity != Severity::Error);
        let Some(level) = level else {
            return Some(finding);
        };
        level.used = true;
        finding.severity = severity(level.wanted)?;
        Some(finding)
    }

    /// Returns a note for each entry that wanted less of something which was not found.
    pub(super) fn unused(&self) -> Diagnostics {
        let levels = self.by_code.values().chain(&self.repeated);
        let idle = levels.filter(|level| {
            !level.used && level.lowers() && !super::depends_on_machine(&level.name.value)
        });
        let mut notes = Diagnostics::default();
        idle.for_each(|level| notes.push(level.note()));
        notes
    }
}

impl Level {
    fn lowers(&self) -> bool {
        severity(self.wanted).is_none_or(|wanted| wanted > self.natural)
    }

    fn note(&self) -> Diagnostic {
        let message = format!("nothing in this production breaks `{}`", self.name.value);
        Diagnostic::info("production::rules::unused_entry", self.name.origin, message)
            .with_label("changes nothing")
            .with_help("remove this line, or keep it for productions that extend this one")
    }
}
