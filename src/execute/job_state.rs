//! The state of every job in a run, changed in one place.

use crate::base::Digest;
use crate::model::{Artefact, Claim, Job, JobId};
use crate::plan::{JobControl, Plan};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Where a job stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JobState {
    /// Not asked for in this run.
    NotSelected,
    /// Waits for this many jobs that it needs.
    Blocked(usize),
    /// Has its inputs; the store was not asked for it yet.
    Ready,
    /// Must run under this identity, and waits for room.
    Waiting(Digest),
    /// Failed in a way that may pass; waits until this moment of the run to be tried again.
    BackingOff(Digest, Duration),
    /// Must run under this identity, and is left for a hand that is busy.
    Prefetched(Digest),
    /// On a worker, under this identity.
    Running(Digest),
    /// Made; its outputs are in the store.
    Succeeded(Arc<[Artefact]>),
    /// Failed, or skipped because one that it needs did.
    Unreachable,
}

/// All states, and the queues of jobs that could start.
///
/// Jobs whose inputs are there queue twice: first to be looked up in the store, which frees what waits for them at once if
/// they were made before; then for room, in one queue for each claim. So starting a job looks at the head of each queue,
/// never at every job that waits.
pub(crate) struct JobStateTable {
    states: Vec<JobState>,
    ready: BTreeSet<QueuePosition>,
    waiting: BTreeMap<Claim, BTreeSet<QueuePosition>>,
    backing_off: BTreeSet<(Duration, JobId)>,
    /// Claims of jobs that need more than planned.
    raised_claims: HashMap<JobId, Claim>,
}

/// A job's place in its queue: highest priority first, then document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct QueuePosition {
    priority: std::cmp::Reverse<u64>,
    id: JobId,
}

impl JobStateTable {
    /// Returns the states at the start of a run, and shows each wanted job to `see` on the way.
    pub(super) fn new(plan: &Plan, mut visit: impl FnMut(&Job)) -> Self {
        let states = vec![JobState::NotSelected; plan.len()];
        let mut states = Self {
            states,
            ready: BTreeSet::new(),
            waiting: BTreeMap::new(),
            backing_off: BTreeSet::new(),
            raised_claims: HashMap::new(),
        };
        for (id, planned) in plan.in_order().filter(|(_, planned)| planned.wanted) {
            visit(&planned.job);
            match crate::plan::needed_jobs(&planned.job).len() {
                // What is kept as it was waits for nothing.
                _ if matches!(planned.control, JobControl::Pin(_)) => {
                    states.set_state(plan, id, JobState::Ready);
                }
                0 => states.set_state(plan, id, JobState::Ready),
                waits => states.set_state(plan, id, JobState::Blocked(waits)),
            }
        }
        states
    }

    /// Changes the state of one job; the only place that does.
    pub(super) fn set_state(&mut self, plan: &Plan, id: JobId, state: JobState) {
        match self.states[id.index()] {
            JobState::Ready => drop(self.ready.remove(&queue_position(plan, id))),
            JobState::Waiting(_) => self.leave_queue(plan, queue_position(plan, id)),
            JobState::BackingOff(_, until) => drop(self.backing_off.remove(&(until, id))),
            _ => {}
        }
        match state {
            JobState::Ready => drop(self.ready.insert(queue_position(plan, id))),
            JobState::Waiting(_) => self.join_queue(plan, queue_position(plan, id)),
            JobState::BackingOff(_, until) => drop(self.backing_off.insert((until, id))),
            _ => {}
        }
        self.states[id.index()] = state;
    }

    fn join_queue(&mut self, plan: &Plan, position: QueuePosition) {
        let claim = self
            .raised_claims
            .get(&position.id)
            .unwrap_or(&plan.job(position.id).job.claim);
        match self.waiting.get_mut(claim) {
            Some(queue) => drop(queue.insert(position)),
            None => drop(
                self.waiting
                    .insert(claim.clone(), BTreeSet::from([position])),
            ),
        }
    }

