//! Every expression of a performer is in its model.

use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_expression",
    // An error: the import of the model would fail.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every expression of a performer is in its model",
    explanation: "`expression` names an expression of a VRM, such as `happy`, or a morph target of \
        a glTF file by its name. The words beside the caret name those that the model has in this \
        scene. Capital and small letters are one.",
    wrong: "\
shots:
  - {name: wide, template: character_full, characters: [{name: mara, expression: happy}], location: pier}
",
    right: "\
shots:
  - {name: wide, template: character_full, characters: [{name: mara}], location: pier}
",
    check: report_unknown_expressions,
};

/// The most names of expressions in one finding.
const MOST_NAMES: usize = 12;

fn report_unknown_expressions(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let allowance = SearchAllowance::default();
    for shot in &production.shots {
        for role in &shot.cast {
            let character = role
                .character
                .index
                .map(|index| &production.characters[index]);
            let model = character.and_then(|character| character.model_in(&shot.scene.value));
            let (Some(name), Some(model)) = (&role.expression, model) else {
                continue;
            };
            let none = Vec::new();
            let known = match facts.expressions.get(&model.path) {
                Some(known) => known,
                // A model that was not read has a finding of its own, or Blender reads it.
                None if facts.clips.contains_key(&model.path) => continue,
                None => &none,
            };
            let text = &name.value;
            if known.iter().any(|known| known.eq_ignore_ascii_case(text)) {
                continue;
            }
            let path = model.path.display();
            let message = format!("`{path}` has no expression `{text}`");
            let label = match known.len() {
                0 => "no expressions are known of it".to_owned(),
                1..=MOST_NAMES => format!("it has `{}`", known.join("`, `")),
                count => {
                    let first = known[..MOST_NAMES].join("`, `");
                    format!("it has `{first}` and {} more", count - MOST_NAMES)
                }
            };
            let near = allowance.search(|| did_you_mean(text, known.iter().map(String::as_str)));
            let finding = findings.finding_at(name.origin, message).with_label(label);
            let without = "leave it out, or name one that the model has".to_owned();
            findings.push(finding.with_help(near.unwrap_or(without)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_name};

    #[test]
    fn an_unknown_expression_offers_the_nearest() {
        let found = only_finding(&RULE, |production, facts| {
            let names = vec!["happy".to_owned(), "angry".to_owned()];
            facts.expressions.insert("assets/mara.glb".into(), names);
            production.shots[0].cast[0].expression = Some(sample_name("hapy", 33));
        });
        assert_eq!(found.message, "`assets/mara.glb` has no expression `hapy`");
        assert_eq!(found.label, "it has `happy`, `angry`");
        assert_eq!(found.help.as_deref(), Some("did you mean `happy`?"));
    }

    #[test]
    fn an_expression_of_the_model_is_shown() {
        assert_no_findings(|production, facts| {
            let names = vec!["Happy".to_owned()];
            facts.expressions.insert("assets/mara.glb".into(), names);
            production.shots[0].cast[0].expression = Some(sample_name("happy", 33));
        });
    }
}
