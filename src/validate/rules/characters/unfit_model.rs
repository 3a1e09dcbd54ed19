//! No engine of this version opens Blender files. Such productions are valid all the same.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_blender;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::unfit_model",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "models of characters can be opened by the engine",
    explanation: "Every engine of this version reads glTF, not Blender files, Blender's own engines too: all of them \
        draw from one stage. The document is right, but this version cannot render it. Export the \
        model from Blender as glTF Binary, and name that file.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.blend}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blender(Use::Character, production, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn a_blender_model_is_offered_an_export() {
        let found = only(&RULE, |production, _| {
            production.characters[0].model = Some(asset("assets/mara.blend", 11));
        });
        assert_eq!(
            found.help.as_deref(),
            Some("export it from Blender as glTF Binary and write `assets/mara.glb`")
        );
    }
}
