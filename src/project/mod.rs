//! From a path to a checked production: the first four stages, in order, with every finding on the way.
//!
//! Owns the order, and the reading of text files that the document names. Everything that opens a production comes through
//! [`open()`]: the command line, tests and benches see the same findings.

pub mod catalogue;
mod explain;
mod mend;
mod open;
mod script;
mod shot_list;
mod text;
mod verdict;

pub use mend::{MendError, Mended, mend};
pub use open::{InFull, OpenError, Opened, Options, open, open_in_full};

#[cfg(test)]
mod tests;
