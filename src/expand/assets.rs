//! Phase `prepare`: one import job for each asset that something uses.

use super::{Book, Sidecars, job};
use crate::base::FileSpan;
use crate::model::production::{AssetRef, Location};
use crate::model::{AssetKind, InputSlot, InputSource, JobAction, JobInput, Phase, Production};
use std::path::{Path, PathBuf};

/// Returns every asset that some work uses, each once, in document order, with where it is first named.
pub(super) fn used(production: &Production) -> Vec<(PathBuf, FileSpan)> {
    let characters = production.characters.iter().flat_map(|character| {
        character.model.iter().chain(
            character
                .costumes
                .iter()
                .filter_map(|costume| costume.model.as_ref()),
        )
    });
    let locations = production
        .locations
        .iter()
        .flat_map(|location| places(production, location));
    let props = production
        .props
        .iter()
        .filter_map(|prop| prop.model.as_ref());
    let mut used: Vec<(PathBuf, FileSpan)> = Vec::new();
    for AssetRef { path, origin } in characters.chain(locations).chain(props) {
        if !used.iter().any(|(known, _)| known == path) {
            used.push((path.clone(), *origin));
        }
    }
    used
}

/// Returns what the renderers of this production draw a location from.
fn places<'a>(
    production: &Production,
    location: &'a Location,
) -> impl Iterator<Item = &'a AssetRef> {
    let drawn = |is_blender| {
        let someone = production.renderers().any(|renderer| {
            renderer
                .engine
                .as_ref()
                .is_some_and(|engine| engine.is_blender() == is_blender)
        });
        set(location, is_blender).filter(|_| someone)
    };
    [drawn(false), drawn(true)]
        .into_iter()
        .flatten()
        .chain(&location.hdri)
}

/// Returns what a location's set is for Blender, or for others: Blender opens a custom setup, and for everyone else a set
/// beside it takes its place.
pub(super) fn set(location: &Location, is_blender: bool) -> Option<&AssetRef> {
    let (set, setup) = (location.set.as_ref(), location.custom_setup.as_ref());
    if is_blender {
        setup.or(set)
    } else {
        set.or(setup)
    }
}

fn kind(path: &Path) -> AssetKind {
    let is = |known: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(known))
    };
    match () {
        () if is("blend") => AssetKind::Blend,
        () if is("glb") || is("gltf") => AssetKind::Model,
        () => AssetKind::Environment,
    }
}

impl Book<'_> {
    pub(super) fn import_assets(&mut self, sidecars: &Sidecars) {
        for (path, origin) in used(self.production) {
            let name = format!("asset.import/{}", path.display());
            let mut import = job(
                name,
                Phase::Prepare,
                JobAction::Import { kind: kind(&path) },
                origin,
            );
            import.inputs.push(JobInput {
                slot: InputSlot::new("file"),
                from: InputSource::File(path.clone()),
            });
            let beside = sidecars
                .get(&path)
                .into_iter()
                .flatten()
                .filter(|file| **file != path)
                .enumerate();
            let input = |(at, file): (usize, &PathBuf)| JobInput {
                slot: InputSlot::new(format!("beside.{at}")),
                from: InputSource::File(file.clone()),
            };
            import.inputs.extend(beside.map(input));
            let id = self.add(import);
            self.imports.insert(path, id);
        }
    }
}
