//! Resolves characters with their costumes, and props.

use super::context::ResolveContext;
use super::model_mend::{MendFields, resolve_mend};
use crate::base::Spanned;
use crate::document::draft::{CharacterDraft, CostumeDraft, PropDraft};
use crate::document::{NamedList, TextOr};
use crate::model::model_format::ModelFormat;
use crate::model::production::{AssetRef, Character, CharacterCostume, CostumeScenes, Prop};
use crate::model::{ModelMend, SceneOrder, SceneRange};
use std::path::{Path, PathBuf};

pub(super) fn resolve_characters(
    context: &mut ResolveContext<'_>,
    drafts: Option<&NamedList<CharacterDraft>>,
    order: &SceneOrder,
) -> Vec<Character> {
    let named = drafts
        .into_iter()
        .flatten()
        // Nothing can refer to an entry without a name, so it is left out.
        .filter_map(|draft| Some((draft.name.clone()?, draft)));
    named
        .map(|(name, draft)| resolve_character(context, name, draft, order))
        .collect()
}

fn resolve_character(
    context: &mut ResolveContext<'_>,
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
    let model = draft.model.as_ref().and_then(asset_from_path);
    let mend = resolve_mend(context, draft, &ModelMend::default());
    let model = model.map(|model| model.with_mend(mend.clone()));
    let mut costumes = CostumeResolver {
        context,
        model: model.as_ref(),
        // Another file has variants of its own.
        mend: ModelMend {
            variant: None,
            ..mend
        },
    };
    let others = draft.variants.iter().flatten();
    let others = others.filter_map(|(_, path)| costumes.other_model(path));
    let variants = others.collect();
    let worn = draft.wardrobe.iter().flatten();
    let costumes = worn
        .map(|(key, costume)| costumes.resolve_costume(key, costume, order))
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
        model,
        costumes,
        variants,
        display_name,
        name,
    }
}

/// Resolves the costumes and other models of one character.
struct CostumeResolver<'a, 'c> {
    context: &'a mut ResolveContext<'c>,
    /// The character's own model.
    model: Option<&'a AssetRef>,
    /// What is changed of every model of the character that says nothing else.
    mend: ModelMend,
}

impl CostumeResolver<'_, '_> {
    /// Returns a model that says nothing of its unit and axes.
    fn other_model(&self, path: &Spanned<String>) -> Option<AssetRef> {
        asset_from_path(path).map(|model| model.with_mend(self.mend.clone()))
    }

    fn resolve_costume(
        &mut self,
        key: &Spanned<String>,
        draft: &TextOr<CostumeDraft>,
        order: &SceneOrder,
    ) -> CharacterCostume {
        let scenes = match key.value.as_str() {
            "default" => CostumeScenes::Default,
            // A key that cannot be parsed stays as `Unreadable`, so that the rule `bad_scene_range`
            // can point at it and the other rules can leave the character alone.
            other => SceneRange::parse(other, order)
                .map_or(CostumeScenes::Unreadable, CostumeScenes::Range),
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
            // `scenes_1_3: assets/coat.glb` and `scenes_1_3: coat` are both allowed. Only the
            // extension distinguishes them, since the file may be missing.
            TextOr::Text(text) if is_model_file(&text.value) => {
                (text.value.clone(), self.other_model(text))
            }
            TextOr::Text(text) => (text.value.clone(), None),
            TextOr::Full(full) => {
                let name = full
                    .costume
                    .as_ref()
                    .map_or_else(|| key.value.clone(), |name| name.value.clone());
                (name, self.costume_model(full))
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

    /// Returns the model of a costume. `None`: it is the character's, as it is.
    fn costume_model(&mut self, draft: &CostumeDraft) -> Option<AssetRef> {
        let own = draft.model.as_ref().and_then(asset_from_path);
        let base = match (&own, self.model) {
            (None, Some(model)) => &model.mend,
            _ => &self.mend,
        };
        let mend = resolve_mend(self.context, draft, base);
        if let Some(own) = own {
            return Some(own.with_mend(mend));
        }
        // A variant of the character's model is one more model.
        let model = self.model.filter(|model| model.mend != mend)?;
        let name = draft.variant.as_ref();
        Some(AssetRef {
            origin: name.map_or(model.origin, |name| name.origin),
            ..model.clone().with_mend(mend)
        })
    }
}

// A closed list of endings: a costume named `st.john` must not become a file.
fn is_model_file(text: &str) -> bool {
    ModelFormat::from_path(Path::new(text)).is_some()
}

pub(super) fn resolve_props(
    context: &mut ResolveContext<'_>,
    drafts: Option<&NamedList<PropDraft>>,
) -> Vec<Prop> {
    let named = drafts
        .into_iter()
        .flatten()
        .filter_map(|draft| Some((draft.name.clone()?, draft)));
    named
        .map(|(name, draft)| Prop {
            display_name: draft.display_name.as_ref().map(|text| text.value.clone()),
            name,
            model: model_of_entry(context, draft.model.as_ref(), draft),
        })
        .collect()
}

/// Returns the model of an entry with what the entry changes of it.
pub(super) fn model_of_entry<'a>(
    context: &mut ResolveContext<'_>,
    path: Option<&Spanned<String>>,
    fields: impl Into<MendFields<'a>>,
) -> Option<AssetRef> {
    let mend = resolve_mend(context, fields, &ModelMend::default());
    let model = path.and_then(asset_from_path)?;
    Some(model.with_mend(mend))
}

/// Returns the file of a path. `None`: an error has been reported for this path.
pub(super) fn asset_from_path(path: &Spanned<String>) -> Option<AssetRef> {
    // Documents written on Windows must resolve to the same files, and digests, everywhere.
    let cleaned = path.value.replace('\\', "/");
    (!path.is_placeholder).then(|| AssetRef {
        path: PathBuf::from(cleaned),
        origin: path.origin,
        mend: ModelMend::default(),
    })
}
