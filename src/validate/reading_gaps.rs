//! What could not be read, and which findings would rest on it.
//!
//! A misspelt field is reported once, where it is. What it removed must not be reported again as
//! missing: by no rule that reads this field of this entry, and by every rule that does not. Owns
//! the patterns by which rules name what they read; does not know how a document is read.

use crate::base::{Diagnostic, DiagnosticCode, FileSpan};
use std::collections::HashMap;

/// A part of the document that a mistake may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingGap {
    /// Code of the mistake.
    pub code: DiagnosticCode,
    /// Its place.
    pub origin: FileSpan,
    /// The section, such as `shots`. Empty: any.
    pub section: String,
    /// The bytes of the entry. `None`: the whole section, its list included.
    pub entry: Option<FileSpan>,
    /// The fields that may be meant. Empty: any.
    pub fields: Vec<String>,
}

/// Rules that could not be checked because of one mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncheckedRules {
    /// Code of the mistake.
    pub code: DiagnosticCode,
    /// Its place.
    pub origin: FileSpan,
    /// Whether only the entry with the mistake was left out.
    pub is_entry_only: bool,
    /// Codes of the rules, in order.
    pub rules: Vec<DiagnosticCode>,
    /// Those of `rules` that could report something of this document.
    pub relevant: Vec<DiagnosticCode>,
}

/// How far a gap reaches into what a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GapReach {
    /// No finding of the rule rests on it.
    Nothing,
    /// Findings at this entry do.
    Entry(FileSpan),
    /// Any finding may.
    Whole,
}

impl ReadingGap {
    /// Returns the gap after which nothing of the document is known.
    #[must_use]
    pub fn whole_document(code: DiagnosticCode, origin: FileSpan) -> Self {
        Self {
            code,
            origin,
            section: String::new(),
            entry: None,
            fields: Vec::new(),
        }
    }

    /// Returns how far the gap reaches into what these patterns name.
    ///
    /// `shots` is the whole section, `shots:list` which entries it has, `shots.scene` a field of
    /// every entry. `shots[]` and `shots[].scene` are those of the entry that a finding points at.
    pub(super) fn reach(&self, patterns: &[&str]) -> GapReach {
        let reached = patterns.iter().map(|pattern| self.reach_of(pattern));
        // The widest reach counts.
        reached.fold(GapReach::Nothing, |widest, reach| match (widest, reach) {
            (GapReach::Whole, _) | (_, GapReach::Whole) => GapReach::Whole,
            (GapReach::Entry(entry), _) | (_, GapReach::Entry(entry)) => GapReach::Entry(entry),
            _ => GapReach::Nothing,
        })
    }

    fn reach_of(&self, pattern: &str) -> GapReach {
        let (section, field) = pattern.split_once('.').unwrap_or((pattern, ""));
        let is_own = section.ends_with("[]");
        let (section, is_list) = match section.strip_suffix(":list") {
            Some(section) => (section, true),
            None => (section.trim_end_matches("[]"), false),
        };
        let is_here = self.section.is_empty() || self.section == section;
        let is_field = field.is_empty()
            || self.fields.is_empty()
            || self.fields.iter().any(|known| known == field);
        if !is_here || !is_field {
            return GapReach::Nothing;
        }
        match self.entry {
            // A mistake within an entry leaves the list as it is.
            Some(_) if is_list => GapReach::Nothing,
            Some(entry) if is_own => GapReach::Entry(entry),
            _ => GapReach::Whole,
        }
    }
}

/// The entries that one rule leaves out.
#[derive(Debug, Default)]
pub(super) struct LeftOutEntries {
    /// By file and first byte, with the byte after the last. Entries do not overlap.
    entries: std::collections::BTreeMap<(crate::base::FileId, u32), u32>,
}

impl LeftOutEntries {
    pub(super) fn add(&mut self, entry: FileSpan) {
        self.entries.insert((entry.file, entry.start), entry.end);
    }

