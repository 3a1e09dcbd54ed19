//! The deserializer of one node: what each type accepts, and the diagnostic if the node is
//! something else.

use super::access::{MapEntries, SequenceItems};
use super::decode_error::DecodeError;
use super::decode_pass::DecodePass;
use super::placeholder_value::PlaceholderValue;
use super::structs::StructFields;
use crate::base::Diagnostic;
use crate::document::quote::quote_value;
use crate::document::reserved_names;
use crate::document::span_tree::{NodeId, ScalarRef, ValueShape};
use serde::de::{Deserializer, Visitor};

/// A node in its place: the key before it, and the name that it receives if a map of names holds
/// it.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeSlot {
    pub(super) node: NodeId,
    pub(super) key: Option<NodeId>,
    pub(super) name: Option<NodeId>,
}

impl NodeSlot {
    pub(super) fn new(node: NodeId) -> Self {
        Self {
            node,
            key: None,
            name: None,
        }
    }

    pub(super) fn under_key(key: NodeId, node: NodeId) -> Self {
        Self {
            node,
            key: Some(key),
            name: None,
        }
    }
}

pub(super) struct NodeDeserializer<'r, 't> {
    pub(super) pass: &'r mut DecodePass<'t>,
    pub(super) slot: NodeSlot,
}

pub(super) type DecodeResult<T> = Result<T, DecodeError>;

impl<'r, 't> NodeDeserializer<'r, 't> {
    pub(super) fn at_root(pass: &'r mut DecodePass<'t>, node: NodeId) -> Self {
        Self {
            pass,
            slot: NodeSlot::new(node),
        }
    }

    pub(super) fn node_shape(&self) -> ValueShape {
        self.pass.tree.shape(self.slot.node)
    }

    pub(super) fn placeholder(self) -> PlaceholderValue<'r, 't> {
        let origin = self.pass.slot_origin(self.slot);
        PlaceholderValue {
            pass: self.pass,
            origin,
        }
    }

    /// Records a mistake that names the expected type, and returns a placeholder.
    pub(super) fn report_mismatch(
        self,
        expected: &str,
        help: Option<String>,
    ) -> PlaceholderValue<'r, 't> {
        self.report_mismatch_with_fix(expected, help, None)
    }

    /// Like [`NodeDeserializer::report_mismatch`], with a fix: the text that was certainly meant.
    fn report_mismatch_with_fix(
        self,
        expected: &str,
        help: Option<String>,
        meant: Option<String>,
    ) -> PlaceholderValue<'r, 't> {
        let shape = self.node_shape();
        // The tree reported a broken node. It still counts as a mistake, so that the `Spanned`
        // around it is marked as a placeholder.
        if shape == ValueShape::Broken {
            self.pass.mistakes += 1;
            return self.placeholder();
        }
        let message = format!("{} must be {expected}", self.pass.subject_name());
        let label = format!("this is {}", self.value_description());
        let origin = self.pass.slot_origin(self.slot);
        let diagnostic = Diagnostic::error("production::document::wrong_type", origin, message);
        let diagnostic = diagnostic.with_label(label).with_optional_help(help);
        self.pass.report_mistake(match meant {
            Some(text) => diagnostic.with_fix(origin, text),
            None => diagnostic,
        });
        self.placeholder()
    }

    fn value_description(&self) -> String {
        match (self.node_shape(), self.pass.tree.scalar(self.slot.node)) {
            (ValueShape::List, _) => "a list".to_owned(),
            (ValueShape::Map, _) => "a map".to_owned(),
            (ValueShape::Null, _) => "empty".to_owned(),
            // Quoted text is described, not quoted: the label `this is 24` beside "24" would
            // confuse.
            (_, Some(scalar)) if !scalar.plain => "text".to_owned(),
            (_, Some(scalar)) => quote_value(scalar.text),
            _ => "something else".to_owned(),
        }
    }

