//! An output replaces only its own kind: a film a file, a sequence a folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::output_queries::places_inside_project;
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, OutputPathState, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::in_the_way",
    // An error: publishing would fail at the end of the run, after everything is rendered.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no folder has the path of a film, and no file that of a picture sequence",
    explanation: "There is a folder at the path of a film, or a file at the path of a picture \
        sequence. It is not deleted. Move it away, or choose another path.",
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
    let places = places_inside_project(production);
    for place in places.iter().filter(|place| !place.is_sound()) {
        let path = &*place.path;
        // A film over a film, or a folder over a folder, is a new delivery. Another kind is
        // somebody's work.
        let (existing, wanted) = match (facts.outputs.get(path), place.is_folder) {
            (Some(OutputPathState::Folder), false) => ("folder", "file"),
            (Some(OutputPathState::File), true) => ("file", "folder"),
            _ => continue,
        };
        let message = format!(
            "there is a {existing} at {}, the path of {}",
            quoted_path(path),
            place.subject()
        );
        let finding = findings
            .finding_at(place.origin, message)
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
    fn a_folder_in_place_of_a_film_is_reported() {
        let found = only_finding(&RULE, |_, facts| {
            facts
                .outputs
                .insert(PathBuf::from("out/film.mp4"), OutputPathState::Folder);
        });
        assert_eq!(
            found.message,
            "there is a folder at `out/film.mp4`, the path of output `film`"
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
