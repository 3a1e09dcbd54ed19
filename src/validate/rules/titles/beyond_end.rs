//! No title lasts beyond the last shot.

use super::hurried::{ShownTitle, shown_titles};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::beyond_end",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no title lasts beyond the last shot",
    explanation: "The title lasts longer than the shots behind its beginning, so it is cut off \
        with the last frame. Make it shorter, or let it begin earlier. A title over a colour is a \
        clip of its own and needs no shot.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 48}
titles:
  - {text: The Lamp, for: 96}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 48}
titles:
  - {text: The Lamp, for: 40}
",
    check: report_cut_titles,
};

fn report_cut_titles(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shown in shown_titles(production) {
        let ShownTitle { title, frames, .. } = shown;
        // One that ends with an earlier shot, or that nobody can read, has a finding of its own.
        let ends_film = shown.next_shot(production).is_none();
        let is_meant = !title.is_length_written || frames >= title.length;
        if !ends_film || is_meant || shown.is_hurried() || shown.ends_at_card(production) {
            continue;
        }
        let message = format!(
            "the title lasts {} frames, and the last shot ends {frames} frames after it begins",
            title.length
        );
        let finding = findings
            .finding_at(title.origin, message)
            .with_label("beyond the last shot");
        let help = format!("write `for: {frames}` or less, or let it begin earlier");
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_title_that_is_longer_than_the_film_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            let title = sample_title(production, "a", "a");
            title.shot = 1;
            title.last_shot = 1;
            title.length = 49;
        });
        assert_eq!(
            found.message,
            "the title lasts 49 frames, and the last shot ends 48 frames after it begins"
        );
    }
}
