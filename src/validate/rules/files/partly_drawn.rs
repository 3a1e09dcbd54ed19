//! Every glTF model is drawn with everything that it has.

use crate::base::Severity;
use crate::model::{Engine, Production};
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::partly_drawn",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every glTF model is drawn with everything that it has",
    explanation: "The built-in renderer is a preview, and leaves out what the words beside the \
        caret name. The rest of the model is drawn. `docs/renderers.md` lists what is drawn of \
        each extension of glTF. Blender's engines draw more of some materials. If what is left \
        out does not matter to the film, allow the finding.",
    wrong: "\
render_settings:
  engine: previz
characters:
  - {name: mara, model: assets/iridescent.gltf}
",
    right: "\
render_settings:
  engine: cycles
characters:
  - {name: mara, model: assets/iridescent.gltf}
",
    check: report_partly_drawn_models,
};

fn report_partly_drawn_models(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // Other engines read the file themselves. Sprites are always drawn by the built-in one.
    let is_previz = production
        .renderers()
        .any(|renderer| renderer.engine == Some(Engine::Previz));
    if !is_previz && production.sprites.is_empty() && production.tile_maps.is_empty() {
        return;
    }
    report_file_problems(mentions_by_file(production), findings, |file| {
        let left_out = facts.left_out.get(&file.asset.path)?;
        let problem = FileProblem::new("is not drawn in full by `previz`", left_out.join("; "));
        file.usage.is_model().then_some(problem)
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Engine;
    use crate::validate::ExternalFacts;
    use crate::validate::sample::{assert_no_findings, only_finding};

    fn leave_out(facts: &mut ExternalFacts) {
        let left_out = vec!["points and lines".to_owned(), "springs".to_owned()];
        facts.left_out.insert("assets/mara.glb".into(), left_out);
    }

    #[test]
    fn everything_that_is_left_out_of_a_model_is_one_finding() {
        let found = only_finding(&RULE, |_, facts| leave_out(facts));
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` is not drawn in full by `previz`"
        );
        assert_eq!(found.label, "points and lines; springs");
    }

    #[test]
    fn what_blender_draws_is_its_own_matter() {
        assert_no_findings(|production, facts| {
            production.render.engine.engine = Some(Engine::Cycles);
            for shot in &mut production.shots {
                shot.engine = None;
            }
            leave_out(facts);
        });
    }
}
