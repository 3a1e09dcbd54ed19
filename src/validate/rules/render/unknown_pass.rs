//! Every pass that a shot lists is one that its renderer supports.

use crate::base::Severity;
use crate::model::production::Shot;
use crate::model::{Engine, Production, RenderPass};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::render::unknown_pass",
    // An error: the renderer would fail, or deliver nothing for the pass.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every pass is one that the shot's renderer supports",
    explanation: "Renderers support different passes. Cycles supports all of them; Eevee all but \
        `transmission`; `previz` has `depth`, `normal` and `position`, which follow from the \
        shapes; Workbench `depth` and `position`; commands have none. Choose another engine for \
        the shot, or give it `passes` of its own: `passes: []` is none.",
    wrong: "\
render_settings:
  engine: previz
  passes: [depth, emission]
",
    right: "\
render_settings:
  engine: previz
  passes: [depth]
",
    check: report_unknown_passes,
};

fn report_unknown_passes(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let mut reported = BTreeSet::new();
    for shot in &production.shots {
        // An unknown engine has its own finding.
        let Some(engine) = shot_renderer(production, shot) else {
            continue;
        };
        for pass in shot
            .passes
            .iter()
            .filter(|pass| !engine.supported_passes().contains(&pass.value))
        {
            // A pass of the whole production is reported once and not for every shot.
            if reported.insert((pass.origin, pass.value, engine.name())) {
                let name = engine.name();
                let pass_name = pass.value.id();
                let message = format!(
                    "`{name}`, which renders shot `{}`, has no pass `{pass_name}`",
                    shot.name.value
                );
                let finding = findings
                    .finding_at(pass.origin, message)
                    .with_label("not supported by this renderer");
                findings.push(finding.with_help(supported_passes_help(engine, pass.value)));
            }
        }
    }
}

fn shot_renderer<'a>(production: &'a Production, shot: &'a Shot) -> Option<&'a Engine> {
    shot.engine
        .as_ref()
        .unwrap_or(&production.render.engine)
        .engine
        .as_ref()
}

fn supported_passes_help(engine: &Engine, pass: RenderPass) -> String {
    let known: Vec<&str> = engine
        .supported_passes()
        .iter()
        .map(|pass| pass.id())
        .collect();
    // Workbench is not offered: its passes are a subset of those of `previz`.
    let others = [Engine::Cycles, Engine::Eevee, Engine::Previz].into_iter();
    let others: Vec<String> = others
        .filter(|other| other.supported_passes().contains(&pass))
        .map(|other| format!("`{}`", other.name()))
        .collect();
    let supported = if known.is_empty() {
        "it has no passes".to_owned()
    } else {
        format!("it has {}", known.join(", "))
    };
    format!(
        "{supported}; engines with `{}`: {}",
        pass.id(),
        others.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::production::RendererRef;
    use crate::model::{Engine, RenderPass};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_name, sample_origin};

    #[test]
    fn passes_of_the_production_are_reported_once_with_engines_that_have_them() {
        let found = only_finding(&RULE, |production, _| {
            for shot in &mut production.shots {
                shot.passes = vec![
                    Spanned::new(RenderPass::Depth, sample_origin(6)),
                    Spanned::new(RenderPass::Albedo, sample_origin(7)),
                ];
            }
        });
        let shot = "`previz`, which renders shot `wide`, has no pass `albedo`";
        assert_eq!(
            (found.message.as_str(), found.origin),
            (shot, sample_origin(7))
        );
        let help = "it has depth, normal, position; engines with `albedo`: `cycles`, `eevee`";
        assert_eq!(found.help.as_deref(), Some(help));
    }

    #[test]
    fn the_engine_of_the_shot_counts() {
        assert_no_findings(|production, _| {
            let engine = Some(RendererRef {
                name: sample_name("cycles", 9),
                engine: Some(Engine::Cycles),
                files: Vec::new(),
            });
            production.shots[0].engine = engine;
            production.shots[0].passes =
                vec![Spanned::new(RenderPass::Transmission, sample_origin(7))];
        });
    }
}
