//! Findings for people and for machines, one form a file.
//!
//! [`render_diagnostics`] draws them with carets (the only user of miette), [`short_diagnostics()`] writes one line each; [`diagnostics_json()`], [`sarif_log()`] and
//! [`junit_xml()`] are for programs, [`github_commands()`] for the log of a workflow. Owns how a finding looks; knows no rule and no field.

mod counts;
mod diagnostics_json;
mod edits;
mod excerpt_source;
mod github;
mod graphical;
mod junit;
mod labelled_message;
mod printable;
mod region;
mod sarif;
mod short;

pub(super) use counts::severity_word;
pub use counts::{DEFAULT_LIMIT, NO_LIMIT, counts_line};
pub use diagnostics_json::diagnostics_json;
pub use edits::edit_lines;
pub use github::github_commands;
pub use graphical::{DiagnosticStyle, render_diagnostics, render_diagnostics_up_to};
pub use junit::junit_xml;
pub use region::SourceRegion;
pub use sarif::sarif_log;
pub use short::{short_diagnostics, short_diagnostics_up_to};

#[cfg(test)]
mod tests;
