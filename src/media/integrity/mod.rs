//! Checks whether a file ends where its structure says, without decoding it. That finds copies that
//! were cut short.
//!
//! One module for each kind of file. Each follows the structure of its kind, in time bounded by the
//! length of the file, and stores nothing. A structure that is not understood passes; decoding will
//! report it. `validate` calls this for every file of a document, and decoding all of them would
//! take too long.

mod blend;
mod exr;
mod film;
mod hdr;
mod jpeg;
mod png;
#[cfg(test)]
pub(super) mod sample;
mod scan_error;
mod truncation;

pub(super) use exr::exr_compression;
pub use film::check_film_complete;
pub use truncation::{check_bytes_complete, check_file_complete};
