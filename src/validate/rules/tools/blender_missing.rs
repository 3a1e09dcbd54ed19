//! Blender is installed if a model is of a format that it imports. A warning only: the document may
//! be run elsewhere, and a profile or a Python may have Blender.

use crate::base::Severity;
use crate::model::Production;
use crate::model::model_format::ModelFormat;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::tools::blender_missing",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "models of a format that Blender imports have Blender",
    explanation: "FBX, USD and Alembic files are imported by Blender, also for the built-in \
        renderer, and `blender` was not found on the search path. A profile of the machine may \
        name it, and the module `bpy` of `python3` does too; `production doctor` says what is \
        found. Without Blender, export the model as GLB.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.fbx}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_missing_blender,
};

fn report_missing_blender(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    if facts.tools.blender {
        return;
    }
    report_file_problems(mentions_by_file(production), findings, |file| {
        let format = ModelFormat::from_path(&file.asset.path)?;
        // A Blender file has rules of its own, and Blender's engines are looked for by the run.
        let is_imported = format.needs_blender() && format != ModelFormat::Blend;
        if !is_imported || !file.usage.is_model() {
            return None;
        }
        let message = format!("is {}, and `blender` was not found", format.noun());
        let help = "install Blender, or export the model as GLB".to_owned();
        Some(FileProblem::new(message, "Blender imports it").with_help(help))
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_asset};

    #[test]
    fn a_model_that_blender_imports_needs_blender() {
        let found = only_finding(&RULE, |production, facts| {
            production.props[0].model = Some(sample_asset("assets/lantern.usdz", 26));
            facts.tools.blender = false;
        });
        assert_eq!(
            found.message,
            "model `assets/lantern.usdz` of prop `lantern` is a USD file, and `blender` was not found"
        );
    }

    #[test]
    fn other_models_do_not() {
        assert_no_findings(|production, facts| {
            production.props[0].model = Some(sample_asset("assets/lantern.obj", 26));
            facts.tools.blender = false;
        });
    }
}
