//! Without outputs the frames are rendered and nothing is delivered.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::none",
    severity: Severity::Warning,
    needs_whole: true,
    summary: "the production has an output",
    explanation: "Frames are rendered and nothing is delivered. Add an output: a preset and a path are enough.",
    wrong: "\
outputs: []
",
    right: "\
outputs:
  - {format: streaming_1080p, path: out/film.mp4}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.outputs.is_empty() {
        let found = findings
            .at(production.origin, "the production has no outputs")
            .with_label("nothing will be delivered");
        findings.push(found.with_help(
            "add `outputs:` with entries such as `{format: streaming_1080p, path: out/film.mp4}`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_production_that_delivers_nothing_is_told() {
        let found = only(&RULE, |production, _| production.outputs.clear());
        assert_eq!(found.origin, origin(0));
    }
}
