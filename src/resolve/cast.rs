//! Resolves characters with their costumes, and props.

use crate::base::Spanned;
use crate::document::draft::{CharacterDraft, CostumeDraft, PropDraft};
use crate::document::{NamedList, TextOr};
use crate::model::production::{AssetRef, Character, CharacterCostume, CostumeScenes, Prop};
use crate::model::{SceneOrder, SceneRange};
use std::path::PathBuf;

pub(super) fn resolve_characters(
    drafts: Option<&NamedList<CharacterDraft>>,
    order: &SceneOrder,
) -> Vec<Character> {
    let named = drafts
        .into_iter()
        .flatten()
        // Nothing can refer to an entry without a name, so it is left out.
        .filter_map(|draft| Some((draft.name.clone()?, draft)));
    named
        .map(|(name, draft)| resolve_character(name, draft, order))
        .collect()
}

fn resolve_character(
    name: Spanned<String>,
    draft: &CharacterDraft,
    order: &SceneOrder,
) -> Character {
    // Screenplays write cues in capitals, and names in documents use underscores for spaces.
    let display_name = draft.display_name.as_ref().map(|text| text.value.clone());
    let in_capitals = || {
        let shown = display_name.as_ref().unwrap_or(&name.value);
        shown.replace('_', " ").to_uppercase()
    };
    let costumes = draft
        .wardrobe
        .iter()
        .flatten()
        .map(|(key, costume)| self::resolve_costume(key, costume, order))
        .collect();
    Character {
        description: draft
            .description
            .as_ref()
            .map(|text| text.value.clone())
            .unwrap_or_default(),
        script_name: draft
            .script_name
            .as_ref()
            .map_or_else(in_capitals, |name| name.value.to_uppercase()),
        model: draft.model.as_ref().and_then(asset_from_path),
        costumes,
        variants: draft
            .variants
            .iter()
            .flatten()
            .filter_map(|(_, model)| asset_from_path(model))
            .collect(),
        display_name,
        name,
    }
}

fn resolve_costume(
    key: &Spanned<String>,
    draft: &TextOr<CostumeDraft>,
    order: &SceneOrder,
) -> CharacterCostume {
    let scenes = match key.value.as_str() {
        "default" => CostumeScenes::Default,
        // A key that cannot be parsed stays as `Unreadable`, so that the rule `bad_scene_range` can
        // point at it and the other rules can leave the character alone.
        other => {
            SceneRange::parse(other, order).map_or(CostumeScenes::Unreadable, CostumeScenes::Range)
        }
    };
    let condition = match draft {
        TextOr::Full(full) => full
            .condition
            .iter()
            .flat_map(|words| &words.0)
            // Unknown words have been reported when the document was read.
            .filter(|word| !word.is_placeholder)
            .copied()
            .collect(),
        TextOr::Text(_) => Vec::new(),
    };
    let (name, model) = match draft {
        // `scenes_1_3: assets/coat.glb` and `scenes_1_3: coat` are both allowed. Only the extension
        // tells them apart, since the file may be missing.
        TextOr::Text(text) if is_model_file(&text.value) => {
            (text.value.clone(), asset_from_path(text))
        }
        TextOr::Text(text) => (text.value.clone(), None),
        TextOr::Full(full) => {
            let name = full
                .costume
                .as_ref()
                .map_or_else(|| key.value.clone(), |name| name.value.clone());
            (name, full.model.as_ref().and_then(asset_from_path))
        }
    };
    CharacterCostume {
        key: key.clone(),
        scenes,
        name,
        model,
        condition,
    }
}

// A closed list: a costume named `st.john` must not become a file.
fn is_model_file(text: &str) -> bool {
    [".glb", ".gltf", ".blend"]
        .iter()
        .any(|extension| text.to_lowercase().ends_with(extension))
}

pub(super) fn resolve_props(drafts: Option<&NamedList<PropDraft>>) -> Vec<Prop> {
    let named = drafts
        .into_iter()
        .flatten()
        .filter_map(|draft| Some((draft.name.clone()?, draft)));
    named
        .map(|(name, draft)| Prop {
            display_name: draft.display_name.as_ref().map(|text| text.value.clone()),
            name,
            model: draft.model.as_ref().and_then(asset_from_path),
        })
        .collect()
}

/// Returns the file of a path. `None`: an error has been reported for this path.
pub(super) fn asset_from_path(path: &Spanned<String>) -> Option<AssetRef> {
    // Documents written on Windows must resolve to the same files, and digests, everywhere.
    let cleaned = path.value.replace('\\', "/");
    (!path.is_placeholder).then(|| AssetRef {
        path: PathBuf::from(cleaned),
        origin: path.origin,
    })
}
