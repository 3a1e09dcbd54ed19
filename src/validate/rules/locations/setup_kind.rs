//! A custom setup is a Blender file.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::{FileUsage, mentions_with_usage};
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::setup_kind",
    // An error: Blender opens this file as the scene, and nothing else can stand in for it.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a custom setup is a .blend file",
    explanation: "A `custom_setup` is a Blender file that holds the whole place, with its lights. \
        A glTF model of the place is a `set`.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, custom_setup: assets/pier.glb}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, set: assets/pier.glb}
",
    check: report_unsupported_setups,
};

fn report_unsupported_setups(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(
        mentions_with_usage(FileUsage::Setup, production),
        findings,
        |file| {
            // A missing file has its own finding; its extension matters once it is there.
            let is_wrong = !file.asset.has_extension("blend") && facts.may_exist(file.asset);
            let problem = FileProblem::new("is not a Blender file", "not a .blend file");
            is_wrong.then(|| {
                problem.with_help(
                    "for a glTF model write `set:` instead of `custom_setup:`".to_owned(),
                )
            })
        },
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_glb_belongs_under_set() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].custom_setup = Some(sample_asset("pier.glb", 21));
        });
        assert_eq!(
            found.help.as_deref(),
            Some("for a glTF model write `set:` instead of `custom_setup:`")
        );
    }
}
