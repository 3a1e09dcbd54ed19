//! What live reports know of a plan before it runs: every wanted job by name, with its phase, its size, how long it
//! should take, and where the document asked for it. Owned, so that a sink outlives nothing it needs.

use crate::base::SourceMap;
use crate::model::{JobAction, JobId, Phase};
use crate::plan::{Plan, PlannedJob};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The wanted jobs of a plan, and the phases they fall into.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Wanted jobs by name.
    pub(super) jobs: HashMap<String, Entry>,
    /// What each phase with wanted jobs amounts to, in order.
    pub(super) phases: BTreeMap<Phase, Extent>,
    /// Seconds of work done in one second of waiting, by estimate: how parallel the plan is.
    pub(super) pace: f64,
    /// The store's folder, where logs lie.
    pub(super) store: PathBuf,
}

/// One wanted job.
#[derive(Debug, Clone)]
pub(super) struct Entry {
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
pub(super) struct Extent {
    pub(super) jobs: usize,
    pub(super) units: usize,
    pub(super) noun: &'static str,
    pub(super) shots: usize,
}

impl Roster {
    /// Returns the roster of a plan that should take `seconds` in all (the middle of its makespan).
    #[must_use]
    pub fn of(plan: &Plan, sources: &SourceMap, seconds: f64) -> Self {
        let wanted = || {
            plan.jobs()
                .filter(|(_, planned)| planned.wanted)
                .map(|(_, planned)| planned)
        };
        let jobs: HashMap<String, Entry> = wanted()
            .map(|planned| (planned.job.name.clone(), Entry::of(planned, plan, sources)))
            .collect();
        let work: f64 = jobs.values().map(|entry| entry.seconds).sum();
        let pace = if seconds > 0.0 && work > 0.0 {
            work / seconds
        } else {
            1.0
        };
        Self {
            jobs,
            phases: extents(wanted()),
            pace,
            store: PathBuf::new(),
        }
    }

    /// Returns the roster of a run whose logs lie in the store at `store`.
    #[must_use]
    pub fn keeping(self, store: &Path) -> Self {
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

impl Entry {
    fn of(planned: &PlannedJob, plan: &Plan, sources: &SourceMap) -> Self {
        let (units, noun) = measure(&planned.job.work);
        let seconds = if planned.reason.is_dirty() {
            own_seconds(planned, plan)
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
fn own_seconds(planned: &PlannedJob, plan: &Plan) -> f64 {
    let behind = |id: &JobId| plan.job(*id).priority;
    (planned.priority - planned.dependants.iter().map(behind).fold(0.0, f64::max)).max(0.0)
}

/// Returns what people count in this work. Stitching moves frames that encoding counted already.
fn measure(work: &JobAction) -> (usize, &'static str) {
    match work {
        JobAction::Import { .. } => (1, "asset"),
        JobAction::Sheet { views, .. } => (views.len(), "view"),
        JobAction::Plate { .. } => (1, "plate"),
        JobAction::Render { frames, .. } | JobAction::Grade { frames, .. } => {
            (frames.len(), "frame")
        }
        JobAction::Encode { count, .. } => (*count, "frame"),
        JobAction::Stitch { .. } => (0, "frame"),
        JobAction::Verify { .. } => (1, "deliverable"),
    }
}

fn extents<'a>(wanted: impl Iterator<Item = &'a PlannedJob>) -> BTreeMap<Phase, Extent> {
    let mut extents: BTreeMap<Phase, (Extent, BTreeSet<&str>)> = BTreeMap::new();
    for PlannedJob { job, .. } in wanted {
        let (extent, shots) = extents.entry(job.phase).or_default();
        let (units, noun) = measure(&job.work);
        shots.extend(job.shot.as_deref());
        (extent.jobs, extent.units, extent.noun) = (extent.jobs + 1, extent.units + units, noun);
        extent.shots = shots.len();
    }
    extents
        .into_iter()
        .map(|(phase, (extent, _))| (phase, extent))
        .collect()
}
