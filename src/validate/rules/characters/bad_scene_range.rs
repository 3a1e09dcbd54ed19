//! Wardrobe keys are `default` or a range of scenes.

use crate::base::{Severity, Spanned};
use crate::model::Production;
use crate::model::production::CostumeScenes;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::bad_scene_range",
    // An error: the costume would silently never be worn, and the film would have to be rendered
    // again.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "keys of wardrobe are `default` or a range of scenes",
    explanation: "The key of a costume says in which scenes it is worn: `default` for all that no \
        other names, `scenes_1_10` or `1-10` for a range with both ends, `scene_4` for one. \
        Scenes are named as the script numbers them, so `scenes_2A_5` and `scene_A2` are ranges, \
        too, in the order of the script. Any other key is never worn.",
    wrong: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      act_one: oilskin
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_5: oilskin
",
    check: report_bad_scene_ranges,
};

fn report_bad_scene_ranges(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let costumes = || {
        let characters = production.characters.iter();
        characters.flat_map(|character| &character.costumes)
    };
    // Fixing a key must not create a duplicate, which would be the next error. Other characters'
    // keys count too: a false positive here only costs the automatic fix.
    let taken: HashSet<&str> = costumes().map(|costume| &*costume.key.value).collect();
    for costume in costumes() {
        // A key that could not be read has a finding already.
        if costume.scenes != CostumeScenes::Unreadable || costume.key.is_placeholder {
            continue;
        }
        let key = &costume.key.value;
        let swapped = swapped_range_key(&costume.key, &taken);
        // A reversed range is unambiguous, so the help can give the corrected key.
        let problem = match swapped {
            Some(_) => "ends before it begins",
            None => "is not a range of scenes",
        };
        let finding = findings
            .finding_at(
                costume.key.origin,
                format!("wardrobe key `{key}` {problem}"),
            )
            .with_label("never worn");
        findings.push(match swapped {
            Some(turned) => finding
                .with_help(format!("write `{turned}`"))
                .with_fix(costume.key.origin, turned),
            None => finding.with_help("write `default`, `scenes_1_10`, `1-10` or `scene_5A`"),
        });
    }
}

/// Returns the key with its two numbers in order, unless that is taken.
fn swapped_range_key(key: &Spanned<String>, taken: &HashSet<&str>) -> Option<String> {
    let start = key.value.find(|c: char| c.is_ascii_digit())?;
    let (lead, numbers) = key.value.split_at(start);
    let mark = numbers.find(['_', '-'])?;
    let first = &numbers[..mark];
    let last = &numbers[mark + 1..];
    let low: u32 = last.parse().ok()?;
    let high: u32 = first.parse().ok()?;
    let turned = format!("{lead}{last}{}{first}", &numbers[mark..=mark]);
    (low < high && !taken.contains(turned.as_str())).then_some(turned)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::CostumeScenes;
    use crate::validate::sample::{only_finding, sample_costume};

    #[test]
    fn a_key_that_is_no_range_lists_the_forms() {
        let found = only_finding(&RULE, |production, _| {
            production.characters[0].costumes.push(sample_costume(
                "act_one",
                CostumeScenes::Unreadable,
                15,
            ));
        });
        assert_eq!(
            found.message,
            "wardrobe key `act_one` is not a range of scenes"
        );
    }

    #[test]
    fn a_reversed_range_is_turned_round() {
        let found = only_finding(&RULE, |production, _| {
            production.characters[0].costumes.push(sample_costume(
                "scenes_9_1",
                CostumeScenes::Unreadable,
                15,
            ));
        });
        assert_eq!(found.help.as_deref(), Some("write `scenes_1_9`"));
        assert_eq!(found.fix[0].text, "scenes_1_9");
    }
}
