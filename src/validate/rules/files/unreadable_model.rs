//! Every glTF model can be parsed.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::unreadable_model",
    // An error: the parser here is the one that the built-in renderer uses, so it would fail as
    // well.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every glTF model can be read",
    explanation: "The model was opened, and is damaged, has a picture that is cut short, or uses a \
        feature that cannot be drawn; the words beside the caret say which. It is found here \
        rather than in the middle of the night. Export the model again, as GLB, without \
        compression extensions.",
    wrong: "\
characters:
  - {name: mara, model: assets/cut_short.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_unreadable_models,
};

fn report_unreadable_models(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_by_file(production), findings, |file| {
        let Err(why) = facts
            .clips
            .get(&file.asset.path)
            // Facts are by path. A path that also serves as something else is judged by the rule
            // for that.
            .filter(|_| file.usage.is_model())?
        else {
            return None;
        };
        Some(
            FileProblem::new("cannot be read", why)
                .with_help("export it again, with its buffers in one .glb".to_owned()),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn an_unreadable_model_is_reported_with_the_reason() {
        let found = only_finding(&RULE, |_, facts| {
            facts.clips.insert(
                "assets/mara.glb".into(),
                Err("buffer 0 has 7 bytes, not 9".to_owned()),
            );
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` cannot be read"
        );
        assert_eq!(found.label, "buffer 0 has 7 bytes, not 9");
    }
}
