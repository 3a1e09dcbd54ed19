//! The presets of one kind, by name. The built-in ones are parsed when a preset of the kind is
//! first looked up, because a production uses few kinds.

use super::preset_info::{self, PresetInfo};
use crate::base::{Diagnostics, FileId, FileSpan};
use crate::document::{DecodeScope, InputLimits, OrderedMap, decode_node, span_tree};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The name of a kind of presets: its field in the library and its file name.
pub type PresetKind = &'static str;

/// The text of a preset file.
#[derive(Debug, Clone, Copy)]
pub(super) struct PresetFile<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) built_in: bool,
}

impl PresetFile<'_> {
    /// Returns its presets. Mistakes in the file are reported.
    pub(super) fn read_presets<T: DeserializeOwned>(
        &self,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(PresetInfo, T)> {
        let limits = InputLimits::default();
        let Some(tree) = span_tree::parse_yaml(self.file, self.text.into(), &limits, diagnostics)
        else {
            return Vec::new();
        };
        // An empty file has no presets and is no mistake.
        let Some(root) = tree.root() else {
            return Vec::new();
        };
        let entries =
            decode_node::<OrderedMap<T>>(&tree, root, DecodeScope::default(), &limits, diagnostics);
        let mut infos = preset_info::read_preset_infos(&tree, self.built_in);
        // Matched by the place of the name: the decoder may leave out an entry that the tree has,
        // so the positions differ.
        let mut info = |origin: FileSpan| {
            let index = infos.iter().position(|info| info.name.origin == origin)?;
            Some(infos.swap_remove(index))
        };
        let entries = entries.into_iter().flatten();
        entries
            .filter_map(|(name, preset)| Some((info(name.origin)?, preset)))
            .collect()
    }
}

// Sorted by name, so that lists and schemas do not depend on the order of files.
type PresetMap<T> = BTreeMap<String, (PresetInfo, T)>;

/// The presets of one kind, by name.
#[derive(Debug, Clone)]
pub struct PresetSet<T> {
    built_in: Option<PresetFile<'static>>,
    // `OnceLock` lets the first look-up load the presets through a shared reference.
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
    /// Returns a set with the built-in presets of this file. The file is not parsed yet.
    pub(super) const fn from_file(preset_file: PresetFile<'static>) -> Self {
        Self {
            built_in: Some(preset_file),
            presets: OnceLock::new(),
        }
    }

    /// Adds a preset in place of one with the same name. Returns the place of the replaced name.
    pub(super) fn insert_preset(&mut self, mut info: PresetInfo, preset: T) -> Option<FileSpan> {
        // The built-in ones must be loaded first, or they would replace the user's later.
        self.loaded_presets();
        let presets = self.presets.get_mut()?;
        let replaced_at = presets
            .get(&info.name.value)
            .map(|(replaced, _)| replaced.name.origin);
        info.replaced = replaced_at;
        presets.insert(info.name.value.clone(), (info, preset));
        replaced_at
    }

    fn loaded_presets(&self) -> &PresetMap<T> {
        self.presets.get_or_init(|| {
            // A test decodes every built-in preset, so there are no mistakes to report.
            let presets = self
                .built_in
                .map(|preset_file| preset_file.read_presets(&mut Diagnostics::default()));
            presets
                .into_iter()
                .flatten()
                .map(|(info, preset)| (info.name.value.clone(), (info, preset)))
                .collect()
        })
    }

    /// Returns the preset of this name. None if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.loaded_presets().get(name).map(|(_, preset)| preset)
    }

    /// Returns every name, sorted.
    pub fn preset_names(&self) -> impl Iterator<Item = &str> {
        self.loaded_presets().keys().map(String::as_str)
    }

    /// Returns the facts about every preset, sorted by name.
    pub fn preset_infos(&self) -> impl Iterator<Item = &PresetInfo> {
        self.loaded_presets().values().map(|(info, _)| info)
    }
}
