//! Orders on their way to workers: those for a hand that is free, and those left for hands that are busy.
//!
//! A worker that has to ask for its next job waits for two threads to be woken, which is longer than a small process
//! lives. So when every hand is busy the dispatcher leaves the jobs that come next, and a worker whose job was short, and
//! went well, begins one that claims just what its own did. After a long job it asks: what has become ready
//! meanwhile may be more urgent, and the wait is nothing to it.

use super::attempt::Attempt;
use crate::model::{Claim, InputFiles, JobId};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A job on its way to a worker.
pub(super) struct Order {
    pub(super) id: JobId,
    /// What it holds while it runs.
    pub(super) claim: Claim,
    pub(super) materials: InputFiles,
    pub(super) attempt: Arc<Attempt>,
}

/// The orders of one run, shared by the dispatcher and its workers.
#[derive(Default)]
pub(super) struct Orders {
    waiting: Mutex<Waiting>,
    given: Condvar,
}

#[derive(Default)]
struct Waiting {
    given: VecDeque<Order>,
    left: VecDeque<Order>,
    closed: bool,
}

impl Orders {
    /// Gives an order to whoever is free.
    pub(super) fn give(&self, order: Order) {
        self.waiting().given.push_back(order);
        self.given.notify_one();
    }

    /// Leaves an order for whoever ends a job with the same claim.
    pub(super) fn leave(&self, order: Order) {
        self.waiting().left.push_back(order);
    }

    /// Takes back every order that was left and that nobody has begun.
    pub(super) fn retrieve(&self) -> Vec<JobId> {
        self.waiting()
            .left
            .drain(..)
            .map(|order| order.id)
            .collect()
    }

    /// Sends all workers home.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.given.notify_all();
    }

    /// Waits for an order; there are none when it is time to go home.
    pub(super) fn take(&self) -> Option<Order> {
        let mut waiting = self.waiting();
        loop {
            if waiting.closed {
                return None;
            }
            if let Some(order) = waiting.given.pop_front() {
                return Some(order);
            }
            waiting = self
                .given
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes an order that was left for one who held `claim`.
    pub(super) fn take_left(&self, claim: &Claim) -> Option<Order> {
        let mut waiting = self.waiting();
        let at = waiting
            .left
            .iter()
            .position(|order| order.claim == *claim && !waiting.closed)?;
        waiting.left.remove(at)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;
    use std::time::Duration;

    fn order(id: u32, cores: u32) -> Order {
        let attempt = Arc::new(Attempt::new(1, CancelToken::default(), Duration::ZERO));
        let claim = Claim {
            cores,
            ..Claim::default()
        };
        Order {
            id: JobId(id),
            claim,
            materials: InputFiles::default(),
            attempt,
        }
    }

    #[test]
    fn only_who_held_as_much_takes_what_was_left() {
        let orders = Orders::default();
        orders.leave(order(1, 2000));
        orders.leave(order(2, 1000));
        let taken = orders
            .take_left(&order(0, 1000).claim)
            .map(|order| order.id);
        assert_eq!(taken, Some(JobId(2)));
        assert_eq!(orders.retrieve(), [JobId(1)]);
        assert!(orders.take_left(&order(0, 2000).claim).is_none());
    }

    #[test]
    fn nobody_goes_on_when_it_is_time_to_go_home() {
        let orders = Orders::default();
        orders.leave(order(1, 1000));
        orders.give(order(2, 1000));
        orders.close();
        assert!(orders.take().is_none() && orders.take_left(&order(0, 1000).claim).is_none());
    }
}
