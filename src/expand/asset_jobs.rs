//! Phase `prepare`: one import job for each asset that a job uses.

use super::{JobBuilder, SidecarFiles, new_job};
use crate::base::FileSpan;
use crate::model::production::{AssetRef, Location};
use crate::model::{AssetKind, InputSlot, InputSource, JobAction, JobInput, Production};
use std::path::{Path, PathBuf};

/// Returns every asset that a job uses, each once, in the order of the document, with the place
/// that names it first.
pub(super) fn used_assets(production: &Production) -> Vec<(PathBuf, FileSpan)> {
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
        .flat_map(|location| location_assets(production, location));
    let props = production
        .props
        .iter()
        .filter_map(|prop| prop.model.as_ref());
    // A list and not a set, because the order decides the ids of the jobs. A production has tens of
    // assets, so searching it costs nothing.
    let mut assets: Vec<(PathBuf, FileSpan)> = Vec::new();
    for AssetRef { path, origin } in characters.chain(locations).chain(props) {
        if !assets.iter().any(|(known, _)| known == path) {
            assets.push((path.clone(), *origin));
        }
    }
    assets
}

/// Returns the assets of a location that the renderers of this production use.
fn location_assets<'a>(
    production: &Production,
    location: &'a Location,
) -> impl Iterator<Item = &'a AssetRef> {
    let set_if_drawn = |is_blender| {
        // A set that no renderer of the production uses is not imported. A setup for Blender would
        // otherwise make Blender a required tool of a production that `previz` draws.
        let has_renderer = production.renderers().any(|renderer| {
            renderer
                .engine
                .as_ref()
                .is_some_and(|engine| engine.is_blender() == is_blender)
        });
        location_set(location, is_blender).filter(|_| has_renderer)
    };
    [set_if_drawn(false), set_if_drawn(true)]
        .into_iter()
        .flatten()
        .chain(&location.hdri)
}

/// Returns the set of a location for Blender or for other renderers.
pub(super) fn location_set(location: &Location, is_blender: bool) -> Option<&AssetRef> {
    let set = location.set.as_ref();
    let setup = location.custom_setup.as_ref();
    // Blender opens a custom setup as the scene, with its lights. Other renderers draw a glTF copy
    // without them, so a set that was made for them comes first.
    if is_blender {
        setup.or(set)
    } else {
        set.or(setup)
    }
}

fn asset_kind(path: &Path) -> AssetKind {
    let has_extension = |known: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(known))
    };
    match () {
        () if has_extension("blend") => AssetKind::Blend,
        () if has_extension("glb") || has_extension("gltf") => AssetKind::Model,
        // `validate` has refused other extensions, so what is left is a picture of the
        // surroundings.
        () => AssetKind::Environment,
    }
}

impl JobBuilder<'_> {
    pub(super) fn add_import_jobs(&mut self, sidecars: &SidecarFiles) {
        for (path, origin) in used_assets(self.production) {
            let mut import = new_job(
                &[&path.display()],
                JobAction::Import {
                    kind: asset_kind(&path),
                },
                origin,
            );
            import.inputs.push(JobInput {
                slot: InputSlot::file(),
                from: InputSource::File(path.clone()),
            });
            // Textures and buffers beside a model are inputs of its import, so a repainted texture
            // changes the identity of every shot that shows the model.
            let beside = sidecars
                .get(&path)
                .into_iter()
                .flatten()
                // A file may refer to itself, and is the input `file` already.
                .filter(|file| **file != path)
                .enumerate();
            import.inputs.extend(beside.map(|(index, file)| JobInput {
                slot: InputSlot::beside(index),
                from: InputSource::File(file.clone()),
            }));
            let id = self.add_job(import);
            self.imports.insert(path, id);
        }
    }
}
