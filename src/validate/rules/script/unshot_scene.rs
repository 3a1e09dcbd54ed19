//! Every scene of the script has a shot; otherwise it is not in the film.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scene_index::SceneIndex;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::unshot_scene",
    // A warning: a scene may be dropped from the film and left in the script.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every scene of the script has a shot",
    explanation: "The script has a scene that no shot belongs to, so it would not be in the film. \
        Scenes without shots are usually covered from the script.",
    wrong: "\
# script.fountain
EXT. PIER - DUSK

Mara waits.

EXT. PIER - NIGHT

Nothing is seen.
",
    right: "\
# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    check: report_unshot_scenes,
};

fn report_unshot_scenes(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    // Without shots, `shots::none` is the one mistake.
    if production.shots.is_empty() {
        return;
    }
    let scenes = SceneIndex::from_production(production);
    for scene in production
        .scenes
        .iter()
        .filter(|scene| scenes.shots_of(scene).is_empty())
    {
        let message = format!(
            "scene {} has no shots and will not be in the film",
            scene.number
        );
        let finding = findings
            .finding_at(scene.heading.origin, message)
            .with_label("no shots");
        findings.push(finding.with_help(format!("add a shot with `scene: {}`", scene.number)));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_scene};

    #[test]
    fn a_scene_without_shots_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.scenes.push(sample_scene(2, 95));
        });
        assert_eq!(
            found.message,
            "scene 2 has no shots and will not be in the film"
        );
    }
}
