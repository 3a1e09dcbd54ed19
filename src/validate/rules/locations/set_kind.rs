//! Sets are of a supported kind.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::FileUsage;
use crate::validate::model_files::report_unsupported_models;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::set_kind",
    // An error before the run: a renderer would fail on the file hours later.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "sets are of a kind that is read",
    explanation: "A set is a glTF model (.glb or .gltf), OBJ with its MTL, STL or PLY. Blender \
        reads .blend, .fbx, .usd and .abc files, if it is there. Export it as GLB: one file, with \
        its textures inside.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/mara.3ds}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.glb}
",
    check: report_unsupported_sets,
};

fn report_unsupported_sets(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_unsupported_models(FileUsage::Set, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_step_set_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].set = Some(sample_asset("assets/pier.step", 21));
        });
        assert_eq!(
            found.message,
            "set `assets/pier.step` of location `pier` is of an unsupported kind"
        );
    }
}
