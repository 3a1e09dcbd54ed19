//! What one phase of a run has done so far, in numbers.

use std::time::Duration;

/// What one phase has done.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PhaseTally {
    pub(super) began: Option<Duration>,
    pub(super) run: usize,
    pub(super) reused: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
    pub(super) units: usize,
}

impl PhaseTally {
    pub(super) const fn ended_count(&self) -> usize {
        self.run + self.reused + self.failed + self.skipped
    }
}
