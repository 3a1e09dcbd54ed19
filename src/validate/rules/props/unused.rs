//! Every prop is in a shot. Silent if another finding explains it.

use crate::base::Severity;
use crate::model::Production;
use crate::model::sprites::SpriteSheet;
use crate::validate::name_checks::{unresolved_references, unused_names};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::props::unused",
    // A note: an unused entry costs nothing and changes nothing.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every prop is in a shot",
    explanation: "No shot shows the prop. It costs nothing, but it may be misspelt somewhere or \
        forgotten.",
    wrong: "\
props:
  - {name: lantern, model: assets/lantern.glb}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check: report_unused_props,
};

fn report_unused_props(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    // Without shots, `shots::none` is the one mistake.
    if production.shots.is_empty() {
        return;
    }
    let references = || {
        production
            .shots
            .iter()
            .flat_map(|shot| &shot.props)
            .map(|role| &role.prop)
    };
    let tiles = production.tile_maps.iter().flat_map(|map| &map.tiles);
    let shown: HashSet<usize> = references()
        .filter_map(|reference| reference.index)
        .chain(production.sprites.iter().filter_map(SpriteSheet::prop))
        .chain(tiles.filter_map(|tile| tile.index))
        .collect();
    let misspelt: Vec<&str> = unresolved_references(references())
        .map(|reference| &*reference.name.value)
        .collect();
    let names = production.props.iter().map(|prop| &prop.name);
    for name in unused_names(names, |index| shown.contains(&index), &misspelt) {
        findings.push(
            findings
                .finding_at(name.origin, format!("prop `{}` is in no shot", name.value))
                .with_label("unused"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::Prop;
    use crate::validate::sample::{only_finding, sample_name};

    #[test]
    fn a_prop_that_nobody_sees_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production.props.push(Prop {
                name: sample_name("anchor", 28),
                display_name: None,
                model: None,
            });
        });
        assert_eq!(found.message, "prop `anchor` is in no shot");
    }
}
