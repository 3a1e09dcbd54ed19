//! A prop's model is of a kind that can be rendered.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_kinds;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::props::model_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "models of props are .glb, .gltf or .blend files",
    explanation: "Models are glTF (.glb or .gltf), which every 3D program can export, or Blender files. Export \
        the model as GLB: one file, with its textures inside.",
    wrong: "\
props:
  - {name: lantern, model: assets/mara.fbx}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report_kinds(Use::Prop, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only, origin};

    #[test]
    fn a_usd_prop_is_refused() {
        let found = only(&RULE, |production, _| {
            production.props[0].model = Some(asset("lantern.usdz", 26))
        });
        assert_eq!(found.origin, origin(26));
    }
}
