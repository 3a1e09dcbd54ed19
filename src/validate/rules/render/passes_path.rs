//! Passes go to a folder of their own in the project's folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::file_mentions;
use crate::validate::output_queries::outputs_inside_project;
use crate::validate::project_paths::{normalized_path, paths_overlap, quoted_path};
use crate::validate::{ExternalFacts, OutputPathState, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::render::passes_path",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "passes go to a folder of their own in the project's folder",
    explanation: "The folder of passes is replaced as a whole whenever it is delivered. So it lies in the \
        production's folder, outside of the store, and neither holds an output or an asset nor lies in one.",
    wrong: "\
render_settings:
  passes: [depth]
  passes_path: ../passes
",
    right: "\
render_settings:
  passes: [depth]
  passes_path: out/passes
",
    check: report_bad_passes_path,
};

fn report_bad_passes_path(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let path = &production.render.passes_path;
    let Some(first_pass) = production.shots.iter().find_map(|shot| shot.passes.first()) else {
        return;
    };
    if path.is_placeholder {
        return;
    }
    // A path that nobody wrote is told where passes are asked for.
    let place = if path.origin.is_empty() {
        first_pass.origin
    } else {
        path.origin
    };
    if let Some((message, label)) = passes_path_problem(production, facts, &path.value) {
        let finding = findings.finding_at(place, message).with_label(label);
        findings.push(
            finding.with_help("give `passes_path` a folder of its own, such as `out/passes`"),
        );
    }
}

fn passes_path_problem(
    production: &Production,
    facts: &ExternalFacts,
    path: &Path,
) -> Option<(String, &'static str)> {
    let shown_path = quoted_path(path);
    let standing = facts.outputs.get(path);
    let is_outside = normalized_path(path).is_none_or(|place| place.as_os_str().is_empty());
    if is_outside || standing == Some(&OutputPathState::Outside) {
        return Some((
            format!("passes go to {shown_path}, which is no folder inside the production's"),
            "must lie inside",
        ));
    }
    if paths_overlap(path, Path::new(".production")) {
        return Some((
            format!("passes go to {shown_path}, inside the store"),
            "the store keeps its own files there",
        ));
    }
    if standing == Some(&OutputPathState::File) {
        return Some((
            format!("a file lies at {shown_path}, where passes go"),
            "must become a folder",
        ));
    }
    if let Some(output) =
        outputs_inside_project(production).find(|output| paths_overlap(path, &output.path.value))
    {
        let message = format!(
            "passes and output `{}` go to the same place, {shown_path}",
            output.name.value
        );
        return Some((message, "taken by an output"));
    }
    let source = file_mentions(production)
        .into_iter()
        .find(|source| paths_overlap(path, &source.asset.path))?;
    Some((
        format!("passes would replace {}", source.describe_mention()),
        "not free",
    ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::{Production, RenderPass};
    use crate::validate::OutputPathState;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};
    use std::path::PathBuf;

    fn ask(production: &mut Production, path: &str) {
        production.shots[0].passes = vec![Spanned::new(RenderPass::Depth, sample_origin(6))];
        production.render.passes_path = Spanned::new(PathBuf::from(path), sample_origin(8));
    }

    #[test]
    fn passes_lie_in_a_folder_of_their_own() {
        for (path, message) in [
            (
                "../passes",
                "passes go to `../passes`, which is no folder inside the production's",
            ),
            (
                ".production/passes",
                "passes go to `.production/passes`, inside the store",
            ),
            (
                "out",
                "passes and output `film` go to the same place, `out`",
            ),
            (
                "assets",
                "passes would replace model `assets/mara.glb` of character `mara`",
            ),
        ] {
            let found = only_finding(&RULE, |production, _| ask(production, path));
            assert_eq!(
                (found.message.as_str(), found.origin),
                (message, sample_origin(8))
            );
        }
    }

    #[test]
    fn a_file_in_the_way_is_told_where_passes_are_asked_for_when_no_path_is_written() {
        let found = only_finding(&RULE, |production, facts| {
            ask(production, "deliverables/passes");
            production.render.passes_path.origin = crate::base::FileSpan::default();
            facts
                .outputs
                .insert(PathBuf::from("deliverables/passes"), OutputPathState::File);
        });
        assert_eq!(found.origin, sample_origin(6));
    }

    #[test]
    fn a_path_without_passes_is_not_looked_at() {
        assert_no_findings(|production, _| {
            production.render.passes_path.value = PathBuf::from("../passes");
        });
    }
}
