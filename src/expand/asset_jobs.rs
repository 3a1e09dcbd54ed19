//! Phase `prepare`: one import job for each asset that a job uses.

use super::{JobBuilder, SidecarFiles, new_job};
use crate::model::model_format::ModelFormat;
use crate::model::production::{AssetRef, Location};
use crate::model::{AssetKind, InputSlot, InputSource, JobAction, JobInput, Production};
use std::borrow::Cow;
use std::path::Path;

/// Returns every asset that a job uses, each once, in the order of the document, with the place
/// that names it first.
pub(super) fn used_assets(production: &Production) -> Vec<Cow<'_, AssetRef>> {
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
    let plain = characters.chain(locations).chain(props).map(Cow::Borrowed);
    let mut assets: Vec<Cow<'_, AssetRef>> = Vec::new();
    for asset in plain.chain(expressive_models(production)) {
        if !assets.iter().any(|known| known.is_same_import(&asset)) {
            assets.push(asset);
        }
    }
    assets
}

/// Returns the models of performers with the expressions that shots give them.
fn expressive_models(production: &Production) -> impl Iterator<Item = Cow<'_, AssetRef>> {
    production.shots.iter().flat_map(|shot| {
        let roles = shot.cast.iter().filter(|role| role.expression.is_some());
        roles.filter_map(|role| {
            let character = &production.characters[role.character.index?];
            let model = character.model_in(&shot.scene.value)?;
            Some(Cow::Owned(role.with_expression(model)))
        })
    })
}

/// Returns the assets of a location that the renderers of this production use.
fn location_assets<'a>(
    production: &'a Production,
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
    match ModelFormat::from_path(path) {
        Some(ModelFormat::Blend) => AssetKind::Blend,
        Some(format) if format.needs_blender() => AssetKind::Foreign,
        Some(_) => AssetKind::Model,
        // `validate` has refused other extensions, so what is left is a picture of the
        // surroundings.
        None => AssetKind::Environment,
    }
}

impl JobBuilder<'_> {
    pub(super) fn add_import_jobs(&mut self, sidecars: &SidecarFiles) {
        for asset in used_assets(self.production) {
            let AssetRef { path, origin, mend } = &*asset;
            let action = JobAction::Import {
                kind: asset_kind(path),
                mend: mend.clone(),
            };
            let mut import = new_job(&[&path.display()], action, *origin);
            let imports_of_file = self.imports.entry(path.clone()).or_default();
            // One file with other changes is another model.
            if !imports_of_file.is_empty() {
                import.name = import.name.numbered(imports_of_file.len() + 1);
            }
            import.inputs.push(JobInput {
                slot: InputSlot::file(),
                from: InputSource::File(path.clone()),
            });
            // Textures and buffers beside a model are inputs of its import, so a repainted texture
            // changes the identity of every shot that shows the model.
            let beside = sidecars
                .get(path)
                .into_iter()
                .flatten()
                // A file may refer to itself, and is the input `file` already.
                .filter(|file| *file != path)
                .enumerate();
            import.inputs.extend(beside.map(|(index, file)| JobInput {
                slot: InputSlot::beside(index),
                from: InputSource::File(file.clone()),
            }));
            let id = self.add_job(import);
            self.imports
                .entry(path.clone())
                .or_default()
                .push((mend.clone(), id));
        }
    }
}
