//! The title and all names are visible text: they go to terminals, logs and file names.

use crate::base::printable::is_hidden;
use crate::base::{Severity, Spanned};
use crate::model::Production;
use crate::validate::output_queries::written_outputs;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::meta::hidden_character",
    // An error: an escape sequence in a name could rewrite the terminal, and a reversed reading
    // direction can disguise a file name.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the title and every name have only visible characters",
    explanation: "Names are shown on terminals, written to logs and made into names of files. A \
        line break, an escape or a character that turns the reading direction would disturb one \
        and disguise the other. They mostly come along when text is copied from elsewhere: type \
        the name again.",
    wrong: "\
title: \"The \\e[31mLamp\"
",
    right: "\
title: The Lamp
",
    check: report_hidden_characters,
};

fn report_hidden_characters(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let title = production.meta.title.iter().map(|title| ("title", title));
    let characters = production
        .characters
        .iter()
        .map(|character| ("character", &character.name));
    let locations = production
        .locations
        .iter()
        .map(|location| ("location", &location.name));
    let props = production.props.iter().map(|prop| ("prop", &prop.name));
    let shots = production.shots.iter().map(|shot| ("shot", &shot.name));
    let outputs = written_outputs(production).map(|output| ("output", output.name));
    let names = title
        .chain(characters)
        .chain(locations)
        .chain(props)
        .chain(shots)
        .chain(outputs);
    for (what, name) in names.filter(|(_, name)| !name.is_placeholder) {
        if let Some(hidden) = first_hidden(name) {
            let subject = match what {
                "title" => "the title".to_owned(),
                "output" => "the name of an output".to_owned(),
                _ => format!("the name of a {what}"),
            };
            let message = format!("{subject} contains `{}`", hidden.escape_default());
            findings.push(
                findings
                    .finding_at(name.origin, message)
                    .with_label("has an invisible character")
                    .with_help("type it again"),
            );
        }
    }
}

/// Returns the first hidden character. A line break at the end, as block scalars have it, does not
/// count.
fn first_hidden(name: &Spanned<String>) -> Option<char> {
    name.value.trim_end().chars().find(|c| is_hidden(*c))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_name};

    #[test]
    fn an_escape_in_a_name_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.props[0].name = sample_name("lan\u{1b}[31mtern", 25);
        });
        assert_eq!(found.message, "the name of a prop contains `\\u{1b}`");
    }

    #[test]
    fn every_deliverable_has_a_name_that_is_seen() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].name = sample_name("fi\0lm", 60);
        });
        assert_eq!(found.message, "the name of an output contains `\\u{0}`");
    }

    #[test]
    fn a_line_break_inside_the_title_is_reported_and_one_at_its_end_is_not() {
        let found = only_finding(&RULE, |production, _| {
            production.meta.title = Some(sample_name("The\nLamp\n", 2));
        });
        assert_eq!(found.message, "the title contains `\\n`");
    }
}
