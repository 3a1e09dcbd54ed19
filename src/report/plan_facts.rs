//! A plan as data: which jobs a run would make, why each, and how long that takes. `plan.json` is this, the output of
//! `production plan` for machines too, and its table is drawn from it.

use super::cause;
use crate::base::{Digest, FileSpan, SourceMap};
use crate::execute::RunEstimate;
use crate::model::Phase;
use crate::plan::{InclusionReason, JobSelection, Plan, PlannedJob, RunReason};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Version of the form of `plan.json`.
pub const PLAN_VERSION: u32 = 1;

/// Everything that a plan tells.
#[derive(Debug, Clone, Serialize)]
pub struct PlanFacts<'a> {
    /// Version of this form.
    pub version: u32,
    /// Title of the production.
    pub production: &'a str,
    /// The revision that a run of it makes.
    pub revision: String,
    /// The published revision that it follows, if there is one.
    pub base: Option<String>,
    /// What was asked for; empty when everything was.
    pub asked: SelectionFacts<'a>,
    /// How many jobs.
    pub counts: PlanCounts,
    /// Jobs by phase.
    pub phases: Vec<PlanPhase>,
    /// How long it takes.
    pub estimate: EstimateFacts,
    /// Every job of the run, in document order.
    pub jobs: Vec<PlannedJobFacts<'a>>,
}

/// What was asked for on the command line.
#[derive(Debug, Clone, Serialize)]
pub struct SelectionFacts<'a> {
    /// Only these shots.
    pub only: &'a [String],
    /// Only this phase.
    pub phase: Option<Phase>,
    /// Only the phases through this one.
    pub up_to: Option<Phase>,
    /// Made again.
    pub regen: &'a [String],
    /// Kept.
    pub pin: &'a [String],
}

/// How many jobs a plan has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PlanCounts {
    /// All of the run.
    pub total: usize,
    /// To run.
    pub run: usize,
    /// Already made.
    pub reused: usize,
    /// Kept on request.
    pub pinned: usize,
}

/// The jobs of one phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanPhase {
    /// The phase.
    pub phase: Phase,
    /// All of them.
    pub jobs: usize,
    /// To run.
    pub run: usize,
    /// How many for each reason, as a table words it.
    #[serde(skip)]
    pub reason_counts: BTreeMap<&'static str, usize>,
}

/// How long a plan takes, in seconds.
#[derive(Debug, Clone, Serialize)]
pub struct EstimateFacts {
    /// Until everything is done.
    pub seconds: EstimateRange,
    /// Work of all jobs of a phase together.
    pub work_by_phase: BTreeMap<Phase, EstimateRange>,
    /// Recorded jobs of the same kinds that the seconds of a phase rest on; 0 for a rough guess.
    pub samples_by_phase: BTreeMap<Phase, usize>,
    /// What that costs by currency, where who does it has a price.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub costs: BTreeMap<String, EstimateRange>,
    /// How many jobs.
    pub jobs: EstimateJobs,
    /// What the figures rest on.
    pub basis: String,
}

/// At best, expected, at worst.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EstimateRange {
    /// At best.
    pub low: f64,
    /// Expected.
    pub middle: f64,
    /// At worst.
    pub high: f64,
}

/// How many jobs an estimate counts.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct EstimateJobs {
    /// To run.
    pub run: usize,
    /// Already made.
    pub reused: usize,
}

/// One job of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedJobFacts<'a> {
    /// Its name.
    pub job: &'a str,
    /// Its phase.
    pub phase: Phase,
    /// Its shot, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shot: Option<&'a str>,
    /// Why it runs or not.
    #[serde(flatten)]
    pub reason: &'a RunReason,
    /// Why it is part of the run: `by_scope` or `as_upstream`; left out when everything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included: Option<&'static str>,
    /// Its identity, when the content of all its inputs is known already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// `file:line:column` of what asks for it, when it will run.
    #[serde(
        skip_serializing_if = "str::is_empty",
        serialize_with = "serialize_place"
    )]
    pub place: Rc<str>,
}

impl<'a> PlanFacts<'a> {
    /// Gathers everything that a plan tells. `base` is the published revision.
    #[must_use]
    pub fn from_plan(
        plan: &'a Plan,
        production: &'a str,
        selection: &'a JobSelection,
        (revision, base): (String, Option<String>),
        estimate: &RunEstimate,
        sources: &SourceMap,
    ) -> Self {
        let wanted = plan
            .jobs()
            .map(|(_, planned)| planned)
            .filter(|planned| planned.wanted);
        let is_whole_run = !selection.is_partial();
        let JobSelection {
            shots,
            phase,
            up_to,
            regen,
            pin,
        } = selection;
        let mut places = PlaceCache::new(sources);
        let mut facts = Self {
            version: PLAN_VERSION,
            production,
            revision,
            base,
            asked: SelectionFacts {
                only: shots,
                phase: *phase,
                up_to: *up_to,
                regen,
                pin,
            },
            counts: PlanCounts::default(),
            phases: Vec::new(),
            estimate: EstimateFacts::from(estimate),
            jobs: wanted
                .map(|planned| PlannedJobFacts::from_planned(planned, is_whole_run, &mut places))
                .collect(),
        };
        facts.count_jobs();
        facts
    }

