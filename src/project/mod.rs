//! From a path to a checked production: the first four stages, in order, with every finding on the way.
//!
//! Owns the order, and the reading of text files that the document names. Everything that opens a production comes through
//! [`open()`]: the command line, tests and benches see the same findings.

mod autofix;
pub mod code_catalogue;
mod open_production;
mod project_codes;
mod script_file;
mod severity;
mod shot_list_file;
mod text_file;

pub use autofix::{FixError, FixedFile, plan_fixes};
pub use open_production::{
    OpenError, OpenedProduction, ProjectOptions, ResolvedDocument, open, open_resolved,
};

#[cfg(test)]
mod tests;