    /// Returns the scalar, unless the node is something else or null.
    fn non_null_scalar(&self) -> Option<ScalarRef<'t>> {
        self.pass.tree.non_null_scalar(self.slot.node)
    }

    fn parse_number<N>(
        self,
        read: impl FnOnce(ScalarRef<'_>) -> Result<N, super::number::NotANumber>,
        expected: impl FnOnce() -> String,
    ) -> Result<N, PlaceholderValue<'r, 't>> {
        // A refused value is not parsed again: a second message about it would contradict the
        // first.
        if self.pass.is_refused(self.slot.node) {
            return Err(self.placeholder());
        }
        let Some(scalar) = self.non_null_scalar() else {
            return Err(self.report_mismatch(&expected(), None));
        };
        match read(scalar) {
            Ok(number) => Ok(number),
            // A code of its own: the type is right, and the advice differs from that for a wrong
            // type.
            Err(wrong) if wrong.out_of_range => Err(self.report_out_of_range(&expected())),
            Err(wrong) => Err(self.report_mismatch_with_fix(&expected(), wrong.help, wrong.meant)),
        }
    }

    /// Returns whether the struct may be written as text alone here: as an entry of a list, or of a
    /// map by name.
    fn accepts_text(&self, name: &str) -> bool {
        // Under a key of its own, text for a struct is more likely a mistake than a short form.
        let entry = self.slot.key.is_none() || self.slot.name.is_some();
        entry && !reserved_names::fields_of_text(name).is_empty()
    }

    fn report_out_of_range(self, expected: &str) -> PlaceholderValue<'r, 't> {
        let message = format!("{} must be {expected}", self.pass.subject_name());
        let label = format!("this is {}", self.value_description());
        let diagnostic = Diagnostic::error(
            "production::document::out_of_range",
            self.pass.slot_origin(self.slot),
            message,
        );
        self.pass.report_mistake(diagnostic.with_label(label));
        self.placeholder()
    }
}

fn number_label() -> String {
    "a number".to_owned()
}

