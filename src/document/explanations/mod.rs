//! What the codes of this room mean, for someone who meets one for the first time.
//!
//! Owns the pages and nothing else; they are data, and a test of the whole house runs their examples.

mod document_codes;
mod language_codes;
mod table_codes;
mod yaml_codes;

use crate::base::CodeExplanation;

/// The pages of this room, in order.
pub const PAGES: [&[CodeExplanation]; 4] = [
    yaml_codes::PAGES,
    document_codes::PAGES,
    language_codes::PAGES,
    table_codes::PAGES,
];
