//! The deserializer without input: a placeholder of every type, given where a mistake was reported.
//!
//! Integers are one, not zero, so that types which exclude zero accept them. No code reads the
//! value of a placeholder.

use super::decode_error::DecodeError;
use super::decode_pass::DecodePass;
use super::enums::{SelectedVariant, VariantContent};
use crate::base::FileSpan;
use crate::document::reserved_names;
use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

pub(super) struct PlaceholderValue<'r, 't> {
    pub(super) pass: &'r mut DecodePass<'t>,
    pub(super) origin: FileSpan,
}

type PlaceholderResult<T> = Result<T, DecodeError>;

/// A fixed number of placeholders.
struct PlaceholderSeq<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    origin: FileSpan,
    remaining: usize,
}

impl<'de> SeqAccess<'de> for PlaceholderSeq<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> PlaceholderResult<Option<S::Value>> {
        if self.remaining == 0 {
            return Ok(None);
        }
        self.remaining -= 1;
        seed.deserialize(PlaceholderValue {
            pass: self.pass,
            origin: self.origin,
        })
        .map(Some)
    }
}

/// The required fields of a struct, each a placeholder.
struct PlaceholderFields<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    origin: FileSpan,
    fields: std::vec::IntoIter<&'static str>,
}

impl<'de> MapAccess<'de> for PlaceholderFields<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> PlaceholderResult<Option<S::Value>> {
        let Some(field) = self.fields.next() else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> PlaceholderResult<S::Value> {
        seed.deserialize(PlaceholderValue {
            pass: self.pass,
            origin: self.origin,
        })
    }
}

/// The five parts of a spanned placeholder in the order of `base::spanned_de`.
struct SpannedPlaceholder<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    origin: FileSpan,
    next: usize,
}

impl<'de> SeqAccess<'de> for SpannedPlaceholder<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> PlaceholderResult<Option<S::Value>> {
        self.next += 1;
        match self.next {
            1 => seed.deserialize(PlaceholderValue {
                pass: self.pass,
                origin: self.origin,
            }),
            // This flag is how all later stages know that the value was not written.
            2 => seed.deserialize(true.into_deserializer()),
            3 => seed.deserialize(self.origin.file.0.into_deserializer()),
            4 => seed.deserialize(self.origin.start.into_deserializer()),
            5 => seed.deserialize(self.origin.end.into_deserializer()),
            _ => return Ok(None),
        }
        .map(Some)
    }
}

macro_rules! ones {
    ($($method:ident $visit:ident $value:expr),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for PlaceholderValue<'_, '_> {
    type Error = DecodeError;

    ones! {
        deserialize_bool visit_bool false, deserialize_char visit_char ' ',
        deserialize_i8 visit_i8 1, deserialize_i16 visit_i16 1, deserialize_i32 visit_i32 1, deserialize_i64 visit_i64 1,
        deserialize_u8 visit_u8 1, deserialize_u16 visit_u16 1, deserialize_u32 visit_u32 1, deserialize_u64 visit_u64 1,
        deserialize_f32 visit_f32 1.0, deserialize_f64 visit_f64 1.0,
        deserialize_str visit_str "", deserialize_string visit_str "", deserialize_identifier visit_str "",
        deserialize_bytes visit_str "", deserialize_byte_buf visit_str ""
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
        // An absent option has no content that later stages could mistake for the user's.
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> PlaceholderResult<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> PlaceholderResult<V::Value> {
        match name {
            reserved_names::SPANNED_NEWTYPE => visitor.visit_seq(SpannedPlaceholder {
                pass: self.pass,
                origin: self.origin,
                next: 0,
            }),
            reserved_names::ONE_OR_MANY | reserved_names::NAMED_LIST => {
                self.deserialize_seq(visitor)
            }
            reserved_names::WRITTEN => visitor.visit_unit(),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
        // An empty list has no entries that could be reported.
        self.deserialize_tuple(0, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> PlaceholderResult<V::Value> {
        visitor.visit_seq(PlaceholderSeq {
            pass: self.pass,
            origin: self.origin,
            remaining: len,
        })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> PlaceholderResult<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> PlaceholderResult<V::Value> {
        visitor.visit_map(MapDeserializer::new(std::iter::empty::<(&str, &str)>()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> PlaceholderResult<V::Value> {
        let id = (name, fields.as_ptr() as usize);
        // The fields are not known beforehand: the first pass fails here with `MissingField`, and
        // the next one supplies them.
        let required = self.pass.hints.required_fields(id).to_vec().into_iter();
        let access = PlaceholderFields {
            pass: &mut *self.pass,
            origin: self.origin,
            fields: required,
        };
        // No map is named, because a placeholder has none whose fields could be excused.
        visitor
            .visit_map(access)
            .map_err(|error| self.pass.hints.learn_from(id, None, error))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> PlaceholderResult<V::Value> {
        // The first variant is as good as any other: its `Spanned` is marked, so no rule reads it.
        let variant = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(SelectedVariant {
            pass: self.pass,
            variant,
            content: VariantContent::Placeholder(self.origin),
        })
    }
}
