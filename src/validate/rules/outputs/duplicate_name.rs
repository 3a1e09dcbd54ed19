//! An output's name is its identity on the command line and in reports.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_repeats;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::duplicate_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every output has a name of its own",
    explanation: "The name of an output is its identity in the store, in logs and in reports. It is its format \
        when left out, so two outputs of one format need names.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_repeats(
        "output",
        production.outputs.iter().map(|output| &output.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin, output};

    #[test]
    fn a_second_output_of_the_same_name_points_at_the_first() {
        let found = only(&RULE, |production, _| {
            production.outputs.push(output("film", "out/b.mp4", 70))
        });
        assert_eq!(found.origin, origin(70));
        assert_eq!(found.related[0].0, origin(60));
    }
}
