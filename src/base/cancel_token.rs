//! A shared request to stop. Code checks it between frames and when it polls processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A cloneable stop request with two levels: drain (finish running jobs) and halt (stop running
/// jobs).
#[derive(Debug, Clone, Default)]
pub struct CancelToken {
    level: Arc<AtomicU8>,
    parent: Option<Arc<Self>>,
}

impl CancelToken {
    /// Raises the level by one: the first call drains, every later one halts.
    pub fn escalate(&self) {
        // Saturating, so that no number of calls can wrap around to the level of no request.
        let _ = self
            .level
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |level| {
                Some(level.saturating_add(1))
            });
    }

    /// Requests that running jobs stop too.
    pub fn request_halt(&self) {
        // Never down: a first request may have counted further meanwhile.
        self.level.fetch_max(2, Ordering::SeqCst);
    }

    /// Returns a token of its own that is also stopped by this one. Stopping the child does not
    /// stop this one.
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
        // The child looks at its parent, so the parent has no list of children, and a job that has
        // ended leaves nothing behind.
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
    fn a_cancel_reaches_children_and_not_the_parent() {
        let run = CancelToken::default();
        let job = run.child_token();
        let other = run.child_token();
        job.request_halt();
        assert!(job.is_halting() && !run.is_draining() && !other.is_draining());
        run.escalate();
        assert!(other.is_draining() && !other.is_halting());
    }
}
