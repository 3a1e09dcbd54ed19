//! A lens that is opened is opened by the shot's renderer.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::always_sharp",
    severity: Severity::Info,
    skip_if_partial: false,
    summary: "shots with an aperture are drawn by a renderer that has depth of field",
    explanation: "`aperture` opens the lens, so that only what lies about the focus is sharp. Blender's engines draw \
        that; `previz` and commands draw everything sharp, which is often as well while framing is tried out.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, aperture: 2.8}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, aperture: 2.8, engine: cycles}
",
    check: report_ignored_apertures,
};

fn report_ignored_apertures(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let mut reported = BTreeSet::new();
    for shot in &production.shots {
        let renderer = shot.engine.as_ref().unwrap_or(&production.render.engine);
        let Some(engine) = renderer
            .engine
            .as_ref()
            .filter(|engine| !engine.is_blender())
        else {
            continue;
        };
        // What `defaults` say is told once, not for every shot.
        let Some(place) = shot.aperture_origin.filter(|place| reported.insert(*place)) else {
            continue;
        };
        let message = format!(
            "`{}`, which renders shot `{}`, draws everything sharp",
            engine.name(),
            shot.name.value
        );
        let finding = findings
            .finding_at(place, message)
            .with_label("has no effect here");
        findings.push(finding.with_help("`cycles`, `eevee` and `workbench` draw depth of field"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn an_aperture_of_all_shots_is_told_once() {
        let found = only_finding(&RULE, |production, _| {
            production
                .shots
                .iter_mut()
                .for_each(|shot| shot.aperture_origin = Some(sample_origin(33)));
        });
        assert_eq!(
            found.message,
            "`previz`, which renders shot `wide`, draws everything sharp"
        );
    }
}
