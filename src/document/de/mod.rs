//! The recovering decoder: a span tree to derived structs. It records every mistake, not only the
//! first.
//!
//! serde's derive stops at the first error, so the decoder returns none. Where the text does not
//! fit, it records a diagnostic and gives the derived code a placeholder. Two things it cannot know
//! beforehand, and learns from a failed pass: which fields a struct requires, and which values a
//! hand-written `Deserialize` refuses. Each lesson costs one more pass.
//!
//! Rules for types that follow: no `flatten`, `untagged` or internally tagged enums, because serde
//! buffers those and their places are lost. Names, rates and colours are parsed after decoding,
//! from `Spanned<String>`.
//!
//! Owns types, unknown and missing fields. Does not know any field of the production.

mod access;
mod decode_error;
mod decode_pass;
mod enums;
mod merge_keys;
mod node_deserializer;
mod number;
mod placeholder_value;
mod special_forms;
mod structs;

use super::input_limits::InputLimits;
use super::span_tree::{NodeId, SpanTree};
use crate::base::{Diagnostic, Diagnostics};
use decode_error::DecodeError;
use decode_pass::{DecodeHints, DecodePass};
use node_deserializer::NodeDeserializer;
use serde::de::DeserializeOwned;

/// The place of the decoded value in the whole document.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeScope<'a> {
    /// JSON pointer of the decoded value, such as `/production`.
    pub path: &'a str,
    /// Keys of the decoded map itself that other code reads. They are not reported as unknown.
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

/// Decodes one node and records every mistake.
///
/// Returns a value even when there are mistakes: the `Spanned` around each placeholder is marked.
/// Returns `None` if a limit was reached, or if a hand-written `Deserialize` refuses even a
/// placeholder.
pub fn decode_node<T: DeserializeOwned>(
    tree: &SpanTree,
    node: NodeId,
    scope: DecodeScope<'_>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let mut hints = DecodeHints::default();
    // A pass that learned something is repeated from the start, because serde's visitors cannot be
    // resumed. The limit bounds documents in which every value is refused.
    for _ in 0..limits.passes {
        let mut pass = DecodePass::new(tree, limits, scope, &mut hints, node);
        let outcome = T::deserialize(NodeDeserializer::at_root(&mut pass, node));
        match outcome {
            Ok(value) => {
                pass.flush_diagnostics(diagnostics);
                return Some(value);
            }
            // The findings of this pass are dropped. The next pass makes them again, together with
            // the ones that are behind the failure.
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
        "stopped after {} passes: too many values were refused",
        limits.passes
    );
    Diagnostic::error(
        "production::document::too_many_problems",
        tree.origin(node),
        message,
    )
}
