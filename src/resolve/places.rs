//! Locations: preset, environment, light, ground and haze, each field beside a preset overriding it.

use super::cast::asset;
use super::desk::Desk;
use crate::base::Spanned;
use crate::document::NamedList;
use crate::document::draft::{EnvironmentDraft, GroundDraft, HazeDraft, KeyDraft, LocationDraft};
use crate::document::overlay::Overlay;
use crate::model::production::{Asset, Location};
use crate::model::staging::{Environment, Ground, Haze, KeyLight, Slot};
use crate::model::{defaults, ranges};

/// A location, and what ties it to the script.
pub(super) struct Place {
    pub(super) location: Location,
    pub(super) headings: Vec<String>,
    pub(super) scenes: Vec<u32>,
}

pub(super) fn locations(desk: &mut Desk<'_>, drafts: Option<&NamedList<LocationDraft>>) -> Vec<Place> {
    let named = drafts.into_iter().flatten().filter_map(|draft| Some((draft.name.clone()?, draft)));
    named.map(|(name, draft)| place(desk, name, draft)).collect()
}

fn place(desk: &mut Desk<'_>, name: Spanned<String>, draft: &LocationDraft) -> Place {
    let headings = draft.headings.iter().flatten().map(|heading| heading.value.clone()).collect();
    let scenes = draft.scenes.iter().flatten().map(|scene| scene.value).collect();
    Place { location: location(desk, name, draft), headings, scenes }
}

fn location(desk: &mut Desk<'_>, name: Spanned<String>, own: &LocationDraft) -> Location {
    let library = desk.library;
    let preset =
        own.preset.as_ref().and_then(|name| desk.preset("location preset", &library.locations, name));
    let base = preset.cloned().unwrap_or_default();
    let key = own.key.clone().over(base.key.clone()).map(|draft| key_light(desk, &draft));
    let ground = own.ground.as_ref().or(base.ground.as_ref()).map(|draft| ground(desk, draft));
    let haze = own.haze.as_ref().or(base.haze.as_ref()).and_then(|draft| haze(desk, draft));
    let exposure = desk.maybe("exposure", &own.exposure.or(base.exposure), ranges::EXPOSURE).unwrap_or(0.0);
    let lit = own.hdri.is_some() || own.environment.is_some() || own.key.is_some();
    let described = own.preset.is_some() || lit || own.set.is_some() || own.custom_setup.is_some();
    let (environment, hdri) = environment(desk, own, &base);
    let set = own.set.as_ref().and_then(asset);
    Location {
        name,
        ground: if set.is_some() && own.ground.is_none() { None } else { ground },
        set,
        custom_setup: own.custom_setup.as_ref().and_then(asset),
        described,
        environment,
        hdri,
        key,
        haze,
        exposure,
    }
}

/// A picture when `hdri` names a file, else the environment preset that it names, with single values on top.
fn environment(
    desk: &mut Desk<'_>,
    own: &LocationDraft,
    base: &LocationDraft,
) -> (Environment, Option<Asset>) {
    let library = desk.library;
    let values = own.environment.clone().unwrap_or_default();
    let named = own.hdri.as_ref().or(base.hdri.as_ref());
    if let Some(name) = named.filter(|name| is_picture(&name.value)) {
        let rotation = desk.maybe("rotation", &values.rotation, ranges::TURN).unwrap_or(0.0);
        let intensity = desk.maybe("intensity", &values.intensity, ranges::LIGHT).unwrap_or(1.0);
        return (Environment::Picture { slot: Slot::new("hdri"), rotation, intensity }, asset(name));
    }
    let preset = match named {
        Some(name) => desk.preset("environment", &library.environments, name),
        None => base.environment.as_ref().or_else(|| library.environments.get(defaults::ENVIRONMENT)),
    };
    let under = preset.cloned().unwrap_or_default();
    let merged = values.over(under);
    (light_all_around(desk, &merged), None)
}

fn light_all_around(desk: &mut Desk<'_>, draft: &EnvironmentDraft) -> Environment {
    let mut colour = |field, value| desk.channels(field, value, ranges::LIGHT);
    if draft.backdrop.is_some() || draft.zenith.is_none() {
        return Environment::Studio {
            backdrop: colour("backdrop", &draft.backdrop).unwrap_or([0.5; 3]),
            top: colour("top", &draft.top).unwrap_or([1.0; 3]),
            side: colour("side", &draft.side).unwrap_or([0.5; 3]),
        };
    }
    Environment::Sky {
        zenith: colour("zenith", &draft.zenith).unwrap_or([0.18, 0.36, 0.75]),
        horizon: colour("horizon", &draft.horizon).unwrap_or([0.7, 0.8, 0.95]),
        ground: colour("ground", &draft.ground).unwrap_or([0.2; 3]),
        glow: desk.maybe("glow", &draft.glow, ranges::GLOW).unwrap_or(0.0),
        stars: desk.maybe("stars", &draft.stars, ranges::SHARE).unwrap_or(0.0),
        clouds: desk.maybe("clouds", &draft.clouds, ranges::SHARE).unwrap_or(0.0),
    }
}

fn is_picture(name: &str) -> bool {
    [".hdr", ".exr", ".png", ".jpg", ".jpeg"].iter().any(|extension| name.to_lowercase().ends_with(extension))
}

fn key_light(desk: &mut Desk<'_>, draft: &KeyDraft) -> KeyLight {
    KeyLight {
        azimuth: desk.maybe("azimuth", &draft.azimuth, ranges::TURN).unwrap_or(45.0),
        elevation: desk.maybe("elevation", &draft.elevation, ranges::ELEVATION).unwrap_or(40.0),
        temperature: desk.maybe("temperature", &draft.temperature, ranges::KELVIN).unwrap_or(5500.0),
        intensity: desk.maybe("intensity", &draft.intensity, ranges::LIGHT).unwrap_or(2.0),
        softness: desk.maybe("softness", &draft.softness, ranges::SOFTNESS).unwrap_or(2.0),
    }
}

fn ground(desk: &mut Desk<'_>, draft: &GroundDraft) -> Ground {
    Ground {
        colour: desk.channels("colour", &draft.colour, ranges::SHARE).unwrap_or([0.3; 3]),
        roughness: desk.maybe("roughness", &draft.roughness, ranges::SHARE).unwrap_or(0.7),
    }
}

fn haze(desk: &mut Desk<'_>, draft: &HazeDraft) -> Option<Haze> {
    let colour = desk.channels("colour", &draft.colour, ranges::LIGHT).unwrap_or([0.5; 3]);
    let distance = desk.maybe("distance", &draft.distance, ranges::HAZE)?;
    Some(Haze { colour, distance })
}
