//! No output replaces a file that the production is made from. A sequence replaces its whole
//! folder.

use crate::base::Severity;
use crate::model::production::Shot;
use crate::model::{Footage, Production};
use crate::validate::file_mentions::file_mentions;
use crate::validate::output_queries::places_inside_project;
use crate::validate::path_tree::PathTree;
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::overwrites_source",
    // An error: publishing would destroy the author's work, and the next run could not start.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no output's path is, or contains, a file that the document names",
    explanation: "The output would replace a file that the production is made from, or the folder \
        that holds it. A sequence of pictures replaces its whole folder. Deliver to a folder of \
        its own.",
    wrong: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: assets}
",
    right: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: out/frames}
",
    check: report_overwritten_sources,
};

fn report_overwritten_sources(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // Paths are compared by their text. Links out of the folder are refused by other rules.
    let sources = file_mentions(production);
    let tree = PathTree::from_paths(sources.iter().map(|source| source.asset.path.as_path()));
    for place in places_inside_project(production) {
        let path = &place.path;
        let Some(source) = tree
            .first_overlap(path)
            .and_then(|first| sources.get(first))
        else {
            continue;
        };
        let message = format!(
            "{} would replace {}",
            place.subject(),
            source.describe_mention()
        );
        let finding = findings
            .finding_at(place.origin, message)
            .with_label(format!("{} is not free", quoted_path(path)));
        findings.push(
            finding
                .with_related(source.asset.origin, "needed here")
                .with_help("deliver to a folder of its own, such as `out`"),
        );
    }
    report_overwritten_footage(production, findings);
}

fn report_overwritten_footage(production: &Production, findings: &mut RuleFindings) {
    // The first file of each, since a run of pictures is replaced with the folder that holds it.
    let shown: Vec<(&Shot, &Footage, &Path)> = production
        .shots
        .iter()
        .filter_map(|shot| {
            let footage = shot.footage.as_ref()?;
            Some((shot, footage, footage.files().next()?))
        })
        .collect();
    let tree = PathTree::from_paths(shown.iter().map(|(_, _, path)| *path));
    for place in places_inside_project(production) {
        let path = &place.path;
        let Some((shot, footage, _)) = tree.first_overlap(path).and_then(|first| shown.get(first))
        else {
            continue;
        };
        let message = format!(
            "{} would replace footage {} of shot `{}`",
            place.subject(),
            quoted_path(&footage.source.path),
            shot.name.value
        );
        let finding = findings
            .finding_at(place.origin, message)
            .with_label(format!("{} is not free", quoted_path(path)));
        findings.push(
            finding
                .with_related(footage.source.origin, "needed here")
                .with_help("deliver to a folder of its own, such as `out`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::only_finding;
    use std::path::PathBuf;

    #[test]
    fn a_sequence_into_the_assets_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = PathBuf::from("assets");
        });
        assert_eq!(
            found.message,
            "output `film` would replace model `assets/mara.glb` of character `mara`"
        );
    }
}
