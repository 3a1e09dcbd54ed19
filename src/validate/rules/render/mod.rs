//! How frames are rendered.

mod over_budget;
mod unknown_engine;

use crate::validate::Rule;

/// The rules of this area.
pub(super) const RULES: &[Rule] = &[over_budget::RULE, unknown_engine::RULE];
