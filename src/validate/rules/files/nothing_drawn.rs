//! Every glTF model has something to draw.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::nothing_drawn",
    // A warning: a model of nothing may carry marks, lights or clips.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every glTF model has something to draw",
    explanation: "The model was opened, and nothing of it would be seen: it has no mesh in its \
        scene, or only triangles without an area. That happens when a program exports an empty \
        selection, or scales something to zero. Select what belongs to the model and export it \
        again.",
    wrong: "\
characters:
  - {name: mara, model: assets/no_mesh.gltf}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_empty_models,
};

fn report_empty_models(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_by_file(production), findings, |file| {
        let why = facts.nothing_drawn.get(&file.asset.path)?;
        let help = "select what belongs to the model, and export it again".to_owned();
        let problem = FileProblem::new("has nothing to draw", why).with_help(help);
        file.usage.is_model().then_some(problem)
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_model_of_nothing_is_reported_with_the_reason() {
        let found = only_finding(&RULE, |_, facts| {
            let why = "it has no triangles".to_owned();
            facts.nothing_drawn.insert("assets/mara.glb".into(), why);
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` has nothing to draw"
        );
        assert_eq!(found.label, "it has no triangles");
    }
}
