//! The jobs of a plan by name, as live progress needs them: phase, size, expected seconds, place in
//! the document.

use crate::base::{SourceMap, StringInterner};
use crate::model::{ActionKind, Phase};
use crate::plan::{DurationModel, Plan, PlannedJob};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The wanted jobs of a plan and the totals of their phases. It owns its data, so that a sink does
/// not borrow the plan.
#[derive(Debug, Clone, Default)]
// An event does not say how large its job is or which line requests it. A sink would otherwise need
// the plan, which has far more, for the whole run.
pub struct JobIndex {
    pub(super) jobs: HashMap<String, IndexedJob>,
    /// Totals of each phase that has wanted jobs.
    pub(super) phases: BTreeMap<Phase, PhaseTotals>,
    /// Estimated seconds of work per second of the run: how many jobs run at a time on average.
    pub(super) parallelism: f64,
    /// The store's folder; paths of logs are relative to it.
    pub(super) store: PathBuf,
}

#[derive(Debug, Clone)]
pub(super) struct IndexedJob {
    pub(super) kind: ActionKind,
    pub(super) phase: Phase,
    pub(super) units: usize,
    pub(super) noun: &'static str,
    /// Estimated seconds; 0 if it is expected to be reused.
    pub(super) seconds: f64,
    /// `file:line:column` of what requests it; empty if unknown.
    pub(super) place: String,
    /// Its shot. `None`: it belongs to no shot.
    pub(super) shot: Option<Arc<str>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PhaseTotals {
    pub(super) jobs: usize,
    pub(super) units: usize,
    pub(super) noun: &'static str,
    pub(super) shots: usize,
}

impl JobIndex {
    /// Returns the index of the wanted jobs. `seconds` is the middle estimate of the whole run.
    #[must_use]
    pub fn from_plan(
        plan: &Plan,
        sources: &SourceMap,
        durations: &DurationModel,
        seconds: f64,
    ) -> Self {
        let wanted = || {
            plan.jobs()
                .filter(|(_, planned)| planned.wanted)
                .map(|(_, planned)| planned)
        };
        // Shared: the jobs of a shot have one name of it.
        let mut shots = StringInterner::default();
        let jobs: HashMap<String, IndexedJob> = wanted()
            .map(|planned| {
                (
                    planned.job.name.to_string(),
                    IndexedJob {
                        shot: planned.job.shot.as_deref().map(|shot| shots.intern(shot)),
                        ..IndexedJob::from_planned(planned, durations, sources)
                    },
                )
            })
            .collect();
        let work: f64 = jobs.values().map(|entry| entry.seconds).sum();
        // Without an estimate one job at a time is assumed. It is the pessimistic choice, and the
        // measured pace replaces it soon.
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

    /// Returns the index with `store` as the folder that paths of logs are relative to.
    #[must_use]
    pub fn with_store(self, store: &Path) -> Self {
        Self {
            store: store.to_owned(),
            ..self
        }
    }

    /// Returns the number of wanted jobs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Returns whether no job is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }
}

impl IndexedJob {
    fn from_planned(planned: &PlannedJob, durations: &DurationModel, sources: &SourceMap) -> Self {
        let units = planned.job.work.counted_units();
        let noun = planned.job.work.kind().spec().unit_noun;
        // A reused job costs next to nothing. If it counted, progress would jump at the start and
        // the time left would be too long.
        let seconds = if planned.reason.is_dirty() {
            durations.forecast(&planned.job, &planned.provider).seconds
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
            kind: planned.job.work.kind(),
            phase: planned.job.phase,
            units,
            noun,
            seconds,
            place,
            shot: None,
        }
    }
}

fn phase_totals<'a>(wanted: impl Iterator<Item = &'a PlannedJob>) -> BTreeMap<Phase, PhaseTotals> {
    let mut by_phase: BTreeMap<Phase, (PhaseTotals, BTreeSet<&str>)> = BTreeMap::new();
    for PlannedJob { job, .. } in wanted {
        let (totals, shots) = by_phase.entry(job.phase).or_default();
        // Counted units and not all units: frames that an earlier job counted would be in the total
        // twice.
        let units = job.work.counted_units();
        let noun = job.work.kind().spec().unit_noun;
        shots.extend(job.shot.as_deref());
        if units > 0 || totals.noun.is_empty() {
            totals.noun = match totals.units {
                0 => noun,
                _ if totals.noun == noun => noun,
                // Assets and lines are prepared in one phase.
                _ => "item",
            };
        }
        totals.jobs += 1;
        totals.units += units;
        totals.shots = shots.len();
    }
    by_phase
        .into_iter()
        .map(|(phase, (totals, _))| (phase, totals))
        .collect()
}
