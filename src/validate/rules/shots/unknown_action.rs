//! An action that a shot names is a clip of the model in that scene.
//!
//! Actions of templates and of derived shots are preferences and are not checked. A model without
//! such a clip stands, or plays what it has.

use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::model::Production;
use crate::validate::project_paths::quoted_path;
use crate::validate::shot_queries::cast_roles;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::{HashMap, HashSet};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_action",
    // A warning: the shot renders, with another movement than the document says.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every action that a shot asks for is a clip of the model",
    explanation: "An action is the name of an animation clip in the character's model. A model \
        without that clip stands still or plays another, so the shot would not show what it says. \
        The help line names the clips that the model has.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, action: wlak, location: pier}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, action: walk, location: pier}
",
    check: report_unknown_actions,
};

fn report_unknown_actions(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let allowance = SearchAllowance::default();
    // A model of an engine has thousands of clips, and a crowd thousands of roles.
    let mut sets: HashMap<&Path, HashSet<&str>> = HashMap::new();
    for (shot, role) in
        cast_roles(production).filter(|(shot, _)| !shot.automatic && shot.is_drawn())
    {
        let character = role
            .character
            .index
            .and_then(|index| production.characters.get(index));
        let Some(model) = character.and_then(|character| character.model_in(&shot.scene.value))
        else {
            continue;
        };
        let (Some(origin), Some(Ok(clips))) = (role.action_origin, facts.clips.get(&model.path))
        else {
            continue;
        };
        // An action from a template is in another file than the character's name.
        let is_own = origin.file == role.character.name.origin.file;
        let known = sets
            .entry(&model.path)
            .or_insert_with(|| clips.iter().map(String::as_str).collect());
        if known.contains(role.action.as_str()) || !is_own {
            continue;
        }
        let model = quoted_path(&model.path);
        let finding = findings
            .finding_at(
                origin,
                format!("model {model} has no clip `{}`", role.action),
            )
            .with_label("no such clip");
        // A model without any clip needs an export with animation, not another name.
        let none = clips
            .is_empty()
            .then(|| format!("{model} has no animation at all"));
        findings.push(finding.with_optional_help(none.or_else(|| {
            let clips = clips.iter().map(String::as_str);
            allowance.search(|| did_you_mean(&role.action, clips))
        })));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    #[test]
    fn a_clip_that_the_model_has_not_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            let role = &mut production.shots[0].cast[0];
            role.action = "wlak".to_owned();
            role.action_origin = Some(sample_origin(37));
        });
        assert_eq!(found.message, "model `assets/mara.glb` has no clip `wlak`");
        assert_eq!(found.help.as_deref(), Some("did you mean `walk`?"));
        assert_eq!(found.origin, sample_origin(37));
    }

    #[test]
    fn an_action_that_nobody_wrote_is_not_checked() {
        assert_no_findings(|production, _| production.shots[0].cast[0].action = "hover".to_owned());
    }

    #[test]
    fn an_action_of_a_template_is_a_wish() {
        assert_no_findings(|production, _| {
            let role = &mut production.shots[0].cast[0];
            role.action = "hover".to_owned();
            role.action_origin = Some(crate::base::FileSpan::new(crate::base::FileId(1), 0, 5));
        });
    }
}
