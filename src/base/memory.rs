//! Whether memory is there before it is taken.
//!
//! An allocation that fails inside of a decoder ends the program, and with it every other job. So
//! memory whose amount the input decides is reserved first, where a failure can still be returned.

/// Returns whether so many bytes can be allocated now.
///
/// The allocation is given back at once. Memory that is taken in between is not held, so the answer
/// is no promise; a request beyond what the process may ever have is always refused.
#[must_use]
pub fn can_allocate(bytes: u64) -> bool {
    let Ok(bytes) = usize::try_from(bytes) else {
        return false;
    };
    // The pages are never touched, so this costs one call of the system.
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::can_allocate;

    #[test]
    fn an_impossible_allocation_is_refused_and_a_page_is_not() {
        assert!(can_allocate(4096));
        assert!(!can_allocate(u64::MAX));
        assert!(!can_allocate(1 << 62));
    }
}
