//! A shared request to stop, asked between frames and between process polls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A cloneable stop request with two strengths: drain (finish what runs) and halt (stop what runs).
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    level: Arc<AtomicU8>,
}

impl Cancel {
    /// Asks for one step more: the first call drains, every later one halts.
    pub fn escalate(&self) {
        let _ = self
            .level
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |level| Some(level.saturating_add(1)));
    }

    /// Asks that running jobs stop too.
    pub fn halt(&self) {
        self.level.fetch_max(2, Ordering::SeqCst);
    }

    /// Returns whether no new job may start.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.level.load(Ordering::SeqCst) >= 1
    }

    /// Returns whether running jobs must stop.
    #[must_use]
    pub fn is_halting(&self) -> bool {
        self.level.load(Ordering::SeqCst) >= 2
    }
}
