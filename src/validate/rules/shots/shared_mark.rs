//! No two performers of a shot share a mark: they would stand inside each other.

use crate::base::Severity;
use crate::model::Production;
use crate::model::shot_staging::StageMark;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::shared_mark",
    // A warning: the shot can be rendered; the two bodies only overlap.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no two characters of a shot stand on one mark",
    explanation: "Two characters on one mark stand inside each other. Give one of them another \
        mark, by name or as `[x, y, z]` in metres.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - name: both
    template: two_shot
    characters: [{name: mara, mark: mark_a}, {name: ilya, mark: mark_a}]
    location: pier
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - name: both
    template: two_shot
    characters: [{name: mara, mark: mark_a}, {name: ilya, mark: mark_b}]
    location: pier
",
    check: report_shared_marks,
};

/// Most performers of a shot that a later one is compared with.
// A crowd of more is placed by a list or a set, and comparing each with each takes minutes.
const MAX_COMPARED: usize = 500;

fn report_shared_marks(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shot in production.shots.iter().filter(|shot| shot.is_drawn()) {
        for (index, second) in shot.cast.iter().enumerate() {
            let Some(first) = shot.cast[..index].iter().take(MAX_COMPARED).find(|first| {
                is_same_mark(&first.mark, &second.mark)
                    // The same character twice has its own finding.
                    && first.character.index != second.character.index
            }) else {
                continue;
            };
            let first_name = &first.character.name.value;
            let second_name = &second.character.name.value;
            let message = format!(
                "`{first_name}` and `{second_name}` stand on the same mark in shot `{}`",
                shot.name.value
            );
            let finding = findings
                .finding_at(second.character.name.origin, message)
                .with_label("inside the other");
            let finding = finding.with_related(first.character.name.origin, "already stands there");
            findings.push(finding.with_help(
                "give one of them another `mark:`, by name or as `[x, y, z]` in metres",
            ));
        }
    }
}

fn is_same_mark(first: &StageMark, second: &StageMark) -> bool {
    match (&first.node, &second.node) {
        (Some(first), Some(second)) => first == second,
        (None, None) => first
            .position
            .iter()
            .zip(second.position)
            // 5 cm: less than that is a rounding of coordinates, and two bodies still overlap.
            .all(|(first, second)| (first - second).abs() < 0.05),
        // A named mark and a position cannot be compared: only the set knows where the mark is.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn two_people_on_one_mark_are_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].cast[1].mark.position[0] = 0.0;
        });
        assert_eq!(
            found.message,
            "`mara` and `ilya` stand on the same mark in shot `wide`"
        );
    }

    #[test]
    fn marks_of_other_names_are_other_places() {
        assert_no_findings(|production, _| {
            let [a, b] = [0, 1].map(|at: usize| Some(format!("mark_{at}")));
            production.shots[0].cast[0].mark.node = a;
            production.shots[0].cast[1].mark.node = b;
            production.shots[0].cast[1].mark.position[0] = 0.0;
        });
    }
}
