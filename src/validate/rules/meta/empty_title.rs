//! A production is called something. A title that is missing and one that is blank are the same mistake.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::meta::empty_title",
    severity: Severity::Warning,
    needs_whole: true,
    summary: "the production has a title",
    explanation: "The title stands on the command line, in the report and in the list of productions. An empty \
        one is shown as `Untitled Production`, which helps nobody to tell two of them apart. Write \
        what the film is called.",
    wrong: "\
title: \"\"
",
    right: "\
title: The Lamp
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let title = production.meta.title.as_ref();
    if title.is_some_and(|title| title.is_placeholder || !title.value.trim().is_empty()) {
        return;
    }
    let origin = title.map_or(production.origin, |title| title.origin);
    let found = findings.at(
        origin,
        format!(
            "the production has no title and will be called `{}`",
            production.meta.display_title()
        ),
    );
    findings.push(
        found
            .with_label("untitled")
            .with_help("add a line such as `title: Last Light`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{name, only, origin};

    #[test]
    fn a_missing_title_is_told_at_the_top_key() {
        let found = only(&RULE, |production, _| production.meta.title = None);
        assert_eq!(found.origin, origin(0));
    }

    #[test]
    fn a_blank_title_is_told_where_it_stands() {
        let found = only(&RULE, |production, _| {
            production.meta.title = Some(name("  ", 2))
        });
        assert_eq!(found.origin, origin(2));
    }
}
