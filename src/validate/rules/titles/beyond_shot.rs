//! No title lasts longer than the shots that it may be over.

use super::hurried::{ShownTitle, shown_titles};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::beyond_shot",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no title lasts longer than the shots that it is over",
    explanation: "A title ends with its shot: a name must not go on over somebody else. `until` names the \
        last shot over which it may be seen. This one has a `for` that is longer, so it ends before. \
        Where an editor has trimmed the shot, that is no mistake, unless too little is left to read \
        it.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 48}
  - {name: close, template: hero_cu, character: mara, location: pier, duration: 48}
titles:
  - {text: The Lamp, shot: wide, for: 72}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 48}
  - {name: close, template: hero_cu, character: mara, location: pier, duration: 48}
titles:
  - {text: The Lamp, shot: wide, for: 72, until: close}
",
    check: report_cut_titles,
};

fn report_cut_titles(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shown in shown_titles(production) {
        let ShownTitle { title, frames, .. } = shown;
        let is_recut = production.shots[title.shot].recut.is_some();
        let is_meant = !title.is_length_written || frames >= title.length;
        if is_meant || is_recut || shown.is_hurried() {
            continue;
        }
        if shown.ends_at_card(production) {
            let message = format!(
                "the title lasts {} frames, and a title over a colour ends it {frames} frames after \
                 it begins",
                title.length
            );
            let finding = findings.finding_at(title.origin, message);
            let finding = finding.with_label("not seen beyond the other title");
            findings.push(finding.with_help(format!("write `for: {frames}` or less")));
            continue;
        }
        let Some(next) = shown.next_shot(production) else {
            continue;
        };
        let message = format!(
            "the title lasts {} frames, and ends with its shot {frames} frames after it begins",
            title.length
        );
        let help =
            format!("write `for: {frames}` or less, or `until: {next}` to show it there too");
        let finding = findings.finding_at(title.origin, message);
        findings.push(finding.with_label("beyond its shot").with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding};
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_title_that_is_longer_than_its_shot_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_title(production, "a", "a").length = 49;
        });
        assert_eq!(
            found.message,
            "the title lasts 49 frames, and ends with its shot 48 frames after it begins"
        );
    }

    #[test]
    fn a_title_that_may_go_on_is_not_reported() {
        assert_no_findings(|production, _| {
            let title = sample_title(production, "a", "a");
            title.length = 49;
            title.last_shot = 1;
        });
    }
}
