//! The state of every job in a run, changed in one place.

use super::run_control::JobUrgency;
use crate::base::Digest;
use crate::model::{Artefact, Claim, Job, JobId, Phase};
use crate::plan::{JobControl, Plan};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// The state of a job.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JobState {
    /// Not part of this run.
    NotSelected,
    /// Waits for this many jobs that it needs.
    // A number and not the set of jobs: the graph has the names, and a plan may have a million
    // edges.
    Blocked(usize),
    /// Has its inputs. It was not looked up in the store yet.
    Ready,
    /// Must run under this identity, and waits for resources.
    Waiting(Digest),
    /// Its failure may be transient. It waits until this time of the run for the next attempt.
    BackingOff(Digest, Duration),
    /// Must run under this identity, and is queued for a busy worker.
    Prefetched(Digest),
    /// Runs under this identity.
    Running(Digest),
    /// Made or reused. Its outputs are in the store.
    Succeeded(Arc<[Artefact]>),
    /// Failed, cancelled, withdrawn, or skipped because a job that it needs was.
    Unreachable,
}

/// All states, and the queues of jobs that could start.
///
/// Jobs whose inputs are made queue twice. First they are looked up in the store: if they were made
/// before, that frees at once what waits for them. Then they wait for resources, in one queue for
/// each claim. So starting a job looks at the head of each queue, never at every job that waits.
pub(crate) struct JobStateTable {
    states: Vec<JobState>,
    ready: BTreeSet<QueuePosition>,
    waiting: BTreeMap<Claim, BTreeSet<QueuePosition>>,
    backing_off: BTreeSet<(Duration, JobId)>,
    /// Claims of jobs that need more than planned.
    raised_claims: HashMap<JobId, Claim>,
    /// Jobs whose order was changed while the run is in progress.
    urgencies: HashMap<JobId, JobUrgency>,
}

/// The place of a job in its queue: its urgency, then the early phases, then the highest priority,
/// then those that show the same frames, then document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct QueuePosition {
    urgency: JobUrgency,
    early_phase: Phase,
    priority: std::cmp::Reverse<u64>,
    /// Of the encodes of shots that are equally urgent, those of one shot come together.
    frames: Option<JobId>,
    id: JobId,
}

impl JobStateTable {
    /// Returns the states at the start of a run. Calls `visit` with each selected job.
    // One pass with a visitor, because the caller counts jobs of shots, and each pass over a large
    // plan costs time before the first job starts.
    pub(super) fn new(plan: &Plan, mut visit: impl FnMut(&Job)) -> Self {
        let states = vec![JobState::NotSelected; plan.len()];
        let mut states = Self {
            states,
            ready: BTreeSet::new(),
            waiting: BTreeMap::new(),
            backing_off: BTreeSet::new(),
            raised_claims: HashMap::new(),
            urgencies: HashMap::new(),
        };
        for (id, planned) in plan.in_order().filter(|(_, planned)| planned.wanted) {
            visit(&planned.job);
            match crate::plan::needed_jobs(&planned.job).len() {
                // A pinned job takes what was last made, so the jobs that it needs do not matter
                // and may not even be selected.
                _ if matches!(planned.control, JobControl::Pin(_)) => {
                    states.set_state(plan, id, JobState::Ready);
                }
                0 => states.set_state(plan, id, JobState::Ready),
                missing => states.set_state(plan, id, JobState::Blocked(missing)),
            }
        }
        states
    }

    /// Changes the state of one job. Nothing else does, so that queues and states cannot disagree.
    pub(super) fn set_state(&mut self, plan: &Plan, id: JobId, state: JobState) {
        self.leave_queues(plan, id);
        self.states[id.index()] = state;
        self.join_queues(plan, id);
    }

    /// Changes how urgent a job is. Returns whether it has not started yet.
    pub(super) fn set_urgency(&mut self, plan: &Plan, id: JobId, urgency: JobUrgency) -> bool {
        // Out of its queue and in again, because its place is found by its urgency.
        self.leave_queues(plan, id);
        self.urgencies.insert(id, urgency);
        self.join_queues(plan, id);
        matches!(
            self.get_state(id),
            JobState::Blocked(_)
                | JobState::Ready
                | JobState::Waiting(_)
                | JobState::BackingOff(..)
                | JobState::Prefetched(_)
        )
    }

    fn leave_queues(&mut self, plan: &Plan, id: JobId) {
        match self.states[id.index()] {
            JobState::Ready => drop(self.ready.remove(&self.queue_position(plan, id))),
            JobState::Waiting(_) => self.leave_queue(plan, self.queue_position(plan, id)),
            JobState::BackingOff(_, until) => drop(self.backing_off.remove(&(until, id))),
            // Jobs in other states are in no queue.
            _ => {}
        }
    }

    fn join_queues(&mut self, plan: &Plan, id: JobId) {
        match self.states[id.index()] {
            JobState::Ready => drop(self.ready.insert(self.queue_position(plan, id))),
            JobState::Waiting(_) => self.join_queue(plan, self.queue_position(plan, id)),
            JobState::BackingOff(_, until) => drop(self.backing_off.insert((until, id))),
            _ => {}
        }
    }

