//! Derived structs: which keys are fields, which are unknown, and which required fields are
//! missing.

use super::decode_error::DecodeError;
use super::decode_pass::{DecodePass, PointerSegment, StructId};
use super::merge_keys::{self, MapEntry};
use super::node_deserializer::{NodeDeserializer, NodeSlot};
use super::placeholder_value::PlaceholderValue;
use crate::base::suggestions::{certain_match, nearest_match};
use crate::base::{Diagnostic, FileSpan};
use crate::document::quote::quote_value;
use crate::document::reserved_names;
use crate::document::span_tree::NodeId;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};

/// Number of unknown keys in one map above which no meaning is looked for.
const MAX_SUGGESTED_KEYS: usize = 16;

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy)]
enum FieldSource {
    Entry(MapEntry),
    /// The key under which a named list holds this struct, or the text that is written in its
    /// place.
    Name(NodeId),
    /// No value: the field is missing, and that was reported.
    Missing,
}

/// The field that takes the name inside an entry of a map, whose key is the name.
const DISPLAY_NAME: &str = "display_name";

/// The fields of one struct, in the order in which the derived code receives them.
pub(super) struct StructFields<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    fields: std::vec::IntoIter<(&'static str, FieldSource)>,
    value: FieldSource,
    origin: FileSpan,
}

impl<'r, 't> StructFields<'r, 't> {
    pub(super) fn visit_struct<'de, V: Visitor<'de>>(
        pass: &'r mut DecodePass<'t>,
        slot: NodeSlot,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let id: StructId = (name, known.as_ptr() as usize);
        // Hints are stored for the target of an alias, so that a lesson holds wherever the map is
        // used.
        let map = pass.tree.resolve_alias(slot.node);
        let fields = FieldMatcher::match_keys(pass, slot, name, known)?.fill_missing(id);
        let origin = missing_origin(pass, slot);
        let access = StructFields {
            pass: &mut *pass,
            fields: fields.into_iter(),
            value: FieldSource::Missing,
            origin,
        };
        // The derived code reports a missing or repeated field as its own error. Only here are
        // struct and map known, so here it becomes a hint.
        visitor
            .visit_map(access)
            .map_err(|error| pass.hints.learn_from(id, Some(map), error))
    }
}

impl<'r, 't> StructFields<'r, 't> {
    /// Visits a struct that is written as text alone. The text becomes the value of `fields`.
    pub(super) fn visit_text<'de, V: Visitor<'de>>(
        pass: &'r mut DecodePass<'t>,
        slot: NodeSlot,
        known: &'static [&'static str],
        fields: &[&str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let key = slot.name.map(|key| ("name", FieldSource::Name(key)));
        let text_fields = known
            .iter()
            .filter(|field| fields.contains(field))
            .map(|field| (*field, FieldSource::Name(slot.node)));
        // If the map's key is already the name, the text must not give the name a second value:
        // serde would report a duplicate field.
        let text_fields =
            text_fields.filter(|(field, _)| key.is_none_or(|(name, _)| name != *field));
        let fields: Vec<(&'static str, FieldSource)> = key.into_iter().chain(text_fields).collect();
        let origin = missing_origin(pass, slot);
        visitor.visit_map(StructFields {
            pass,
            fields: fields.into_iter(),
            value: FieldSource::Missing,
            origin,
        })
    }
}

impl<'de> MapAccess<'de> for StructFields<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        let Some((field, from)) = self.fields.next() else {
            return Ok(None);
        };
        // serde asks for key and value in two calls; the source of the value is remembered between
        // them.
        self.value = from;
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, DecodeError> {
        match self.value {
            FieldSource::Entry(MapEntry { key, value, via }) => self.pass.decode_child(
                PointerSegment::Key(key),
                NodeSlot::under_key(key, value),
                via,
                seed,
            ),
            // A name adds no segment to the path: it is the key itself, and its pointer is that of
            // the map.
            FieldSource::Name(key) => seed.deserialize(NodeDeserializer {
                pass: self.pass,
                slot: NodeSlot::new(key),
            }),
            FieldSource::Missing => seed.deserialize(PlaceholderValue {
                pass: self.pass,
                origin: self.origin,
            }),
        }
    }
}

/// The fields of a struct while its keys are matched.
struct FieldMatcher<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    slot: NodeSlot,
    /// The name of the struct.
    name: &'static str,
    known: &'static [&'static str],
    fields: Vec<(&'static str, FieldSource)>,
    suggested: Vec<&'static str>,
    /// The index in `known` behind the field that was found last.
    next: usize,
}

