//! What an output replaces is what it makes: a film replaces a film, a folder of pictures a folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::output_queries::outputs_inside_project;
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, OutputPathState, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::in_the_way",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no folder lies where a film goes, and no file where pictures go",
    explanation: "Where the film should go there is a folder, or a file where the folder of pictures should \
        go. It is not deleted. Move it away, or choose another path.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: folder.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check: report_blocked_output_paths,
};

fn report_blocked_output_paths(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in outputs_inside_project(production) {
        let path = &output.path.value;
        let (existing, wanted) = match (facts.outputs.get(path), output.format.codec.is_sequence())
        {
            (Some(OutputPathState::Folder), false) => ("folder", "file"),
            (Some(OutputPathState::File), true) => ("file", "folder"),
            _ => continue,
        };
        let message = format!(
            "a {existing} lies at {}, where output `{}` goes",
            quoted_path(path),
            output.name.value
        );
        let finding = findings
            .finding_at(output.path.origin, message)
            .with_label(format!("must become a {wanted}"));
        findings
            .push(finding.with_help(format!("move the {existing} away, or choose another path")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::OutputPathState;
    use crate::validate::sample::{assert_no_findings, only_finding};
    use std::path::PathBuf;

    #[test]
    fn a_folder_in_the_way_of_a_film_is_told() {
        let found = only_finding(&RULE, |_, facts| {
            facts
                .outputs
                .insert(PathBuf::from("out/film.mp4"), OutputPathState::Folder);
        });
        assert_eq!(
            found.message,
            "a folder lies at `out/film.mp4`, where output `film` goes"
        );
    }

    #[test]
    fn a_film_may_replace_a_film() {
        assert_no_findings(|_, facts| {
            facts
                .outputs
                .insert(PathBuf::from("out/film.mp4"), OutputPathState::File);
        });
    }
}