macro_rules! integers {
    ($($method:ident $visit:ident $int:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
            let range = i128::from(<$int>::MIN)..=i128::from(<$int>::MAX);
            // The text is a closure because nearly all numbers are right, and formatting it for
            // each one was measurable in large documents.
            let expected = || super::number::whole_number_label(&range);
            match self.parse_number(|scalar| super::number::read_integer(scalar, &range), expected) {
                Ok(number) => match <$int>::try_from(number) {
                    Ok(number) => visitor.$visit(number),
                    // Unreachable, since the range was checked. A halt keeps the promise never to
                    // panic.
                    Err(_) => Err(DecodeError::Halt),
                },
                Err(hole) => hole.$method(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for NodeDeserializer<'_, '_> {
    type Error = DecodeError;

    integers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    }

    /// Reads an open value by YAML's core schema. Derived structs never ask for it; see the
    /// module's schema rules.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_any(visitor);
        }
        match self.node_shape() {
            ValueShape::List => self.deserialize_seq(visitor),
            ValueShape::Map => self.deserialize_map(visitor),
            ValueShape::Null | ValueShape::Broken => visitor.visit_unit(),
            ValueShape::Scalar => match self.pass.tree.scalar(self.slot.node) {
                Some(scalar) => super::number::visit_open_scalar(scalar, visitor),
                None => visitor.visit_unit(),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_bool(visitor);
        }
        // Only `true` and `false` are accepted, as in YAML 1.2. `yes` and `on` are words in YAML
        // 1.2 and booleans in 1.1, so they are reported with a fix and never guessed.
        let scalar = self.non_null_scalar();
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
                self.report_mismatch_with_fix("`true` or `false`", help, meant)
                    .deserialize_bool(visitor)
            }
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.parse_number(
            |scalar| super::number::read_float(scalar, f64::from(f32::MAX)),
            number_label,
        ) {
            // Visited as `f64`, which serde narrows. The limit was checked, so narrowing cannot
            // overflow.
            Ok(number) => visitor.visit_f64(number),
            Err(hole) => hole.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.parse_number(
            |scalar| super::number::read_float(scalar, f64::MAX),
            number_label,
        ) {
            Ok(number) => visitor.visit_f64(number),
            Err(hole) => hole.deserialize_f64(visitor),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_char(visitor);
        }
        let mut chars = self
            .non_null_scalar()
            .map_or("", |scalar| scalar.text)
            .chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => visitor.visit_char(only),
            _ => self
                .report_mismatch("one character", None)
                .deserialize_char(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_str(visitor);
        }
        match self.non_null_scalar() {
            // A plain `24` or `true` is text where text is wanted: the field decides the type, not
            // the value.
            Some(scalar) => visitor.visit_str(scalar.text),
            None => {
                // `~` and `null` are often meant as text, such as a character named Null. An empty
                // value has no text to quote, so it gets no help.
                let null = self
                    .pass
                    .tree
                    .scalar(self.slot.node)
                    .filter(|scalar| !scalar.text.is_empty());
                let help =
                    null.map(|scalar| format!("for the text itself, write \"{}\"", scalar.text));
                self.report_mismatch("text", help).deserialize_str(visitor)
            }
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.node_shape() {
            ValueShape::Null => visitor.visit_none(),
            // An option whose value is broken is absent. `visit_some` would decode the placeholder,
            // and rules would judge a value that nobody wrote.
            ValueShape::Broken => self.placeholder().deserialize_option(visitor),
            _ if self.pass.is_refused(self.slot.node) => {
                self.placeholder().deserialize_option(visitor)
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        match self.node_shape() {
            ValueShape::Null => visitor.visit_unit(),
            _ => self
                .report_mismatch("empty", None)
                .deserialize_unit(visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> DecodeResult<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> DecodeResult<V::Value> {
        self.visit_newtype(name, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_seq(visitor);
        }
        let tree = self.pass.tree;
        match tree.items(self.slot.node) {
            Some(items) => visitor.visit_seq(SequenceItems::from_list(self.pass, items)),
            // `shots:` with nothing after it is an empty list. Templates leave such keys for the
            // user to fill.
            None if self.node_shape() == ValueShape::Null => {
                visitor.visit_seq(SequenceItems::new_empty(self.pass))
            }
            None => {
                // `tags: hero` almost always means `[hero]`. The help is cut at 40 characters to
                // stay on a line.
                let text = tree.scalar(self.slot.node).map(|scalar| scalar.text);
                let help = text.map(|text| {
                    format!(
                        "write [{}]",
                        text.escape_debug().take(40).collect::<String>()
                    )
                });
                self.report_mismatch("a list", help)
                    .deserialize_seq(visitor)
            }
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> DecodeResult<V::Value> {
        self.visit_fixed_tuple(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> DecodeResult<V::Value> {
        self.visit_fixed_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_map(visitor);
        }
        match self.node_shape() {
            ValueShape::Map => visitor.visit_map(MapEntries::from_map(self.pass, self.slot.node)?),
            ValueShape::Null => visitor.visit_map(MapEntries::new_empty(self.pass)),
            _ => self.report_mismatch("a map", None).deserialize_map(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_struct(name, fields, visitor);
        }
        match self.node_shape() {
            ValueShape::Map | ValueShape::Null => {
                StructFields::visit_struct(self.pass, self.slot, name, fields, visitor)
            }
            ValueShape::Scalar if self.accepts_text(name) => {
                let of_text = reserved_names::fields_of_text(name);
                // `visit_text` cannot fail on an unknown key, because the text gives the struct its
                // few fields.
                StructFields::visit_text(self.pass, self.slot, fields, of_text, visitor)
            }
            _ => {
                // The help is one line, and the largest structs have more fields than fit there.
                let first_fields: Vec<String> = fields
                    .iter()
                    .take(12)
                    .map(|field| format!("`{field}`"))
                    .collect();
                let help = format!("its fields are {}", first_fields.join(", "));
                self.report_mismatch("a map", Some(help))
                    .deserialize_struct(name, fields, visitor)
            }
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> DecodeResult<V::Value> {
        if self.pass.is_refused(self.slot.node) {
            return self.placeholder().deserialize_enum("", variants, visitor);
        }
        self.visit_variant(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> DecodeResult<V::Value> {
        visitor.visit_unit()
    }
}
