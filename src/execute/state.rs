//! The state of every job in a run, changed in one place.

use crate::model::{Artefact, JobId};
use crate::plan::Plan;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a job stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// Not asked for in this run.
    Unasked,
    /// Waits for this many jobs that it needs.
    Blocked(usize),
    /// Could start.
    Ready,
    /// On a worker.
    Running,
    /// Made; its outputs are in the store.
    Made(Arc<Vec<Artefact>>),
    /// Failed, or skipped because one that it needs did.
    Lost,
}

/// All states, and which jobs are ready in the order in which they should start.
pub(super) struct States {
    states: Vec<State>,
    ready: BTreeSet<Turn>,
}

/// A ready job's place in the queue: highest priority first, then document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn {
    behind: std::cmp::Reverse<u64>,
    pub(super) id: JobId,
}

impl States {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut states = Self { states: vec![State::Unasked; plan.len()], ready: BTreeSet::new() };
        for (id, planned) in plan.in_order().filter(|(_, planned)| planned.wanted) {
            match crate::plan::needs(&planned.job).len() {
                0 => states.set(plan, id, State::Ready),
                waits => states.set(plan, id, State::Blocked(waits)),
            }
        }
        states
    }

    /// Changes the state of one job; the only place that does.
    pub(super) fn set(&mut self, plan: &Plan, id: JobId, state: State) {
        let turn = turn(plan, id);
        if state == State::Ready {
            self.ready.insert(turn);
        } else {
            self.ready.remove(&turn);
        }
        self.states[id.index()] = state;
    }

    pub(super) fn get(&self, id: JobId) -> &State {
        &self.states[id.index()]
    }

    /// Returns what a made job made.
    pub(super) fn outputs(&self, id: JobId) -> Option<&Arc<Vec<Artefact>>> {
        match self.get(id) {
            State::Made(outputs) => Some(outputs),
            _ => None,
        }
    }

    /// Notes that `id` was made: jobs that waited for it alone become ready.
    pub(super) fn made(&mut self, plan: &Plan, id: JobId, outputs: Arc<Vec<Artefact>>) {
        self.set(plan, id, State::Made(outputs));
        for next in &plan.job(id).dependants {
            match *self.get(*next) {
                State::Blocked(1) => self.set(plan, *next, State::Ready),
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

    /// Returns the ready jobs in the order in which they should start.
    pub(super) fn ready(&self) -> Vec<JobId> {
        self.ready.iter().map(|turn| turn.id).collect()
    }
}

fn turn(plan: &Plan, id: JobId) -> Turn {
    Turn { behind: std::cmp::Reverse(plan.job(id).priority.max(0.0).to_bits()), id }
}
