//! Phase `prepare`: one import job for each asset that something uses.

use super::{Book, Sidecars, job};
use crate::base::Origin;
use crate::model::production::Asset;
use crate::model::{AssetKind, Feed, Input, Phase, Production, Slot, Work};
use std::path::{Path, PathBuf};

/// Returns every asset that some work uses, each once, in document order, with where it is first named.
pub(super) fn used(production: &Production) -> Vec<(PathBuf, Origin)> {
    let characters = production.characters.iter().flat_map(|character| {
        character.model.iter().chain(character.costumes.iter().filter_map(|costume| costume.model.as_ref()))
    });
    let locations =
        production.locations.iter().flat_map(|location| location.set.iter().chain(&location.hdri));
    let props = production.props.iter().filter_map(|prop| prop.model.as_ref());
    let mut used: Vec<(PathBuf, Origin)> = Vec::new();
    for Asset { path, origin } in characters.chain(locations).chain(props) {
        if !used.iter().any(|(known, _)| known == path) {
            used.push((path.clone(), *origin));
        }
    }
    used
}

fn kind(path: &Path) -> AssetKind {
    let model =
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("glb") || e.eq_ignore_ascii_case("gltf"));
    if model { AssetKind::Model } else { AssetKind::Environment }
}

impl Book<'_> {
    pub(super) fn import_assets(&mut self, sidecars: &Sidecars) {
        for (path, origin) in used(self.production) {
            let name = format!("asset.import/{}", path.display());
            let mut import = job(name, Phase::Prepare, Work::Import { kind: kind(&path) }, origin);
            import.inputs.push(Input { slot: Slot::new("file"), from: Feed::File(path.clone()) });
            let beside = sidecars.get(&path).into_iter().flatten().filter(|file| **file != path).enumerate();
            let input = |(at, file): (usize, &PathBuf)| Input {
                slot: Slot::new(format!("beside.{at}")),
                from: Feed::File(file.clone()),
            };
            import.inputs.extend(beside.map(input));
            let id = self.add(import);
            self.imports.insert(path, id);
        }
    }
}
