//! Finds the entries that shots refer to, by name.

use super::shot_context::ShotContext;
use super::shot_sources::{ShotSource, character_names};
use crate::base::Spanned;
use crate::base::name_form::name_form;
use crate::base::work_counter::count_work;
use crate::model::SceneNumber;
use crate::model::production::EntryRef;
use std::borrow::Cow;
use std::collections::HashMap;

/// The entries that shots refer to, by name.
pub(super) struct EntryIndex<'a> {
    pub(super) characters: NameIndex<'a>,
    pub(super) locations: NameIndex<'a>,
    pub(super) props: NameIndex<'a>,
    /// The characters of each scene.
    pub(super) casts: SceneCasts,
}

impl<'a> EntryIndex<'a> {
    pub(super) fn from_context(shot_context: &ShotContext<'a>) -> Self {
        let characters = shot_context.characters.iter().map(|entry| &entry.name);
        let locations = shot_context.locations.iter().map(|entry| &entry.name);
        let props = shot_context.props.iter().map(|entry| &entry.name);
        Self {
            characters: NameIndex::from_names(characters),
            locations: NameIndex::from_names(locations),
            props: NameIndex::from_names(props),
            casts: SceneCasts::new(),
        }
    }
}

/// The places of names in a list. Of two with one name, the first counts.
// A search of the list for each name would be quadratic: a game has thousands of props and shots.
pub(super) struct NameIndex<'a> {
    written: HashMap<&'a str, usize>,
    /// By the form in which names compare.
    forms: HashMap<Cow<'a, str>, usize>,
}

impl<'a> NameIndex<'a> {
    fn from_names(names: impl Iterator<Item = &'a Spanned<String>>) -> Self {
        let mut written = HashMap::new();
        let mut forms = HashMap::new();
        for (index, name) in names.enumerate() {
            count_work(1);
            written.entry(name.value.as_str()).or_insert(index);
            forms.entry(name_form(&name.value)).or_insert(index);
        }
        Self { written, forms }
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        // The bytes first: forms are costly, and nearly every name is written alike everywhere.
        let written = self.written.get(name);
        written
            .or_else(|| self.forms.get(name_form(name).as_ref()))
            .copied()
    }
}

/// Indices of the characters in each scene, sorted.
pub(super) type SceneCasts = HashMap<SceneNumber, Vec<usize>>;

/// Returns the characters of each scene in the order of the document.
pub(super) fn scene_casts(sources: &[ShotSource<'_>], entries: &EntryIndex<'_>) -> SceneCasts {
    let mut casts = SceneCasts::new();
    for source in sources {
        let cast = casts.entry(source.scene.value.clone()).or_default();
        let names = character_names(&source.draft);
        cast.extend(names.filter_map(|name| entries.characters.find(&name.value)));
    }
    for cast in casts.values_mut() {
        // Sorted by the document, not by appearance. Each character then has the same mark, and so
        // the same side of the picture, in every shot of the scene.
        cast.sort_unstable();
        cast.dedup();
    }
    casts
}

pub(super) fn resolve_reference(name: Spanned<String>, names: &NameIndex<'_>) -> EntryRef {
    let index = names.find(&name.value);
    EntryRef { name, index }
}
