//! A shot usually plays where its scene does. Cutaways are the exception, so this is only a note.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scenes::Scenes;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::location_differs",
    severity: Severity::Info,
    needs_whole: true,
    summary: "a shot plays where its scene plays",
    explanation: "The script says where the scene plays, and this shot plays elsewhere. Cutaways do; otherwise \
        `location` can be left out, and the shot plays where its scene does.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
shots:
  - {name: wide, template: character_full, character: mara, location: attic}

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara}

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let scenes = Scenes::of(production);
    for shot in &production.shots {
        let Some(location) = &shot.location else {
            continue;
        };
        let Some(scene) = scenes.scene_of(shot) else {
            continue;
        };
        let (Some(here), Some(there)) = (location.index, scene.location) else {
            continue;
        };
        let Some(there) = production.locations.get(there).filter(|_| here != there) else {
            continue;
        };
        let (name, there) = (&shot.name.value, &there.name.value);
        let message = format!(
            "shot `{name}` plays in `{}`, but its scene in `{there}`",
            location.name.value
        );
        let found = findings
            .at(location.name.origin, message)
            .with_label("not where the scene plays");
        findings.push(found.with_related(scene.heading.origin, "the scene's heading"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{location, only};

    #[test]
    fn a_cutaway_is_noted() {
        let found = only(&RULE, |production, _| {
            production.locations.push(location("attic", 22));
            let place = production.shots[1].location.as_mut().unwrap();
            place.index = Some(1);
            place.name.value = "attic".to_owned();
        });
        assert_eq!(
            found.message,
            "shot `close` plays in `attic`, but its scene in `pier`"
        );
    }
}
