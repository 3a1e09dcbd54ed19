//! Enums: a variant by its name alone, or as a map of one key with the variant's content under it.

use super::hole::Hole;
use super::refusal::Refusal;
use super::run::{Run, Segment};
use super::structs::Fields;
use super::value::Slot;
use crate::base::{Diagnostic, FileSpan};
use crate::document::tree::{NodeId, Shape};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

/// What stands beside the variant's name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// Nothing: the name, at this node, stands alone.
    None(NodeId),
    /// This value, under the name as its key.
    Under(NodeId, Slot),
    /// Nothing can be known; the mistake was reported.
    Hole(FileSpan),
}

/// A variant and its content.
pub(super) struct Chosen<'r, 't> {
    pub(super) run: &'r mut Run<'t>,
    pub(super) variant: &'static str,
    pub(super) content: Content,
}

impl<'de, 'r, 't> EnumAccess<'de> for Chosen<'r, 't> {
    type Error = Refusal;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refusal> {
        let variant = seed.deserialize(StrDeserializer::new(self.variant))?;
        Ok((variant, self))
    }
}

impl Chosen<'_, '_> {
    fn report_content(&mut self, slot: Slot) {
        let message = format!("`{}` takes no value", self.variant);
        let found = Diagnostic::error(
            "production::document::wrong_type",
            self.run.place(slot),
            message,
        );
        self.run
            .report(found.with_help(format!("write `{}` alone", self.variant)));
    }
}

/// A variant with content, named alone: enough for a struct that requires nothing.
struct Bare<'r, 't> {
    run: &'r mut Run<'t>,
    variant: &'static str,
    name: NodeId,
}

impl<'de> Deserializer<'de> for Bare<'_, '_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Refusal> {
        Err(Refusal::Custom(format!(
            "`{0}` needs a value, as in `{0}: …`",
            self.variant
        )))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        Fields::visit(self.run, Slot::of(self.name), (name, fields), visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, '_> {
    type Error = Refusal;

    fn unit_variant(mut self) -> Result<(), Refusal> {
        match self.content {
            Content::Under(_, slot) if self.run.tree.shape(slot.node) != Shape::Null => {
                self.report_content(slot);
            }
            _ => {}
        }
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refusal> {
        match self.content {
            Content::None(name) => seed.deserialize(Bare {
                run: self.run,
                variant: self.variant,
                name,
            }),
            Content::Under(key, slot) => self.run.descend(Segment::Key(key), slot, None, seed),
            Content::Hole(origin) => seed.deserialize(Hole {
                run: self.run,
                origin,
            }),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.newtype_variant_seed(Tuple { len, visitor })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let variant = self.variant;
        self.newtype_variant_seed(Struct {
            name: variant,
            fields,
            visitor,
        })
    }
}

struct Tuple<V> {
    len: usize,
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Tuple<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_tuple(self.len, self.visitor)
    }
}

struct Struct<V> {
    name: &'static str,
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Struct<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_struct(self.name, self.fields, self.visitor)
    }
}
