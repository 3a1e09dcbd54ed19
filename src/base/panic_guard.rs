//! Calls code of others that may panic on hostile input, so that it neither ends nor alarms the
//! program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

static SILENCER: Once = Once::new();

/// Calls a function. `None`: it panicked, and nothing was printed of it.
///
/// What the call was changing may be half changed; the caller drops it.
pub fn without_panic<T>(call: impl FnOnce() -> T) -> Option<T> {
    // The hook is global. It is set once and asks a flag of the thread, so that panics of other
    // threads are printed as ever.
    SILENCER.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                before(panic);
            }
        }));
    });
    // Calls may be nested, and the inner one must not end the silence of the outer one.
    let outer = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(outer);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_none_and_the_next_call_works() {
        assert_eq!(without_panic(|| -> u8 { panic!("hostile") }), None);
        assert_eq!(without_panic(|| 7), Some(7));
        let nested = without_panic(|| without_panic(|| -> u8 { panic!("hostile") }));
        assert_eq!(nested, Some(None));
    }
}
