//! Scene numbers of shots have no gaps. With a script, `script::unshot_scene` reports them.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::scene_gap",
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "scene numbers of shots have no gaps",
    explanation: "The scenes of the shots skip a number. Usually a scene is not written yet, or a \
        number is mistyped.",
    wrong: "\
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 3, location: pier}
",
    right: "\
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: pier}
",
    check: report_scene_gaps,
};

fn report_scene_gaps(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    // A script may number its scenes with gaps, after scenes were cut.
    if !production.scenes.is_empty() {
        return;
    }
    let mut scenes: Vec<_> = production
        .shots
        .iter()
        .filter(|shot| !shot.scene.is_placeholder)
        .map(|shot| &shot.scene)
        .collect();
    // By place as well, so that the finding is at the first shot after the gap.
    scenes.sort_by(|one, two| (&one.value, one.origin).cmp(&(&two.value, two.origin)));
    for pair in scenes.windows(2) {
        // A scene such as 2A fills the place of 2.
        let counts = pair[0]
            .value
            .leading_count()
            .zip(pair[1].value.leading_count());
        let Some((before, after)) = counts else {
            continue;
        };
        if after.saturating_sub(before) > 1 {
            let gap = if after - before == 2 {
                format!("scene {}", before + 1)
            } else {
                format!("scenes {} to {}", before + 1, after - 1)
            };
            findings.push(
                findings
                    .finding_at(pair[1].origin, format!("no shot is in {gap}"))
                    .with_label(format!("follows scene {}", pair[0].value)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::SceneNumber;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_skipped_scene_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production.scenes.clear();
            production.script = None;
            production.shots[1].scene.value = 3.into();
        });
        assert_eq!(found.message, "no shot is in scene 2");
    }

    #[test]
    fn inserted_scenes_fill_the_place_of_their_number() {
        assert_no_findings(|production, _| {
            production.scenes.clear();
            production.script = None;
            let inserted = SceneNumber::parse("2A").unwrap();
            production.shots[1].scene.value = inserted;
        });
    }
}
