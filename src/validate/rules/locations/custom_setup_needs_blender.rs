//! Custom setups are best opened by Blender. Other engines draw a glTF copy, so this is only a
//! warning.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::FileUsage;
use crate::validate::model_files::report_blender_models;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::custom_setup_needs_blender",
    // A warning: a copy without the setup's lights is drawn, which is enough to check framing.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "custom setups are drawn by an engine that opens them",
    explanation: "A `custom_setup` is a whole place as a Blender file, with its lights and its \
        world. Blender's own engines open it as the scene; every other engine draws a glTF copy \
        that Blender makes of it, without its lights, under the light of the location. Let Blender \
        draw, or name a `set` beside it for the others.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.blend}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.blend, set: assets/pier.glb}
",
    check: report_setups_without_blender,
};

fn report_setups_without_blender(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_blender_models(FileUsage::Setup, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_asset};

    #[test]
    fn a_set_beside_it_is_what_others_draw() {
        assert_no_findings(|production, _| {
            production.locations[0].custom_setup = Some(sample_asset("pier.blend", 21));
            production.locations[0].set = Some(sample_asset("pier.glb", 22));
        });
    }

    #[test]
    fn a_custom_setup_needs_the_blender_provider() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].custom_setup = Some(sample_asset("pier.blend", 21));
        });
        assert_eq!(
            found.message,
            "custom setup `pier.blend` of location `pier` is a Blender file, of which `previz` draws only a glTF copy"
        );
    }
}