    /// Returns the place of a job in its queue.
    fn queue_position(&self, plan: &Plan, id: JobId) -> QueuePosition {
        let planned = plan.job(id);
        // The map is empty in nearly every run, and this is called several times a job.
        let urgency = if self.urgencies.is_empty() {
            JobUrgency::Normal
        } else {
            self.urgencies.get(&id).copied().unwrap_or_default()
        };
        QueuePosition {
            urgency,
            // Sheets and plates feed nothing, so by the chain behind them they would come last, and
            // a run would report `characters` after `finalize`. From `shots` on, the phases of
            // different shots overlap, and the longest chain decides.
            early_phase: planned.job.phase.min(Phase::Shots),
            // The bits of a non-negative float sort as the number does, which gives a total order
            // without a wrapper.
            priority: std::cmp::Reverse(planned.priority.max(0.0).to_bits()),
            frames: planned.job.encoded_frames(),
            id,
        }
    }

    /// Returns whether a job could be looked up or started.
    pub(super) fn has_startable(&self) -> bool {
        !self.ready.is_empty() || self.waiting.values().any(|queue| !queue.is_empty())
    }

    fn join_queue(&mut self, plan: &Plan, position: QueuePosition) {
        let claim = self
            .raised_claims
            .get(&position.id)
            .unwrap_or(&plan.job(position.id).job.claim);
        // Not `entry`, which needs a copy of the claim each time. There are a handful of claims and
        // many jobs.
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

    /// Sets the claim of a job from its next attempt on. The job must not be waiting.
    pub(super) fn raise_claim(&mut self, id: JobId, claim: Claim) {
        debug_assert!(
            !matches!(self.get_state(id), JobState::Waiting(_)),
            "it would be lost in its old queue"
        );
        self.raised_claims.insert(id, claim);
    }

    /// Returns the identity of a running job. `None`: it does not run.
    pub(crate) fn running_digest(&self, id: JobId) -> Option<Digest> {
        match self.get_state(id) {
            JobState::Running(digest) => Some(*digest),
            _ => None,
        }
    }

    pub(super) fn get_state(&self, id: JobId) -> &JobState {
        &self.states[id.index()]
    }

    /// Returns the outputs of a job that succeeded.
    pub(super) fn job_outputs(&self, id: JobId) -> Option<&Arc<[Artefact]>> {
        match self.get_state(id) {
            JobState::Succeeded(outputs) => Some(outputs),
            _ => None,
        }
    }

    /// Blocks a job that has not started if something that it needs is not made, or not any more.
    /// Returns whether it is blocked.
    pub(super) fn block_again(&mut self, plan: &Plan, id: JobId) -> bool {
        let planned = plan.job(id);
        // It reuses its last result, so it waits for nothing.
        if matches!(planned.control, JobControl::Pin(_)) {
            return false;
        }
        let missing = crate::plan::needed_jobs(&planned.job)
            .into_iter()
            .filter(|need| !matches!(self.get_state(*need), JobState::Succeeded(_)))
            .count();
        if missing > 0 {
            self.set_state(plan, id, JobState::Blocked(missing));
        }
        missing > 0
    }

    /// Marks `id` as made. Jobs that waited for it alone become ready.
    pub(super) fn mark_succeeded(&mut self, plan: &Plan, id: JobId, outputs: Arc<[Artefact]>) {
        self.set_state(plan, id, JobState::Succeeded(outputs));
        for next in &plan.job(id).dependants {
            match *self.get_state(*next) {
                JobState::Blocked(1) => self.set_state(plan, *next, JobState::Ready),
                JobState::Blocked(missing) => {
                    self.set_state(plan, *next, JobState::Blocked(missing - 1));
                }
                // It does not wait: it is pinned, or was skipped.
                _ => {}
            }
        }
    }

    /// Marks `id` as not made. Returns every job that is lost with it, in document order.
    pub(super) fn mark_unreachable(&mut self, plan: &Plan, id: JobId) -> Vec<JobId> {
        self.set_state(plan, id, JobState::Unreachable);
        let mut skipped = Vec::new();
        let mut open = vec![id];
        while let Some(from) = open.pop() {
            for next in &plan.job(from).dependants {
                // A job is lost once, also if several of its needs fail. A pinned dependant is not
                // blocked, and stays.
                if matches!(self.get_state(*next), JobState::Blocked(_)) {
                    self.set_state(plan, *next, JobState::Unreachable);
                    skipped.push(*next);
                    open.push(*next);
                }
            }
        }
        // The search reaches jobs in the order of the graph, but journals and reports must not
        // depend on it.
        skipped.sort_unstable();
        skipped
    }

    /// Returns the first job that was not looked up in the store.
    pub(super) fn next_ready(&self) -> Option<JobId> {
        self.ready.first().map(|position| position.id)
    }

    /// Returns whether any job waits for its next attempt.
    pub(super) fn has_backing_off(&self) -> bool {
        !self.backing_off.is_empty()
    }

    /// Lets jobs whose wait is over queue for resources again.
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

    /// Returns the job to start next, among those whose claim `fits`.
    // A job of lower priority may start before one that does not fit. Otherwise a job that needs
    // the GPU would leave the cores idle.
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
