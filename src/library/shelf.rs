//! One kind of presets, by name.

use crate::base::{Origin, Spanned};
use std::collections::BTreeMap;

/// What a kind of presets is called in messages.
pub type Kind = &'static str;

/// Presets of one kind, by name.
#[derive(Debug, Clone)]
pub struct Shelf<T> {
    presets: BTreeMap<String, (Origin, T)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { presets: BTreeMap::new() }
    }
}

impl<T> Shelf<T> {
    /// Puts a preset on the shelf, in place of one of the same name; returns where that was written.
    pub fn put(&mut self, name: Spanned<String>, preset: T) -> Option<Origin> {
        self.presets.insert(name.value, (name.origin, preset)).map(|(origin, _)| origin)
    }

    /// Returns the preset of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.presets.get(name).map(|(_, preset)| preset)
    }

    /// Returns every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.presets.keys().map(String::as_str)
    }
}
