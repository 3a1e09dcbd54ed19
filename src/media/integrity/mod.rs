//! Whether a file ends where its own structure says, without decoding it: a copy that was cut short is found in passing.
//!
//! One kind of file a module. Each follows the structure that its kind has, in time bounded by the file's length and without
//! keeping what it passes. What none of them knows how to follow counts as whole; decoding it will tell.

mod blend;
mod exr;
mod hdr;
mod jpeg;
mod png;
#[cfg(test)]
pub(super) mod sample;
mod scan_error;
mod truncation;

pub use truncation::{check_bytes_complete, check_file_complete};
