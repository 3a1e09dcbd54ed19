//! The deserializer of nothing: a stand-in of every type, fed where a mistake was reported.
//!
//! Integers are one, not zero, so that types which exclude zero accept them; nobody looks at the value of a hole.

use super::enums::{Chosen, Content};
use super::refusal::Refusal;
use super::run::Run;
use crate::base::FileSpan;
use crate::document::names;
use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

pub(super) struct Hole<'r, 't> {
    pub(super) run: &'r mut Run<'t>,
    pub(super) origin: FileSpan,
}

type Outcome<T> = Result<T, Refusal>;

/// A fixed number of holes.
struct Holes<'r, 't> {
    run: &'r mut Run<'t>,
    origin: FileSpan,
    left: usize,
}

impl<'de> SeqAccess<'de> for Holes<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Outcome<Option<S::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(Hole {
            run: self.run,
            origin: self.origin,
        })
        .map(Some)
    }
}

/// The required fields of a struct, each a hole.
struct HoleFields<'r, 't> {
    run: &'r mut Run<'t>,
    origin: FileSpan,
    fields: std::vec::IntoIter<&'static str>,
}

impl<'de> MapAccess<'de> for HoleFields<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Outcome<Option<S::Value>> {
        let Some(field) = self.fields.next() else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Outcome<S::Value> {
        seed.deserialize(Hole {
            run: self.run,
            origin: self.origin,
        })
    }
}

/// The five parts of a spanned hole, see `base::spanned_de`.
struct SpannedHole<'r, 't> {
    run: &'r mut Run<'t>,
    origin: FileSpan,
    next: usize,
}

impl<'de> SeqAccess<'de> for SpannedHole<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Outcome<Option<S::Value>> {
        self.next += 1;
        match self.next {
            1 => seed.deserialize(Hole {
                run: self.run,
                origin: self.origin,
            }),
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
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Hole<'_, '_> {
    type Error = Refusal;

    ones! {
        deserialize_bool visit_bool false, deserialize_char visit_char ' ',
        deserialize_i8 visit_i8 1, deserialize_i16 visit_i16 1, deserialize_i32 visit_i32 1, deserialize_i64 visit_i64 1,
        deserialize_u8 visit_u8 1, deserialize_u16 visit_u16 1, deserialize_u32 visit_u32 1, deserialize_u64 visit_u64 1,
        deserialize_f32 visit_f32 1.0, deserialize_f64 visit_f64 1.0,
        deserialize_str visit_str "", deserialize_string visit_str "", deserialize_identifier visit_str "",
        deserialize_bytes visit_str "", deserialize_byte_buf visit_str ""
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        match name {
            names::SPANNED_NEWTYPE => visitor.visit_seq(SpannedHole {
                run: self.run,
                origin: self.origin,
                next: 0,
            }),
            names::ONE_OR_MANY | names::NAMED_LIST => self.deserialize_seq(visitor),
            names::WRITTEN => visitor.visit_unit(),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_tuple(0, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Outcome<V::Value> {
        visitor.visit_seq(Holes {
            run: self.run,
            origin: self.origin,
            left: len,
        })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_map(MapDeserializer::new(std::iter::empty::<(&str, &str)>()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        let id = (name, fields.as_ptr() as usize);
        let required = self.run.lessons.required(id).to_vec().into_iter();
        let access = HoleFields {
            run: &mut *self.run,
            origin: self.origin,
            fields: required,
        };
        visitor
            .visit_map(access)
            .map_err(|refusal| self.run.lessons.learn(id, None, refusal))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        let variant = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(Chosen {
            run: self.run,
            variant,
            content: Content::Hole(self.origin),
        })
    }
}
