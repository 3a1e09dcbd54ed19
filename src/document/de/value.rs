//! The deserializer of one node: what each type asks for, and what is said when the node is something else.

use super::access::{Entries, Items};
use super::hole::Hole;
use super::refusal::Refusal;
use super::run::Run;
use super::structs::Fields;
use crate::base::Diagnostic;
use crate::document::names;
use crate::document::quote::quoted;
use crate::document::tree::{NodeId, Scalar, Shape};
use serde::de::{Deserializer, Visitor};

/// A node in its place: the key it stands under, and the name it gets when a map of names holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) node: NodeId,
    pub(super) key: Option<NodeId>,
    pub(super) name: Option<NodeId>,
}

impl Slot {
    pub(super) fn of(node: NodeId) -> Self {
        Self {
            node,
            key: None,
            name: None,
        }
    }

    pub(super) fn under(key: NodeId, node: NodeId) -> Self {
        Self {
            node,
            key: Some(key),
            name: None,
        }
    }
}

pub(super) struct Value<'r, 't> {
    pub(super) run: &'r mut Run<'t>,
    pub(super) slot: Slot,
}

pub(super) type Outcome<T> = Result<T, Refusal>;

impl<'r, 't> Value<'r, 't> {
    pub(super) fn root(run: &'r mut Run<'t>, node: NodeId) -> Self {
        Self {
            run,
            slot: Slot::of(node),
        }
    }

    pub(super) fn shape(&self) -> Shape {
        self.run.tree.shape(self.slot.node)
    }

    pub(super) fn hole(self) -> Hole<'r, 't> {
        let origin = self.run.place(self.slot);
        Hole {
            run: self.run,
            origin,
        }
    }

    /// Records that something else was expected, and feeds a hole.
    pub(super) fn mismatch(self, expected: &str, help: Option<String>) -> Hole<'r, 't> {
        self.mismatch_meaning(expected, help, None)
    }

    /// Like [`Value::mismatch`], with the text that certainly was meant.
    fn mismatch_meaning(
        self,
        expected: &str,
        help: Option<String>,
        meant: Option<String>,
    ) -> Hole<'r, 't> {
        let shape = self.shape();
        if shape == Shape::Broken {
            self.run.mistakes += 1;
            return self.hole();
        }
        let message = format!("{} must be {expected}", self.run.subject());
        let label = format!("this is {}", self.description());
        let origin = self.run.place(self.slot);
        let found = Diagnostic::error("production::document::wrong_type", origin, message);
        let found = found.with_label(label).with_optional_help(help);
        self.run.report(match meant {
            Some(text) => found.with_fix(origin, text),
            None => found,
        });
        self.hole()
    }

    fn description(&self) -> String {
        match (self.shape(), self.run.tree.scalar(self.slot.node)) {
            (Shape::List, _) => "a list".to_owned(),
            (Shape::Map, _) => "a map".to_owned(),
            (Shape::Null, _) => "empty".to_owned(),
            (_, Some(scalar)) if !scalar.plain => "text".to_owned(),
            (_, Some(scalar)) => quoted(scalar.text),
            _ => "something else".to_owned(),
        }
    }

    /// Returns the scalar, unless the node is something else or null.
    fn scalar(&self) -> Option<Scalar<'t>> {
        let tree = self.run.tree;
        tree.scalar(self.slot.node)
            .filter(|scalar| !scalar.is_null())
    }

    fn number<N>(
        self,
        read: impl FnOnce(Scalar<'_>) -> Result<N, super::number::NotANumber>,
        expected: impl FnOnce() -> String,
    ) -> Result<N, Hole<'r, 't>> {
        if self.run.is_refused(self.slot.node) {
            return Err(self.hole());
        }
        let Some(scalar) = self.scalar() else {
            return Err(self.mismatch(&expected(), None));
        };
        match read(scalar) {
            Ok(number) => Ok(number),
            Err(wrong) if wrong.out_of_range => Err(self.out_of_range(&expected())),
            Err(wrong) => Err(self.mismatch_meaning(&expected(), wrong.help, wrong.meant)),
        }
    }

    /// Returns whether text may stand here for the struct: an entry of a list, or of a map by name.
    fn stands_for(&self, name: &str) -> bool {
        let entry = self.slot.key.is_none() || self.slot.name.is_some();
        entry && !names::fields_of_text(name).is_empty()
    }

    fn out_of_range(self, expected: &str) -> Hole<'r, 't> {
        let message = format!("{} must be {expected}", self.run.subject());
        let label = format!("this is {}", self.description());
        let found = Diagnostic::error(
            "production::document::out_of_range",
            self.run.place(self.slot),
            message,
        );
        self.run.report(found.with_label(label));
        self.hole()
    }
}

fn a_number() -> String {
    "a number".to_owned()
}

