//! Findings for people and for machines, one form a file.
//!
//! [`render`] draws them with carets (the only user of miette), [`short()`] writes one line each; [`json()`], [`sarif()`] and
//! [`junit()`] are for programs, [`github()`] for the log of a workflow. Owns how a finding looks; knows no rule and no field.

mod counts;
mod edits;
mod github;
mod json;
mod junit;
mod page;
mod picture;
mod printable;
mod region;
mod sarif;
mod short;
mod text;

pub(super) use counts::word;
pub use counts::{ALL, SHOWN, counts};
pub use edits::edits;
pub use github::github;
pub use json::json;
pub use junit::junit;
pub use region::Region;
pub use sarif::sarif;
pub use short::{short, short_up_to};
pub use text::{Style, render, render_up_to};

#[cfg(test)]
mod tests;
