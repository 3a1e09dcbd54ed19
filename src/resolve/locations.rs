//! Resolves locations: a preset, with the fields of the entry on top.

use super::cast::{asset_from_path, model_of_entry};
use super::context::ResolveContext;
use super::effects::resolve_location_sound;
use super::sound::sound_fields;
use super::value_parsers::parse_scene;
use crate::base::{Diagnostic, Spanned};
use crate::document::draft::{
    EnvironmentDraft, GroundDraft, HazeDraft, KeyDraft, LocationDraft, ProductionDraft,
};
use crate::document::overlay::OverlayFields;
use crate::model::production::{AssetRef, Location};
use crate::model::shot_staging::{DistanceHaze, GroundMaterial, KeyLight, SceneEnvironment};
use crate::model::sound::LocationSound;
use crate::model::{InputSlot, SceneNumber, defaults, value_ranges};

/// A location with the headings and scenes that it claims.
pub(super) struct ResolvedLocation {
    pub(super) location: Location,
    // Needed only until each scene has its location, so they are not part of the model.
    pub(super) headings: Vec<String>,
    pub(super) scenes: Vec<SceneNumber>,
}

pub(super) fn resolve_locations(
    context: &mut ResolveContext<'_>,
    production: &ProductionDraft,
    has_sound: bool,
) -> Vec<ResolvedLocation> {
    let named = production
        .locations
        .iter()
        .flatten()
        .filter_map(|draft| Some((draft.name.clone()?, draft)));
    let ambience = sound_fields(production).and_then(|sound| sound.ambience.as_ref());
    named
        .map(|(name, draft)| {
            let mut resolved = resolve_with_scenes(context, name, draft);
            if has_sound {
                let base = draft
                    .preset
                    .as_ref()
                    .and_then(|name| context.library.locations.get(&name.value));
                let base = base.cloned().unwrap_or_default();
                resolved.location.sound = resolve_location_sound(context, draft, &base, ambience);
            }
            resolved
        })
        .collect()
}

fn resolve_with_scenes(
    context: &mut ResolveContext<'_>,
    name: Spanned<String>,
    draft: &LocationDraft,
) -> ResolvedLocation {
    let headings = draft
        .headings
        .iter()
        .flatten()
        .map(|heading| heading.value.clone())
        .collect();
    let scenes = draft
        .scenes
        .iter()
        .flatten()
        .map(|scene| parse_scene(context, scene))
        .filter(|scene| !scene.is_placeholder)
        .map(|scene| scene.value)
        .collect();
    ResolvedLocation {
        location: resolve_location(context, name, draft),
        headings,
        scenes,
    }
}

fn resolve_location(
    context: &mut ResolveContext<'_>,
    name: Spanned<String>,
    own: &LocationDraft,
) -> Location {
    let library = context.library;
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| context.find_preset("location preset", &library.locations, name));
    let base = preset.cloned().unwrap_or_default();
    let key = own
        .key
        .clone()
        // A key light merges field by field: turning the preset's sun by `azimuth:` must not reset
        // its colour.
        .overlay_on(base.key.clone())
        .map(|draft| resolve_key_light(context, &draft));
    // Ground and haze are replaced whole. Their two values belong together.
    let ground = own
        .ground
        .as_ref()
        .or(base.ground.as_ref())
        .map(|draft| resolve_ground(context, draft));
    let haze = own
        .haze
        .as_ref()
        .or(base.haze.as_ref())
        .and_then(|draft| resolve_haze(context, draft));
    let exposure = context
        .in_range_opt(
            "exposure",
            &own.exposure.or(base.exposure),
            value_ranges::EXPOSURE,
        )
        .unwrap_or(0.0);
    let (environment, hdri) = resolve_environment(context, own, &base);
    let set = model_of_entry(context, own.set.as_ref(), own);
    Location {
        description: plain_text(own.description.as_ref()).unwrap_or_default(),
        display_name: plain_text(own.display_name.as_ref()),
        name,
        // A set has its own floor. A preset's plane would flicker with it; a written one is wanted.
        ground: if set.is_some() && own.ground.is_none() {
            None
        } else {
            ground
        },
        set,
        custom_setup: own.custom_setup.as_ref().and_then(asset_from_path),
        described: has_look(own),
        environment,
        hdri,
        key,
        haze,
        exposure,
        sound: LocationSound::default(),
    }
}

