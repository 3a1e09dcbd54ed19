//! Text that exists before there are shots: screenplays, what is counted in them, and the coverage
//! that derives shots from their scenes. Also the way back, from a film to its script.

pub mod breakdown;
pub mod film_script;
pub mod final_draft;
mod final_draft_codes;
pub mod fountain;
mod fountain_codes;
mod matched_lines;
pub mod script_document;
mod script_findings;
mod script_format;
pub mod shot_coverage;

pub use final_draft_codes::FINAL_DRAFT_PAGES;
pub use fountain::Screenplay;
pub use fountain_codes::PAGES;
pub use script_format::{ScriptFormat, is_foreign_script};
