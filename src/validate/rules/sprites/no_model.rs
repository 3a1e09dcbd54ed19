//! What a sprite sheet shows has a model.

use crate::base::Severity;
use crate::model::Production;
use crate::model::sprites::SpriteSubject;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sprites::no_model",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "what a sprite sheet shows has a model",
    explanation: "Sprites are drawn of the model of a character or prop. A character may have it \
        in a costume: the sheet shows the first.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya}
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: ilya}}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: ilya}}
",
    check: report_missing_models,
};

fn report_missing_models(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for sheet in production
        .sprites
        .iter()
        .filter(|sheet| sheet.model.is_none())
    {
        let kind = match sheet.subject {
            Some(SpriteSubject::Character(_)) => "character",
            Some(SpriteSubject::Prop(_)) => "prop",
            // An unknown name has a finding of its own.
            None => continue,
        };
        let name = &sheet.subject_name;
        let message = format!("{kind} `{}` has no model to draw sprites of", name.value);
        let finding = findings
            .finding_at(name.origin, message)
            .with_label("nothing to draw");
        findings.push(finding.with_help(format!("write `model:` in the {kind}")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_sheet};

    #[test]
    fn a_sheet_of_a_character_without_a_model_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            let mut sheet = sample_sheet("sheet", 70);
            sheet.model = None;
            production.sprites.push(sheet);
        });
        assert_eq!(
            found.message,
            "character `mara` has no model to draw sprites of"
        );
    }
}
