//! Locations in full: light all around, key light, ground, haze.

use super::{filled, given};
use crate::base::Spanned;
use crate::document::NamedList;
use crate::document::draft::{EnvironmentDraft, GroundDraft, HazeDraft, LocationDraft};
use crate::document::overlay::OverlayFields;
use crate::model::Production;
use crate::model::production::Location;
use crate::model::shot_staging::SceneEnvironment;
use crate::resolve::desk::Desk;

pub(super) fn locations(
    desk: &mut Desk<'_>,
    drafts: &NamedList<LocationDraft>,
    production: &Production,
) -> NamedList<LocationDraft> {
    let named = drafts
        .iter()
        .filter(|draft| draft.name.is_some())
        .zip(&production.locations);
    NamedList(
        named
            .map(|(own, location)| self::location(desk, own, location))
            .collect(),
    )
}

fn location(desk: &mut Desk<'_>, own: &LocationDraft, location: &Location) -> LocationDraft {
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| desk.library.locations.get(&name.value));
    let base = preset.cloned().unwrap_or_default();
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
        environment: Some(environment(desk, own, &base, &location.environment)),
        key: location.key.map(
            |light| filled!(&key, light, { azimuth, elevation, temperature, intensity, softness }),
        ),
        ground: location
            .ground
            .map(|plane| filled!(&ground, plane, { colour, roughness })),
        haze: location
            .haze
            .map(|air| filled!(&haze, air, { colour, distance })),
        exposure: given(&own.exposure.or(base.exposure), location.exposure),
        ..own.clone()
    }
}

fn environment(
    desk: &mut Desk<'_>,
    own: &LocationDraft,
    base: &LocationDraft,
    made: &SceneEnvironment,
) -> EnvironmentDraft {
    let library = desk.library;
    let named = own.hdri.as_ref().or(base.hdri.as_ref());
    let preset = match named {
        Some(name) => library.environments.get(&name.value),
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
    said(&written, made)
}

/// Says the fields that this kind of environment has.
fn said(written: &EnvironmentDraft, made: &SceneEnvironment) -> EnvironmentDraft {
    let empty = EnvironmentDraft::default();
    let light = |written: &Option<Spanned<[f32; 3]>>, value: &[f32; 3]| given(written, *value);
    let number = |written: &Option<Spanned<f32>>, value: &f32| given(written, *value);
    match made {
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
