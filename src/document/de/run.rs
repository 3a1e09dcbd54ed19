//! One decoding pass: what was found, where the decoder stands, what earlier passes learned.
//!
//! Owns recording (path, alias use, repeats, caps) and budgets. Does not look at any type.

use super::Scope;
use super::refusal::Refusal;
use super::value::{Slot, Value};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan};
use crate::document::limits::Limits;
use crate::document::tree::{NodeId, Tree};
use serde::de::DeserializeSeed;
use std::collections::{HashMap, HashSet};

/// A derived struct: its name and the address of its field list, since names repeat across modules.
pub(super) type StructId = (&'static str, usize);

/// What failed passes have taught.
#[derive(Default)]
pub(super) struct Lessons {
    /// Fields that a struct cannot do without, in the order learned.
    required: HashMap<StructId, Vec<&'static str>>,
    /// Fields that one map must not be given (again), because an alias of the field is there.
    excused: HashSet<(NodeId, &'static str)>,
    /// Values that a `Deserialize` refused: how often, and what to say.
    refused: HashMap<NodeId, (u8, Diagnostic)>,
}

impl Lessons {
    pub(super) fn required(&self, id: StructId) -> &[&'static str] {
        self.required.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_excused(&self, map: NodeId, field: &'static str) -> bool {
        self.excused.contains(&(map, field))
    }

    /// Turns what a struct's derived code said into a lesson.
    pub(super) fn learn(&mut self, id: StructId, map: Option<NodeId>, refusal: Refusal) -> Refusal {
        let learned = match (refusal, map) {
            (Refusal::Missing(field), _) => {
                let fields = self.required.entry(id).or_default();
                !fields.contains(&field) && {
                    fields.push(field);
                    true
                }
            }
            (Refusal::Duplicate(field), Some(map)) => self.excused.insert((map, field)),
            (other, _) => return other,
        };
        if learned {
            Refusal::Restart
        } else {
            Refusal::Halt
        }
    }
}

/// One step from a value to a value inside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Segment {
    Key(NodeId),
    Index(usize),
}

pub(super) struct Run<'t> {
    pub(super) tree: &'t Tree,
    pub(super) limits: &'t Limits,
    pub(super) scope: Scope<'t>,
    pub(super) lessons: &'t mut Lessons,
    /// The node that the pass began with.
    pub(super) root: NodeId,
    /// How many mistakes were met, recorded or not: a `Spanned` compares it before and after.
    pub(super) mistakes: usize,
    found: Vec<Diagnostic>,
    seen: HashSet<(DiagnosticCode, FileSpan, String)>,
    dropped: usize,
    path: Vec<Segment>,
    aliases: Vec<NodeId>,
    visits: usize,
    halted: bool,
}

impl<'t> Run<'t> {
    pub(super) fn new(
        tree: &'t Tree,
        limits: &'t Limits,
        scope: Scope<'t>,
        lessons: &'t mut Lessons,
        root: NodeId,
    ) -> Self {
        let (found, seen, path, aliases) = (Vec::new(), HashSet::new(), Vec::new(), Vec::new());
        Self {
            tree,
            limits,
            scope,
            lessons,
            root,
            mistakes: 0,
            found,
            seen,
            dropped: 0,
            path,
            aliases,
            visits: 0,
            halted: false,
        }
    }

    /// Hands over what was found.
    pub(super) fn finish(self, found: &mut Diagnostics) {
        let (dropped, origin) = (self.dropped, self.tree.origin(self.root));
        self.found
            .into_iter()
            .for_each(|diagnostic| found.push(diagnostic));
        if dropped > 0 {
            let message = format!("{dropped} more problems in this file are not listed");
            found.push(Diagnostic::error(
                "production::document::too_many_problems",
                origin,
                message,
            ));
        }
    }

    /// Records why nothing could be decoded, unless a limit has said so already.
    pub(super) fn give_up(&mut self, refusal: &Refusal) {
        if !self.halted {
            let origin = self.tree.origin(self.root);
            self.report(Diagnostic::error(
                "production::document::refused",
                origin,
                refusal.to_string(),
            ));
        }
    }

    /// Records a mistake at the place where the decoder stands.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.mistakes += 1;
        self.note(diagnostic);
    }

    /// Records a finding that leaves the value usable.
    pub(super) fn note(&mut self, mut diagnostic: Diagnostic) {
        if !self.seen.insert((
            diagnostic.code,
            diagnostic.origin,
            diagnostic.message.clone(),
        )) {
            return;
        }
        if self.found.len() >= self.limits.problems {
            self.dropped += 1;
            return;
        }
        if diagnostic.path.is_empty() {
            diagnostic.path = self.pointer();
        }
        if !self.aliases.is_empty() {
            // The same text may be meant in another way where it is defined, so no edit of it is certain here.
            diagnostic.fix.clear();
        }
        if let Some(alias) = self.aliases.last().map(|alias| self.tree.origin(*alias)) {
            diagnostic.related.push((alias, "used here".to_owned()));
        }
        self.found.push(diagnostic);
    }

    /// Returns whether there is room to record more, so that costly suggestions stop with it.
    pub(super) fn has_room(&self) -> bool {
        self.found.len() < self.limits.problems
    }

    /// Returns the JSON pointer of the value being decoded.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = self.scope.path.to_owned();
        for segment in &self.path {
            pointer.push('/');
            match segment {
                Segment::Key(key) => pointer.push_str(&escaped(self.key_text(*key))),
                Segment::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// Returns the JSON pointer of a key inside the value being decoded.
    pub(super) fn pointer_to(&self, key: &str) -> String {
        format!("{}/{}", self.pointer(), escaped(key))
    }

    /// Names the value being decoded, for a message.
    pub(super) fn subject(&self) -> String {
        let quoted = |key: NodeId| crate::document::quote::quoted(self.key_text(key));
        match self.path.as_slice() {
            [.., Segment::Key(key), Segment::Index(index)] => {
                format!("entry {} of {}", index + 1, quoted(*key))
            }
            [.., Segment::Key(key)] => quoted(*key),
            [.., Segment::Index(index)] => format!("entry {}", index + 1),
            [] => "the document".to_owned(),
        }
    }

    fn key_text(&self, key: NodeId) -> &'t str {
        self.tree.scalar(key).map_or("", |scalar| scalar.text)
    }

    /// Counts one visited value.
    pub(super) fn step(&mut self, at: NodeId) -> Result<(), Refusal> {
        self.visits += 1;
        if self.visits <= 8 * self.tree.len() + self.limits.visits {
            return Ok(());
        }
        let message = "aliases repeat too many values";
        Err(self.halt(Diagnostic::error(
            "production::yaml::too_many_values",
            self.tree.origin(at),
            message,
        )))
    }

    /// Refuses to go deeper than aliases may.
    pub(super) fn check_depth(&mut self, depth: usize, at: NodeId) -> Result<(), Refusal> {
        if depth <= self.limits.alias_depth {
            return Ok(());
        }
        let message = format!(
            "values lie more than {} deep, counted through aliases",
            self.limits.alias_depth
        );
        Err(self.halt(Diagnostic::error(
            "production::yaml::too_deep",
            self.tree.origin(at),
            message,
        )))
    }

    fn halt(&mut self, diagnostic: Diagnostic) -> Refusal {
        self.report(diagnostic);
        self.halted = true;
        Refusal::Halt
    }

    /// Decodes a value inside the present one.
    pub(super) fn descend<'de, S: DeserializeSeed<'de>>(
        &mut self,
        segment: Segment,
        slot: Slot,
        via: Option<NodeId>,
        seed: S,
    ) -> Result<S::Value, Refusal> {
        self.step(slot.node)?;
        self.path.push(segment);
        self.check_depth(self.path.len(), slot.node)?;
        let alias = via.or(self.tree.is_alias(slot.node).then_some(slot.node));
        self.aliases.extend(alias);
        let value = match seed.deserialize(Value { run: self, slot }) {
            Err(Refusal::Custom(message)) => return Err(self.refuse(slot, message)),
            other => other?,
        };
        if alias.is_some() {
            self.aliases.pop();
        }
        self.path.pop();
        Ok(value)
    }

    /// Remembers that a value was refused, so that the next pass feeds a hole, then leaves it out.
    fn refuse(&mut self, slot: Slot, message: String) -> Refusal {
        let node = self.tree.resolve(slot.node);
        let message = format!("{}: {message}", self.subject());
        let diagnostic =
            Diagnostic::error("production::document::refused", self.place(slot), message)
                .with_path(self.pointer());
        let (times, _) = self.lessons.refused.entry(node).or_insert((0, diagnostic));
        *times += 1;
        if *times <= 2 {
            Refusal::Restart
        } else {
            Refusal::Halt
        }
    }

    /// Returns whether an earlier pass refused this value; if so, records it again.
    pub(super) fn is_refused(&mut self, node: NodeId) -> bool {
        if self.lessons.refused.is_empty() {
            return false;
        }
        let known = self
            .lessons
            .refused
            .get(&self.tree.resolve(node))
            .map(|(_, diagnostic)| diagnostic.clone());
        let refused = known.is_some();
        known
            .into_iter()
            .for_each(|diagnostic| self.report(diagnostic));
        refused
    }

    /// Returns whether even a hole was refused in this place, so that the entry is left out.
    pub(super) fn is_left_out(&mut self, node: NodeId) -> bool {
        let times = self
            .lessons
            .refused
            .get(&self.tree.resolve(node))
            .map_or(0, |(times, _)| *times);
        times >= 2 && self.is_refused(node)
    }

    /// Returns the bytes to point at for a value: its own, or its key's when nothing was written.
    pub(super) fn place(&self, slot: Slot) -> FileSpan {
        let own = self.tree.origin(self.tree.resolve(slot.node));
        match slot.key {
            Some(key) if own.is_empty() => self.tree.origin(key),
            _ => own,
        }
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
