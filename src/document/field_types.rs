//! Field types for what people write: scalars as written, one or many, lists or maps by name, ordered maps.
//!
//! Each is decoded by hand, because an untagged enum would lose places and recovery, and shows every accepted form
//! in the JSON Schema. They keep text and places; what the text means is decided later.

use super::reserved_names;
use crate::base::{FileSpan, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// Text, a number or a boolean, as written: `1.10` stays `1.10`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawScalar(pub Spanned<String>);

impl Deref for RawScalar {
    type Target = Spanned<String>;

    fn deref(&self) -> &Spanned<String> {
        &self.0
    }
}

/// A map in the order written, each key with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderedMap<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Default for OrderedMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> OrderedMap<T> {
    /// Returns the value under this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(entry_key, _)| entry_key.value == key)
            .map(|(_, value)| value)
    }

    /// Returns the keys and values in the order written.
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
    /// `T` is a derived struct with a field `name`; in a map the key is decoded as that field, with the key's place.
    /// Keys of the map that begin with `x-` are left out.
    NamedList
}

/// One scalar, or a list of scalars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScalarOrList {
    /// Written as one.
    One(RawScalar),
    /// Written as a list; the place is the list's.
    List(Spanned<Vec<RawScalar>>),
}

/// Any value, with the place of each part, for fields whose form is decided later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UntypedValue {
    /// Nothing, or a mistake that was already reported.
    #[default]
    Nothing,
    /// Text, a number or a boolean.
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
        let written: Spanned<OneOrMany<RawScalar>> = Deserialize::deserialize(deserializer)?;
        Ok(Self::from(written))
    }
}

impl From<Spanned<OneOrMany<RawScalar>>> for ScalarOrList {
    /// A single scalar has the place of the whole; a list is wider than, or apart from, each entry.
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
        // One schema for both forms, so that a mistake in an entry is shown there and not at the whole.
        json_schema!({
            "type": ["array", "object"],
            "items": item,
            "patternProperties": { "^x-": true },
            "additionalProperties": { "anyOf": [named_by_key::<T>(generator), { "type": "null" }] },
        })
    }
}

/// Returns the schema of an entry whose name is the key above it.
fn named_by_key<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
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
