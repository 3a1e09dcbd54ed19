//! Two performers on one spot stand inside each other.

use crate::base::Severity;
use crate::model::Production;
use crate::model::shot_staging::StageMark;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::shared_mark",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "no two characters of a shot stand on one mark",
    explanation: "Two characters on one mark stand inside each other. Give one of them another mark, by name \
        or as `[x, y, z]` in metres.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for shot in &production.shots {
        for (at, second) in shot.cast.iter().enumerate() {
            let stands_there = |first: &&crate::model::production::CastRole| {
                is_same(&first.mark, &second.mark)
                    && first.character.index != second.character.index
            };
            let Some(first) = shot.cast[..at].iter().find(stands_there) else {
                continue;
            };
            let (one, other) = (&first.character.name.value, &second.character.name.value);
            let message = format!(
                "`{one}` and `{other}` stand on the same mark in shot `{}`",
                shot.name.value
            );
            let found = findings
                .at(second.character.name.origin, message)
                .with_label("inside the other");
            let found = found.with_related(first.character.name.origin, "already stands there");
            findings.push(found.with_help(
                "give one of them another `mark:`, by name or as `[x, y, z]` in metres",
            ));
        }
    }
}

fn is_same(one: &StageMark, other: &StageMark) -> bool {
    match (&one.node, &other.node) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one
            .position
            .iter()
            .zip(other.position)
            .all(|(one, other)| (one - other).abs() < 0.05),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{nothing, only};

    #[test]
    fn two_people_on_one_mark_are_told() {
        let found = only(&RULE, |production, _| {
            production.shots[0].cast[1].mark.position[0] = 0.0
        });
        assert_eq!(
            found.message,
            "`mara` and `ilya` stand on the same mark in shot `wide`"
        );
    }

    #[test]
    fn marks_of_other_names_are_other_places() {
        nothing(|production, _| {
            let [a, b] = [0, 1].map(|at: usize| Some(format!("mark_{at}")));
            production.shots[0].cast[0].mark.node = a;
            production.shots[0].cast[1].mark.node = b;
            production.shots[0].cast[1].mark.position[0] = 0.0;
        });
    }
}
