//! How much all reads of one file may decode together.
//!
//! Parts of a model may share an accessor, and an accessor may have more elements than bytes. What
//! is decoded is therefore counted, as often as it is decoded, against the size of the file.

use super::error::{GltfFault, check_limit};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The numbers that a file of any size may decode.
const FREE_NUMBERS: usize = 100_000_000;
/// The numbers that each byte of a file adds. A number has at least a byte, so that a model may use
/// all that it has four times over.
const NUMBERS_PER_BYTE: usize = 4;

/// Counts the numbers that are decoded from a file.
pub(super) struct ReadBudget {
    used: AtomicUsize,
    most: usize,
}

impl ReadBudget {
    /// The budget of a file whose buffers have so many bytes.
    pub(super) const fn of_file(bytes: usize) -> Self {
        Self {
            used: AtomicUsize::new(0),
            most: FREE_NUMBERS.saturating_add(bytes.saturating_mul(NUMBERS_PER_BYTE)),
        }
    }

    /// Counts `elements` of `width` numbers. Fails if the file then decodes more than it may.
    pub(super) fn spend(&self, elements: usize, width: usize) -> Result<(), GltfFault> {
        let numbers = elements.saturating_mul(width);
        let before = self.used.fetch_add(numbers, Ordering::Relaxed);
        let total = before.saturating_add(numbers);
        check_limit(
            "numbers to decode, as its parts share them",
            total,
            self.most,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_the_file_adds_to_what_it_may_decode() {
        let small = ReadBudget::of_file(0);
        assert!(small.spend(FREE_NUMBERS / 4, 4).is_ok());
        assert!(small.spend(1, 1).is_err());
        let large = ReadBudget::of_file(1000);
        assert!(large.spend(FREE_NUMBERS + 4000, 1).is_ok());
        assert!(large.spend(1, 1).is_err());
        assert!(ReadBudget::of_file(usize::MAX).spend(1, usize::MAX).is_ok());
    }
}
