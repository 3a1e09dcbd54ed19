//! Variables: names for values, declared once and written as `${name}` wherever a value stands.
//!
//! Owns their declaration, where a value comes from, and putting it in place. A file without `${` is not looked at twice,
//! and what is put in place is bounded. Does not know any field of the production.

mod reference;
mod substitution;
mod variable_resolver;
mod variable_table;

pub use reference::escape_references;
pub use variable_table::{
    UnknownVariable, VariableOverrides, VariableSource, VariableTable, VariableValue,
};

pub use substitution::substitute_variables;

pub(super) use substitution::expand_scalar;
pub(super) use variable_resolver::{DeclaredVariables, resolve_variables};
