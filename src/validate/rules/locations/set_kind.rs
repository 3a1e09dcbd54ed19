//! A location's set is of a kind that can be rendered.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_kinds;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::set_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "sets are .glb, .gltf or .blend files",
    explanation: "A set is a glTF model (.glb or .gltf) or a Blender file. Export it as GLB: one file, with \
        its textures inside.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/mara.fbx}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report_kinds(Use::Set, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn an_obj_set_is_refused() {
        let found = only(&RULE, |production, _| {
            production.locations[0].set = Some(asset("assets/pier.obj", 21))
        });
        assert_eq!(
            found.message,
            "set `assets/pier.obj` of location `pier` is of an unsupported kind"
        );
    }
}
