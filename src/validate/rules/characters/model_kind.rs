//! Models of characters are of a supported kind.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::FileUsage;
use crate::validate::model_files::report_unsupported_models;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::model_kind",
    // An error before the run: a renderer would fail on the file hours later.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "models of characters are of a kind that is read",
    explanation: "Models are glTF (.glb, .gltf, .vrm), which every 3D program can export, OBJ with its \
        MTL, STL or PLY. Blender reads .blend, .fbx, .usd and .abc files, if it is there. Export the model as GLB: one file, with its textures and animation clips inside.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.3ds}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_unsupported_character_models,
};

fn report_unsupported_character_models(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_unsupported_models(FileUsage::Character, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_3ds_model_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.characters[0].model = Some(sample_asset("assets/mara.3ds", 11));
        });
        assert_eq!(
            found.message,
            "model `assets/mara.3ds` of character `mara` is of an unsupported kind"
        );
    }
}
