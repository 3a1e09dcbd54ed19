//! A shared request to stop, asked between frames and between process polls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A cloneable stop request with two strengths: drain (finish what runs) and halt (stop what runs).
#[derive(Debug, Clone, Default)]
pub struct CancelToken {
    level: Arc<AtomicU8>,
    parent: Option<Arc<Self>>,
}

impl CancelToken {
    /// Asks for one step more: the first call drains, every later one halts.
    pub fn escalate(&self) {
        let _ = self
            .level
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |level| {
                Some(level.saturating_add(1))
            });
    }

    /// Asks that running jobs stop too.
    pub fn request_halt(&self) {
        self.level.fetch_max(2, Ordering::SeqCst);
    }

    /// Returns a request of its own that also hears this one.
    #[must_use]
    pub fn child_token(&self) -> Self {
        Self {
            level: Arc::default(),
            parent: Some(Arc::new(self.clone())),
        }
    }

    /// Returns whether no new job may start.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.has_reached(1)
    }

    /// Returns whether running jobs must stop.
    #[must_use]
    pub fn is_halting(&self) -> bool {
        self.has_reached(2)
    }

    fn has_reached(&self, level: u8) -> bool {
        self.level.load(Ordering::SeqCst) >= level
            || self
                .parent
                .as_ref()
                .is_some_and(|parent| parent.has_reached(level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_hears_its_parent_and_not_the_reverse() {
        let run = CancelToken::default();
        let (job, other) = (run.child_token(), run.child_token());
        job.request_halt();
        assert!(job.is_halting() && !run.is_draining() && !other.is_draining());
        run.escalate();
        assert!(other.is_draining() && !other.is_halting());
    }
}
