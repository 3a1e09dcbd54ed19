//! A field that is a name in the simple case, and an entry with fields or a list in the full one.

use super::field_types::RawScalar;
use super::reserved_names;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Text, or a `T` that is written as a map or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOr<T> {
    /// Written as text.
    Text(RawScalar),
    /// Written in full.
    Full(T),
}

struct TextOrVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An untagged enum would decode both forms from a buffer, where places are lost. The
        // reserved name lets the decoder choose the visitor method by the shape of the node.
        deserializer.deserialize_newtype_struct(reserved_names::TEXT_OR, TextOrVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for TextOrVisitor<T> {
    type Value = TextOr<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, or an entry with fields")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<TextOr<T>, D::Error> {
        RawScalar::deserialize(deserializer).map(TextOr::Text)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<TextOr<T>, D::Error> {
        T::deserialize(deserializer).map(TextOr::Full)
    }
}

impl<T: JsonSchema> JsonSchema for TextOr<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("TextOr_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let full = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "string" }, full] })
    }
}
