//! Types of fields that users may write in several forms: scalars as written, one or many, lists or
//! maps by name, ordered maps.
//!
//! Each is decoded by hand, because an untagged enum would lose places and recovery. Each lists its
//! accepted forms in the JSON Schema. The types store text and places; later stages decide what the
//! text means.

use super::reserved_names;
use crate::base::{FileSpan, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// Text, a number or a boolean as it was written: `1.10` is not `1.1`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawScalar(pub Spanned<String>);

impl Deref for RawScalar {
    type Target = Spanned<String>;

    fn deref(&self) -> &Spanned<String> {
        &self.0
    }
}

/// A map in the order in which it was written. Each key has its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderedMap<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Default for OrderedMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> OrderedMap<T> {
    /// Returns the value of this key. Keys are unique, so there is at most one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(entry_key, _)| entry_key.value == key)
            .map(|(_, value)| value)
    }

    /// Returns keys and values in the order in which they were written.
    pub fn iter(&self) -> std::slice::Iter<'_, (Spanned<String>, T)> {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a OrderedMap<T> {
    type Item = &'a (Spanned<String>, T);
    type IntoIter = std::slice::Iter<'a, (Spanned<String>, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> IntoIterator for OrderedMap<T> {
    type Item = (Spanned<String>, T);
    type IntoIter = std::vec::IntoIter<(Spanned<String>, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

macro_rules! list {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name<T>(pub Vec<T>);

        impl<T> Default for $name<T> {
            fn default() -> Self {
                Self(Vec::new())
            }
        }

        impl<T> Deref for $name<T> {
            type Target = [T];

            fn deref(&self) -> &[T] {
                &self.0
            }
        }

        impl<T> IntoIterator for $name<T> {
            type Item = T;
            type IntoIter = std::vec::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $name<T> {
            type Item = &'a T;
            type IntoIter = std::slice::Iter<'a, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
    };
}

list! {
    /// One value, or a list of them.
    OneOrMany
}

list! {
    /// A list of entries with `name`, or a map whose keys are the names.
    ///
    /// `T` is a derived struct with a field `name`. In a map, the key is decoded as that field and
    /// has the key's place. Keys of the map that begin with `x-` are not entries.
    NamedList
}

/// One scalar, or a list of scalars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScalarOrList {
    /// Written as a single scalar.
    One(RawScalar),
    /// Written as a list, whose place is that of the whole list.
    List(Spanned<Vec<RawScalar>>),
}

/// Any value, with the place of each part, for fields whose form is decided later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UntypedValue {
    /// No value, or a mistake that was reported already.
    #[default]
    Nothing,
    /// Text, a number or a boolean, as written.
    Scalar(RawScalar),
    /// A list.
    List(Vec<Spanned<Self>>),
    /// A map.
    Map(OrderedMap<Spanned<Self>>),
}

/// Visits a value of type `T` by its shape.
struct ShapeVisitor<T>(PhantomData<T>);

impl<'de> Deserialize<'de> for RawScalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_newtype_struct(reserved_names::SCALAR, ShapeVisitor::<Self>(PhantomData))
    }
}

impl<'de> Visitor<'de> for ShapeVisitor<RawScalar> {
    type Value = RawScalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<RawScalar, D::Error> {
        Spanned::deserialize(deserializer).map(RawScalar)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrderedMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ShapeVisitor::<Self>(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ShapeVisitor<OrderedMap<T>> {
    type Value = OrderedMap<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OrderedMap<T>, A::Error> {
        let mut entries = Vec::new();
        // Keys are unique: the tree reported duplicates, and merging drops overridden keys.
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(OrderedMap(entries))
    }
}

macro_rules! decode_list {
    ($name:ident, $reserved:expr, $expected:literal) => {
        impl<'de, T: Deserialize<'de>> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer
                    .deserialize_newtype_struct($reserved, ShapeVisitor::<Self>(PhantomData))
            }
        }

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ShapeVisitor<$name<T>> {
            type Value = $name<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expected)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<$name<T>, A::Error> {
                collect_seq(list).map($name)
            }
        }
    };
}

decode_list!(OneOrMany, reserved_names::ONE_OR_MANY, "a value or a list");
decode_list!(
    NamedList,
    reserved_names::NAMED_LIST,
    "a list of entries with `name`, or a map by name"
);

fn collect_seq<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    mut list: A,
) -> Result<Vec<T>, A::Error> {
    let mut items = Vec::new();
    while let Some(item) = list.next_element()? {
        items.push(item);
    }
    Ok(items)
}

impl<'de> Deserialize<'de> for UntypedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_newtype_struct(reserved_names::WRITTEN, ShapeVisitor::<Self>(PhantomData))
    }
}

impl<'de> Visitor<'de> for ShapeVisitor<UntypedValue> {
    type Value = UntypedValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<UntypedValue, E> {
        Ok(UntypedValue::Nothing)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<UntypedValue, D::Error> {
        RawScalar::deserialize(deserializer).map(UntypedValue::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<UntypedValue, A::Error> {
        collect_seq(list).map(UntypedValue::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<UntypedValue, A::Error> {
        ShapeVisitor::<OrderedMap<Spanned<UntypedValue>>>(PhantomData)
            .visit_map(map)
            .map(UntypedValue::Map)
    }
}

impl<'de> Deserialize<'de> for ScalarOrList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `OneOrMany` decodes both forms and places. The place of the whole decides below which one
        // it was.
        let written: Spanned<OneOrMany<RawScalar>> = Deserialize::deserialize(deserializer)?;
        Ok(Self::from(written))
    }
}

impl From<Spanned<OneOrMany<RawScalar>>> for ScalarOrList {
    /// Distinguishes the forms by place: a single scalar has the place of the whole, and an entry
    /// of a list never has.
    fn from(written: Spanned<OneOrMany<RawScalar>>) -> Self {
        let origin: FileSpan = written.origin;
        match written.value.0.as_slice() {
            [only] if only.origin == origin => Self::One(only.clone()),
            _ => Self::List(written.map(|list| list.0)),
        }
    }
}

impl JsonSchema for RawScalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

impl JsonSchema for ScalarOrList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ScalarOrList".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        OneOrMany::<RawScalar>::json_schema(generator)
    }
}

impl JsonSchema for UntypedValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Written".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let single = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [single, { "type": "array", "items": single }] })
    }
}

impl<T: JsonSchema> JsonSchema for OrderedMap<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Map_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}

impl<T: JsonSchema> JsonSchema for NamedList<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("NamedList_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        // `anyOf` of a list and a map would report a mistake in an entry at the whole field. With
        // one schema for both, editors show it at the entry.
        json_schema!({
            "type": ["array", "object"],
            "items": item,
            "patternProperties": { "^x-": true },
            "additionalProperties": { "anyOf": [named_by_key::<T>(generator), { "type": "null" }] },
        })
    }
}

/// Returns the schema of an entry whose name is its key in the map.
fn named_by_key<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    // A schema of its own, not a reference: the entry differs from the list form in `required`.
    let mut entry = T::json_schema(generator);
    let Some(required) = entry
        .get_mut("required")
        .and_then(|required| required.as_array_mut())
    else {
        return generator.subschema_for::<T>();
    };
    required.retain(|field| field != "name");
    entry
}
