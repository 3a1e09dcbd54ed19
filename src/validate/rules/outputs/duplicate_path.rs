//! No two outputs share a path, and none is inside another.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Output;
use crate::validate::output_queries::outputs_inside_project;
use crate::validate::path_tree::PathTree;
use crate::validate::project_paths::{normalized_path, quoted_path};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::duplicate_path",
    // An error: the last output would overwrite the others without a trace.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no two outputs share a path, and none is inside another",
    explanation: "Two outputs would write the same file, or one into the folder of the other, and \
        the last one would win. Give each a path of its own.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: again, format: streaming_1080p, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: again, format: streaming_1080p, path: out/again.mp4}
",
    check: report_duplicate_output_paths,
};

fn report_duplicate_output_paths(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let outputs: Vec<_> = outputs_inside_project(production).collect();
    let mut earlier = PathTree::default();
    let mut merged = BTreeSet::new();
    for (index, second) in outputs.iter().enumerate() {
        let path = &second.path.value;
        // A sequence replaces its whole folder when it is published, so a film inside that folder
        // would be lost.
        let overlap = earlier.first_overlap(path);
        earlier.insert(path, index);
        let Some(first) = overlap.and_then(|first| outputs.get(first)) else {
            continue;
        };
        if first.entry == second.entry {
            report_one_path_for_all(first, production, &mut merged, findings);
            continue;
        }
        let first_name = &first.name.value;
        let second_name = &second.name.value;
        let message = match normalized_path(&first.path.value) == normalized_path(path) {
            true => format!(
                "outputs `{first_name}` and `{second_name}` have the same path {}",
                quoted_path(path)
            ),
            false => {
                format!("one of the outputs `{first_name}` and `{second_name}` is inside the other")
            }
        };
        let finding = findings
            .finding_at(second.path.origin, message)
            .with_label("taken")
            .with_related(first.path.origin, format!("by output `{first_name}`"));
        findings.push(finding.with_help("give each output a place beside the others"));
    }
}

/// Reports that the shots of one entry have one path, once for the entry.
fn report_one_path_for_all(
    output: &Output,
    production: &Production,
    merged: &mut BTreeSet<usize>,
    findings: &mut RuleFindings,
) {
    if !merged.insert(output.entry) {
        return;
    }
    let siblings = production.outputs.iter();
    let count = siblings.filter(|other| other.entry == output.entry).count();
    let message = format!(
        "{count} shots would be written to the one path {}",
        quoted_path(&output.path.value)
    );
    let finding = findings
        .finding_at(output.path.origin, message)
        .with_label("the same for every shot");
    findings.push(finding.with_help("write `${shot}` in the path, or a folder that ends with `/`"));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{only_finding, sample_origin, sample_output};

    #[test]
    fn two_outputs_in_one_place_are_refused() {
        let found = only_finding(&RULE, |production, _| {
            production
                .outputs
                .push(sample_output("again", "./out/film.mp4", 70));
        });
        assert_eq!(
            found.message,
            "outputs `film` and `again` have the same path `./out/film.mp4`"
        );
        assert_eq!(found.related[0].0, sample_origin(61));
    }

    #[test]
    fn an_output_inside_another_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            let mut frames = sample_output("frames", "out", 70);
            frames.format.codec = Codec::Png;
            production.outputs.push(frames);
        });
        assert_eq!(
            found.message,
            "one of the outputs `film` and `frames` is inside the other"
        );
    }
}
