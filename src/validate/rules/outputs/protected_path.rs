//! No deliverable goes where something is that is never replaced.

use crate::base::{FileSpan, Severity};
use crate::model::{PlaceProblem, Production};
use crate::validate::file_mentions::named_files;
use crate::validate::output_queries::{
    PlaceKind, entries_inside_project, passes_path, places_inside_project,
};
use crate::validate::project_paths::{merged_path, normalized_path, paths_overlap, quoted_path};
use crate::validate::{ExternalFacts, OutputPathState, RuleFindings, ValidationRule};
use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::{Path, PathBuf};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::protected_path",
    // An error: nothing could bring back what would be lost.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no deliverable goes where something is that is never replaced",
    explanation: "The path of an output, of the passes or of the report is, contains or is in \
        something that is never replaced, and that no option allows: a folder of version control \
        such as `.git`, the document or a file that it reads, the presets, or the path of another \
        deliverable. Links are followed. Deliver to a folder of its own.",
    wrong: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: .git}
",
    right: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: out/frames}
",
    check: report_protected_paths,
};

fn report_protected_paths(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let named: BTreeSet<PathBuf> = named_files(production)
        .iter()
        .filter_map(|path| normalized_path(path))
        .collect();
    for output in entries_inside_project(production) {
        let path = &output.path.value;
        if !has_other_finding(&named, facts, path) {
            let subject = format!("output `{}`", output.name.value);
            report_place(findings, facts, (path, output.path.origin), &subject);
        }
    }
    for place in places_inside_project(production) {
        let is_written = place.kind == PlaceKind::Pictures;
        if !is_written && !has_other_finding(&named, facts, &place.path) {
            let origin = place.origin;
            report_place(findings, facts, (&place.path, origin), &place.subject());
        }
    }
    let first = production.outputs.first().map(|output| output.path.origin);
    if let Some(path) = passes_path(production)
        && !has_other_finding(&named, facts, &path.value)
    {
        let origin = if path.origin.is_empty() {
            first.unwrap_or_default()
        } else {
            path.origin
        };
        report_place(
            findings,
            facts,
            (&path.value, origin),
            "the folder of passes",
        );
    }
    // If the path of the first deliverable is wrong itself, that finding is enough.
    let is_first_wrong = production
        .outputs
        .first()
        .is_some_and(|output| facts.places.contains_key(&output.path.value));
    for path in facts.report_paths(production) {
        if is_first_wrong {
            break;
        }
        let origin = first.unwrap_or_default();
        report_place(findings, facts, (&path, origin), "the report");
    }
}

fn report_place(
    findings: &mut RuleFindings,
    facts: &ExternalFacts,
    (path, origin): (&Path, FileSpan),
    subject: &str,
) {
    let Some(
        problem @ (PlaceProblem::Protected(_)
        | PlaceProblem::SharedWith(_)
        | PlaceProblem::FileInPath(_)
        | PlaceProblem::DeadLinkInPath(_)
        | PlaceProblem::Outside),
    ) = facts.places.get(path)
    else {
        return;
    };
    let message = format!("{subject} cannot be delivered to {}", quoted_path(path));
    findings.push(
        findings
            .finding_at(origin, message)
            .with_label(problem.to_string())
            .with_help("deliver to a folder of its own, such as `out`"),
    );
}

/// Returns whether the text of a path already breaks a rule that says more.
fn has_other_finding(named: &BTreeSet<PathBuf>, facts: &ExternalFacts, path: &Path) -> bool {
    let is_source = || {
        let place = normalized_path(path).unwrap_or_default();
        // Look-ups in order: a document may have thousands of outputs and of files.
        let from_place = (Bound::Included(&*place), Bound::Unbounded);
        let first_inside = named.range::<Path, _>(from_place).next();
        first_inside.is_some_and(|file| file.starts_with(&place))
            || place.ancestors().any(|above| named.contains(above))
    };
    match facts.places.get(path) {
        None => true,
        Some(PlaceProblem::Outside) => {
            facts.outputs.get(path) == Some(&OutputPathState::Outside)
                || normalized_path(path).is_none_or(|path| path.as_os_str().is_empty())
        }
        Some(PlaceProblem::Protected(_)) => is_source(),
        Some(PlaceProblem::SharedWith(other)) => {
            paths_overlap(&merged_path(path), &merged_path(other))
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PlaceProblem;
    use crate::validate::sample::only_finding;
    use std::path::PathBuf;

    #[test]
    fn a_path_in_version_control_is_refused_without_a_way_to_allow_it() {
        let found = only_finding(&RULE, |production, facts| {
            production.outputs[0].path.value = PathBuf::from(".git/film.mp4");
            facts.places.insert(
                ".git/film.mp4".into(),
                PlaceProblem::Protected("the folder `.git`".to_owned()),
            );
        });
        assert_eq!(
            found.message,
            "output `film` cannot be delivered to `.git/film.mp4`"
        );
        let help = found.help.unwrap_or_default();
        assert!(!help.contains("replace"), "{help}");
    }

    #[test]
    fn a_file_where_a_folder_must_be_is_found_before_anything_is_rendered() {
        let found = only_finding(&RULE, |_, facts| {
            facts.places.insert(
                "out/film.mp4".into(),
                PlaceProblem::FileInPath("out".into()),
            );
        });
        assert_eq!(
            found.message,
            "output `film` cannot be delivered to `out/film.mp4`"
        );
    }
}
