//! Explicit locations: environment, key light, ground and haze with all their values.

use super::explicit_sound::explicit_ambience;
use super::{filled, with_origin};
use crate::base::Spanned;
use crate::document::NamedList;
use crate::document::draft::{EnvironmentDraft, GroundDraft, HazeDraft, LocationDraft};
use crate::document::overlay::OverlayFields;
use crate::model::Production;
use crate::model::production::Location;
use crate::model::shot_staging::SceneEnvironment;
use crate::resolve::context::ResolveContext;

pub(super) fn explicit_locations(
    context: &mut ResolveContext<'_>,
    drafts: &NamedList<LocationDraft>,
    production: &Production,
) -> NamedList<LocationDraft> {
    let named = drafts
        .iter()
        .filter(|draft| draft.name.is_some())
        // Resolving drops entries without a name. Dropping them here as well keeps the two lists in
        // step.
        .zip(&production.locations);
    NamedList(
        named
            .map(|(own, location)| {
                let has_sound = production.sound.is_some();
                self::explicit_location(context, own, location, has_sound)
            })
            .collect(),
    )
}

fn explicit_location(
    context: &mut ResolveContext<'_>,
    own: &LocationDraft,
    location: &Location,
    has_sound: bool,
) -> LocationDraft {
    let preset = own
        .preset
        .as_ref()
        // A plain lookup: unknown presets were reported when the production was resolved.
        .and_then(|name| context.library.locations.get(&name.value));
    let base = preset.cloned().unwrap_or_default();
    // Key light and environment merge field by field, ground and haze are replaced whole. This
    // repeats `resolve_location`; a difference would show values that are not rendered.
    let key = own
        .key
        .clone()
        .overlay_on(base.key.clone())
        .unwrap_or_default();
    let ground: GroundDraft = own
        .ground
        .clone()
        .or(base.ground.clone())
        .unwrap_or_default();
    let haze: HazeDraft = own.haze.clone().or(base.haze.clone()).unwrap_or_default();
    LocationDraft {
        hdri: own.hdri.clone().or_else(|| base.hdri.clone()),
        environment: Some(explicit_environment(
            context,
            own,
            &base,
            &location.environment,
        )),
        key: location.key.map(
            |light| filled!(&key, light, { azimuth, elevation, temperature, intensity, softness }),
        ),
        ground: location
            .ground
            .map(|plane| filled!(&ground, plane, { colour, roughness })),
        haze: location
            .haze
            .map(|air| filled!(&haze, air, { colour, distance })),
        exposure: with_origin(&own.exposure.or(base.exposure), location.exposure),
        ambience: explicit_ambience(own, &base, &location.sound, has_sound),
        room: match has_sound {
            true => with_origin(&own.room.or(base.room), location.sound.room),
            false => own.room,
        },
        ..own.clone()
    }
}

fn explicit_environment(
    context: &mut ResolveContext<'_>,
    own: &LocationDraft,
    base: &LocationDraft,
    resolved: &SceneEnvironment,
) -> EnvironmentDraft {
    let library = context.library;
    let named = own.hdri.as_ref().or(base.hdri.as_ref());
    let preset = match named {
        Some(name) => library.environments.get(&name.value),
        // A preset without an environment falls back to the default one, as in
        // `resolve_environment`.
        None => base.environment.as_ref().or_else(|| {
            library
                .environments
                .get(crate::model::defaults::ENVIRONMENT)
        }),
    };
    let written = own
        .environment
        .clone()
        .unwrap_or_default()
        .overlay_on(preset.cloned().unwrap_or_default());
    environment_fields(&written, resolved)
}

/// Returns the fields that this kind of environment has.
fn environment_fields(written: &EnvironmentDraft, resolved: &SceneEnvironment) -> EnvironmentDraft {
    // Fields of the other kinds stay unset: a studio with a `zenith` would be refused when it is
    // read back.
    let empty = EnvironmentDraft::default();
    let light =
        |written: &Option<Spanned<[f32; 3]>>, value: &[f32; 3]| with_origin(written, *value);
    let number = |written: &Option<Spanned<f32>>, value: &f32| with_origin(written, *value);
    match resolved {
        SceneEnvironment::Picture {
            rotation,
            intensity,
            ..
        } => EnvironmentDraft {
            rotation: number(&written.rotation, rotation),
            intensity: number(&written.intensity, intensity),
            ..empty
        },
        SceneEnvironment::Sky {
            zenith,
            horizon,
            ground,
            glow,
            stars,
            clouds,
        } => EnvironmentDraft {
            zenith: light(&written.zenith, zenith),
            horizon: light(&written.horizon, horizon),
            ground: light(&written.ground, ground),
            glow: number(&written.glow, glow),
            stars: number(&written.stars, stars),
            clouds: number(&written.clouds, clouds),
            ..empty
        },
        SceneEnvironment::Studio {
            backdrop,
            top,
            side,
        } => EnvironmentDraft {
            backdrop: light(&written.backdrop, backdrop),
            top: light(&written.top, top),
            side: light(&written.side, side),
            ..empty
        },
    }
}