    fn leave_queue(&mut self, plan: &Plan, position: QueuePosition) {
        let claim = self
            .raised_claims
            .get(&position.id)
            .unwrap_or(&plan.job(position.id).job.claim);
        self.waiting
            .get_mut(claim)
            .map(|queue| queue.remove(&position));
    }

    /// Returns what the job holds while it runs.
    pub(crate) fn current_claim<'a>(&'a self, plan: &'a Plan, id: JobId) -> &'a Claim {
        self.raised_claims
            .get(&id)
            .unwrap_or(&plan.job(id).job.claim)
    }

    /// Lets a job that does not wait for room hold `claim` from its next try on.
    pub(super) fn raise_claim(&mut self, id: JobId, claim: Claim) {
        debug_assert!(
            !matches!(self.get_state(id), JobState::Waiting(_)),
            "it would be lost in its old queue"
        );
        self.raised_claims.insert(id, claim);
    }

    /// Returns the identity under which a job runs now.
    pub(crate) fn running_digest(&self, id: JobId) -> Option<Digest> {
        match self.get_state(id) {
            JobState::Running(digest) => Some(*digest),
            _ => None,
        }
    }

    pub(super) fn get_state(&self, id: JobId) -> &JobState {
        &self.states[id.index()]
    }

    /// Returns what a made job made.
    pub(super) fn job_outputs(&self, id: JobId) -> Option<&Arc<[Artefact]>> {
        match self.get_state(id) {
            JobState::Succeeded(outputs) => Some(outputs),
            _ => None,
        }
    }

    /// Notes that `id` was made: jobs that waited for it alone become ready.
    pub(super) fn mark_succeeded(&mut self, plan: &Plan, id: JobId, outputs: Arc<[Artefact]>) {
        self.set_state(plan, id, JobState::Succeeded(outputs));
        for next in &plan.job(id).dependants {
            match *self.get_state(*next) {
                JobState::Blocked(1) => self.set_state(plan, *next, JobState::Ready),
                JobState::Blocked(waits) => {
                    self.set_state(plan, *next, JobState::Blocked(waits - 1));
                }
                _ => {}
            }
        }
    }

    /// Notes that `id` will not be made; returns every job that is lost with it, in order.
    pub(super) fn mark_unreachable(&mut self, plan: &Plan, id: JobId) -> Vec<JobId> {
        self.set_state(plan, id, JobState::Unreachable);
        let mut skipped = Vec::new();
        let mut open = vec![id];
        while let Some(from) = open.pop() {
            for next in &plan.job(from).dependants {
                if matches!(self.get_state(*next), JobState::Blocked(_)) {
                    self.set_state(plan, *next, JobState::Unreachable);
                    skipped.push(*next);
                    open.push(*next);
                }
            }
        }
        skipped.sort_unstable();
        skipped
    }

    /// Returns the first job that the store was not asked for.
    pub(super) fn next_ready(&self) -> Option<JobId> {
        self.ready.first().map(|position| position.id)
    }

    /// Returns whether any job waits to be tried again.
    pub(super) fn has_backing_off(&self) -> bool {
        !self.backing_off.is_empty()
    }

    /// Lets jobs whose rest is over wait for room again.
    pub(super) fn requeue_due(&mut self, plan: &Plan, now: Duration) {
        while let Some((_, id)) = self
            .backing_off
            .first()
            .copied()
            .filter(|(until, _)| *until <= now)
        {
            let JobState::BackingOff(digest, _) = *self.get_state(id) else {
                return;
            };
            self.set_state(plan, id, JobState::Waiting(digest));
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
            .map(|(_, position)| position)
            .min()
            .map(|position| position.id)
    }
}

fn queue_position(plan: &Plan, id: JobId) -> QueuePosition {
    QueuePosition {
        priority: std::cmp::Reverse(plan.job(id).priority.max(0.0).to_bits()),
        id,
    }
}
