//! Variables: names for values, declared once and written as `${name}` wherever a value stands.
//!
//! Owns their declaration, where a value comes from, and putting it in place. A file without `${` is not looked at twice,
//! and what is put in place is bounded. Does not know any field of the production.

mod reference;
mod settle;
mod substitute;
mod table;

pub use reference::escaped;
pub use table::{Outside, UnknownVariable, ValueFrom, Variable, Variables};

pub use substitute::substitute;

pub(super) use settle::{Declared, settle};
pub(super) use substitute::expanded;
