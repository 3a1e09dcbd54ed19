//! One decoding pass: what was found, where the decoder stands, what earlier passes learned.
//!
//! Owns recording (path, alias use, repeats, caps) and budgets. Does not look at any type.

use super::DecodeScope;
use super::decode_error::DecodeError;
use super::node_deserializer::{NodeDeserializer, NodeSlot};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan};
use crate::document::input_limits::InputLimits;
use crate::document::span_tree::{NodeId, SpanTree};
use serde::de::DeserializeSeed;
use std::collections::{HashMap, HashSet};

/// A derived struct: its name and the address of its field list, since names repeat across modules.
pub(super) type StructId = (&'static str, usize);

/// What failed passes have taught.
#[derive(Default)]
pub(super) struct DecodeHints {
    /// Fields that a struct cannot do without, in the order learned.
    required: HashMap<StructId, Vec<&'static str>>,
    /// Fields that one map must not be given (again), because an alias of the field is there.
    excused: HashSet<(NodeId, &'static str)>,
    /// Values that a `Deserialize` refused: how often, and what to say.
    refused: HashMap<NodeId, (u8, Diagnostic)>,
}

impl DecodeHints {
    pub(super) fn required_fields(&self, id: StructId) -> &[&'static str] {
        self.required.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_excused(&self, map: NodeId, field: &'static str) -> bool {
        self.excused.contains(&(map, field))
    }

    /// Turns what a struct's derived code said into a lesson.
    pub(super) fn learn_from(
        &mut self,
        id: StructId,
        map: Option<NodeId>,
        error: DecodeError,
    ) -> DecodeError {
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
    /// The node that the pass began with.
    pub(super) root: NodeId,
    /// How many mistakes were met, recorded or not: a `Spanned` compares it before and after.
    pub(super) mistakes: usize,
    diagnostics: Vec<Diagnostic>,
    seen: HashSet<(DiagnosticCode, FileSpan, String)>,
    dropped: usize,
    path: Vec<PointerSegment>,
    aliases: Vec<NodeId>,
    visits: usize,
    halted: bool,
}

impl<'t> DecodePass<'t> {
    pub(super) fn new(
        tree: &'t SpanTree,
        limits: &'t InputLimits,
        scope: DecodeScope<'t>,
        hints: &'t mut DecodeHints,
        root: NodeId,
    ) -> Self {
        let (diagnostics, seen, path, aliases) =
            (Vec::new(), HashSet::new(), Vec::new(), Vec::new());
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

    /// Hands over what was found.
    pub(super) fn flush_diagnostics(self, diagnostics: &mut Diagnostics) {
        let (dropped, origin) = (self.dropped, self.tree.origin(self.root));
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

    /// Records why nothing could be decoded, unless a limit has said so already.
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

    /// Records a mistake at the place where the decoder stands.
    pub(super) fn report_mistake(&mut self, diagnostic: Diagnostic) {
        self.mistakes += 1;
        self.record_finding(diagnostic);
    }

    /// Records a finding that leaves the value usable.
    pub(super) fn record_finding(&mut self, mut diagnostic: Diagnostic) {
        if !self.seen.insert((
            diagnostic.code,
            diagnostic.origin,
            diagnostic.message.clone(),
        )) {
            return;
        }
        if self.diagnostics.len() >= self.limits.problems {
            self.dropped += 1;
            return;
        }
        if diagnostic.path.is_empty() {
            diagnostic.path = self.json_pointer();
        }
        if !self.aliases.is_empty() {
            // The same text may be meant in another way where it is defined, so no edit of it is certain here.
            diagnostic.fix.clear();
        }
        if let Some(alias) = self.aliases.last().map(|alias| self.tree.origin(*alias)) {
            diagnostic.related.push((alias, "used here".to_owned()));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Returns whether there is room to record more, so that costly suggestions stop with it.
    pub(super) fn has_room(&self) -> bool {
        self.diagnostics.len() < self.limits.problems
    }

    /// Returns the JSON pointer of the value being decoded.
    pub(super) fn json_pointer(&self) -> String {
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

    /// Refuses to go deeper than aliases may.
    pub(super) fn check_depth(&mut self, depth: usize, node: NodeId) -> Result<(), DecodeError> {
        if depth <= self.limits.alias_depth {
            return Ok(());
        }
        let message = format!(
            "values lie more than {} deep, counted through aliases",
            self.limits.alias_depth
        );
        Err(self.halt_with(Diagnostic::error(
            "production::yaml::too_deep",
            self.tree.origin(node),
            message,
        )))
    }

    fn halt_with(&mut self, diagnostic: Diagnostic) -> DecodeError {
        self.report_mistake(diagnostic);
        self.halted = true;
        DecodeError::Halt
    }

    /// Decodes a value inside the present one.
    pub(super) fn decode_child<'de, S: DeserializeSeed<'de>>(
        &mut self,
        segment: PointerSegment,
        slot: NodeSlot,
        via: Option<NodeId>,
        seed: S,
    ) -> Result<S::Value, DecodeError> {
        self.count_visit(slot.node)?;
        self.path.push(segment);
        self.check_depth(self.path.len(), slot.node)?;
        let alias = via.or(self.tree.is_alias(slot.node).then_some(slot.node));
        self.aliases.extend(alias);
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

    /// Remembers that a value was refused, so that the next pass feeds a hole, then leaves it out.
    fn record_refusal(&mut self, slot: NodeSlot, message: String) -> DecodeError {
        let node = self.tree.resolve_alias(slot.node);
        let message = format!("{}: {message}", self.subject_name());
        let diagnostic = Diagnostic::error(
            "production::document::refused",
            self.slot_origin(slot),
            message,
        )
        .with_path(self.json_pointer());
        let (times, _) = self.hints.refused.entry(node).or_insert((0, diagnostic));
        *times += 1;
        if *times <= 2 {
            DecodeError::Restart
        } else {
            DecodeError::Halt
        }
    }

    /// Returns whether an earlier pass refused this value; if so, records it again.
    pub(super) fn is_refused(&mut self, node: NodeId) -> bool {
        if self.hints.refused.is_empty() {
            return false;
        }
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

    /// Returns whether even a hole was refused in this place, so that the entry is left out.
    pub(super) fn is_left_out(&mut self, node: NodeId) -> bool {
        let times = self
            .hints
            .refused
            .get(&self.tree.resolve_alias(node))
            .map_or(0, |(times, _)| *times);
        times >= 2 && self.is_refused(node)
    }

    /// Returns the bytes to point at for a value: its own, or its key's when nothing was written.
    pub(super) fn slot_origin(&self, slot: NodeSlot) -> FileSpan {
        let own_origin = self.tree.origin(self.tree.resolve_alias(slot.node));
        match slot.key {
            Some(key) if own_origin.is_empty() => self.tree.origin(key),
            _ => own_origin,
        }
    }
}

fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
