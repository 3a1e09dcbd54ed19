//! Characters, their costumes, and props.

use super::value_parsers::parse_scene_range;
use crate::base::Spanned;
use crate::document::draft::{CharacterDraft, CostumeDraft, PropDraft};
use crate::document::{NamedList, TextOr};
use crate::model::production::{AssetRef, Character, CharacterCostume, CostumeScenes, Prop};
use std::path::PathBuf;

pub(super) fn resolve_characters(drafts: Option<&NamedList<CharacterDraft>>) -> Vec<Character> {
    let named = drafts
        .into_iter()
        .flatten()
        .filter_map(|draft| Some((draft.name.clone()?, draft)));
    named
        .map(|(name, draft)| resolve_character(name, draft))
        .collect()
}

fn resolve_character(name: Spanned<String>, draft: &CharacterDraft) -> Character {
    let in_capitals = || name.value.replace('_', " ").to_uppercase();
    let costumes = draft
        .wardrobe
        .iter()
        .flatten()
        .map(|(key, costume)| self::resolve_costume(key, costume))
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
        name,
    }
}

fn resolve_costume(key: &Spanned<String>, draft: &TextOr<CostumeDraft>) -> CharacterCostume {
    let scenes = match key.value.as_str() {
        "default" => CostumeScenes::Default,
        other => parse_scene_range(other).map_or(CostumeScenes::Unreadable, |(first, last)| {
            CostumeScenes::Range(first, last)
        }),
    };
    let condition = match draft {
        TextOr::Full(full) => full
            .condition
            .iter()
            .flat_map(|words| &words.0)
            .filter(|word| !word.is_placeholder)
            .copied()
            .collect(),
        TextOr::Text(_) => Vec::new(),
    };
    let (name, model) = match draft {
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
            name,
            model: draft.model.as_ref().and_then(asset_from_path),
        })
        .collect()
}

/// Returns the file that a path names; nothing when a mistake was already reported there.
pub(super) fn asset_from_path(path: &Spanned<String>) -> Option<AssetRef> {
    let cleaned = path.value.replace('\\', "/");
    (!path.is_placeholder).then(|| AssetRef {
        path: PathBuf::from(cleaned),
        origin: path.origin,
    })
}
