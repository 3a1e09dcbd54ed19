//! Every shot's scene is in the script.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scene_index::SceneIndex;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_scene",
    // A warning: the shot renders; it only takes nothing from the script.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every shot's scene is in the script",
    explanation: "The script numbers its scenes as it writes them (`#12A#`), or from 1 in order. A \
        shot of a scene that is not there, or that the script omits, takes neither location nor \
        words from the script.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, scene: 1, location: pier}
  - {name: close, template: character_cu, character: mara, scene: 7, location: pier}

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, scene: 1, location: pier}
  - {name: close, template: character_cu, character: mara, scene: 1, location: pier}

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    check: report_unknown_scenes,
};

fn report_unknown_scenes(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let scenes = SceneIndex::from_production(production);
    let numbers = || production.scenes.iter().map(|scene| &scene.number);
    let Some((first, last)) = numbers().next().zip(numbers().next_back()) else {
        // Without scenes, the numbers of shots are the author's own.
        return;
    };
    for shot in production
        .shots
        .iter()
        .filter(|shot| !shot.scene.is_placeholder && !scenes.has_scene(&shot.scene.value))
    {
        // The order of the script has its omitted scenes, too.
        let problem = if production.scene_order.has_scene(&shot.scene.value) {
            "omits"
        } else {
            "does not have"
        };
        let message = format!(
            "shot `{}` is in scene {}, which the script {problem}",
            shot.name.value, shot.scene.value
        );
        // The range of numbers shows at a glance whether the number or the script is wrong.
        let help = if first == last {
            format!("the script has scene {first} only")
        } else {
            format!("the script has scenes {first} to {last}")
        };
        findings.push(
            findings
                .finding_at(shot.scene.origin, message)
                .with_label("no such scene")
                .with_help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::{SceneNumber, SceneOrder};
    use crate::validate::sample::only_finding;

    #[test]
    fn a_scene_beyond_the_script_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].scene.value = 7.into();
        });
        assert_eq!(
            found.message,
            "shot `close` is in scene 7, which the script does not have"
        );
        assert_eq!(found.help.as_deref(), Some("the script has scene 1 only"));
    }

    #[test]
    fn a_scene_that_the_script_omits_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            let numbers = [1, 2].map(SceneNumber::from_count);
            production.scene_order = SceneOrder::from_numbers(&numbers);
            production.shots[1].scene.value = 2.into();
        });
        assert_eq!(
            found.message,
            "shot `close` is in scene 2, which the script omits"
        );
    }
}
