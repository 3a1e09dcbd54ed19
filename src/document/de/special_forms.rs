//! The forms that derived code cannot express: reserved newtypes, tuples of a fixed length, enums
//! by name or by key.

use super::access::{MapEntries, SequenceItems, SpannedParts};
use super::enums::{SelectedVariant, VariantContent};
use super::node_deserializer::{DecodeResult, NodeDeserializer, NodeSlot};
use super::placeholder_value::PlaceholderValue;
use crate::base::Diagnostic;
use crate::base::suggestions::{certain_match, nearest_match};
use crate::document::quote::quote_value;
use crate::document::reserved_names;
use crate::document::span_tree::{NodeId, ValueShape};
use serde::de::{Deserializer, Visitor};

impl<'r, 't> NodeDeserializer<'r, 't> {
    pub(super) fn visit_newtype<'de, V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> DecodeResult<V::Value> {
        // The name of a newtype is the only text that serde passes from a type to a decoder.
        // Reserved names use it to request a form of their own.
        match name {
            reserved_names::SPANNED_NEWTYPE => {
                visitor.visit_seq(SpannedParts::new(self.pass, self.slot))
            }
            reserved_names::SCALAR => self.text_of_scalar(visitor),
            reserved_names::ONE_OR_MANY => self.one_or_many(visitor),
            reserved_names::NAMED_LIST => self.named_list(visitor),
            reserved_names::WRITTEN => self.visit_untyped(visitor),
            reserved_names::TEXT_OR => self.text_or(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn text_of_scalar<'de, V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.node_shape() {
            ValueShape::Scalar => visitor.visit_newtype_struct(self),
            // A placeholder goes through the newtype as well, because the type's visitor accepts
            // nothing else.
            _ => visitor.visit_newtype_struct(self.report_mismatch("text or a number", None)),
        }
    }

