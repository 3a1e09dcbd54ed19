//! Runs all rules, and defines the production that passed them.

use super::external_facts::ExternalFacts;
use super::reading_gaps::{GapReach, LeftOutEntries, UncheckedLog, UncheckedRules};
use super::rule::{RuleFindings, ValidationRule};
use super::rules::all_rules;
use super::rules::rule_bases::{may_report, needs_whole_document, rule_basis};
use crate::base::Diagnostics;
use crate::model::Production;
use std::ops::Deref;

/// A production that broke no rule of severity error. Only [`validate_production`] creates one.
#[derive(Debug, Clone)]
// The field is private and there is no constructor: planning takes this type, so it cannot be given
// a production that was not checked.
pub struct CheckedProduction {
    production: Production,
}

impl Deref for CheckedProduction {
    type Target = Production;

    fn deref(&self) -> &Production {
        &self.production
    }
}

/// What the rules found in a production.
#[derive(Debug)]
pub struct ValidationOutcome {
    /// The production, if no finding is an error and nothing was left out.
    pub checked: Option<CheckedProduction>,
    /// The findings, sorted by place.
    pub findings: Diagnostics,
    /// The rules that could not be checked everywhere, by the mistake that is in the way.
    pub unchecked: Vec<UncheckedRules>,
}

/// Runs every rule. A rule that rests on what could not be read is not checked there: it would
/// report the same mistake a second time.
///
/// Errors of earlier stages are not known here. A caller that has some must stop by itself.
#[must_use]
pub fn validate_production(production: Production, facts: &ExternalFacts) -> ValidationOutcome {
    let mut diagnostics = Diagnostics::default();
    let mut log = UncheckedLog::default();
    for rule in all_rules() {
        let Some(left_out) = left_out_entries(rule, &production, facts, &mut log) else {
            continue;
        };
        let mut findings = RuleFindings::for_rule(rule);
        (rule.check)(&production, facts, &mut findings);
        for finding in findings.into_diagnostics() {
            if !left_out.concern(&finding) {
                diagnostics.push(finding);
            }
        }
    }
    // Rules run by area, but an author mends the file from top to bottom.
    let findings = diagnostics.into_sorted();
    let unchecked = log.into_entries();
    let is_right = !findings.has_errors() && unchecked.is_empty();
    ValidationOutcome {
        checked: is_right.then_some(CheckedProduction { production }),
        findings,
        unchecked,
    }
}

/// Returns the entries that a rule leaves out. `None`: it is not checked at all.
fn left_out_entries(
    rule: &ValidationRule,
    production: &Production,
    facts: &ExternalFacts,
    log: &mut UncheckedLog,
) -> Option<LeftOutEntries> {
    let basis = rule_basis(rule.code);
    let mut left_out = LeftOutEntries::default();
    let mut is_checked = true;
    for (number, gap) in facts.gaps.iter().enumerate() {
        let reach = match gap.section.is_empty() && needs_whole_document(rule.code) {
            true => GapReach::Whole,
            false => gap.reach(basis),
        };
        match reach {
            GapReach::Nothing => continue,
            GapReach::Entry(entry) => left_out.add(entry),
            GapReach::Whole => is_checked = false,
        }
        // Noted in any case: output for machines has all rules, and text those that could report
        // something.
        let is_relevant = may_report(rule, production);
        log.note(
            number,
            gap,
            reach != GapReach::Whole,
            rule.code,
            is_relevant,
        );
    }
    is_checked.then_some(left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileId, FileSpan};
    use crate::validate::{ReadingGap, sample};

    fn outcome_with_gap(
        section: &str,
        entry: Option<FileSpan>,
        fields: &[&str],
    ) -> ValidationOutcome {
        let mut production = sample::sample_production();
        production.outputs[0].path.value = "out/film.mov".into();
        let gap = ReadingGap {
            section: section.to_owned(),
            entry,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            ..ReadingGap::whole_document("production::x", FileSpan::default())
        };
        let facts = ExternalFacts {
            gaps: vec![gap],
            ..sample::sample_facts()
        };
        validate_production(production, &facts)
    }

    #[test]
    fn a_clean_production_breaks_no_rule() {
        let outcome = validate_production(sample::sample_production(), &sample::sample_facts());
        assert_eq!(outcome.findings.as_slice(), []);
        assert!(outcome.checked.is_some() && outcome.unchecked.is_empty());
    }

    #[test]
    fn a_production_with_warnings_is_checked() {
        let mut production = sample::sample_production();
        production.outputs.clear();
        let outcome = validate_production(production, &sample::sample_facts());
        assert_eq!(outcome.findings.as_slice().len(), 1);
        assert!(outcome.checked.is_some());
    }

    #[test]
    fn a_rule_that_could_only_note_or_has_nothing_to_compare_is_no_gap_for_people() {
        let outcome = outcome_with_gap("shots", None, &[]);
        let unchecked = &outcome.unchecked[0];
        for code in ["render::over_budget", "sound::scratch_voice"] {
            let code = format!("production::{code}");
            assert!(unchecked.rules.iter().any(|rule| *rule == code), "{code}");
            assert!(
                !unchecked.relevant.iter().any(|rule| *rule == code),
                "{code}"
            );
        }
        let relevant = &unchecked.relevant;
        assert!(relevant.contains(&"production::shots::no_subject"));
    }

    #[test]
    fn a_gap_silences_only_what_rests_on_it() {
        let everywhere = Some(FileSpan::new(FileId(0), 0, u32::MAX));
        let elsewhere = Some(FileSpan::new(FileId(7), 0, u32::MAX));
        for (section, entry, fields, found) in [
            ("shots", everywhere, &[][..], 1),
            ("outputs", everywhere, &["fit"][..], 1),
            ("outputs", elsewhere, &["codec"][..], 1),
            ("outputs", everywhere, &["codec"][..], 0),
            ("outputs", everywhere, &[][..], 0),
            ("outputs", None, &[][..], 0),
            ("", None, &[][..], 0),
        ] {
            let outcome = outcome_with_gap(section, entry, fields);
            let count = outcome.findings.as_slice().len();
            assert_eq!(count, found, "{section} {entry:?} {fields:?}");
            assert!(outcome.checked.is_none());
            let reported = outcome
                .unchecked
                .iter()
                .flat_map(|unchecked| &unchecked.rules);
            let reported = reported
                .filter(|rule| **rule == "production::outputs::extension")
                .count();
            assert!(
                reported == 1 - found || entry == elsewhere,
                "{section} {fields:?}"
            );
        }
    }

    #[test]
    fn after_an_unreadable_file_nothing_is_reported_as_missing() {
        let mut production = sample::sample_production();
        production.shots.clear();
        let facts = ExternalFacts {
            gaps: vec![ReadingGap::whole_document(
                "production::x",
                FileSpan::default(),
            )],
            ..sample::sample_facts()
        };
        assert!(validate_production(production, &facts).findings.is_empty());
    }

    #[test]
    fn an_error_does_not_let_the_production_through() {
        let mut production = sample::sample_production();
        production.shots.clear();
        let outcome = validate_production(production, &sample::sample_facts());
        assert!(outcome.findings.has_errors());
        assert!(outcome.checked.is_none());
    }
}
