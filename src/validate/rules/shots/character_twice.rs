//! A shot names each character once.

use crate::base::FileSpan;
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashMap;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::character_twice",
    // An error: performers are addressed by their character, and a second one could not be.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a shot names each character once",
    explanation: "A shot shows each character once. To show two that look alike, add a second \
        character with the same model.",
    wrong: "\
shots:
  - name: wide
    template: two_shot
    characters: [{name: mara, mark: mark_a}, {name: mara, mark: mark_b}]
    location: pier
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: twin, model: assets/mara.glb}
shots:
  - name: wide
    template: two_shot
    characters: [{name: mara, mark: mark_a}, {name: twin, mark: mark_b}]
    location: pier
",
    check: report_characters_twice,
};

fn report_characters_twice(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for shot in &production.shots {
        let mut seen: HashMap<usize, FileSpan> = HashMap::new();
        for name in shot.cast.iter().map(|role| &role.character) {
            let Some(index) = name.index else { continue };
            let first = seen.get(&index).copied();
            let Some(first) = first else {
                seen.insert(index, name.name.origin);
                continue;
            };
            let message = format!(
                "shot `{}` has character `{}` twice",
                shot.name.value, name.name.value
            );
            let finding = findings
                .finding_at(name.name.origin, message)
                .with_label("here again")
                .with_related(first, "first here");
            findings.push(
                finding.with_help("remove one, or add a second character with the same model"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_character_named_twice_points_at_both() {
        let found = only_finding(&RULE, |production, _| {
            let again = production.shots[0].cast[0].character.name.origin;
            let mut role = production.shots[0].cast[0].clone();
            role.mark.position[0] = 9.0;
            role.character.name.origin = sample_origin(38);
            production.shots[0].cast.push(role);
            assert_eq!(again, sample_origin(33));
        });
        assert_eq!(found.origin, sample_origin(38));
        assert_eq!(found.related[0].0, sample_origin(33));
    }
}
