//! Props.

mod duplicate_name;
mod empty_name;
mod model_kind;
mod model_missing;
mod unfit_model;
mod unused;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    duplicate_name::RULE,
    empty_name::RULE,
    model_kind::RULE,
    model_missing::RULE,
    unfit_model::RULE,
    unused::RULE,
];
