//! Every camera of a model that a shot uses is there.

use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::base::{Severity, Spanned};
use crate::model::Production;
use crate::model::production::{AssetRef, Shot, ShotModelCamera};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_camera",
    // An error: the shot would be framed in another way.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every camera of a model that a shot uses is there",
    explanation: "`camera` is the name of a camera in the glTF file of the location's set, or \
        `{from, name}` with a prop of the shot. A camera has the name of its node, else its own. \
        Only cameras with perspective are used, and those of Blender files only after an export \
        as glTF with cameras.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, camera: shot_cam}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check: report_unknown_cameras,
};

/// Where a camera is looked for.
enum CameraHolder<'a> {
    /// In this file.
    Model(&'a AssetRef),
    /// Nowhere, for this reason.
    Nowhere(&'static str, String),
}

fn report_unknown_cameras(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let allowance = SearchAllowance::default();
    for shot in &production.shots {
        let Some(camera) = &shot.model_camera else {
            continue;
        };
        let shot_name = &shot.name.value;
        match camera_holder(production, shot, camera) {
            CameraHolder::Nowhere(label, message) => {
                let place = camera.from.as_ref().unwrap_or(&camera.name);
                let finding = findings.finding_at(place.origin, message);
                let help =
                    "write `{from: PROP, name: NAME}` with a prop of the shot, or leave it out";
                findings.push(finding.with_label(label).with_help(help));
            }
            CameraHolder::Model(model) => {
                let known = known_cameras(facts, model);
                let Some(known) = known.filter(|known| !known.contains(&camera.name.value)) else {
                    continue;
                };
                let path = model.path.display();
                let Spanned { value, origin, .. } = &camera.name;
                let message = format!("`{path}` has no camera `{value}` for shot `{shot_name}`");
                let label = match known.as_slice() {
                    [] => "it has no camera".to_owned(),
                    names => format!("its cameras are `{}`", names.join("`, `")),
                };
                let names = known.iter().map(String::as_str);
                let near = allowance.search(|| did_you_mean(value, names));
                let finding = findings.finding_at(*origin, message).with_label(label);
                findings.push(finding.with_optional_help(near));
            }
        }
    }
}

/// Returns the cameras of a model. `None`: it was not read, and another rule says why.
fn known_cameras(facts: &ExternalFacts, model: &AssetRef) -> Option<Vec<String>> {
    // The glTF copy of a Blender file has no cameras.
    if model.has_extension("blend") {
        return Some(Vec::new());
    }
    facts.cameras.get(&model.path).cloned()
}

fn camera_holder<'a>(
    production: &'a Production,
    shot: &Shot,
    camera: &ShotModelCamera,
) -> CameraHolder<'a> {
    let name = &shot.name.value;
    let Some(from) = &camera.from else {
        let index = shot.location.as_ref().and_then(|place| place.index);
        let set = index.and_then(|index| production.locations[index].set.as_ref());
        return set.map_or_else(
            || {
                let message = format!("shot `{name}` has no set whose camera it could use");
                CameraHolder::Nowhere("no set, so no camera", message)
            },
            CameraHolder::Model,
        );
    };
    let role = camera
        .prop_index(&shot.props)
        .map(|index| &shot.props[index]);
    let prop = role.and_then(|role| role.prop.index);
    let model = prop.and_then(|index| production.props[index].model.as_ref());
    match (role, model) {
        (_, Some(model)) => CameraHolder::Model(model),
        (Some(_), None) => {
            let message = format!("prop `{}` of shot `{name}` has no model", from.value);
            CameraHolder::Nowhere("no model, so no camera", message)
        }
        (None, _) => {
            let message = format!("`{}` is no prop of shot `{name}`", from.value);
            CameraHolder::Nowhere("not in this shot", message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
    use crate::model::production::ShotModelCamera;
    use crate::validate::ExternalFacts;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_asset, sample_name};

    fn use_camera(production: &mut Production, from: Option<&str>, name: &str) {
        production.shots[0].model_camera = Some(ShotModelCamera {
            from: from.map(|from| sample_name(from, 35)),
            name: sample_name(name, 36),
        });
    }

    fn with_camera(facts: &mut ExternalFacts) {
        let names = vec!["shot_cam".to_owned()];
        facts.cameras.insert("assets/lantern.glb".into(), names);
    }

    #[test]
    fn a_camera_that_a_prop_has_not_offers_the_nearest() {
        let found = only_finding(&RULE, |production, facts| {
            use_camera(production, Some("lantern"), "shot_can");
            with_camera(facts);
        });
        assert_eq!(
            found.message,
            "`assets/lantern.glb` has no camera `shot_can` for shot `wide`"
        );
        assert_eq!(found.label, "its cameras are `shot_cam`");
        assert_eq!(found.help.as_deref(), Some("did you mean `shot_cam`?"));
    }

    #[test]
    fn a_shot_without_a_set_has_no_camera_of_it() {
        let found = only_finding(&RULE, |production, _| {
            use_camera(production, None, "shot_cam");
        });
        assert!(found.message.contains("has no set"), "{}", found.message);
    }

    #[test]
    fn a_prop_that_is_not_in_the_shot_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            use_camera(production, Some("lamp"), "shot_cam");
        });
        assert_eq!(found.message, "`lamp` is no prop of shot `wide`");
    }

    #[test]
    fn a_blender_set_has_no_camera() {
        let found = only_finding(&RULE, |production, _| {
            production.render.engine.engine = Some(crate::model::Engine::Cycles);
            for shot in &mut production.shots {
                shot.engine = None;
            }
            production.locations[0].set = Some(sample_asset("assets/pier.blend", 22));
            use_camera(production, None, "shot_cam");
        });
        assert_eq!(found.label, "it has no camera");
    }

    #[test]
    fn a_camera_that_is_there_is_used() {
        assert_no_findings(|production, facts| {
            use_camera(production, Some("lantern"), "shot_cam");
            with_camera(facts);
        });
    }
}
