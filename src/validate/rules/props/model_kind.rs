//! Models of props are of a supported kind.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::FileUsage;
use crate::validate::model_files::report_unsupported_models;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::props::model_kind",
    // An error before the run: a renderer would fail on the file hours later.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "models of props are of a kind that is read",
    explanation: "Models are glTF (.glb, .gltf, .vrm), which every 3D program can export, OBJ with its \
        MTL, STL or PLY. Blender reads .blend, .fbx, .usd and .abc files, if it is there. Export the model as GLB: one file, with its textures inside.",
    wrong: "\
props:
  - {name: lantern, model: assets/mara.3ds}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check: report_unsupported_prop_models,
};

fn report_unsupported_prop_models(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_unsupported_models(FileUsage::Prop, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset, sample_origin};

    #[test]
    fn a_step_prop_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.props[0].model = Some(sample_asset("lantern.step", 26));
        });
        assert_eq!(found.origin, sample_origin(26));
    }
}
