//! What derived code cannot say by itself: reserved newtypes, tuples of a fixed length, enums by name or by key.

use super::access::{Entries, Items, SpannedParts};
use super::enums::{Chosen, Content};
use super::hole::Hole;
use super::value::{Outcome, Slot, Value};
use crate::base::Diagnostic;
use crate::document::names;
use crate::document::quote::quoted;
use crate::document::tree::{NodeId, Shape};
use serde::de::{Deserializer, Visitor};

impl<'r, 't> Value<'r, 't> {
    pub(super) fn newtype<'de, V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        match name {
            names::SPANNED_NEWTYPE => visitor.visit_seq(SpannedParts::new(self.run, self.slot)),
            names::SCALAR => self.text_of_scalar(visitor),
            names::ONE_OR_MANY => self.one_or_many(visitor),
            names::NAMED_LIST => self.named_list(visitor),
            names::WRITTEN => self.written(visitor),
            names::TEXT_OR => self.text_or(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn text_of_scalar<'de, V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.shape() {
            Shape::Scalar => visitor.visit_newtype_struct(self),
            _ => visitor.visit_newtype_struct(self.mismatch("text or a number", None)),
        }
    }

    fn one_or_many<'de, V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.shape() {
            Shape::List => self.deserialize_seq(visitor),
            Shape::Null => visitor.visit_seq(Items::none(self.run)),
            _ => visitor.visit_seq(Items::single(self.run, self.slot)),
        }
    }

    fn named_list<'de, V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_seq(visitor);
        }
        match self.shape() {
            Shape::Map => {
                visitor.visit_seq(Entries::of(self.run, self.slot.node)?.without_free_keys())
            }
            Shape::List | Shape::Null => self.deserialize_seq(visitor),
            _ => self
                .mismatch("a list of entries with `name`, or a map by name", None)
                .deserialize_seq(visitor),
        }
    }

    fn text_or<'de, V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.shape() {
            Shape::Scalar => visitor.visit_newtype_struct(self),
            _ => visitor.visit_some(self),
        }
    }

    fn written<'de, V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.shape() {
            Shape::Scalar => visitor.visit_newtype_struct(self),
            Shape::List => self.deserialize_seq(visitor),
            Shape::Map => self.deserialize_map(visitor),
            Shape::Null | Shape::Broken => visitor.visit_unit(),
        }
    }

    pub(super) fn tuple<'de, V: Visitor<'de>>(
        mut self,
        len: usize,
        visitor: V,
    ) -> Outcome<V::Value> {
        let tree = self.run.tree;
        let items = tree.items(self.slot.node);
        let expected = format!("a list of {len} entries");
        let Some(items) = items else {
            return self
                .mismatch(&expected, None)
                .deserialize_tuple(len, visitor);
        };
        if items.len() != len {
            self.wrong_length(items, len);
        }
        visitor.visit_seq(Items::tuple(self.run, self.slot, items, len))
    }

    fn wrong_length(&mut self, items: &[NodeId], len: usize) {
        let message = format!(
            "{} must have {len} entries, not {}",
            self.run.subject(),
            items.len()
        );
        let extra = items.get(len).map(|item| self.run.tree.origin(*item));
        let origin = extra.unwrap_or_else(|| self.run.place(self.slot));
        let label = if extra.is_some() {
            "one too many"
        } else {
            "too short"
        };
        let found = Diagnostic::error("production::document::wrong_length", origin, message);
        self.run.report(found.with_label(label));
    }

    pub(super) fn variant<'de, V: Visitor<'de>>(
        self,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        let tree = self.run.tree;
        let node = self.slot.node;
        let (named, content) = match self.shape() {
            Shape::Scalar => (node, None),
            _ => match tree
                .pairs(node)
                .and_then(|mut pairs| Some((pairs.next()?, pairs.next().is_none())))
            {
                Some(((key, value), true)) => (key, Some(Slot::under(key, value))),
                _ => {
                    return self
                        .mismatch(&one_of(variants), None)
                        .deserialize_enum("", variants, visitor);
                }
            },
        };
        let Some(text) = tree.scalar(named).map(|scalar| scalar.text) else {
            return self
                .mismatch(&one_of(variants), None)
                .deserialize_enum("", variants, visitor);
        };
        match variants.iter().find(|variant| **variant == text) {
            Some(variant) => {
                let content =
                    content.map_or(Content::None(named), |slot| Content::Under(named, slot));
                visitor.visit_enum(Chosen {
                    run: self.run,
                    variant,
                    content,
                })
            }
            None => self
                .unknown_variant(named, text, variants)
                .deserialize_enum("", variants, visitor),
        }
    }

    fn unknown_variant(
        self,
        named: NodeId,
        text: &str,
        variants: &'static [&'static str],
    ) -> Hole<'r, 't> {
        let message = format!("{} cannot be {}", self.run.subject(), quoted(text));
        let origin = self.run.tree.origin(self.run.tree.resolve(named));
        let help = crate::base::suggestions::nearest_match(text, variants.iter().copied())
            .map_or_else(
                || format!("write {}", one_of(variants)),
                |near| format!("did you mean `{near}`?"),
            );
        let found = Diagnostic::error("production::document::unknown_variant", origin, message);
        let found = found.with_label("not known here").with_help(help);
        self.run.report(
            match crate::base::suggestions::certain_match(text, variants.iter().copied()) {
                Some(variant) => found.with_fix(origin, variant),
                None => found,
            },
        );
        self.hole()
    }
}

fn one_of(variants: &[&str]) -> String {
    let named: Vec<String> = variants
        .iter()
        .map(|variant| format!("`{variant}`"))
        .collect();
    match named.as_slice() {
        [only] => only.clone(),
        all => format!("one of {}", all.join(", ")),
    }
}
