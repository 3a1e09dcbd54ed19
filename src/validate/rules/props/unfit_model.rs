//! The built-in engine cannot open Blender files. Such productions are valid all the same: they render elsewhere.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_blender;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::props::unfit_model",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "models of props can be opened by the engine",
    explanation: "",
    wrong: "",
    right: "",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blender(Use::Prop, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn a_blender_prop_is_offered_an_export() {
        let found = only(&RULE, |production, _| production.props[0].model = Some(asset("lantern.blend", 26)));
        assert_eq!(
            found.help.as_deref(),
            Some("export it from Blender as glTF Binary and write `lantern.glb`")
        );
    }
}