/// Returns whether the author gave it any look, and not only a name. The rule `undescribed` asks.
fn has_look(own: &LocationDraft) -> bool {
    let is_lit = own.hdri.is_some() || own.environment.is_some() || own.key.is_some();
    own.preset.is_some() || is_lit || own.set.is_some() || own.custom_setup.is_some()
}

fn plain_text(written: Option<&Spanned<String>>) -> Option<String> {
    written.map(|text| text.value.clone())
}

/// Returns a panorama if `hdri` names a file, else the environment preset that it names, with
/// single values on top.
fn resolve_environment(
    context: &mut ResolveContext<'_>,
    own: &LocationDraft,
    base: &LocationDraft,
) -> (SceneEnvironment, Option<AssetRef>) {
    let library = context.library;
    let values = own.environment.clone().unwrap_or_default();
    let named = own.hdri.as_ref().or(base.hdri.as_ref());
    // The extension tells a file from a preset, since a missing file must not be reported as an
    // unknown preset.
    if let Some(name) = named.filter(|name| is_image_file(&name.value)) {
        let rotation = context
            .in_range_opt("rotation", &values.rotation, value_ranges::TURN)
            .unwrap_or(0.0);
        let intensity = context
            .in_range_opt("intensity", &values.intensity, value_ranges::LIGHT)
            .unwrap_or(1.0);
        return (
            SceneEnvironment::Picture {
                slot: InputSlot::hdri(),
                rotation,
                intensity,
            },
            asset_from_path(name),
        );
    }
    let preset = match named {
        Some(name) => context.find_preset("environment", &library.environments, name),
        None => base
            .environment
            .as_ref()
            // Every location is lit: without any description it plays in the default studio.
            .or_else(|| library.environments.get(defaults::ENVIRONMENT)),
    };
    let under = preset.map_or_else(EnvironmentDraft::default, |preset| {
        preset_of_same_kind(preset, &values)
    });
    // Only the entry's own values are checked. A preset of the other kind is replaced, not mixed.
    report_mixed_environment(context, &values);
    let merged = values.overlay_on(under);
    (sky_or_studio(context, &merged), None)
}

/// Returns the preset, or nothing if `values` make an environment of the other kind.
fn preset_of_same_kind(preset: &EnvironmentDraft, values: &EnvironmentDraft) -> EnvironmentDraft {
    // `zenith` makes a sky and `backdrop` a studio. Values of the other kind below them would
    // decide the kind again.
    let replaced = (values.zenith.is_some() && preset.backdrop.is_some())
        || (values.backdrop.is_some() && preset.zenith.is_some());
    if replaced {
        EnvironmentDraft::default()
    } else {
        preset.clone()
    }
}

fn report_mixed_environment(context: &mut ResolveContext<'_>, values: &EnvironmentDraft) {
    if let (Some(zenith), Some(backdrop)) = (&values.zenith, &values.backdrop) {
        let message = "an environment with a `zenith` is a sky, and with a `backdrop` a studio";
        let mixed = Diagnostic::error(
            "production::value::mixed_environment",
            backdrop.origin,
            message.to_owned(),
        );
        let mixed = mixed
            .with_label("makes it a studio")
            .with_related(zenith.origin, "makes it a sky");
        context
            .diagnostics
            .push(mixed.with_help("remove one of the two"));
    }
}

fn sky_or_studio(context: &mut ResolveContext<'_>, draft: &EnvironmentDraft) -> SceneEnvironment {
    let mut colour = |field, value| context.channels_in_range(field, value, value_ranges::LIGHT);
    // A studio needs no values at all, so it is the kind for an empty draft.
    if draft.backdrop.is_some() || draft.zenith.is_none() {
        return SceneEnvironment::Studio {
            backdrop: colour("backdrop", &draft.backdrop).unwrap_or([0.5; 3]),
            top: colour("top", &draft.top).unwrap_or([1.0; 3]),
            side: colour("side", &draft.side).unwrap_or([0.5; 3]),
        };
    }
    SceneEnvironment::Sky {
        // A clear day, so that a sky with one written colour is usable.
        zenith: colour("zenith", &draft.zenith).unwrap_or([0.18, 0.36, 0.75]),
        horizon: colour("horizon", &draft.horizon).unwrap_or([0.7, 0.8, 0.95]),
        ground: colour("ground", &draft.ground).unwrap_or([0.2; 3]),
        glow: context
            .in_range_opt("glow", &draft.glow, value_ranges::GLOW)
            .unwrap_or(0.0),
        stars: context
            .in_range_opt("stars", &draft.stars, value_ranges::SHARE)
            .unwrap_or(0.0),
        clouds: context
            .in_range_opt("clouds", &draft.clouds, value_ranges::SHARE)
            .unwrap_or(0.0),
    }
}

