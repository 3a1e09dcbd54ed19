//! One kind of presets, by name. The built-in ones are read when the first of the kind is asked for: a production names
//! presets of few kinds.

use super::preset_info::{self, PresetInfo};
use crate::base::{Diagnostics, FileId, FileSpan};
use crate::document::{DecodeScope, InputLimits, OrderedMap, decode_node, span_tree};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a kind of presets is called in messages.
pub type PresetKind = &'static str;

/// A file of presets.
#[derive(Debug, Clone, Copy)]
pub(super) struct PresetFile<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) built_in: bool,
}

impl PresetFile<'_> {
    /// Returns its presets, with the mistakes that are in it.
    pub(super) fn read_presets<T: DeserializeOwned>(
        &self,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(PresetInfo, T)> {
        let limits = InputLimits::default();
        let Some(tree) = span_tree::parse_yaml(self.file, self.text.into(), &limits, diagnostics)
        else {
            return Vec::new();
        };
        let Some(root) = tree.root() else {
            return Vec::new();
        };
        let entries =
            decode_node::<OrderedMap<T>>(&tree, root, DecodeScope::default(), &limits, diagnostics);
        let mut cards = preset_info::read_preset_infos(&tree, self.built_in);
        let mut card = |origin: FileSpan| {
            let index = cards.iter().position(|card| card.name.origin == origin)?;
            Some(cards.swap_remove(index))
        };
        let entries = entries.into_iter().flatten();
        entries
            .filter_map(|(name, preset)| Some((card(name.origin)?, preset)))
            .collect()
    }
}

type PresetMap<T> = BTreeMap<String, (PresetInfo, T)>;

/// Presets of one kind, by name.
#[derive(Debug, Clone)]
pub struct PresetSet<T> {
    built_in: Option<PresetFile<'static>>,
    presets: OnceLock<PresetMap<T>>,
}

impl<T> Default for PresetSet<T> {
    fn default() -> Self {
        Self {
            built_in: None,
            presets: OnceLock::new(),
        }
    }
}

impl<T: DeserializeOwned> PresetSet<T> {
    /// Returns a shelf with the presets of this page.
    pub(super) const fn from_file(page: PresetFile<'static>) -> Self {
        Self {
            built_in: Some(page),
            presets: OnceLock::new(),
        }
    }

    /// Puts a preset on the shelf, in place of one of the same name; returns where that was written.
    pub(super) fn insert_preset(&mut self, mut card: PresetInfo, preset: T) -> Option<FileSpan> {
        self.loaded_presets();
        let presets = self.presets.get_mut()?;
        let replaced_at = presets
            .get(&card.name.value)
            .map(|(replaced, _)| replaced.name.origin);
        card.replaced = replaced_at;
        presets.insert(card.name.value.clone(), (card, preset));
        replaced_at
    }

    fn loaded_presets(&self) -> &PresetMap<T> {
        self.presets.get_or_init(|| {
            // A test proves that there is no mistake in what is built in.
            let presets = self
                .built_in
                .map(|page| page.read_presets(&mut Diagnostics::default()));
            let named = |(card, preset): (PresetInfo, T)| (card.name.value.clone(), (card, preset));
            presets.into_iter().flatten().map(named).collect()
        })
    }

    /// Returns the preset of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.loaded_presets().get(name).map(|(_, preset)| preset)
    }

    /// Returns every name, sorted.
    pub fn preset_names(&self) -> impl Iterator<Item = &str> {
        self.loaded_presets().keys().map(String::as_str)
    }

    /// Returns what is known of every preset, sorted by name.
    pub fn preset_infos(&self) -> impl Iterator<Item = &PresetInfo> {
        self.loaded_presets().values().map(|(card, _)| card)
    }
}
