//! The state of every job in a run, changed in one place.

use crate::base::Digest;
use crate::model::{Artefact, Claim, Job, JobId};
use crate::plan::{JobControl, Plan};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Where a job stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// Not asked for in this run.
    Unasked,
    /// Waits for this many jobs that it needs.
    Blocked(usize),
    /// Has its inputs; the store was not asked for it yet.
    Fresh,
    /// Must run under this identity, and waits for room.
    Waiting(Digest),
    /// Failed in a way that may pass; waits until this moment of the run to be tried again.
    Resting(Digest, Duration),
    /// Must run under this identity, and is left for a hand that is busy.
    Left(Digest),
    /// On a worker, under this identity.
    Running(Digest),
    /// Made; its outputs are in the store.
    Made(Arc<[Artefact]>),
    /// Failed, or skipped because one that it needs did.
    Lost,
}

/// All states, and the queues of jobs that could start.
///
/// Jobs whose inputs are there queue twice: first to be looked up in the store, which frees what waits for them at once if
/// they were made before; then for room, in one queue for each claim. So starting a job looks at the head of each queue,
/// never at every job that waits.
pub(crate) struct States {
    states: Vec<State>,
    fresh: BTreeSet<Turn>,
    waiting: BTreeMap<Claim, BTreeSet<Turn>>,
    resting: BTreeSet<(Duration, JobId)>,
    /// Claims of jobs that need more than planned.
    raised: HashMap<JobId, Claim>,
}

/// A job's place in its queue: highest priority first, then document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    behind: std::cmp::Reverse<u64>,
    id: JobId,
}

impl States {
    /// Returns the states at the start of a run, and shows each wanted job to `see` on the way.
    pub(super) fn new(plan: &Plan, mut see: impl FnMut(&Job)) -> Self {
        let states = vec![State::Unasked; plan.len()];
        let mut states = Self {
            states,
            fresh: BTreeSet::new(),
            waiting: BTreeMap::new(),
            resting: BTreeSet::new(),
            raised: HashMap::new(),
        };
        for (id, planned) in plan.in_order().filter(|(_, planned)| planned.wanted) {
            see(&planned.job);
            match crate::plan::needed_jobs(&planned.job).len() {
                // What is kept as it was waits for nothing.
                _ if matches!(planned.control, JobControl::Pin(_)) => {
                    states.set(plan, id, State::Fresh)
                }
                0 => states.set(plan, id, State::Fresh),
                waits => states.set(plan, id, State::Blocked(waits)),
            }
        }
        states
    }

    /// Changes the state of one job; the only place that does.
    pub(super) fn set(&mut self, plan: &Plan, id: JobId, state: State) {
        match self.states[id.index()] {
            State::Fresh => drop(self.fresh.remove(&turn(plan, id))),
            State::Waiting(_) => self.leave_queue(plan, turn(plan, id)),
            State::Resting(_, until) => drop(self.resting.remove(&(until, id))),
            _ => {}
        }
        match state {
            State::Fresh => drop(self.fresh.insert(turn(plan, id))),
            State::Waiting(_) => self.join_queue(plan, turn(plan, id)),
            State::Resting(_, until) => drop(self.resting.insert((until, id))),
            _ => {}
        }
        self.states[id.index()] = state;
    }

    fn join_queue(&mut self, plan: &Plan, turn: Turn) {
        let claim = self
            .raised
            .get(&turn.id)
            .unwrap_or(&plan.job(turn.id).job.claim);
        match self.waiting.get_mut(claim) {
            Some(queue) => drop(queue.insert(turn)),
            None => drop(self.waiting.insert(claim.clone(), BTreeSet::from([turn]))),
        }
    }

    fn leave_queue(&mut self, plan: &Plan, turn: Turn) {
        let claim = self
            .raised
            .get(&turn.id)
            .unwrap_or(&plan.job(turn.id).job.claim);
        self.waiting.get_mut(claim).map(|queue| queue.remove(&turn));
    }

    /// Returns what the job holds while it runs.
    pub(crate) fn claim<'a>(&'a self, plan: &'a Plan, id: JobId) -> &'a Claim {
        self.raised.get(&id).unwrap_or(&plan.job(id).job.claim)
    }

    /// Lets a job that does not wait for room hold `claim` from its next try on.
    pub(super) fn raise(&mut self, id: JobId, claim: Claim) {
        debug_assert!(
            !matches!(self.get(id), State::Waiting(_)),
            "it would be lost in its old queue"
        );
        self.raised.insert(id, claim);
    }

    /// Returns the identity under which a job runs now.
    pub(crate) fn running(&self, id: JobId) -> Option<Digest> {
        match self.get(id) {
            State::Running(digest) => Some(*digest),
            _ => None,
        }
    }

    pub(super) fn get(&self, id: JobId) -> &State {
        &self.states[id.index()]
    }

    /// Returns what a made job made.
    pub(super) fn outputs(&self, id: JobId) -> Option<&Arc<[Artefact]>> {
        match self.get(id) {
            State::Made(outputs) => Some(outputs),
            _ => None,
        }
    }

    /// Notes that `id` was made: jobs that waited for it alone become ready.
    pub(super) fn made(&mut self, plan: &Plan, id: JobId, outputs: Arc<[Artefact]>) {
        self.set(plan, id, State::Made(outputs));
        for next in &plan.job(id).dependants {
            match *self.get(*next) {
                State::Blocked(1) => self.set(plan, *next, State::Fresh),
                State::Blocked(waits) => self.set(plan, *next, State::Blocked(waits - 1)),
                _ => {}
            }
        }
    }

    /// Notes that `id` will not be made; returns every job that is lost with it, in order.
    pub(super) fn lost(&mut self, plan: &Plan, id: JobId) -> Vec<JobId> {
        self.set(plan, id, State::Lost);
        let mut lost = Vec::new();
        let mut open = vec![id];
        while let Some(from) = open.pop() {
            for next in &plan.job(from).dependants {
                if matches!(self.get(*next), State::Blocked(_)) {
                    self.set(plan, *next, State::Lost);
                    lost.push(*next);
                    open.push(*next);
                }
            }
        }
        lost.sort_unstable();
        lost
    }

    /// Returns the first job that the store was not asked for.
    pub(super) fn next_fresh(&self) -> Option<JobId> {
        self.fresh.first().map(|turn| turn.id)
    }

    /// Returns whether any job waits to be tried again.
    pub(super) fn is_resting(&self) -> bool {
        !self.resting.is_empty()
    }

    /// Lets jobs whose rest is over wait for room again.
    pub(super) fn wake(&mut self, plan: &Plan, now: Duration) {
        while let Some((_, id)) = self
            .resting
            .first()
            .copied()
            .filter(|(until, _)| *until <= now)
        {
            let State::Resting(digest, _) = *self.get(id) else {
                return;
            };
            self.set(plan, id, State::Waiting(digest));
        }
    }

    /// Returns the job to start next, among those whose claim fits.
    pub(super) fn next_waiting(&self, fits: impl Fn(&Claim) -> bool) -> Option<JobId> {
        let heads = self
            .waiting
            .iter()
            .filter_map(|(claim, queue)| Some((claim, *queue.first()?)));
        heads
            .filter(|(claim, _)| fits(claim))
            .map(|(_, turn)| turn)
            .min()
            .map(|turn| turn.id)
    }
}

fn turn(plan: &Plan, id: JobId) -> Turn {
    Turn {
        behind: std::cmp::Reverse(plan.job(id).priority.max(0.0).to_bits()),
        id,
    }
}
