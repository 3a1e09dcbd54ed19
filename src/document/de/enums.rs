//! Enums: a variant by its name alone, or as a map of one key with the variant's content under it.

use super::decode_error::DecodeError;
use super::decode_pass::{DecodePass, PointerSegment};
use super::node_deserializer::NodeSlot;
use super::placeholder_value::PlaceholderValue;
use super::structs::StructFields;
use crate::base::{Diagnostic, FileSpan};
use crate::document::span_tree::{NodeId, ValueShape};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

/// What is written beside the variant's name.
#[derive(Debug, Clone, Copy)]
pub(super) enum VariantContent {
    /// The name alone, at this node.
    NameOnly(NodeId),
    /// This value, with the name as its key.
    Keyed(NodeId, NodeSlot),
    /// Unknown: the mistake was reported.
    Placeholder(FileSpan),
}

/// A variant and its content.
pub(super) struct SelectedVariant<'r, 't> {
    pub(super) pass: &'r mut DecodePass<'t>,
    pub(super) variant: &'static str,
    pub(super) content: VariantContent,
}

impl<'de, 'r, 't> EnumAccess<'de> for SelectedVariant<'r, 't> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self), DecodeError> {
        // serde's derive asks for a name. The variant was found in its own list before, so it
        // cannot fail.
        let variant = seed.deserialize(StrDeserializer::new(self.variant))?;
        Ok((variant, self))
    }
}

impl SelectedVariant<'_, '_> {
    fn report_content(&mut self, slot: NodeSlot) {
        let message = format!("`{}` takes no value", self.variant);
        let diagnostic = Diagnostic::error(
            "production::document::wrong_type",
            self.pass.slot_origin(slot),
            message,
        );
        self.pass
            .report_mistake(diagnostic.with_help(format!("write `{}` alone", self.variant)));
    }
}

/// A variant that has content, written as its name alone. A struct without required fields accepts
/// that.
struct BareVariant<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    variant: &'static str,
    name: NodeId,
}

impl<'de> Deserializer<'de> for BareVariant<'_, '_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, DecodeError> {
        // A type other than a struct or an option has no value that the name alone could mean.
        Err(DecodeError::Custom(format!(
            "`{0}` needs a value, as in `{0}: …`",
            self.variant
        )))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        // The name's node is a scalar, so the struct finds no keys. Every required field is
        // reported as missing at the name, which is where the user must add it.
        StructFields::visit_struct(self.pass, NodeSlot::new(self.name), name, fields, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de> VariantAccess<'de> for SelectedVariant<'_, '_> {
    type Error = DecodeError;

    fn unit_variant(mut self) -> Result<(), DecodeError> {
        match self.content {
            VariantContent::Keyed(_, slot)
                // `name:` with nothing after the colon means the same as `name`, and people write
                // it so.
                if self.pass.tree.shape(slot.node) != ValueShape::Null =>
            {
                self.report_content(slot);
            }
            _ => {}
        }
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<S::Value, DecodeError> {
        match self.content {
            VariantContent::NameOnly(name) => seed.deserialize(BareVariant {
                pass: self.pass,
                variant: self.variant,
                name,
            }),
            VariantContent::Keyed(key, slot) => {
                self.pass
                    .decode_child(PointerSegment::Key(key), slot, None, seed)
            }
            VariantContent::Placeholder(origin) => seed.deserialize(PlaceholderValue {
                pass: self.pass,
                origin,
            }),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        // serde hands over a visitor here, but `decode_child` takes a seed. The seed carries the
        // visitor through it, so that path, aliases and budget are treated as for every other
        // value.
        self.newtype_variant_seed(TupleSeed { len, visitor })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let variant = self.variant;
        self.newtype_variant_seed(StructSeed {
            name: variant,
            fields,
            visitor,
        })
    }
}

struct TupleSeed<V> {
    len: usize,
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for TupleSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_tuple(self.len, self.visitor)
    }
}

struct StructSeed<V> {
    name: &'static str,
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for StructSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_struct(self.name, self.fields, self.visitor)
    }
}
