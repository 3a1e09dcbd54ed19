//! How [`Spanned`] is decoded and described: as a newtype with a reserved name.
//!
//! serde has no channel for places. A decoder that has them (`document::de`) recognises the name
//! [`SPANNED_NEWTYPE`] and returns a sequence of five parts: the value, whether it is a
//! placeholder, the file, the first byte, and the byte after the last. Any other decoder sees a
//! plain newtype, and the value has an empty origin. JSON Schema and serialisation use the value
//! alone. Knows nothing of YAML.

use super::span::{FileId, FileSpan, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// The reserved newtype name that asks a decoder for the place of a value.
pub const SPANNED_NEWTYPE: &str = "$production::spanned";

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        Ok(Spanned::new(
            T::deserialize(deserializer)?,
            FileSpan::default(),
        ))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        // The value must be first: only after it does the decoder know whether a mistake was met in
        // it.
        let value = next_part(&mut parts)?;
        let is_placeholder = next_part(&mut parts)?;
        let file = FileId(next_part(&mut parts)?);
        let origin = FileSpan::new(file, next_part(&mut parts)?, next_part(&mut parts)?);
        Ok(Spanned {
            value,
            origin,
            is_placeholder,
        })
    }
}

fn next_part<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(parts: &mut A) -> Result<T, A::Error> {
    // Not reachable with `document::de`. Another decoder that visits a sequence gets this error.
    parts
        .next_element()?
        .ok_or_else(|| A::Error::custom("a spanned value has five parts"))
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SPANNED_NEWTYPE, SpannedVisitor(PhantomData))
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        // A place is no part of the document's format, so schemas must not change with `Spanned`.
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_without_places_gives_an_empty_origin() {
        let spanned: Spanned<u32> = serde_json::from_str("24").unwrap();
        assert_eq!(spanned, Spanned::new(24, FileSpan::default()));
    }

    #[test]
    fn the_schema_of_a_spanned_value_is_the_schema_of_the_value() {
        let spanned = schemars::schema_for!(Spanned<Vec<u8>>);
        assert_eq!(spanned, schemars::schema_for!(Vec<u8>));
    }
}
