//! Derived structs: which keys are fields, which are unknown, which required ones are missing.

use super::hole::Hole;
use super::merge::{self, Entry};
use super::refusal::Refusal;
use super::run::{Run, Segment, StructId};
use super::value::{Slot, Value};
use crate::base::suggestions::{certain_match, nearest_match};
use crate::base::{Diagnostic, FileSpan};
use crate::document::quote::quoted;
use crate::document::tree::NodeId;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};

/// Most unknown keys of one map whose meaning is looked for.
const FEW: usize = 16;

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy)]
enum From {
    Entry(Entry),
    /// The key under which a named list holds this struct, or the text that stands for it.
    Name(NodeId),
    /// Nowhere: the field is missing, and that was reported.
    Nothing,
}

/// The fields of one struct, ready to hand out.
pub(super) struct Fields<'r, 't> {
    run: &'r mut Run<'t>,
    fields: std::vec::IntoIter<(&'static str, From)>,
    value: From,
    origin: FileSpan,
}

impl<'r, 't> Fields<'r, 't> {
    pub(super) fn visit<'de, V: Visitor<'de>>(
        run: &'r mut Run<'t>,
        slot: Slot,
        (name, known): (&'static str, &'static [&'static str]),
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let id: StructId = (name, known.as_ptr() as usize);
        let map = run.tree.resolve(slot.node);
        let fields = Plan::of(run, slot, known)?.finish(id);
        let origin = anchor(run, slot);
        let access = Fields {
            run: &mut *run,
            fields: fields.into_iter(),
            value: From::Nothing,
            origin,
        };
        visitor
            .visit_map(access)
            .map_err(|refusal| run.lessons.learn(id, Some(map), refusal))
    }
}

impl<'r, 't> Fields<'r, 't> {
    /// Visits a struct that is written as text alone, which is what `fields` say.
    pub(super) fn visit_text<'de, V: Visitor<'de>>(
        run: &'r mut Run<'t>,
        slot: Slot,
        (known, fields): (&'static [&'static str], &[&str]),
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let key = slot.name.map(|key| ("name", From::Name(key)));
        let own = known
            .iter()
            .filter(|field| fields.contains(field))
            .map(|field| (*field, From::Name(slot.node)));
        let own = own.filter(|(field, _)| key.is_none_or(|(name, _)| name != *field));
        let fields: Vec<(&'static str, From)> = key.into_iter().chain(own).collect();
        let origin = anchor(run, slot);
        visitor.visit_map(Fields {
            run,
            fields: fields.into_iter(),
            value: From::Nothing,
            origin,
        })
    }
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some((field, from)) = self.fields.next() else {
            return Ok(None);
        };
        self.value = from;
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        match self.value {
            From::Entry(Entry { key, value, via }) => {
                self.run
                    .descend(Segment::Key(key), Slot::under(key, value), via, seed)
            }
            From::Name(key) => seed.deserialize(Value {
                run: self.run,
                slot: Slot::of(key),
            }),
            From::Nothing => seed.deserialize(Hole {
                run: self.run,
                origin: self.origin,
            }),
        }
    }
}

/// A struct's fields while its keys are being sorted out.
struct Plan<'r, 't> {
    run: &'r mut Run<'t>,
    slot: Slot,
    known: &'static [&'static str],
    fields: Vec<(&'static str, From)>,
    suggested: Vec<&'static str>,
}

impl<'r, 't> Plan<'r, 't> {
    fn of(
        run: &'r mut Run<'t>,
        slot: Slot,
        known: &'static [&'static str],
    ) -> Result<Self, Refusal> {
        let entries = merge::entries(run, slot.node)?;
        let fields = Vec::with_capacity(entries.len() + 1);
        let mut plan = Self {
            run,
            slot,
            known,
            fields,
            suggested: Vec::new(),
        };
        let mut unknown = Vec::new();
        for entry in entries {
            if !plan.take(entry) {
                unknown.push(entry.key);
            }
        }
        plan.take_name();
        let meant = plan.meant(&unknown);
        for (at, key) in unknown.into_iter().enumerate() {
            plan.report_unknown(key, meant.get(at).copied().flatten());
        }
        Ok(plan)
    }

    /// Returns the field that each unknown key certainly means: one that is absent, and that no other key means.
    fn meant(&self, unknown: &[NodeId]) -> Vec<Option<&'static str>> {
        if unknown.len() > FEW {
            return Vec::new();
        }
        let absent = |field: &&str| !self.fields.iter().any(|(taken, _)| taken == field);
        let meant =
            |key: &NodeId| certain_match(self.key(*key), self.known.iter().copied()).filter(absent);
        let all: Vec<Option<&'static str>> = unknown.iter().map(meant).collect();
        let once = |field: &&str| {
            all.iter()
                .filter(|other| other.as_ref() == Some(field))
                .count()
                == 1
        };
        all.iter().map(|field| field.filter(once)).collect()
    }

