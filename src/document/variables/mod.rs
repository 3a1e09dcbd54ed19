//! Variables: values with a name. They are declared once and written as `${name}` in the place of a
//! value.
//!
//! Owns their declaration, the source of each value, and substitution. A file without `${` is not
//! searched node by node, and the substituted text is bounded. Does not know any field of the
//! production.

mod path_values;
mod reference;
mod substitution;
mod variable_resolver;
mod variable_table;

pub use path_values::is_misplaced_path_value;
pub use reference::escape_references;
pub use variable_table::{
    UnknownVariable, VariableOverrides, VariableSource, VariableTable, VariableValue,
};

pub use substitution::substitute_variables;

pub(super) use substitution::expand_scalar;
pub(super) use variable_resolver::{DeclaredVariables, resolve_variables};
