//! How lists, maps, named lists and spanned values hand out their parts.

use super::hole::Hole;
use super::merge::{self, Entry};
use super::refusal::Refusal;
use super::run::{Run, Segment};
use super::value::{Slot, Value};
use crate::base::FileSpan;
use crate::document::tree::NodeId;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

/// The entries of a list, filled up with holes to a tuple's length.
pub(super) struct Items<'r, 't> {
    run: &'r mut Run<'t>,
    items: Vec<NodeId>,
    next: usize,
    /// A value that stands for a list of one.
    single: Option<Slot>,
    holes: usize,
    origin: FileSpan,
}

impl<'r, 't> Items<'r, 't> {
    pub(super) fn list(run: &'r mut Run<'t>, items: &[NodeId]) -> Self {
        Self {
            run,
            items: items.to_vec(),
            next: 0,
            single: None,
            holes: 0,
            origin: FileSpan::default(),
        }
    }

    pub(super) fn none(run: &'r mut Run<'t>) -> Self {
        Self::list(run, &[])
    }

    pub(super) fn single(run: &'r mut Run<'t>, slot: Slot) -> Self {
        Self {
            single: Some(slot),
            ..Self::list(run, &[])
        }
    }

    pub(super) fn tuple(run: &'r mut Run<'t>, slot: Slot, items: &[NodeId], len: usize) -> Self {
        let origin = run.place(slot);
        let kept = &items[..items.len().min(len)];
        Self {
            holes: len - kept.len(),
            origin,
            ..Self::list(run, kept)
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        if let Some(slot) = self.single.take() {
            return seed
                .deserialize(Value {
                    run: self.run,
                    slot,
                })
                .map(Some);
        }
        while let Some(item) = self.items.get(self.next).copied() {
            self.next += 1;
            if !self.run.is_left_out(item) {
                return self
                    .run
                    .descend(Segment::Index(self.next - 1), Slot::of(item), None, seed)
                    .map(Some);
            }
        }
        if self.holes == 0 {
            return Ok(None);
        }
        self.holes -= 1;
        seed.deserialize(Hole {
            run: self.run,
            origin: self.origin,
        })
        .map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next + self.holes)
    }
}

/// The entries of a map: as a map, or as a list of named values.
pub(super) struct Entries<'r, 't> {
    run: &'r mut Run<'t>,
    entries: std::vec::IntoIter<Entry>,
    value: Option<Entry>,
    free_keys: bool,
}

impl<'r, 't> Entries<'r, 't> {
    pub(super) fn of(run: &'r mut Run<'t>, map: NodeId) -> Result<Self, Refusal> {
        let entries = merge::entries(run, map)?.into_iter();
        Ok(Self {
            run,
            entries,
            value: None,
            free_keys: true,
        })
    }

    pub(super) fn none(run: &'r mut Run<'t>) -> Self {
        Self {
            run,
            entries: Vec::new().into_iter(),
            value: None,
            free_keys: true,
        }
    }

    /// Leaves out keys that begin with `x-`.
    pub(super) fn without_free_keys(self) -> Self {
        Self {
            free_keys: false,
            ..self
        }
    }

    fn next(&mut self) -> Option<Entry> {
        loop {
            let entry = self.entries.next()?;
            let key = self
                .run
                .tree
                .scalar(entry.key)
                .map_or("", |scalar| scalar.text);
            let skipped = !self.free_keys && key.starts_with("x-");
            if !skipped && !self.run.is_left_out(entry.value) {
                return Some(entry);
            }
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some(entry) = self.next() else {
            return Ok(None);
        };
        self.value = Some(entry);
        self.run
            .descend(Segment::Key(entry.key), Slot::of(entry.key), None, seed)
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        let Some(entry) = self.value.take() else {
            return Err(Refusal::Halt);
        };
        self.run.descend(
            Segment::Key(entry.key),
            Slot::under(entry.key, entry.value),
            entry.via,
            seed,
        )
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

impl<'de> SeqAccess<'de> for Entries<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some(entry) = self.next() else {
            return Ok(None);
        };
        let slot = Slot {
            node: entry.value,
            key: Some(entry.key),
            name: Some(entry.key),
        };
        self.run
            .descend(Segment::Key(entry.key), slot, entry.via, seed)
            .map(Some)
    }
}

/// The five parts of a spanned value, see `base::spanned_de`.
pub(super) struct SpannedParts<'r, 't> {
    run: &'r mut Run<'t>,
    slot: Slot,
    mistakes: usize,
    next: usize,
}

impl<'r, 't> SpannedParts<'r, 't> {
    pub(super) fn new(run: &'r mut Run<'t>, slot: Slot) -> Self {
        let mistakes = run.mistakes;
        Self {
            run,
            slot,
            mistakes,
            next: 0,
        }
    }
}

impl<'de> SeqAccess<'de> for SpannedParts<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        self.next += 1;
        let place = self.run.place(self.slot);
        match self.next {
            1 => seed.deserialize(Value {
                run: self.run,
                slot: self.slot,
            }),
            2 => seed.deserialize((self.run.mistakes > self.mistakes).into_deserializer()),
            3 => seed.deserialize(place.file.0.into_deserializer()),
            4 => seed.deserialize(place.start.into_deserializer()),
            5 => seed.deserialize(place.end.into_deserializer()),
            _ => return Ok(None),
        }
        .map(Some)
    }
}
