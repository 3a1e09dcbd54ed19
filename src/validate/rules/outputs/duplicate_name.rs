//! Every output has its own name: its identity on the command line and in reports.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_duplicate_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::duplicate_name",
    // An error: selecting one output by name on the command line would select two.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every output has a name of its own",
    explanation: "The name of an output is its identity in the store, in logs and in reports. It \
        is its format when left out, so two outputs of one format need names.",
    wrong: "\
outputs:
  - {format: streaming_1080p, path: out/film.mp4}
  - {format: streaming_1080p, path: out/again.mp4}
",
    right: "\
outputs:
  - {format: streaming_1080p, path: out/film.mp4}
  - {format: streaming_1080p, name: again, path: out/again.mp4}
",
    check: report_duplicate_output_names,
};

fn report_duplicate_output_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_duplicate_names(
        "output",
        production
            .outputs
            .iter()
            .map(|output| &output.name)
            .chain(production.exports.iter().map(|export| &export.name))
            .chain(production.game_files().map(|files| files.name)),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin, sample_output};

    #[test]
    fn a_second_output_of_the_same_name_points_at_the_first() {
        let found = only_finding(&RULE, |production, _| {
            production
                .outputs
                .push(sample_output("film", "out/b.mp4", 70));
        });
        assert_eq!(found.origin, sample_origin(70));
        assert_eq!(found.related[0].0, sample_origin(60));
    }
}
