//! Keeps a decoder that panics on a hostile file from ending or alarming the program.

use super::SoundFileError;
use crate::base::panic_guard::without_panic;

/// Calls `read` and turns a panic of a decoder into an error. Nothing is printed of it.
// The decoders are written for speed and trust some sums of a header.
pub(super) fn guard_decoder<T>(
    read: impl FnOnce() -> Result<T, SoundFileError>,
) -> Result<T, SoundFileError> {
    without_panic(read)
        .unwrap_or_else(|| Err(SoundFileError::Damaged("the decoder gave up".to_owned())))
}