    /// Counts the jobs, in all and by phase.
    pub(super) fn count_jobs(&mut self) {
        let mut phases: BTreeMap<Phase, PlanPhase> = BTreeMap::new();
        self.counts = PlanCounts::default();
        for PlannedJobFacts { phase, reason, .. } in &self.jobs {
            let empty = PlanPhase {
                phase: *phase,
                jobs: 0,
                run: 0,
                reason_counts: BTreeMap::new(),
            };
            let facts = phases.entry(*phase).or_insert(empty);
            facts.jobs += 1;
            facts.run += usize::from(reason.is_dirty());
            *facts
                .reason_counts
                .entry(cause::reason_label(reason))
                .or_default() += 1;
            self.counts.total += 1;
            self.counts.run += usize::from(reason.is_dirty());
            self.counts.reused += usize::from(**reason == RunReason::Reused);
            self.counts.pinned += usize::from(**reason == RunReason::Pinned);
        }
        self.phases = phases.into_values().collect();
    }
}

/// Where the document asks for jobs, of which a shot has hundreds with the same place.
struct PlaceCache<'a> {
    sources: &'a SourceMap,
    last: (FileSpan, Rc<str>),
}

impl<'a> PlaceCache<'a> {
    fn new(sources: &'a SourceMap) -> Self {
        Self {
            sources,
            last: (FileSpan::default(), Rc::default()),
        }
    }

    /// Returns `file:line:column`; nothing for no place.
    fn place_text(&mut self, origin: FileSpan) -> Rc<str> {
        if self.last.0 != origin {
            let place = if origin.is_empty() {
                String::new()
            } else {
                self.sources.format_position(origin)
            };
            self.last = (origin, place.into());
        }
        Rc::clone(&self.last.1)
    }
}

fn serialize_place<S: Serializer>(place: &Rc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(place)
}

impl<'a> PlannedJobFacts<'a> {
    fn from_planned(
        planned: &'a PlannedJob,
        is_whole_run: bool,
        places: &mut PlaceCache<'_>,
    ) -> Self {
        let included = match planned.included {
            _ if is_whole_run => None,
            InclusionReason::ByScope => Some("by_scope"),
            InclusionReason::AsUpstream => Some("as_upstream"),
            InclusionReason::Excluded => None,
        };
        let (job, reason) = (&planned.job, &planned.reason);
        let shows_place = reason.is_dirty() && !job.origin.is_empty();
        let place = places.place_text(if shows_place {
            job.origin
        } else {
            FileSpan::default()
        });
        let (shot, digest) = (job.shot.as_deref(), planned.digest);
        PlannedJobFacts {
            job: job.name.as_str(),
            phase: job.phase,
            shot,
            reason,
            included,
            digest,
            place,
        }
    }
}

impl From<&RunEstimate> for EstimateFacts {
    fn from(estimate: &RunEstimate) -> Self {
        let range = |(low, middle, high): (f64, f64, f64)| EstimateRange { low, middle, high };
        Self {
            seconds: range(estimate.makespan),
            work_by_phase: estimate
                .phases
                .iter()
                .map(|work| (work.phase, range(work.seconds)))
                .collect(),
            samples_by_phase: estimate
                .phases
                .iter()
                .map(|work| (work.phase, work.samples))
                .collect(),
            costs: cost_ranges(estimate),
            jobs: EstimateJobs {
                run: estimate.dirty_jobs,
                reused: estimate.reused_jobs,
            },
            basis: estimate.basis.clone(),
        }
    }
}

/// Returns what each currency is asked for: at best, expected, at worst.
pub(super) fn cost_ranges(estimate: &RunEstimate) -> BTreeMap<String, EstimateRange> {
    let [low, middle, high] = estimate
        .costs
        .each_ref()
        .map(|costs| costs.amounts().collect::<BTreeMap<_, _>>());
    let amount_of = |costs: &BTreeMap<&str, f64>, currency: &str| {
        costs.get(currency).copied().unwrap_or_default()
    };
    let range = |(currency, middle): (&&str, &f64)| {
        (
            currency.to_string(),
            EstimateRange {
                low: amount_of(&low, currency),
                middle: *middle,
                high: amount_of(&high, currency),
            },
        )
    };
    middle.iter().map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    #[test]
    fn a_plan_for_machines_is_stable() {
        let plan = test_plan::sample_plan();
        let selection = JobSelection {
            up_to: Some(Phase::Locations),
            regen: vec!["sh010".into()],
            ..JobSelection::default()
        };
        let named = ("rev-0002".to_owned(), Some("rev-0001".to_owned()));
        let facts = PlanFacts::from_plan(
            &plan,
            "The Last Tape",
            &selection,
            named,
            &test_plan::sample_estimate(),
            &test_plan::sample_sources(),
        );
        let facts = PlanFacts {
            jobs: facts.jobs.into_iter().take(4).collect(),
            ..facts
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&facts).unwrap());
    }
}
