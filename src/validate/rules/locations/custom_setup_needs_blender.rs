//! No engine of this version opens a whole Blender file. The production is valid all the same.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_blender;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::custom_setup_needs_blender",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "custom setups can be opened by the engine",
    explanation: "A `custom_setup` is a whole place as a Blender file, and no engine of this version opens those, \
        Blender's own engines neither. Export the place as GLB and name it as `set`.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.blend}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.glb}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blender(Use::Setup, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn a_custom_setup_needs_the_blender_provider() {
        let found =
            only(&RULE, |production, _| production.locations[0].custom_setup = Some(asset("pier.blend", 21)));
        assert_eq!(
            found.message,
            "custom setup `pier.blend` of location `pier` is a Blender file, which this version cannot open"
        );
    }
}
