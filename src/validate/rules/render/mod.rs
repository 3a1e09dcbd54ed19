//! How frames are rendered.

mod unknown_engine;

use crate::validate::Rule;

/// The rules of this area.
pub(super) const RULES: &[Rule] = &[unknown_engine::RULE];
