//! No engine of this version opens Blender files. Such productions are valid all the same.

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
    explanation: "Every engine of this version reads glTF, not Blender files, Blender's own engines too: all of them \
        draw from one stage. The document is right, but this version cannot render it. Export the \
        model from Blender as glTF Binary, and name that file.",
    wrong: "\
props:
  - {name: lantern, model: assets/mara.blend}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
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
