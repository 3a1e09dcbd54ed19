//! Blender files are best drawn by Blender. Other engines draw a glTF copy, so this is only a
//! warning.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::FileUsage;
use crate::validate::model_files::{BLENDER_FILE_EXPLANATION, report_blender_models};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::props::unfit_model",
    // A warning: a copy is drawn, and it is often good enough for a preview.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "models of props are drawn by an engine that opens them",
    explanation: BLENDER_FILE_EXPLANATION,
    wrong: "\
props:
  - {name: lantern, model: assets/mara.blend}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    right: "\
render_settings: {engine: cycles}
props:
  - {name: lantern, model: assets/mara.blend}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check: report_unfit_prop_models,
};

fn report_unfit_prop_models(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_blender_models(FileUsage::Prop, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_blender_prop_is_offered_an_export() {
        let found = only_finding(&RULE, |production, _| {
            production.props[0].model = Some(sample_asset("lantern.blend", 26));
        });
        assert_eq!(
            found.help.as_deref(),
            Some(
                "write `engine: cycles` to have Blender draw it, or export it as glTF Binary yourself and write `lantern.glb`"
            )
        );
    }
}
