//! Blender files are best drawn by Blender. Other engines draw a glTF copy, so this is only a
//! warning.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::FileUsage;
use crate::validate::model_files::{BLENDER_FILE_EXPLANATION, report_blender_models};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::unfit_set",
    // A warning: a copy is drawn, and it is often good enough for a preview.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "sets are drawn by an engine that opens them",
    explanation: BLENDER_FILE_EXPLANATION,
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.blend}
",
    right: "\
render_settings: {engine: cycles}
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.blend}
",
    check: report_unfit_sets,
};

fn report_unfit_sets(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    report_blender_models(FileUsage::Set, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_blender_set_is_offered_an_export() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].set = Some(sample_asset("sets/pier.blend", 21));
        });
        assert_eq!(
            found.help.as_deref(),
            Some(
                "write `engine: cycles` to have Blender draw it, or export it as glTF Binary yourself and write `sets/pier.glb`"
            )
        );
    }
}