macro_rules! integers {
    ($($method:ident $visit:ident $int:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
            let range = i128::from(<$int>::MIN)..=i128::from(<$int>::MAX);
            let expected = || super::number::whole_number(&range);
            match self.number(|scalar| super::number::integer(scalar, &range), expected) {
                Ok(number) => match <$int>::try_from(number) {
                    Ok(number) => visitor.$visit(number),
                    Err(_) => Err(Refusal::Halt),
                },
                Err(hole) => hole.$method(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'_, '_> {
    type Error = Refusal;

    integers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    }

    /// Reads an open value by YAML's core schema. Derived structs never ask for it; see the module's schema rules.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_any(visitor);
        }
        match self.shape() {
            Shape::List => self.deserialize_seq(visitor),
            Shape::Map => self.deserialize_map(visitor),
            Shape::Null | Shape::Broken => visitor.visit_unit(),
            Shape::Scalar => match self.run.tree.scalar(self.slot.node) {
                Some(scalar) => super::number::open(scalar, visitor),
                None => visitor.visit_unit(),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_bool(visitor);
        }
        let scalar = self.scalar();
        match scalar
            .filter(|scalar| scalar.plain)
            .map(|scalar| scalar.text)
        {
            Some("true") => visitor.visit_bool(true),
            Some("false") => visitor.visit_bool(false),
            _ => {
                let help = scalar.and_then(super::number::boolean_help);
                let meant = scalar
                    .and_then(super::number::boolean_meant)
                    .map(str::to_owned);
                self.mismatch_meaning("`true` or `false`", help, meant)
                    .deserialize_bool(visitor)
            }
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.number(
            |scalar| super::number::float(scalar, f64::from(f32::MAX)),
            a_number,
        ) {
            Ok(number) => visitor.visit_f64(number),
            Err(hole) => hole.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.number(|scalar| super::number::float(scalar, f64::MAX), a_number) {
            Ok(number) => visitor.visit_f64(number),
            Err(hole) => hole.deserialize_f64(visitor),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_char(visitor);
        }
        let mut chars = self.scalar().map_or("", |scalar| scalar.text).chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => visitor.visit_char(only),
            _ => self
                .mismatch("one character", None)
                .deserialize_char(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_str(visitor);
        }
        match self.scalar() {
            Some(scalar) => visitor.visit_str(scalar.text),
            None => {
                let null = self
                    .run
                    .tree
                    .scalar(self.slot.node)
                    .filter(|scalar| !scalar.text.is_empty());
                let help =
                    null.map(|scalar| format!("for the text itself, write \"{}\"", scalar.text));
                self.mismatch("text", help).deserialize_str(visitor)
            }
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.shape() {
            Shape::Null => visitor.visit_none(),
            Shape::Broken => self.hole().deserialize_option(visitor),
            _ if self.run.is_refused(self.slot.node) => self.hole().deserialize_option(visitor),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.shape() {
            Shape::Null => visitor.visit_unit(),
            _ => self.mismatch("empty", None).deserialize_unit(visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.newtype(name, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_seq(visitor);
        }
        let tree = self.run.tree;
        match tree.items(self.slot.node) {
            Some(items) => visitor.visit_seq(Items::list(self.run, items)),
            None if self.shape() == Shape::Null => visitor.visit_seq(Items::none(self.run)),
            None => {
                let text = tree.scalar(self.slot.node).map(|scalar| scalar.text);
                let help = text.map(|text| {
                    format!(
                        "write [{}]",
                        text.escape_debug().take(40).collect::<String>()
                    )
                });
                self.mismatch("a list", help).deserialize_seq(visitor)
            }
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Outcome<V::Value> {
        self.tuple(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_map(visitor);
        }
        match self.shape() {
            Shape::Map => visitor.visit_map(Entries::of(self.run, self.slot.node)?),
            Shape::Null => visitor.visit_map(Entries::none(self.run)),
            _ => self.mismatch("a map", None).deserialize_map(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_struct(name, fields, visitor);
        }
        match self.shape() {
            Shape::Map | Shape::Null => Fields::visit(self.run, self.slot, (name, fields), visitor),
            Shape::Scalar if self.stands_for(name) => {
                let of_text = names::fields_of_text(name);
                Fields::visit_text(self.run, self.slot, (fields, of_text), visitor)
            }
            _ => {
                let few: Vec<String> = fields
                    .iter()
                    .take(12)
                    .map(|field| format!("`{field}`"))
                    .collect();
                let help = format!("its fields are {}", few.join(", "));
                self.mismatch("a map", Some(help))
                    .deserialize_struct(name, fields, visitor)
            }
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        if self.run.is_refused(self.slot.node) {
            return self.hole().deserialize_enum("", variants, visitor);
        }
        self.variant(variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_unit()
    }
}