impl<'r, 't> FieldMatcher<'r, 't> {
    fn match_keys(
        pass: &'r mut DecodePass<'t>,
        slot: NodeSlot,
        name: &'static str,
        known: &'static [&'static str],
    ) -> Result<Self, DecodeError> {
        let entries = merge_keys::merged_entries(pass, slot.node)?;
        let fields = Vec::with_capacity(entries.len() + 1);
        let mut matcher = Self {
            pass,
            slot,
            name,
            known,
            fields,
            suggested: Vec::new(),
            next: 0,
        };
        // Unknown keys are reported after all known ones, because a suggestion must name a field
        // that is still absent.
        let mut unknown = Vec::new();
        for entry in entries {
            if !matcher.take_entry(entry) {
                unknown.push(entry);
            }
        }
        matcher.take_name();
        let meant = matcher.likely_fields(&unknown);
        for (index, entry) in unknown.into_iter().enumerate() {
            matcher.report_unknown(entry, meant.get(index).copied().flatten());
        }
        Ok(matcher)
    }

    /// Returns the field that each unknown key certainly means: a field that is absent, and that no
    /// other unknown key means.
    fn likely_fields(&self, unknown: &[MapEntry]) -> Vec<Option<&'static str>> {
        // The comparison costs unknown keys times fields. A map with this many unknown keys is of
        // another kind.
        if unknown.len() > MAX_SUGGESTED_KEYS {
            return Vec::new();
        }
        let candidates: Vec<Option<&'static str>> = unknown
            .iter()
            .map(|entry| {
                certain_match(self.key_text(entry.key), self.known.iter().copied())
                    .filter(|field| !self.fields.iter().any(|(taken, _)| taken == field))
            })
            .collect();
        // Two keys that mean the same field would both be renamed by `--fix`, and the result would
        // hold a duplicate key.
        candidates
            .iter()
            .map(|field| {
                field.filter(|field| {
                    candidates
                        .iter()
                        .filter(|other| other.as_ref() == Some(field))
                        .count()
                        == 1
                })
            })
            .collect()
    }

    /// Takes an entry as a field or as a free key. Returns whether the key is allowed here.
    fn take_entry(&mut self, entry: MapEntry) -> bool {
        let key = self.key_text(entry.key);
        let Some(field) = self.find_field(key) else {
            // Unknown keys from a merge are allowed: one anchor may serve maps of different kinds.
            return entry.via.is_some() || self.is_free(key);
        };
        let map = self.pass.tree.resolve_alias(self.slot.node);
        // The lesson of an earlier pass: the field is also written under an alias of its name.
        if self.pass.hints.is_excused(map, field) {
            self.report_duplicate(entry.key);
        } else if !self.pass.is_left_out(entry.value) {
            // A value that was refused twice is not taken: the struct must see its field as absent.
            self.fields.push((field, FieldSource::Entry(entry)));
        }
        true
    }

    fn find_field(&mut self, key: &str) -> Option<&'static str> {
        // Fields are mostly written in the order in which the struct has them, so the search begins
        // behind the last one.
        let (before, behind) = self.known.split_at(self.next.min(self.known.len()));
        let mut fields = behind.iter().chain(before);
        let found = fields.position(|field| *field == key)?;
        let index = (self.next + found) % self.known.len();
        self.next = index + 1;
        Some(self.known[index])
    }

    fn is_free(&self, key: &str) -> bool {
        // Only the outermost map may have keys that other code reads, such as `include`.
        let outermost = self.slot.node == self.pass.root;
        key.starts_with("x-") || (outermost && self.pass.scope.free_keys.contains(&key))
    }

    /// Gives a struct in a map of names its key as `name`. If it also writes a name, the two are
    /// compared.
    fn take_name(&mut self) {
        let Some(key) = self.slot.name else { return };
        // A struct without a field `name` has no use for its key.
        let Some(name) = self.known.iter().find(|field| **field == "name") else {
            return;
        };
        let written = self.fields.iter().find_map(|(field, from)| match from {
            FieldSource::Entry(entry) if field == name => Some(entry.value),
            _ => None,
        });
        match written {
            None => self.fields.push((name, FieldSource::Name(key))),
            Some(value) => self.compare_name(name, key, value),
        }
    }

    /// Reports a name that differs from the key. The key is used, as the help advises, so
    /// references to the key resolve.
    fn compare_name(&mut self, name: &'static str, key: NodeId, value: NodeId) {
        let outer = self.key_text(key);
        let inner = self.key_text(value);
        // An empty or non-scalar name is reported by its own field.
        if outer == inner || inner.is_empty() {
            return;
        }
        self.fields.retain(|(field, _)| *field != name);
        self.fields.push((name, FieldSource::Name(key)));
        // People who write maps give each entry a key to refer to, and a name to read.
        let display = self.known.iter().find(|field| **field == DISPLAY_NAME);
        let is_given = self.fields.iter().any(|(field, _)| *field == DISPLAY_NAME);
        if let Some(display) = display.filter(|_| !is_given) {
            self.fields.push((display, FieldSource::Name(value)));
            return;
        }
        let message = format!(
            "{} is named {} inside",
            quote_value(outer),
            quote_value(inner)
        );
        let tree = self.pass.tree;
        let diagnostic = Diagnostic::error(
            "production::document::name_mismatch",
            tree.origin(value),
            message,
        );
        let path = self.pass.pointer_to("name");
        self.pass.report_mistake(
            diagnostic
                .with_path(path)
                .with_related(tree.origin(key), "the key says this")
                .with_help(if is_given {
                    "remove the inner `name`: the key is the name, and `display_name` is for people"
                } else {
                    "remove the inner `name`: the key is the name"
                }),
        );
    }

    fn report_unknown(&mut self, entry: MapEntry, meant: Option<&'static str>) {
        let key = entry.key;
        let name = self.key_text(key);
        let mut help = None;
        // The search for a near name costs more than the diagnostic. Beyond the limit, nobody reads
        // it.
        if self.pass.has_room() {
            let absent = self
                .known
                .iter()
                .filter(|field| !self.fields.iter().any(|(taken, _)| taken == *field));
            let near = nearest_match(name, absent.copied());
            help = near.map(|near| format!("did you mean `{near}`?"));
            // The suggested field is probably what the user wanted to write, so it is not reported
            // as missing as well: one mistake, one message.
            self.suggested
                .extend(self.known.iter().filter(|field| Some(**field) == near));
        }
        // What is certainly meant is a fix, and says more than another field with the word.
        let elsewhere = || {
            let value = self.pass.tree.scalar(entry.value).map(|scalar| scalar.text);
            reserved_names::help_of_unknown_field(self.name, name, value)
        };
        let elsewhere = meant.is_none().then(elsewhere).flatten();
        let help = elsewhere.or(help).or_else(|| self.known_fields_help());
        let diagnostic = Diagnostic::error(
            "production::document::unknown_field",
            self.pass.tree.origin(key),
            format!("unknown field {}", quote_value(name)),
        );
        let path = self.pass.pointer_to(name);
        let diagnostic = diagnostic
            .with_label("not a field here")
            .with_optional_help(help)
            .with_path(path);
        let place = self.pass.tree.origin(key);
        self.pass.report_mistake(match meant {
            Some(field) => diagnostic.with_fix(place, field),
            None => diagnostic,
        });
    }

    fn known_fields_help(&self) -> Option<String> {
        // A longer list would bury the message. Editors complete from the schema.
        let few = !self.known.is_empty() && self.known.len() <= 18;
        few.then(|| format!("known: {}", self.known.join(", ")))
    }

    fn report_duplicate(&mut self, key: NodeId) {
        let name = self.key_text(key);
        let message = format!(
            "{} is given a second time under another name",
            quote_value(name)
        );
        let diagnostic = Diagnostic::error(
            "production::document::duplicate_field",
            self.pass.tree.origin(key),
            message,
        );
        let path = self.pass.pointer_to(name);
        self.pass
            .report_mistake(diagnostic.with_path(path).with_help("keep one of them"));
    }

    /// Reports the missing fields that earlier passes learned to be required. Placeholders take
    /// their place.
    fn fill_missing(mut self, id: StructId) -> Vec<(&'static str, FieldSource)> {
        let map = self.pass.tree.resolve_alias(self.slot.node);
        // In the order in which they were learned, which is the order in the struct.
        for field in self.pass.hints.required_fields(id).to_vec() {
            let given = self.fields.iter().any(|(taken, _)| *taken == field);
            if given || self.pass.hints.is_excused(map, field) {
                continue;
            }
            if !self.suggested.contains(&field) {
                self.report_missing(field);
            }
            self.fields.push((field, FieldSource::Missing));
        }
        self.fields
    }

    fn report_missing(&mut self, field: &str) {
        let origin = missing_origin(self.pass, self.slot);
        let message = format!("missing field `{field}`");
        let diagnostic = Diagnostic::error("production::document::missing_field", origin, message);
        let path = self.pass.pointer_to(field);
        self.pass.report_mistake(
            diagnostic
                .with_label(format!("`{field}` is required here"))
                .with_help(format!("add `{field}: …`"))
                .with_path(path),
        );
    }

    fn key_text(&self, key: NodeId) -> &'t str {
        self.pass.tree.scalar(key).map_or("", |scalar| scalar.text)
    }
}

/// Returns the place to point at for something absent from a map: the map's key, or its first line
/// if it has none.
fn missing_origin(pass: &DecodePass<'_>, slot: NodeSlot) -> FileSpan {
    // Behind an alias, the field is missing in the anchor's map and not at the key.
    match slot.key {
        Some(key) if !pass.tree.is_alias(slot.node) => pass.tree.origin(key),
        _ => pass.slot_origin(slot),
    }
}