    fn one_or_many<'de, V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.node_shape() {
            ValueShape::List => self.deserialize_seq(visitor),
            ValueShape::Null => visitor.visit_seq(SequenceItems::new_empty(self.pass)),
            // A broken value becomes a list of one placeholder, so that the list counts as written.
            _ => visitor.visit_seq(SequenceItems::from_single(self.pass, self.slot)),
        }
    }

    fn named_list<'de, V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_seq(visitor);
        }
        match self.node_shape() {
            ValueShape::Map => visitor
                .visit_seq(MapEntries::from_map(self.pass, self.slot.node)?.without_free_keys()),
            ValueShape::List | ValueShape::Null => self.deserialize_seq(visitor),
            _ => self
                .report_mismatch("a list of entries with `name`, or a map by name", None)
                .deserialize_seq(visitor),
        }
    }

    fn text_or<'de, V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.node_shape() {
            // The two visitor methods are the answer: `visit_newtype_struct` for the text form and
            // `visit_some` for the map form. An untagged enum would buffer the value and lose its
            // places.
            ValueShape::Scalar => visitor.visit_newtype_struct(self),
            _ => visitor.visit_some(self),
        }
    }

    fn visit_untyped<'de, V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.node_shape() {
            // `Written` records the shape and the text alone; every shape is accepted, so nothing
            // is reported.
            ValueShape::Scalar => visitor.visit_newtype_struct(self),
            ValueShape::List => self.deserialize_seq(visitor),
            ValueShape::Map => self.deserialize_map(visitor),
            ValueShape::Null | ValueShape::Broken => visitor.visit_unit(),
        }
    }

    pub(super) fn visit_fixed_tuple<'de, V: Visitor<'de>>(
        mut self,
        len: usize,
        visitor: V,
    ) -> DecodeResult<V::Value> {
        let tree = self.pass.tree;
        let items = tree.items(self.slot.node);
        let expected = format!("a list of {len} entries");
        let Some(items) = items else {
            return self
                .report_mismatch(&expected, None)
                .deserialize_tuple(len, visitor);
        };
        if items.len() != len {
            self.wrong_length(items, len);
        }
        // A list of the wrong length is still decoded, so that mistakes in its entries are reported
        // in the same run.
        visitor.visit_seq(SequenceItems::from_tuple(self.pass, self.slot, items, len))
    }

    fn wrong_length(&mut self, items: &[NodeId], len: usize) {
        let message = format!(
            "{} must have {len} entries, not {}",
            self.pass.subject_name(),
            items.len()
        );
        // The first entry too many is the place to delete. If entries are missing there is none, so
        // the whole list is marked.
        let extra = items.get(len).map(|item| self.pass.tree.origin(*item));
        let origin = extra.unwrap_or_else(|| self.pass.slot_origin(self.slot));
        let label = if extra.is_some() {
            "one too many"
        } else {
            "too short"
        };
        let diagnostic = Diagnostic::error("production::document::wrong_length", origin, message);
        self.pass.report_mistake(diagnostic.with_label(label));
    }

    pub(super) fn visit_variant<'de, V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> DecodeResult<V::Value> {
        let tree = self.pass.tree;
        let node = self.slot.node;
        let (named, content) = match self.node_shape() {
            ValueShape::Scalar => (node, None),
            // Exactly one pair: two keys would leave open which of them names the variant.
            _ => match tree
                .pairs(node)
                .and_then(|mut pairs| Some((pairs.next()?, pairs.next().is_none())))
            {
                Some(((key, value), true)) => (key, Some(NodeSlot::under_key(key, value))),
                _ => {
                    return self
                        .report_mismatch(&variant_list(variants), None)
                        .deserialize_enum("", variants, visitor);
                }
            },
        };
        let Some(text) = tree.scalar(named).map(|scalar| scalar.text) else {
            return self
                .report_mismatch(&variant_list(variants), None)
                .deserialize_enum("", variants, visitor);
        };
        match variants.iter().find(|variant| **variant == text) {
            Some(variant) => {
                let content = content.map_or(VariantContent::NameOnly(named), |slot| {
                    VariantContent::Keyed(named, slot)
                });
                visitor.visit_enum(SelectedVariant {
                    pass: self.pass,
                    variant,
                    content,
                })
            }
            None => self
                .unknown_variant(name, named, text, variants)
                .deserialize_enum("", variants, visitor),
        }
    }

    fn unknown_variant(
        self,
        name: &'static str,
        named: NodeId,
        text: &str,
        variants: &'static [&'static str],
    ) -> PlaceholderValue<'r, 't> {
        let message = format!(
            "{} cannot be {}",
            self.pass.subject_name(),
            quote_value(text)
        );
        let origin = self.pass.tree.origin(self.pass.tree.resolve_alias(named));
        let elsewhere = reserved_names::help_of_other_field(name, text);
        let certain = certain_match(text, variants.iter().copied());
        let certain = certain.filter(|_| elsewhere.is_none());
        // A suggestion is enough for a help; `--fix` edits the file, so it needs a certain match.
        let near = || {
            let near = nearest_match(text, variants.iter().copied());
            near.map(|near| format!("did you mean `{near}`?"))
        };
        let help = elsewhere.or_else(near).unwrap_or_else(|| {
            let hint = reserved_names::hint_beside_variants(name);
            format!("write {}{hint}", variant_list(variants))
        });
        let diagnostic =
            Diagnostic::error("production::document::unknown_variant", origin, message);
        let diagnostic = diagnostic.with_label("not known here").with_help(help);
        self.pass.report_mistake(match certain {
            Some(variant) => diagnostic.with_fix(origin, variant),
            None => diagnostic,
        });
        self.placeholder()
    }
}

fn variant_list(variants: &[&str]) -> String {
    let named: Vec<String> = variants
        .iter()
        .map(|variant| format!("`{variant}`"))
        .collect();
    match named.as_slice() {
        [only] => only.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}
