//! The built-in renderer draws sprites, also if another engine draws the shots.

use crate::base::Severity;
use crate::model::{Engine, Production};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sprites::other_engine",
    // A warning: the sheet is complete, and looks other than the shots.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "sprites are drawn by the renderer of the shots",
    explanation: "Only the built-in renderer draws sprites: with an orthographic camera, on a \
        transparent background, in the neutral light of a studio. A production whose shots are \
        drawn by another one gets sprites that look other than its film.",
    wrong: "\
render_settings: {engine: cycles}
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: walk}}
",
    right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: walk}}
",
    check: report_other_engine,
};

fn report_other_engine(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let named = &production.render.engine;
    let is_other = named
        .engine
        .as_ref()
        .is_some_and(|engine| *engine != Engine::Previz);
    // Once for the production: it is about its engine.
    let Some(files) = production.game_files().next().filter(|_| is_other) else {
        return;
    };
    let message = format!(
        "{} `{}` is drawn by `previz`, and the shots by `{}`",
        files.kind.noun(),
        files.name.value,
        named.name.value
    );
    findings.push(
        findings
            .finding_at(files.name.origin, message)
            .with_label("looks other than the shots"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Engine;
    use crate::validate::sample::{only_finding, sample_sheet};

    #[test]
    fn a_sheet_beside_shots_of_cycles_is_reported_once() {
        let found = only_finding(&RULE, |production, _| {
            production.render.engine.engine = Some(Engine::Cycles);
            production.render.engine.name.value = "cycles".to_owned();
            production.sprites = vec![sample_sheet("sheet", 70), sample_sheet("again", 74)];
            production.sprites[1].path.value = "out/again.png".into();
        });
        assert_eq!(
            found.message,
            "sprite sheet `sheet` is drawn by `previz`, and the shots by `cycles`"
        );
    }
}
