//! No title lasts beyond the last shot.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::beyond_end",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no title lasts beyond the last shot",
    explanation: "The title lasts longer than the shots behind its beginning, so it is cut off \
        with the last frame, before it has gone as `leave` says, or is seen over the end credits. Make it shorter, or let it begin \
        earlier. A title over a colour is a clip of its own and needs no shot.",
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
    let over_pictures = production.titles.titles.iter();
    for title in over_pictures.filter(|title| title.backdrop.is_none()) {
        let behind = production.shots.iter().skip(title.shot);
        let frames: usize = behind.map(|shot| shot.frames.len()).sum();
        let left = frames.saturating_sub(title.start);
        // One that begins after its shot has a finding of its own.
        if left == 0 || title.length <= left {
            continue;
        }
        let message = format!(
            "the title lasts {} frames, and the last shot ends {left} frames after it begins",
            title.length
        );
        let finding = findings
            .finding_at(title.origin, message)
            .with_label("beyond the last shot");
        let help = format!("write `for: {left}` or less, or let it begin earlier");
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
            title.length = 49;
        });
        assert_eq!(
            found.message,
            "the title lasts 49 frames, and the last shot ends 48 frames after it begins"
        );
    }
}
