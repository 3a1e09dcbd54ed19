//! The folders of deliverables can be written.

use crate::base::{FileSpan, Severity};
use crate::model::{PlaceProblem, Production};
use crate::validate::output_queries::{passes_path, places_inside_project};
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::unwritable",
    // An error: publishing would fail at the end of the run, after everything is rendered.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the folder of every deliverable can be written",
    explanation: "A deliverable would be made in a folder that you may not write, or on a disk that is \
        read-only. Change the permissions, or choose another path. What was delivered before is not \
        looked at.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: read_only/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check: report_unwritable_folders,
};

fn report_unwritable_folders(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for place in places_inside_project(production) {
        let origin = place.origin;
        report_folder(findings, facts, (&place.path, origin), &place.subject());
    }
    if let Some(path) = passes_path(production) {
        let written = path.origin;
        let first_output = production.outputs.first().map(|output| output.path.origin);
        let origin = if written.is_empty() {
            first_output.unwrap_or(written)
        } else {
            written
        };
        report_folder(
            findings,
            facts,
            (&path.value, origin),
            "the folder of passes",
        );
    }
}

fn report_folder(
    findings: &mut RuleFindings,
    facts: &ExternalFacts,
    (path, origin): (&Path, FileSpan),
    subject: &str,
) {
    let Some(problem @ PlaceProblem::NotWritable(..)) = facts.places.get(path) else {
        return;
    };
    let message = format!("{subject} cannot be made at {}", quoted_path(path));
    findings.push(
        findings
            .finding_at(origin, message)
            .with_label(problem.to_string())
            .with_help("change the permissions of the folder, or choose another path"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::{PlaceProblem, RenderPass};
    use crate::validate::sample::{only_finding, sample_origin};
    use std::path::PathBuf;

    fn locked(folder: &str) -> PlaceProblem {
        PlaceProblem::NotWritable(folder.into(), "Permission denied (os error 13)".to_owned())
    }

    #[test]
    fn a_film_in_a_folder_that_cannot_be_written_is_reported() {
        let found = only_finding(&RULE, |_, facts| {
            facts.places.insert("out/film.mp4".into(), locked("out"));
        });
        assert_eq!(
            found.message,
            "output `film` cannot be made at `out/film.mp4`"
        );
        assert_eq!(
            found.label,
            "the folder `out` cannot be written: Permission denied (os error 13)"
        );
    }

    #[test]
    fn so_are_passes() {
        let found = only_finding(&RULE, |production, facts| {
            production.shots[0].passes = vec![Spanned::new(RenderPass::Depth, sample_origin(6))];
            production.render.passes_path = Spanned::new(PathBuf::from("refs"), sample_origin(8));
            facts.places.insert("refs".into(), locked(""));
        });
        assert_eq!(found.origin, sample_origin(8));
        assert!(found.label.contains("`.`"));
    }
}
