//! From a path to a checked production: the first four stages, in order, with every finding on the way.
//!
//! Owns the order, and the reading of text files that the document names. Everything that opens a production comes through
//! [`open()`]: the command line, tests and benches see the same findings.

mod open;
mod script;
mod shot_list;
mod text;

pub use open::{OpenError, Opened, Options, open};

#[cfg(test)]
mod tests;
