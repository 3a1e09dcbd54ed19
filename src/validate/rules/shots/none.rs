//! The production has a shot. Silent if its script could not be read: that finding is at the
//! script.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::none",
    severity: Severity::Error,
    skip_if_partial: true,
    summary: "the production has a shot",
    explanation: "A production without shots has nothing to render. Write some, or name a script \
        and write `shots: auto` to derive them.",
    wrong: "\
shots: []
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check: report_no_shots,
};

fn report_no_shots(production: &Production, facts: &ExternalFacts, findings: &mut RuleFindings) {
    let script = production.script.as_ref();
    let fact = script.and_then(|script| facts.files.get(&script.path));
    // Shots are derived from a script. If it is missing or not text, that is the mistake to report.
    let is_unreadable = fact.is_some_and(|fact| !fact.may_be_script());
    // What is made for games is drawn of models, without any shot.
    let is_game = production.outputs.is_empty() && production.game_files().next().is_some();
    if !production.shots.is_empty() || is_unreadable || is_game {
        return;
    }
    let finding = findings
        .finding_at(production.origin, "the production has no shots")
        .with_label("nothing to render");
    findings.push(finding.with_help(match script {
        Some(_) => {
            "shots are derived from scenes, and the script has no heading such as `EXT. HARBOUR PIER - DUSK`"
        }
        None => "add `shots:` with entries such as `{template: establishing_wide, location: pier}`",
    }));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_production_without_shots_has_one_finding() {
        let found = only_finding(&RULE, |production, _| {
            production.shots.clear();
            production.script = None;
        });
        assert_eq!(found.origin, sample_origin(0));
    }

    #[test]
    fn a_script_without_headings_gives_no_shots() {
        let found = only_finding(&RULE, |production, _| {
            production.shots.clear();
            production.scenes.clear();
        });
        assert!(found.help.unwrap().contains("the script has no heading"));
    }
}
