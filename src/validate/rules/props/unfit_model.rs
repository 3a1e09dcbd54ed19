//! What only Blender can open is drawn by Blender. Other engines draw a copy, so this only warns.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_blender;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::props::unfit_model",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "models of props are drawn by an engine that opens them",
    explanation: "A Blender file is drawn as it is by Blender's own engines, `cycles`, `eevee` and `workbench`. \
        Every other engine draws a glTF copy that Blender makes of it: its shapes, plain materials and \
        clips, without its lights and without what only Blender knows. Let Blender draw, or export \
        glTF Binary yourself, which needs no Blender to run.",
    wrong: "\
props:
  - {name: lantern, model: assets/mara.blend}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    right: "\
render_settings: {engine: cycles}
props:
  - {name: lantern, model: assets/mara.blend}
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
        let found = only(&RULE, |production, _| {
            production.props[0].model = Some(asset("lantern.blend", 26))
        });
        assert_eq!(
            found.help.as_deref(),
            Some(
                "write `engine: cycles` to have Blender draw it, or export it as glTF Binary yourself and write `lantern.glb`"
            )
        );
    }
}
