//! The recovering decoder: a span tree to derived structs, with every mistake recorded and not only the first.
//!
//! serde's derive stops at the first error, so the decoder returns none: where the text does not fit, it records a
//! diagnostic and feeds a stand-in (a *hole*). Two things it cannot know beforehand, and learns by failing: which
//! fields a struct requires, and which values a hand-written `Deserialize` refuses. Each lesson costs one more pass.
//! Schema rules that follow: no `flatten`, `untagged` or internally tagged enums (serde buffers those, and places
//! are lost), and names, rates and colours are parsed after decoding, from `Spanned<String>`.
//! Owns types, unknown and missing fields. Does not know any field of the production.

mod access;
mod decode_error;
mod decode_pass;
mod enums;
mod merge_keys;
mod node_deserializer;
mod number;
mod placeholder;
mod special_forms;
mod structs;

use super::input_limits::InputLimits;
use super::span_tree::{NodeId, SpanTree};
use crate::base::{Diagnostic, Diagnostics};
use decode_error::DecodeError;
use decode_pass::{DecodeHints, DecodePass};
use node_deserializer::NodeDeserializer;
use serde::de::DeserializeOwned;

/// What the decoder must know about the place of a value in the whole document.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeScope<'a> {
    /// JSON pointer of the decoded value, such as `/production`.
    pub path: &'a str,
    /// Keys of the decoded map itself that someone else reads.
    pub free_keys: &'a [&'a str],
}

/// Decodes the whole tree. See [`decode_node`].
pub fn decode_tree<T: DeserializeOwned>(
    tree: &SpanTree,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    decode_node(
        tree,
        tree.root()?,
        DecodeScope::default(),
        limits,
        diagnostics,
    )
}

/// Decodes one node, recording every mistake.
///
/// Returns a value even when there are mistakes: stand-ins are marked in each `Spanned` around them. Returns nothing
/// only when a limit was reached or a hand-written `Deserialize` refuses even a stand-in.
pub fn decode_node<T: DeserializeOwned>(
    tree: &SpanTree,
    node: NodeId,
    scope: DecodeScope<'_>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let mut hints = DecodeHints::default();
    for _ in 0..limits.passes {
        let mut pass = DecodePass::new(tree, limits, scope, &mut hints, node);
        let outcome = T::deserialize(NodeDeserializer::at_root(&mut pass, node));
        match outcome {
            Ok(value) => {
                pass.flush_diagnostics(diagnostics);
                return Some(value);
            }
            Err(DecodeError::Restart) => {}
            Err(error) => {
                pass.report_refusal(&error);
                pass.flush_diagnostics(diagnostics);
                return None;
            }
        }
    }
    diagnostics.push(too_many_passes(tree, node, limits));
    None
}

fn too_many_passes(tree: &SpanTree, node: NodeId, limits: &InputLimits) -> Diagnostic {
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
