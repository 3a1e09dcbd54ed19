//! Keeps a decoder that panics on a hostile file from ending or alarming the program.

use super::SoundFileError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

static SILENCER: Once = Once::new();

/// Calls `read` and turns a panic of a decoder into an error. Nothing is printed of it.
// The decoders are written for speed and trust some sums of a header.
pub(super) fn guard_decoder<T>(
    read: impl FnOnce() -> Result<T, SoundFileError>,
) -> Result<T, SoundFileError> {
    SILENCER.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                before(panic);
            }
        }));
    });
    IS_GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(false);
    result.unwrap_or_else(|_| Err(SoundFileError::Damaged("the decoder gave up".to_owned())))
}
