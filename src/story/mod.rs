//! Text that exists before there are shots: screenplays, and the coverage that derives shots from
//! their scenes.

pub mod fountain;
mod fountain_codes;
pub mod shot_coverage;

use crate::model::file_kind::FileKind;

pub use fountain::Screenplay;
pub use fountain_codes::PAGES;

/// Returns whether a file that begins with these bytes is no text that could be a script, such as a
/// PDF.
#[must_use]
pub fn is_foreign_script(bytes: &[u8]) -> bool {
    let head_bytes = usize::try_from(FileKind::HEAD_BYTES).unwrap_or(usize::MAX);
    !FileKind::from_head(&bytes[..bytes.len().min(head_bytes)]).may_be_script()
}
