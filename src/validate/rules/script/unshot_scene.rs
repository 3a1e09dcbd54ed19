//! A scene without shots is not in the film.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scenes::Scenes;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::script::unshot_scene",
    severity: Severity::Warning,
    needs_whole: true,
    summary: "every scene of the script has a shot",
    explanation: "The script has a scene that no shot belongs to, so it would not be in the film. Scenes \
        without shots are usually covered from the script.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.shots.is_empty() {
        return;
    }
    let scenes = Scenes::of(production);
    for scene in production
        .scenes
        .iter()
        .filter(|scene| scenes.shots_of(scene).is_empty())
    {
        let message = format!(
            "scene {} has no shots and will not be in the film",
            scene.number
        );
        let found = findings
            .at(scene.heading.origin, message)
            .with_label("no shots");
        findings.push(found.with_help(format!("add a shot with `scene: {}`", scene.number)));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, scene};

    #[test]
    fn a_scene_that_nobody_shoots_is_told() {
        let found = only(&RULE, |production, _| production.scenes.push(scene(2, 95)));
        assert_eq!(
            found.message,
            "scene 2 has no shots and will not be in the film"
        );
    }
}
