//! One kind of presets, by name.

use super::card::Card;
use crate::base::Origin;
use std::collections::BTreeMap;

/// What a kind of presets is called in messages.
pub type Kind = &'static str;

/// Presets of one kind, by name.
#[derive(Debug, Clone)]
pub struct Shelf<T> {
    presets: BTreeMap<String, (Card, T)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { presets: BTreeMap::new() }
    }
}

impl<T> Shelf<T> {
    /// Puts a preset on the shelf, in place of one of the same name; returns where that was written.
    pub fn put(&mut self, mut card: Card, preset: T) -> Option<Origin> {
        let over = self.presets.get(&card.name.value).map(|(replaced, _)| replaced.name.origin);
        card.over = over;
        self.presets.insert(card.name.value.clone(), (card, preset));
        over
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

    /// Returns what is known of every preset, sorted by name.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.presets.values().map(|(card, _)| card)
    }
}
