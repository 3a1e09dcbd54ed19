//! The folder of passes is inside the project's folder and holds nothing else.

use crate::base::Severity;
use crate::base::foreign_path::ForeignPath;
use crate::model::{PlaceProblem, Production};
use crate::validate::file_mentions::file_mentions;
use crate::validate::output_queries::outputs_inside_project;
use crate::validate::project_paths::{normalized_path, paths_overlap, quoted_path};
use crate::validate::{ExternalFacts, OutputPathState, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::render::passes_path",
    // An error: the passes of a shot and another file could have one name.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "passes have a folder of their own in the project's folder",
    explanation: "The files in the folder of passes change whenever they are delivered. So it must \
        be in the production's folder and outside of the store, and it must neither contain an \
        output or an asset nor be in one.",
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
    // The default path is in no file. Its finding points at the first pass, which made it matter.
    let place = if path.origin.is_empty() {
        first_pass.origin
    } else {
        path.origin
    };
    // One finding, the most serious first: a path with several problems needs one new path.
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
) -> Option<(String, String)> {
    if let Some(foreign) = path.to_str().and_then(ForeignPath::find) {
        return Some((
            format!(
                "the path of passes is `{}`, which is not a folder inside the production's",
                path.display()
            ),
            foreign.describe_notation(),
        ));
    }
    let shown_path = quoted_path(path);
    let state = facts.outputs.get(path);
    // An empty path is the project's folder itself, which cannot be replaced.
    let is_outside = normalized_path(path).is_none_or(|place| place.as_os_str().is_empty());
    if is_outside || state == Some(&OutputPathState::Outside) {
        return Some((
            format!(
                "the path of passes is {shown_path}, which is not a folder inside the production's"
            ),
            "must be inside".to_owned(),
        ));
    }
    let is_default_store = paths_overlap(path, Path::new(".production"));
    if is_default_store || facts.places.get(path) == Some(&PlaceProblem::InStore) {
        return Some((
            format!("the path of passes is {shown_path}, inside the store"),
            "the store keeps its own files there".to_owned(),
        ));
    }
    if state == Some(&OutputPathState::File) {
        return Some((
            format!("there is a file at {shown_path}, the path of passes"),
            "must become a folder".to_owned(),
        ));
    }
    if let Some(output) =
        outputs_inside_project(production).find(|output| paths_overlap(path, &output.path.value))
    {
        let message = format!(
            "passes and output `{}` share the path {shown_path}",
            output.name.value
        );
        return Some((message, "taken by an output".to_owned()));
    }
    // Last: it walks every file of the document.
    let source = file_mentions(production)
        .into_iter()
        .find(|source| paths_overlap(path, &source.asset.path))?;
    Some((
        format!("passes would replace {}", source.describe_mention()),
        "not free".to_owned(),
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
    fn passes_need_a_folder_of_their_own() {
        for (path, message) in [
            (
                "../passes",
                "the path of passes is `../passes`, which is not a folder inside the production's",
            ),
            (
                ".production/passes",
                "the path of passes is `.production/passes`, inside the store",
            ),
            (
                "~/passes",
                "the path of passes is `~/passes`, which is not a folder inside the production's",
            ),
            ("out", "passes and output `film` share the path `out`"),
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
    fn a_blocking_file_is_reported_at_the_passes_if_no_path_is_written() {
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