    /// Takes an entry as a field, or lets it pass as free; returns whether it had a right to be here.
    fn take(&mut self, entry: Entry) -> bool {
        let key = self.key(entry.key);
        let Some(field) = self.known.iter().find(|field| **field == key) else {
            return entry.via.is_some() || self.is_free(key);
        };
        let map = self.run.tree.resolve(self.slot.node);
        if self.run.lessons.is_excused(map, field) {
            self.report_twice(entry.key);
        } else if !self.run.is_left_out(entry.value) {
            self.fields.push((field, From::Entry(entry)));
        }
        true
    }

    fn is_free(&self, key: &str) -> bool {
        let outermost = self.slot.node == self.run.root;
        key.starts_with("x-") || (outermost && self.run.scope.free_keys.contains(&key))
    }

    /// Gives a struct in a map of names its key as `name`, and compares when it also writes one.
    fn take_name(&mut self) {
        let Some(key) = self.slot.name else { return };
        let Some(name) = self.known.iter().find(|field| **field == "name") else {
            return;
        };
        let written = self.fields.iter().find_map(|(field, from)| match from {
            From::Entry(entry) if field == name => Some(entry.value),
            _ => None,
        });
        match written {
            None => self.fields.push((name, From::Name(key))),
            Some(value) => self.compare_name(name, key, value),
        }
    }

    /// Reports a name that is not the key. The key stands, as the advice says, so references to it are right.
    fn compare_name(&mut self, name: &'static str, key: NodeId, value: NodeId) {
        let (outer, inner) = (self.key(key), self.key(value));
        if outer == inner || inner.is_empty() {
            return;
        }
        self.fields.retain(|(field, _)| *field != name);
        self.fields.push((name, From::Name(key)));
        let message = format!("{} is named {} inside", quoted(outer), quoted(inner));
        let tree = self.run.tree;
        let found = Diagnostic::error(
            "production::document::name_mismatch",
            tree.origin(value),
            message,
        );
        let path = self.run.pointer_to("name");
        self.run.report(
            found
                .with_path(path)
                .with_related(tree.origin(key), "the key says this")
                .with_help("remove the inner `name`: the key is the name"),
        );
    }

    fn report_unknown(&mut self, key: NodeId, meant: Option<&'static str>) {
        let name = self.key(key);
        let mut help = None;
        if self.run.has_room() {
            let absent = self
                .known
                .iter()
                .filter(|field| !self.fields.iter().any(|(taken, _)| taken == *field));
            let near = nearest_match(name, absent.copied());
            help = near.map(|near| format!("did you mean `{near}`?"));
            self.suggested
                .extend(self.known.iter().filter(|field| Some(**field) == near));
        }
        let help = help.or_else(|| self.few_fields());
        let found = Diagnostic::error(
            "production::document::unknown_field",
            self.run.tree.origin(key),
            format!("unknown field {}", quoted(name)),
        );
        let path = self.run.pointer_to(name);
        let found = found
            .with_label("not a field here")
            .with_optional_help(help)
            .with_path(path);
        let place = self.run.tree.origin(key);
        self.run.report(match meant {
            Some(field) => found.with_fix(place, field),
            None => found,
        });
    }

    fn few_fields(&self) -> Option<String> {
        let few = !self.known.is_empty() && self.known.len() <= 16;
        few.then(|| format!("known: {}", self.known.join(", ")))
    }

    fn report_twice(&mut self, key: NodeId) {
        let name = self.key(key);
        let message = format!("{} is given a second time under another name", quoted(name));
        let found = Diagnostic::error(
            "production::document::duplicate_field",
            self.run.tree.origin(key),
            message,
        );
        let path = self.run.pointer_to(name);
        self.run
            .report(found.with_path(path).with_help("keep one of them"));
    }

    /// Reports the missing fields that earlier passes learned to be required, and fills them with holes.
    fn finish(mut self, id: StructId) -> Vec<(&'static str, From)> {
        let map = self.run.tree.resolve(self.slot.node);
        for field in self.run.lessons.required(id).to_vec() {
            let given = self.fields.iter().any(|(taken, _)| *taken == field);
            if given || self.run.lessons.is_excused(map, field) {
                continue;
            }
            if !self.suggested.contains(&field) {
                self.report_missing(field);
            }
            self.fields.push((field, From::Nothing));
        }
        self.fields
    }

    fn report_missing(&mut self, field: &str) {
        let origin = anchor(self.run, self.slot);
        let message = format!("missing field `{field}`");
        let found = Diagnostic::error("production::document::missing_field", origin, message);
        let path = self.run.pointer_to(field);
        self.run.report(
            found
                .with_label(format!("`{field}` is required here"))
                .with_help(format!("add `{field}: …`"))
                .with_path(path),
        );
    }

    fn key(&self, key: NodeId) -> &'t str {
        self.run.tree.scalar(key).map_or("", |scalar| scalar.text)
    }
}

/// The place to point at for something absent from a map: its key, or its first line where it has none.
fn anchor(run: &Run<'_>, slot: Slot) -> FileSpan {
    match slot.key {
        Some(key) if !run.tree.is_alias(slot.node) => run.tree.origin(key),
        _ => run.place(slot),
    }
}
