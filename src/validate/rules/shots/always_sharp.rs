//! A shot with an aperture is drawn by a renderer that has depth of field.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::always_sharp",
    // A note: a draft in `previz` ignores the aperture on purpose, and the final render will not.
    severity: Severity::Info,
    skip_if_partial: false,
    summary: "shots with an aperture are drawn by a renderer that has depth of field",
    explanation: "`aperture` opens the lens, so that only what is near the focus is sharp. \
        Blender's engines draw that; `previz` and commands draw everything sharp, which is enough \
        while you try framings.",
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
    for shot in production.shots.iter().filter(|shot| shot.is_drawn()) {
        let renderer = shot.engine.as_ref().unwrap_or(&production.render.engine);
        let Some(engine) = renderer
            .engine
            .as_ref()
            .filter(|engine| !engine.is_blender())
        else {
            continue;
        };
        // An aperture in `defaults` is reported once and not for every shot.
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
    fn an_aperture_of_all_shots_is_reported_once() {
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
