//! A whole Blender file is opened by Blender alone. Other engines draw a copy, so this only warns.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_blender;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::custom_setup_needs_blender",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "custom setups are drawn by an engine that opens them",
    explanation: "A `custom_setup` is a whole place as a Blender file, with its lights and its world. Blender's own \
        engines open it as the scene; every other engine draws a glTF copy that Blender makes of it, without its lights, \
        under the light of the location. Let Blender draw, or name a `set` beside it for the others.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.blend}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.blend, set: assets/pier.glb}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blender(Use::Setup, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, nothing, only};

    #[test]
    fn a_set_beside_it_is_what_others_draw() {
        nothing(|production, _| {
            production.locations[0].custom_setup = Some(asset("pier.blend", 21));
            production.locations[0].set = Some(asset("pier.glb", 22));
        });
    }

    #[test]
    fn a_custom_setup_needs_the_blender_provider() {
        let found = only(&RULE, |production, _| {
            production.locations[0].custom_setup = Some(asset("pier.blend", 21))
        });
        assert_eq!(
            found.message,
            "custom setup `pier.blend` of location `pier` is a Blender file, of which `previz` draws only a glTF copy"
        );
    }
}
