//! A character's model is of a kind that can be rendered.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_kinds;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::model_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "models of characters are .glb, .gltf or .blend files",
    explanation: "Models are glTF (.glb or .gltf), which every 3D program can export, or Blender files. Export \
        the model as GLB: one file, with its textures and animation clips inside.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.fbx}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report_kinds(Use::Character, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn an_fbx_model_is_refused() {
        let found = only(&RULE, |production, _| {
            production.characters[0].model = Some(asset("assets/mara.fbx", 11))
        });
        assert_eq!(
            found.message,
            "model `assets/mara.fbx` of character `mara` is of an unsupported kind"
        );
    }
}
