//! The production has a title. A missing and a blank one are the same mistake.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::meta::empty_title",
    severity: Severity::Warning,
    // An unreadable title looks like none.
    skip_if_partial: true,
    summary: "the production has a title",
    explanation: "The title is shown on the command line, in the report and in the list of \
        productions. An empty one is shown as `Untitled Production`, so two of them look alike. \
        Write what the film is called.",
    wrong: "\
title: \"\"
",
    right: "\
title: The Lamp
",
    check: report_empty_title,
};

fn report_empty_title(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let title = production.meta.title.as_ref();
    if title.is_some_and(|title| title.is_placeholder || !title.value.trim().is_empty()) {
        return;
    }
    let origin = title.map_or(production.origin, |title| title.origin);
    let finding = findings.finding_at(
        origin,
        format!(
            "the production has no title and will be called `{}`",
            production.meta.display_title()
        ),
    );
    findings.push(
        finding
            .with_label("untitled")
            .with_help("add a line such as `title: Last Light`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_name, sample_origin};

    #[test]
    fn a_missing_title_is_reported_at_the_top_key() {
        let found = only_finding(&RULE, |production, _| production.meta.title = None);
        assert_eq!(found.origin, sample_origin(0));
    }

    #[test]
    fn a_blank_title_is_reported_at_its_place() {
        let found = only_finding(&RULE, |production, _| {
            production.meta.title = Some(sample_name("  ", 2));
        });
        assert_eq!(found.origin, sample_origin(2));
    }
}
