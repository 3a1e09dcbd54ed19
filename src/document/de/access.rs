//! Access to the parts of a node: list entries, map entries, entries of a named list, and the parts
//! of a spanned value.

use super::decode_error::DecodeError;
use super::decode_pass::{DecodePass, PointerSegment};
use super::merge_keys::{self, MapEntry};
use super::node_deserializer::{NodeDeserializer, NodeSlot};
use super::placeholder_value::PlaceholderValue;
use crate::base::FileSpan;
use crate::document::span_tree::NodeId;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

/// The entries of a list. Placeholders follow until the length of a tuple is reached.
pub(super) struct SequenceItems<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    items: Vec<NodeId>,
    next: usize,
    /// One value in the place of a list: it is read as a list with one entry.
    single: Option<NodeSlot>,
    placeholders: usize,
    origin: FileSpan,
}

impl<'r, 't> SequenceItems<'r, 't> {
    pub(super) fn from_list(pass: &'r mut DecodePass<'t>, items: &[NodeId]) -> Self {
        Self {
            pass,
            items: items.to_vec(),
            next: 0,
            single: None,
            placeholders: 0,
            origin: FileSpan::default(),
        }
    }

    pub(super) fn new_empty(pass: &'r mut DecodePass<'t>) -> Self {
        Self::from_list(pass, &[])
    }

    pub(super) fn from_single(pass: &'r mut DecodePass<'t>, slot: NodeSlot) -> Self {
        Self {
            single: Some(slot),
            ..Self::from_list(pass, &[])
        }
    }

    pub(super) fn from_tuple(
        pass: &'r mut DecodePass<'t>,
        slot: NodeSlot,
        items: &[NodeId],
        len: usize,
    ) -> Self {
        let origin = pass.slot_origin(slot);
        // The head alone is decoded. The entries beyond it were reported as `wrong_length`, and
        // decoding them would report more mistakes about values that must be deleted anyway.
        let head = &items[..items.len().min(len)];
        Self {
            placeholders: len - head.len(),
            origin,
            ..Self::from_list(pass, head)
        }
    }
}

impl<'de> SeqAccess<'de> for SequenceItems<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        // `single` is decoded without a step in the path: the user wrote no list, so the pointer of
        // a mistake must not contain an index.
        if let Some(slot) = self.single.take() {
            return seed
                .deserialize(NodeDeserializer {
                    pass: self.pass,
                    slot,
                })
                .map(Some);
        }
        while let Some(item) = self.items.get(self.next).copied() {
            self.next += 1;
            if !self.pass.is_left_out(item) {
                return self
                    .pass
                    .decode_child(
                        // The index counts the entries as written, those left out included, so that
                        // the JSON pointer finds the same entry in the file.
                        PointerSegment::Index(self.next - 1),
                        NodeSlot::new(item),
                        None,
                        seed,
                    )
                    .map(Some);
            }
        }
        // A tuple that is too short was reported. serde's derive would return `invalid_length` for
        // the rest and lose the whole value, so it receives placeholders instead.
        if self.placeholders == 0 {
            return Ok(None);
        }
        self.placeholders -= 1;
        seed.deserialize(PlaceholderValue {
            pass: self.pass,
            origin: self.origin,
        })
        .map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next + self.placeholders)
    }
}

/// The entries of a map. They are visited as a map, or as a list of named values.
pub(super) struct MapEntries<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    entries: std::vec::IntoIter<MapEntry>,
    value: Option<MapEntry>,
    free_keys: bool,
}

impl<'r, 't> MapEntries<'r, 't> {
    pub(super) fn from_map(pass: &'r mut DecodePass<'t>, map: NodeId) -> Result<Self, DecodeError> {
        // All entries are merged before the first is visited: an own key at the end of the map
        // overrides a merged one at its start.
        let entries = merge_keys::merged_entries(pass, map)?.into_iter();
        Ok(Self {
            pass,
            entries,
            value: None,
            free_keys: true,
        })
    }

    pub(super) fn new_empty(pass: &'r mut DecodePass<'t>) -> Self {
        Self {
            pass,
            entries: Vec::new().into_iter(),
            value: None,
            free_keys: true,
        }
    }

    /// Leaves out keys that begin with `x-`. They are notes or hold anchors, and are no entries.
    pub(super) fn without_free_keys(self) -> Self {
        Self {
            free_keys: false,
            ..self
        }
    }

    fn pop_entry(&mut self) -> Option<MapEntry> {
        loop {
            let entry = self.entries.next()?;
            let key = self
                .pass
                .tree
                .scalar(entry.key)
                .map_or("", |scalar| scalar.text);
            // In a map by name, `x-` keys hold notes and anchors. Read as entries, they would
            // become characters or shots.
            let skipped = !self.free_keys && key.starts_with("x-");
            if !skipped && !self.pass.is_left_out(entry.value) {
                return Some(entry);
            }
        }
    }
}

impl<'de> MapAccess<'de> for MapEntries<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        let Some(entry) = self.pop_entry() else {
            return Ok(None);
        };
        // serde asks for the key and for its value in two calls. The entry is remembered between
        // them.
        self.value = Some(entry);
        // The key is decoded through `decode_child`, so that a refused key is recorded with its
        // place.
        self.pass
            .decode_child(
                PointerSegment::Key(entry.key),
                NodeSlot::new(entry.key),
                None,
                seed,
            )
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, DecodeError> {
        // serde never asks for a value before its key. A halt is safer than a panic if it did.
        let Some(entry) = self.value.take() else {
            return Err(DecodeError::Halt);
        };
        self.pass.decode_child(
            PointerSegment::Key(entry.key),
            NodeSlot::under_key(entry.key, entry.value),
            entry.via,
            seed,
        )
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

impl<'de> SeqAccess<'de> for MapEntries<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        let Some(entry) = self.pop_entry() else {
            return Ok(None);
        };
        // With `name`, the key becomes the entry's field of that name, so both notations decode to
        // one struct.
        let slot = NodeSlot {
            node: entry.value,
            key: Some(entry.key),
            name: Some(entry.key),
        };
        self.pass
            .decode_child(PointerSegment::Key(entry.key), slot, entry.via, seed)
            .map(Some)
    }
}

/// The five parts of a spanned value in the order that `base::spanned_de` reads them: the value,
/// whether it is a placeholder, file, start and end.
pub(super) struct SpannedParts<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    slot: NodeSlot,
    mistakes: usize,
    next: usize,
    /// The place of the value, from the third part on.
    place: FileSpan,
}

impl<'r, 't> SpannedParts<'r, 't> {
    pub(super) fn new(pass: &'r mut DecodePass<'t>, slot: NodeSlot) -> Self {
        let mistakes = pass.mistakes;
        Self {
            pass,
            slot,
            mistakes,
            next: 0,
            place: FileSpan::default(),
        }
    }
}

impl<'de> SeqAccess<'de> for SpannedParts<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        self.next += 1;
        if self.next == 3 {
            self.place = self.pass.slot_origin(self.slot);
        }
        match self.next {
            1 => seed.deserialize(NodeDeserializer {
                pass: self.pass,
                slot: self.slot,
            }),
            // The value was decoded just before. If the number of mistakes grew meanwhile, some
            // part of the value is a placeholder, even if that part is many levels down.
            2 => seed.deserialize((self.pass.mistakes > self.mistakes).into_deserializer()),
            3 => seed.deserialize(self.place.file.0.into_deserializer()),
            4 => seed.deserialize(self.place.start.into_deserializer()),
            5 => seed.deserialize(self.place.end.into_deserializer()),
            _ => return Ok(None),
        }
        .map(Some)
    }
}
