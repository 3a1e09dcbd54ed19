//! The recovering decoder: a span tree to derived structs, with every mistake recorded and not only the first.
//!
//! serde's derive stops at the first error, so the decoder returns none: where the text does not fit, it records a
//! diagnostic and feeds a stand-in (a *hole*). Two things it cannot know beforehand, and learns by failing: which
//! fields a struct requires, and which values a hand-written `Deserialize` refuses. Each lesson costs one more pass.
//! Schema rules that follow: no `flatten`, `untagged` or internally tagged enums (serde buffers those, and places
//! are lost), and names, rates and colours are parsed after decoding, from `Spanned<String>`.
//! Owns types, unknown and missing fields. Does not know any field of the production.

mod access;
mod enums;
mod forms;
mod hole;
mod merge;
mod number;
mod refusal;
mod run;
mod structs;
mod value;

use super::limits::Limits;
use super::tree::{NodeId, Tree};
use crate::base::{Diagnostic, Diagnostics};
use refusal::Refusal;
use run::{Lessons, Run};
use serde::de::DeserializeOwned;
use value::Value;

/// What the decoder must know about the place of a value in the whole document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// JSON pointer of the decoded value, such as `/production`.
    pub path: &'a str,
    /// Keys of the decoded map itself that someone else reads.
    pub free_keys: &'a [&'a str],
}

/// Decodes the whole tree. See [`decode_at`].
pub fn decode<T: DeserializeOwned>(
    tree: &Tree,
    limits: &Limits,
    found: &mut Diagnostics,
) -> Option<T> {
    decode_at(tree, tree.root()?, Scope::default(), limits, found)
}

/// Decodes one node, recording every mistake.
///
/// Returns a value even when there are mistakes: stand-ins are marked in each `Spanned` around them. Returns nothing
/// only when a limit was reached or a hand-written `Deserialize` refuses even a stand-in.
pub fn decode_at<T: DeserializeOwned>(
    tree: &Tree,
    node: NodeId,
    scope: Scope<'_>,
    limits: &Limits,
    found: &mut Diagnostics,
) -> Option<T> {
    let mut lessons = Lessons::default();
    for _ in 0..limits.passes {
        let mut run = Run::new(tree, limits, scope, &mut lessons, node);
        let outcome = T::deserialize(Value::root(&mut run, node));
        match outcome {
            Ok(value) => {
                run.finish(found);
                return Some(value);
            }
            Err(Refusal::Restart) => {}
            Err(refusal) => {
                run.give_up(&refusal);
                run.finish(found);
                return None;
            }
        }
    }
    found.push(too_many_passes(tree, node, limits));
    None
}

fn too_many_passes(tree: &Tree, node: NodeId, limits: &Limits) -> Diagnostic {
    let message = format!(
        "stopped after {} attempts: too many values were refused",
        limits.passes
    );
    Diagnostic::error(
        "production::document::too_many_problems",
        tree.origin(node),
        message,
    )
}
