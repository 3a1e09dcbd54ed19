//! One decoding pass: its findings, the path to the present value, and what earlier passes learned.
//!
//! Owns recording (path, alias use, repeats, limits on their number) and the visit budget. Knows no
//! type.

use super::DecodeScope;
use super::decode_error::DecodeError;
use super::node_deserializer::{NodeDeserializer, NodeSlot};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan};
use crate::document::input_limits::InputLimits;
use crate::document::span_tree::{NodeId, SpanTree};
use serde::de::DeserializeSeed;
use std::collections::{HashMap, HashSet};

/// A derived struct: its name and the address of its field list. The name alone is not unique,
/// because structs in different modules share names.
pub(super) type StructId = (&'static str, usize);

/// What failed passes taught about the types. It outlives the pass.
#[derive(Default)]
pub(super) struct DecodeHints {
    /// Fields that a struct requires, in the order in which passes learned them.
    required: HashMap<StructId, Vec<&'static str>>,
    /// Fields of one map that must not be filled or read a second time, because an alias of the
    /// field is present.
    excused: HashSet<(NodeId, &'static str)>,
    /// Values that a `Deserialize` refused: how often, and the diagnostic.
    refused: HashMap<NodeId, (u8, Diagnostic)>,
}

impl DecodeHints {
    pub(super) fn required_fields(&self, id: StructId) -> &[&'static str] {
        self.required.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_excused(&self, map: NodeId, field: &'static str) -> bool {
        self.excused.contains(&(map, field))
    }

    /// Turns an error of a struct's derived code into a hint for the next pass.
    pub(super) fn learn_from(
        &mut self,
        id: StructId,
        map: Option<NodeId>,
        error: DecodeError,
    ) -> DecodeError {
        // Without a map there is no second key to blame, so a duplicate field is passed on
        // unchanged. Only a struct that is written as a map has one.
        let learned = match (error, map) {
            (DecodeError::MissingField(field), _) => {
                let fields = self.required.entry(id).or_default();
                !fields.contains(&field) && {
                    fields.push(field);
                    true
                }
            }
            (DecodeError::DuplicateField(field), Some(map)) => self.excused.insert((map, field)),
            (other, _) => return other,
        };
        // A lesson that is already known means that the last pass did not apply it. Another pass
        // would fail in the same way, so the decoder gives up instead of looping.
        if learned {
            DecodeError::Restart
        } else {
            DecodeError::Halt
        }
    }
}

/// One step from a value to a value inside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum PointerSegment {
    Key(NodeId),
    Index(usize),
}

pub(super) struct DecodePass<'t> {
    pub(super) tree: &'t SpanTree,
    pub(super) limits: &'t InputLimits,
    pub(super) scope: DecodeScope<'t>,
    pub(super) hints: &'t mut DecodeHints,
    /// The node where the pass began.
    pub(super) root: NodeId,
    /// Number of mistakes so far, recorded or not. `SpannedParts` compares it before and after a
    /// value.
    pub(super) mistakes: usize,
    diagnostics: Vec<Diagnostic>,
    seen: HashSet<(DiagnosticCode, FileSpan, String)>,
    dropped: usize,
    path: Vec<PointerSegment>,
    aliases: Vec<NodeId>,
    visits: usize,
    halted: bool,
}

/// Bytes of a text behind an alias that count like a value.
const TEXT_BYTES_A_VISIT: usize = 64;

impl<'t> DecodePass<'t> {
    pub(super) fn new(
        tree: &'t SpanTree,
        limits: &'t InputLimits,
        scope: DecodeScope<'t>,
        hints: &'t mut DecodeHints,
        root: NodeId,
    ) -> Self {
        let diagnostics = Vec::new();
        let seen = HashSet::new();
        let path = Vec::new();
        let aliases = Vec::new();
        Self {
            tree,
            limits,
            scope,
            hints,
            root,
            mistakes: 0,
            diagnostics,
            seen,
            dropped: 0,
            path,
            aliases,
            visits: 0,
            halted: false,
        }
    }

    /// Moves the findings of the pass into `diagnostics`.
    pub(super) fn flush_diagnostics(self, diagnostics: &mut Diagnostics) {
        // Only the last pass is flushed. The findings of earlier passes are found again by the last
        // one, so nothing is lost and nothing is reported twice.
        let dropped = self.dropped;
        let origin = self.tree.origin(self.root);
        self.diagnostics
            .into_iter()
            .for_each(|diagnostic| diagnostics.push(diagnostic));
        if dropped > 0 {
            let message = format!("{dropped} more problems in this file are not listed");
            diagnostics.push(Diagnostic::error(
                "production::document::too_many_problems",
                origin,
                message,
            ));
        }
    }

    /// Records why nothing could be decoded, unless the limit that ended the pass was reported
    /// already.
    pub(super) fn report_refusal(&mut self, error: &DecodeError) {
        if !self.halted {
            let origin = self.tree.origin(self.root);
            self.report_mistake(Diagnostic::error(
                "production::document::refused",
                origin,
                error.to_string(),
            ));
        }
    }

    /// Records a mistake at the present path. The value around it becomes unusable.
    pub(super) fn report_mistake(&mut self, diagnostic: Diagnostic) {
        self.mistakes += 1;
        self.record_finding(diagnostic);
    }

    /// Records a finding at the present path that leaves the value usable.
    pub(super) fn record_finding(&mut self, mut diagnostic: Diagnostic) {
        // An anchor with a mistake is decoded once for each alias. The user wants to read it once.
        if !self.seen.insert((
            diagnostic.code,
            diagnostic.origin,
            diagnostic.message.clone(),
        )) {
            return;
        }
        // The count continues past the limit, because the last line says how many are not listed.
        if self.diagnostics.len() >= self.limits.problems {
            self.dropped += 1;
            return;
        }
        if diagnostic.path.is_empty() {
            diagnostic.path = self.json_pointer();
        }
        if !self.aliases.is_empty() {
            // The same text may be meant in another way where it is defined, so no edit of it is
            // certain here.
            diagnostic.fix.clear();
        }
        if let Some(alias) = self.aliases.last().map(|alias| self.tree.origin(*alias)) {
            diagnostic.related.push((alias, "used here".to_owned()));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Returns whether more findings can be recorded. Suggestions cost time and are skipped without
    /// room.
    pub(super) fn has_room(&self) -> bool {
        self.diagnostics.len() < self.limits.problems
    }

    /// Returns the JSON pointer of the value being decoded.
    pub(super) fn json_pointer(&self) -> String {
        // Built only when a mistake is recorded. The steps alone cost a right document almost
        // nothing.
        let mut pointer = self.scope.path.to_owned();
        for segment in &self.path {
            pointer.push('/');
            match segment {
                PointerSegment::Key(key) => pointer.push_str(&escape_pointer(self.key_text(*key))),
                PointerSegment::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// Returns the JSON pointer of a key inside the value being decoded.
    pub(super) fn pointer_to(&self, key: &str) -> String {
        format!("{}/{}", self.json_pointer(), escape_pointer(key))
    }

    /// Names the value being decoded, for a message.
    pub(super) fn subject_name(&self) -> String {
        let quoted = |key: NodeId| crate::document::quote::quote_value(self.key_text(key));
        // Entries count from 1 here, as people count, and from 0 in pointers, as programs do.
        match self.path.as_slice() {
            [.., PointerSegment::Key(key), PointerSegment::Index(index)] => {
                format!("entry {} of {}", index + 1, quoted(*key))
            }
            [.., PointerSegment::Key(key)] => quoted(*key),
            [.., PointerSegment::Index(index)] => format!("entry {}", index + 1),
            [] => "the document".to_owned(),
        }
    }

    fn key_text(&self, key: NodeId) -> &'t str {
        self.tree.scalar(key).map_or("", |scalar| scalar.text)
    }

    /// Counts one visited value.
    pub(super) fn count_visit(&mut self, node: NodeId) -> Result<(), DecodeError> {
        self.visits += 1;
        if !self.aliases.is_empty() || self.tree.is_alias(node) {
            // Each use of an anchor copies its texts. A megabyte that is used a million times would
            // fill any memory.
            let text = self.tree.scalar(node).map_or("", |scalar| scalar.text);
            self.visits += text.len() / TEXT_BYTES_A_VISIT;
        }
        // The budget is linear in the size of the file. Nested aliases multiply values
        // exponentially, so a document that abuses them exceeds it soon, and an honest one never
        // does.
        if self.visits <= 8 * self.tree.len() + self.limits.visits {
            return Ok(());
        }
        let message = "aliases repeat too many values";
        Err(self.halt_with(Diagnostic::error(
            "production::yaml::too_many_values",
            self.tree.origin(node),
            message,
        )))
    }

    /// Reports a depth that exceeds the limit. The YAML reader limits nesting; aliases can multiply
    /// it afterwards, and the decoder is recursive.
    pub(super) fn check_depth(&mut self, depth: usize, node: NodeId) -> Result<(), DecodeError> {
        if depth <= self.limits.alias_depth {
            return Ok(());
        }
        let message = format!(
            "values are nested more than {} deep, counted through aliases",
            self.limits.alias_depth
        );
        Err(self.halt_with(Diagnostic::error(
            "production::yaml::too_deep",
            self.tree.origin(node),
            message,
        )))
    }

    fn halt_with(&mut self, diagnostic: Diagnostic) -> DecodeError {
        // `halted` keeps `report_refusal` from adding a second diagnostic for the same cause.
        self.report_mistake(diagnostic);
        self.halted = true;
        DecodeError::Halt
    }

    /// Decodes a value inside the present one, with the path and the alias of its place.
    pub(super) fn decode_child<'de, S: DeserializeSeed<'de>>(
        &mut self,
        segment: PointerSegment,
        slot: NodeSlot,
        via: Option<NodeId>,
        seed: S,
    ) -> Result<S::Value, DecodeError> {
        // The budget is checked before the value is decoded, so that a refused document costs no
        // more time than the budget allows.
        self.count_visit(slot.node)?;
        self.path.push(segment);
        self.check_depth(self.path.len(), slot.node)?;
        // A merge key counts as an alias: the value is written at the anchor, and used here.
        let alias = via.or(self.tree.is_alias(slot.node).then_some(slot.node));
        self.aliases.extend(alias);
        // An error leaves `path` and `aliases` as they are. Every error ends the pass, and the next
        // pass starts with new ones.
        let value = match seed.deserialize(NodeDeserializer { pass: self, slot }) {
            Err(DecodeError::Custom(message)) => return Err(self.record_refusal(slot, message)),
            other => other?,
        };
        if alias.is_some() {
            self.aliases.pop();
        }
        self.path.pop();
        Ok(value)
    }

    /// Remembers that a value was refused. The next pass gives a placeholder in its place; if that
    /// is refused as well, the pass after it leaves the entry out.
    fn record_refusal(&mut self, slot: NodeSlot, message: String) -> DecodeError {
        // The target of an alias is remembered, not the alias: the same value is refused in every
        // place.
        let node = self.tree.resolve_alias(slot.node);
        let message = format!("{}: {message}", self.subject_name());
        let diagnostic = Diagnostic::error(
            "production::document::refused",
            self.slot_origin(slot),
            message,
        )
        .with_path(self.json_pointer());
        // The first diagnostic stays. The second refusal is about the placeholder, which the user
        // did not write.
        let (times, _) = self.hints.refused.entry(node).or_insert((0, diagnostic));
        *times += 1;
        // The first refusal is of the value, the second of the placeholder in its place. After a
        // third, leaving the value out has not helped, and another pass would not either.
        if *times <= 2 {
            DecodeError::Restart
        } else {
            DecodeError::Halt
        }
    }

    /// Returns whether an earlier pass refused this value. If so, the refusal is recorded again,
    /// because only the findings of the last pass are reported.
    // Inlined: nearly all documents have no refused value, and this runs several times for each
    // node.
    #[inline]
    pub(super) fn is_refused(&mut self, node: NodeId) -> bool {
        !self.hints.refused.is_empty() && self.record_known_refusal(node)
    }

    fn record_known_refusal(&mut self, node: NodeId) -> bool {
        let known = self
            .hints
            .refused
            .get(&self.tree.resolve_alias(node))
            .map(|(_, diagnostic)| diagnostic.clone());
        let refused = known.is_some();
        known
            .into_iter()
            .for_each(|diagnostic| self.report_mistake(diagnostic));
        refused
    }

    /// Returns whether even a placeholder was refused in this place. Then the entry is left out.
    pub(super) fn is_left_out(&mut self, node: NodeId) -> bool {
        let times = self
            .hints
            .refused
            .get(&self.tree.resolve_alias(node))
            .map_or(0, |(times, _)| *times);
        times >= 2 && self.is_refused(node)
    }

    /// Returns the bytes to point at for a value: its own, or those of its key if nothing was
    /// written.
    pub(super) fn slot_origin(&self, slot: NodeSlot) -> FileSpan {
        let own_origin = self.tree.origin(self.tree.resolve_alias(slot.node));
        // An empty value has no bytes to underline.
        match slot.key {
            Some(key) if own_origin.is_empty() => self.tree.origin(key),
            _ => own_origin,
        }
    }
}

fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
