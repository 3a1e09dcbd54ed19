//! What live reports know of a plan before it runs: every wanted job by name, with its phase, its size, how long it
//! should take, and where the document asked for it. Owned, so that a sink outlives nothing it needs.

use crate::base::SourceMap;
use crate::model::{JobId, Phase};
use crate::plan::{Plan, PlannedJob};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The wanted jobs of a plan, and the phases they fall into.
#[derive(Debug, Clone, Default)]
pub struct JobIndex {
    /// Wanted jobs by name.
    pub(super) jobs: HashMap<String, IndexedJob>,
    /// What each phase with wanted jobs amounts to, in order.
    pub(super) phases: BTreeMap<Phase, PhaseTotals>,
    /// Seconds of work done in one second of waiting, by estimate: how parallel the plan is.
    pub(super) parallelism: f64,
    /// The store's folder, where logs lie.
    pub(super) store: PathBuf,
}

/// One wanted job.
#[derive(Debug, Clone)]
pub(super) struct IndexedJob {
    pub(super) phase: Phase,
    pub(super) units: usize,
    pub(super) noun: &'static str,
    /// Seconds it should take; 0 when it is expected to be reused.
    pub(super) seconds: f64,
    /// `file:line:column` of the place that asked for it, empty when unknown.
    pub(super) place: String,
}

/// How much there is to do in one phase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PhaseTotals {
    pub(super) jobs: usize,
    pub(super) units: usize,
    pub(super) noun: &'static str,
    pub(super) shots: usize,
}

impl JobIndex {
    /// Returns the roster of a plan that should take `seconds` in all (the middle of its makespan).
    #[must_use]
    pub fn from_plan(plan: &Plan, sources: &SourceMap, seconds: f64) -> Self {
        let wanted = || {
            plan.jobs()
                .filter(|(_, planned)| planned.wanted)
                .map(|(_, planned)| planned)
        };
        let jobs: HashMap<String, IndexedJob> = wanted()
            .map(|planned| {
                (
                    planned.job.name.to_string(),
                    IndexedJob::from_planned(planned, plan, sources),
                )
            })
            .collect();
        let work: f64 = jobs.values().map(|entry| entry.seconds).sum();
        let parallelism = if seconds > 0.0 && work > 0.0 {
            work / seconds
        } else {
            1.0
        };
        Self {
            jobs,
            phases: phase_totals(wanted()),
            parallelism,
            store: PathBuf::new(),
        }
    }

    /// Returns the roster of a run whose logs lie in the store at `store`.
    #[must_use]
    pub fn with_store(self, store: &Path) -> Self {
        Self {
            store: store.to_owned(),
            ..self
        }
    }

    /// Returns how many jobs are wanted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Returns whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }
}

impl IndexedJob {
    fn from_planned(planned: &PlannedJob, plan: &Plan, sources: &SourceMap) -> Self {
        let units = planned.job.work.counted_units();
        let noun = planned.job.work.kind().spec().unit_noun;
        let seconds = if planned.reason.is_dirty() {
            job_seconds(planned, plan)
        } else {
            0.0
        };
        let origin = planned.job.origin;
        let place = if origin.is_empty() {
            String::new()
        } else {
            sources.format_position(origin)
        };
        Self {
            phase: planned.job.phase,
            units,
            noun,
            seconds,
            place,
        }
    }
}

/// Returns what the plan expects of the job alone: its priority is its own length and the longest chain behind it.
fn job_seconds(planned: &PlannedJob, plan: &Plan) -> f64 {
    let behind = |id: &JobId| plan.job(*id).priority;
    (planned.priority - planned.dependants.iter().map(behind).fold(0.0, f64::max)).max(0.0)
}

fn phase_totals<'a>(wanted: impl Iterator<Item = &'a PlannedJob>) -> BTreeMap<Phase, PhaseTotals> {
    let mut by_phase: BTreeMap<Phase, (PhaseTotals, BTreeSet<&str>)> = BTreeMap::new();
    for PlannedJob { job, .. } in wanted {
        let (totals, shots) = by_phase.entry(job.phase).or_default();
        let units = job.work.counted_units();
        let noun = job.work.kind().spec().unit_noun;
        shots.extend(job.shot.as_deref());
        (totals.jobs, totals.units, totals.noun) = (totals.jobs + 1, totals.units + units, noun);
        totals.shots = shots.len();
    }
    by_phase
        .into_iter()
        .map(|(phase, (totals, _))| (phase, totals))
        .collect()
}
