//! What the codes of this room mean, for someone who meets one for the first time.
//!
//! Owns the pages and nothing else; they are data, and a test of the whole house runs their examples.

mod document;
mod language;
mod table;
mod yaml;

use crate::base::CodeExplanation;

/// The pages of this room, in order.
pub const PAGES: [&[CodeExplanation]; 4] =
    [yaml::PAGES, document::PAGES, language::PAGES, table::PAGES];
