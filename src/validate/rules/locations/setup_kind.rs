//! A custom setup is a whole Blender file.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::{Problem, Use, report, used_as};
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::setup_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "a custom setup is a .blend file",
    explanation: "A `custom_setup` is a Blender file that holds the whole place, with its lights. A glTF model \
        of the place is a `set`.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.glb}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report(used_as(Use::Setup, production), findings, |file| {
        let is_wrong = !file.asset.has_extension("blend") && facts.may_exist(file.asset);
        let problem = Problem::new("is not a Blender file", "not a .blend file");
        is_wrong.then(|| {
            problem.help("for a glTF model write `set:` instead of `custom_setup:`".to_owned())
        })
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn a_glb_belongs_under_set() {
        let found = only(&RULE, |production, _| {
            production.locations[0].custom_setup = Some(asset("pier.glb", 21))
        });
        assert_eq!(
            found.help.as_deref(),
            Some("for a glTF model write `set:` instead of `custom_setup:`")
        );
    }
}