fn is_image_file(name: &str) -> bool {
    [".hdr", ".exr", ".png", ".jpg", ".jpeg"]
        .iter()
        .any(|extension| name.to_lowercase().ends_with(extension))
}

fn resolve_key_light(context: &mut ResolveContext<'_>, draft: &KeyDraft) -> KeyLight {
    KeyLight {
        azimuth: context
            .in_range_opt("azimuth", &draft.azimuth, value_ranges::TURN)
            .unwrap_or(45.0),
        elevation: context
            .in_range_opt("elevation", &draft.elevation, value_ranges::ELEVATION)
            .unwrap_or(40.0),
        temperature: context
            .in_range_opt("temperature", &draft.temperature, value_ranges::KELVIN)
            .unwrap_or(5500.0),
        intensity: context
            .in_range_opt("intensity", &draft.intensity, value_ranges::LIGHT)
            .unwrap_or(2.0),
        softness: context
            .in_range_opt("softness", &draft.softness, value_ranges::SOFTNESS)
            .unwrap_or(2.0),
    }
}

fn resolve_ground(context: &mut ResolveContext<'_>, draft: &GroundDraft) -> GroundMaterial {
    GroundMaterial {
        colour: context
            .channels_in_range("colour", &draft.colour, value_ranges::SHARE)
            .unwrap_or([0.3; 3]),
        roughness: context
            .in_range_opt("roughness", &draft.roughness, value_ranges::SHARE)
            .unwrap_or(0.7),
    }
}

fn resolve_haze(context: &mut ResolveContext<'_>, draft: &HazeDraft) -> Option<DistanceHaze> {
    let colour = context
        .channels_in_range("colour", &draft.colour, value_ranges::LIGHT)
        .unwrap_or([0.5; 3]);
    // Without a distance there is no haze: a colour alone says nothing about how thick it is.
    let distance = context.in_range_opt("distance", &draft.distance, value_ranges::HAZE)?;
    Some(DistanceHaze { colour, distance })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostics, FileSpan, SourceMap};
    use crate::library::Library;
    use std::path::Path;

    fn resolved(own: &LocationDraft) -> (SceneEnvironment, Vec<&'static str>) {
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
        let mut desk = ResolveContext::new(&library, &mut found);
        let (environment, _) = resolve_environment(&mut desk, own, &LocationDraft::default());
        (
            environment,
            found.as_slice().iter().map(|found| found.code).collect(),
        )
    }

    fn grey() -> Option<Spanned<[f32; 3]>> {
        Some(Spanned::new([0.5; 3], FileSpan::default()))
    }

    #[test]
    fn a_zenith_makes_a_sky_over_a_studio_preset_and_a_backdrop_a_studio_over_a_sky() {
        let sky = EnvironmentDraft {
            zenith: grey(),
            ..EnvironmentDraft::default()
        };
        let studio = EnvironmentDraft {
            backdrop: grey(),
            ..EnvironmentDraft::default()
        };
        let named = |environment, name: &str| LocationDraft {
            environment: Some(environment),
            hdri: Some(Spanned::new(name.to_owned(), FileSpan::default())),
            ..LocationDraft::default()
        };
        let alone = LocationDraft {
            environment: Some(sky.clone()),
            ..LocationDraft::default()
        };
        assert!(matches!(resolved(&alone).0, SceneEnvironment::Sky { .. }));
        assert!(matches!(
            resolved(&named(sky, "studio_soft")).0,
            SceneEnvironment::Sky { .. }
        ));
        assert!(matches!(
            resolved(&named(studio, "clear_day")).0,
            SceneEnvironment::Studio { .. }
        ));
    }
}