    /// Returns whether a finding is about one of the entries: it or a related place is inside.
    pub(super) fn concern(&self, finding: &Diagnostic) -> bool {
        let places = finding.related.iter().map(|(place, _)| *place);
        // Related places too: where two entries disagree, the mistake may be in either.
        std::iter::once(finding.origin).chain(places).any(|place| {
            let before = self.entries.range(..=(place.file, place.start)).next_back();
            before.is_some_and(|((file, _), end)| *file == place.file && place.start < *end)
        })
    }
}

/// Collects which rules are not checked, by gap.
#[derive(Debug, Default)]
pub(super) struct UncheckedLog {
    entries: Vec<UncheckedRules>,
    by_gap: HashMap<(usize, bool), usize>,
}

impl UncheckedLog {
    /// Notes that a rule is not checked because of the gap of this number.
    pub(super) fn note(
        &mut self,
        number: usize,
        gap: &ReadingGap,
        is_entry_only: bool,
        rule: DiagnosticCode,
        is_relevant: bool,
    ) {
        let next = self.entries.len();
        // A gap may silence some rules for its entry and others for the whole document.
        let index = *self.by_gap.entry((number, is_entry_only)).or_insert(next);
        if index == next {
            self.entries.push(UncheckedRules {
                code: gap.code,
                origin: gap.origin,
                is_entry_only,
                rules: Vec::new(),
                relevant: Vec::new(),
            });
        }
        self.entries[index].rules.push(rule);
        if is_relevant {
            self.entries[index].relevant.push(rule);
        }
    }

    pub(super) fn into_entries(mut self) -> Vec<UncheckedRules> {
        self.entries
            .sort_by_key(|entry| (entry.origin, entry.code, entry.is_entry_only));
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn gap(section: &str, is_entry: bool, fields: &[&str]) -> ReadingGap {
        ReadingGap {
            section: section.to_owned(),
            entry: is_entry.then(|| FileSpan::new(FileId(0), 10, 20)),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            ..ReadingGap::whole_document("production::x", FileSpan::default())
        }
    }

    #[test]
    fn a_gap_reaches_what_it_may_have_changed() {
        let entry = GapReach::Entry(FileSpan::new(FileId(0), 10, 20));
        for (gap, pattern, expected) in [
            (
                gap("shots", true, &["lens"]),
                "outputs[].codec",
                GapReach::Nothing,
            ),
            (
                gap("outputs", true, &["fit"]),
                "outputs[].codec",
                GapReach::Nothing,
            ),
            (gap("outputs", true, &["codec"]), "outputs[].codec", entry),
            (gap("outputs", true, &[]), "outputs[].codec", entry),
            (gap("outputs", true, &["codec"]), "outputs[]", entry),
            (
                gap("outputs", true, &["codec"]),
                "outputs:list",
                GapReach::Nothing,
            ),
            (
                gap("outputs", true, &["codec"]),
                "outputs.codec",
                GapReach::Whole,
            ),
            (
                gap("outputs", false, &[]),
                "outputs[].codec",
                GapReach::Whole,
            ),
            (gap("outputs", false, &[]), "outputs:list", GapReach::Whole),
            (gap("", false, &[]), "outputs[].codec", GapReach::Whole),
            (gap("title", false, &[]), "title", GapReach::Whole),
        ] {
            assert_eq!(gap.reach(&[pattern]), expected, "{pattern} {gap:?}");
        }
    }

    #[test]
    fn a_finding_is_about_an_entry_if_one_of_its_places_is_inside() {
        let mut left_out = LeftOutEntries::default();
        left_out.add(FileSpan::new(FileId(1), 10, 20));
        let at = |file: u16, start: u32| {
            let place = FileSpan::new(FileId(file), start, start + 1);
            left_out.concern(&Diagnostic::error("production::x", place, "m"))
        };
        assert_eq!(
            [at(1, 9), at(1, 10), at(1, 19), at(1, 20), at(0, 12)],
            [false, true, true, false, false]
        );
        let elsewhere = Diagnostic::error("production::x", FileSpan::new(FileId(1), 30, 31), "m");
        assert!(left_out.concern(&elsewhere.with_related(FileSpan::new(FileId(1), 12, 13), "")));
    }
}
