//! Output formats of diagnostics, one a file.
//!
//! For people, [`render_diagnostics`] draws the source lines with carets and is the only user of
//! miette; [`short_diagnostics()`] writes one line each. For programs there are
//! [`diagnostics_json()`], [`sarif_log()`] and [`junit_xml()`], and [`github_commands()`] for the
//! log of a workflow. No format knows a rule or a field of documents.

mod counts;
mod diagnostics_json;
mod edits;
mod excerpt_source;
mod github;
mod graphical;
mod grouped;
mod junit;
mod labelled_message;
mod message_text;
mod region;
mod sarif;
mod short;
mod unchecked_rules;

pub(super) use counts::severity_word;
pub use counts::{DEFAULT_LIMIT, NO_LIMIT, counts_line};
pub use diagnostics_json::diagnostics_json;
pub use edits::edit_lines;
pub use github::github_commands;
pub use graphical::{DiagnosticStyle, render_diagnostics, render_diagnostics_up_to};
pub use grouped::{GroupDetail, grouped_diagnostics};
pub use junit::junit_xml;
pub use region::SourceRegion;
pub use sarif::sarif_log;
pub use short::{short_diagnostics, short_diagnostics_up_to};
pub use unchecked_rules::{UncheckedReport, unchecked_json, unchecked_text};

#[cfg(test)]
mod tests;
