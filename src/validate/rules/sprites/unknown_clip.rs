//! Every clip of a sprite sheet is in the model.

use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::model::Production;
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sprites::unknown_clip",
    // An error: a shot may show another movement, and a game cannot use it.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every clip of a sprite sheet is in the model",
    explanation: "A clip is an animation of the model by its name; `walk` also stands for \
        `Armature|walk`. The help line names the clips that the model has. Without `clips` a sheet \
        shows the model at rest.",
    wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: [wlak]}}
",
    right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: [walk]}}
",
    check: report_unknown_clips,
};

fn report_unknown_clips(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let allowance = SearchAllowance::default();
    for sheet in &production.sprites {
        let Some(model) = &sheet.model else { continue };
        let Some(Ok(clips)) = facts.clips.get(&model.path) else {
            continue;
        };
        for clip in sheet.clips.iter().filter(|clip| clip.drawn.clip.is_some()) {
            let name = &clip.name.value;
            if clips.iter().any(|known| is_named_so(known, name)) {
                continue;
            }
            let path = quoted_path(&model.path);
            let finding = findings
                .finding_at(
                    clip.name.origin,
                    format!("model {path} has no clip `{name}`"),
                )
                .with_label("no such clip");
            let none = clips
                .is_empty()
                .then(|| format!("{path} has no animation at all"));
            findings.push(finding.with_optional_help(none.or_else(|| {
                let clips = clips.iter().map(String::as_str);
                allowance.search(|| did_you_mean(name, clips))
            })));
        }
    }
}

/// Returns whether a clip is found by this name, as the renderer finds it.
fn is_named_so(known: &str, name: &str) -> bool {
    let last = known.rsplit('|').next();
    known == name || last.is_some_and(|last| last.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_sheet};

    #[test]
    fn a_clip_that_the_model_has_not_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            let mut sheet = sample_sheet("sheet", 70);
            sheet.clips[0].name.value = "wlak".to_owned();
            production.sprites.push(sheet);
        });
        assert_eq!(found.message, "model `assets/mara.glb` has no clip `wlak`");
        assert_eq!(found.help.as_deref(), Some("did you mean `walk`?"));
    }

    #[test]
    fn clips_are_found_as_the_renderer_finds_them() {
        assert_no_findings(|production, _| {
            let mut sheet = sample_sheet("sheet", 70);
            sheet.clips[0].name.value = "WALK".to_owned();
            production.sprites.push(sheet);
        });
    }
}
