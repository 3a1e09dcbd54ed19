//! Explanations of the codes of `document`, for a reader who meets a code for the first time.
//!
//! Owns the pages and nothing else. They are data. A test of the whole program runs their examples.

mod document_codes;
mod language_codes;
mod table_codes;
mod yaml_codes;

use crate::base::CodeExplanation;

/// The pages of this module, in the order in which they are listed.
pub const PAGES: [&[CodeExplanation]; 4] = [
    yaml_codes::PAGES,
    document_codes::PAGES,
    language_codes::PAGES,
    table_codes::PAGES,
];
