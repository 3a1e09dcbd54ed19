//! Every render engine that is named exists.

use crate::base::Severity;
use crate::base::suggestions::nearest_match;
use crate::model::production::RendererRef;
use crate::model::{Engine, Production};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::render::unknown_engine",
    // An error: nothing can draw the frames.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every render engine that is named exists",
    explanation: "Frames are drawn by an engine: `previz`, which is built in, or one of Blender's, \
        `cycles`, `eevee` and `workbench`, or a command of `production library providers` or of \
        your own `presets/providers.yaml`. Blender's identifiers, such as `CYCLES`, mean the same. \
        A shot may name another engine than the production.",
    wrong: "\
render_settings:
  engine: cycels
",
    right: "\
render_settings:
  engine: cycles
",
    check: report_unknown_engines,
};

fn report_unknown_engines(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let unknown =
        // A provider with errors is a placeholder: its own findings are enough.
        |renderer: &&RendererRef| renderer.engine.is_none() && !renderer.name.is_placeholder;
    for RendererRef { name, .. } in production.renderers().filter(unknown) {
        let message = format!("unknown render engine `{}`", name.value);
        let finding = findings
            .finding_at(name.origin, message)
            .with_label("cannot render with this");
        // Only built-in engines are compared. Provider names are the author's, and the help names
        // the command that lists them.
        let near =
            nearest_match(&name.value, Engine::NAMES).map(|near| format!("did you mean `{near}`?"));
        findings.push(finding.with_help(near.unwrap_or_else(|| {
            format!(
                "known: {}, and every one of `production library providers`",
                Engine::NAMES.join(", ")
            )
        })));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Engine;
    use crate::model::production::RendererRef;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_name};

    #[test]
    fn a_misspelt_engine_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            production.render.engine = RendererRef {
                name: sample_name("Cycels", 5),
                engine: None,
                files: Vec::new(),
            };
        });
        assert_eq!(found.message, "unknown render engine `Cycels`");
        assert_eq!(found.help.as_deref(), Some("did you mean `cycles`?"));
    }

    #[test]
    fn the_engine_of_a_shot_is_looked_at_too() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].engine = Some(RendererRef {
                name: sample_name("arnold", 9),
                engine: None,
                files: Vec::new(),
            });
        });
        assert!(found.help.is_some_and(|help| help.contains("workbench")));
    }

    #[test]
    fn engines_of_blender_and_one_already_reported_are_passed_over() {
        assert_no_findings(|production, _| {
            production.shots[0].engine = Some(RendererRef {
                name: sample_name("CYCLES", 9),
                engine: Some(Engine::Cycles),
                files: Vec::new(),
            });
            let mut hole = sample_name("x", 5);
            hole.is_placeholder = true;
            production.render.engine = RendererRef {
                name: hole,
                engine: None,
                files: Vec::new(),
            };
        });
    }
}
