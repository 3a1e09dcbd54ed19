//! No output is in the store.

use crate::base::Severity;
use crate::model::{PlaceProblem, Production};
use crate::validate::output_queries::{is_inside_project, written_outputs};
use crate::validate::project_paths::{paths_overlap, quoted_path};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::inside_store",
    // An error: cleaning the store would delete the deliverable.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no output is in the store",
    explanation: "The folder `.production`, or the one that `--store` names, belongs to the \
        program, which stores finished work there and deletes what is no longer needed. No output \
        may be in it or contain it, also not through a link. Deliver to another folder.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: .production/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check: report_outputs_inside_store,
};

fn report_outputs_inside_store(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in written_outputs(production).filter(|output| is_inside_project(output.path)) {
        let path = &output.path.value;
        // Both directions: an output that is the parent of the store would replace it.
        let is_default_store = paths_overlap(path, Path::new(".production"));
        if is_default_store || facts.places.get(path) == Some(&PlaceProblem::InStore) {
            let message = format!(
                "output `{}` has the path {}, inside the store",
                output.name.value,
                quoted_path(path)
            );
            let finding = findings
                .finding_at(output.path.origin, message)
                .with_label("the store keeps its own files there");
            findings.push(finding.with_help("deliver to a folder of its own, such as `out`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PlaceProblem;
    use crate::validate::sample::only_finding;
    use std::path::PathBuf;

    #[test]
    fn an_output_that_contains_the_store_of_the_command_is_refused() {
        let found = only_finding(&RULE, |_, facts| {
            facts
                .places
                .insert("out/film.mp4".into(), PlaceProblem::InStore);
        });
        assert_eq!(
            found.message,
            "output `film` has the path `out/film.mp4`, inside the store"
        );
    }

    #[test]
    fn a_deliverable_in_the_store_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].path.value = PathBuf::from(".production/film.mp4");
        });
        assert_eq!(
            found.message,
            "output `film` has the path `.production/film.mp4`, inside the store"
        );
    }
}
