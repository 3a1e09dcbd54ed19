//! One kind of presets, by name. The built-in ones are read when the first of the kind is asked for: a production names
//! presets of few kinds.

use super::card::{self, Card};
use crate::base::{Diagnostics, FileId, FileSpan};
use crate::document::{DecodeScope, InputLimits, OrderedMap, decode_node, span_tree};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a kind of presets is called in messages.
pub type Kind = &'static str;

/// A file of presets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) built_in: bool,
}

impl Page<'_> {
    /// Returns its presets, with the mistakes that are in it.
    pub(super) fn presets<T: DeserializeOwned>(&self, found: &mut Diagnostics) -> Vec<(Card, T)> {
        let limits = InputLimits::default();
        let Some(tree) = span_tree::parse_yaml(self.file, self.text.into(), &limits, found) else {
            return Vec::new();
        };
        let Some(root) = tree.root() else {
            return Vec::new();
        };
        let entries =
            decode_node::<OrderedMap<T>>(&tree, root, DecodeScope::default(), &limits, found);
        let mut cards = card::cards(&tree, self.built_in);
        let mut card = |origin: FileSpan| {
            let at = cards.iter().position(|card| card.name.origin == origin)?;
            Some(cards.swap_remove(at))
        };
        let entries = entries.into_iter().flatten();
        entries
            .filter_map(|(name, preset)| Some((card(name.origin)?, preset)))
            .collect()
    }
}

type Presets<T> = BTreeMap<String, (Card, T)>;

/// Presets of one kind, by name.
#[derive(Debug, Clone)]
pub struct Shelf<T> {
    built_in: Option<Page<'static>>,
    presets: OnceLock<Presets<T>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            built_in: None,
            presets: OnceLock::new(),
        }
    }
}

impl<T: DeserializeOwned> Shelf<T> {
    /// Returns a shelf with the presets of this page.
    pub(super) const fn of(page: Page<'static>) -> Self {
        Self {
            built_in: Some(page),
            presets: OnceLock::new(),
        }
    }

    /// Puts a preset on the shelf, in place of one of the same name; returns where that was written.
    pub(super) fn put(&mut self, mut card: Card, preset: T) -> Option<FileSpan> {
        self.presets();
        let presets = self.presets.get_mut()?;
        let over = presets
            .get(&card.name.value)
            .map(|(replaced, _)| replaced.name.origin);
        card.over = over;
        presets.insert(card.name.value.clone(), (card, preset));
        over
    }

    fn presets(&self) -> &Presets<T> {
        self.presets.get_or_init(|| {
            // A test proves that there is no mistake in what is built in.
            let presets = self
                .built_in
                .map(|page| page.presets(&mut Diagnostics::default()));
            let named = |(card, preset): (Card, T)| (card.name.value.clone(), (card, preset));
            presets.into_iter().flatten().map(named).collect()
        })
    }

    /// Returns the preset of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.presets().get(name).map(|(_, preset)| preset)
    }

    /// Returns every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.presets().keys().map(String::as_str)
    }

    /// Returns what is known of every preset, sorted by name.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.presets().values().map(|(card, _)| card)
    }
}
