//! A plan as data: its jobs, the reason of each, and the estimate. It is serialised as `plan.json`
//! and by `production plan --format json`; the table of `production plan` is made from it.

use super::cause;
use super::silence_facts::SilenceFacts;
use super::tier_facts::TierFacts;
use crate::base::{Digest, FileSpan, SourceMap};
use crate::execute::RunEstimate;
use crate::model::Phase;
use crate::plan::{InclusionReason, JobSelection, Plan, PlannedJob, RunReason, needed_jobs};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Version of the format of `plan.json`.
pub const PLAN_VERSION: u32 = 1;

/// All facts of a plan.
#[derive(Debug, Clone, Serialize)]
// It borrows from the plan, which can have a million jobs: copies of names and reasons would
// cost memory for nothing.
pub struct PlanFacts<'a> {
    /// Version of this format.
    pub version: u32,
    /// Title of the production.
    pub production: &'a str,
    /// Name of the revision that a run would make.
    pub revision: String,
    /// The published revision before it; `None` before the first.
    pub base: Option<String>,
    /// The quality tier, and what chose it.
    #[serde(flatten)]
    pub tier: Option<TierFacts>,
    /// Whether something other than the document chose the tier. The document's own size and
    /// samples do not count then, so a run of this plan must know it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tier_override: bool,
    /// That sound was left out, and what did it.
    #[serde(flatten)]
    pub silence: Option<SilenceFacts>,
    /// Whether a run would make nothing: the published revision is up to date and in place.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub up_to_date: bool,
    /// The selection of jobs; its fields are empty if everything is selected.
    #[serde(rename = "asked")]
    pub selection: SelectionFacts<'a>,
    /// How many jobs.
    pub counts: PlanCounts,
    /// Jobs by phase.
    pub phases: Vec<PlanPhase>,
    /// Jobs by layer. Those of one layer need none of each other, and all that they need is in the
    /// layers before.
    pub layers: Vec<PlanLayer>,
    /// The estimate.
    pub estimate: EstimateFacts,
    /// The presets of the production that are other than in the last run. Empty if no job changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed_presets: Vec<ChangedPreset>,
    /// Every wanted job, in document order.
    pub jobs: Vec<PlannedJobFacts<'a>>,
}

/// A preset that is new, other or gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedPreset {
    /// Its kind, such as `styles`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `file:line:column`; empty if it is gone.
    pub place: String,
}

/// The options of the command line that select jobs.
#[derive(Debug, Clone, Serialize)]
pub struct SelectionFacts<'a> {
    /// Names of `--only`.
    pub only: &'a [String],
    /// Phase of `--phase`.
    pub phase: Option<Phase>,
    /// Phase of `--up-to`, which is included.
    pub up_to: Option<Phase>,
    /// Output of `--up-to`. Left out for a phase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<&'a str>,
    /// Names of `--regen`.
    pub regen: &'a [String],
    /// Names of `--pin`.
    pub pin: &'a [String],
}

/// Number of jobs of a plan by what a run would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PlanCounts {
    /// All wanted jobs.
    pub total: usize,
    /// To run.
    pub run: usize,
    /// Already made.
    pub reused: usize,
    /// Pinned.
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
    /// Number of jobs by [`reason_label`](cause::reason_label).
    #[serde(skip)]
    // Labels are words for people and may improve, so they are not part of the format.
    pub reason_counts: BTreeMap<&'static str, usize>,
}

/// The jobs of one layer, of which the first is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PlanLayer {
    /// All of them.
    pub jobs: usize,
    /// To run.
    pub run: usize,
}

/// The estimate of a plan. Times are in seconds.
#[derive(Debug, Clone, Serialize)]
pub struct EstimateFacts {
    /// Time until the last job ends.
    pub seconds: EstimateRange,
    /// Seconds of work by phase, summed over its jobs.
    pub work_by_phase: BTreeMap<Phase, EstimateRange>,
    /// Recorded jobs that the seconds of a phase are based on; 0 for a rough guess.
    pub samples_by_phase: BTreeMap<Phase, usize>,
    /// Costs by currency, for providers with a price.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub costs: BTreeMap<String, EstimateRange>,
    /// Number of jobs.
    pub jobs: EstimateJobs,
    /// Text for people: what the figures are based on.
    pub basis: String,
}

/// A figure with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EstimateRange {
    /// Low estimate: everything as fast as the fastest tenth.
    pub low: f64,
    /// Middle estimate.
    pub middle: f64,
    /// High estimate: everything as slow as the slowest tenth.
    pub high: f64,
}

/// Number of jobs of an estimate.
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
    /// Its layer: 0 if it needs no job, else one more than the highest layer of those.
    pub layer: usize,
    /// Its shot, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shot: Option<&'a str>,
    /// Why it runs or not.
    #[serde(flatten)]
    pub reason: &'a RunReason,
    /// Why it is part of the run: `by_scope` or `as_upstream`; `None` if everything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included: Option<&'static str>,
    /// Its identity; `None` while the content of an input is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// What it asks for while its identity is unknown: its work, its provider, its files, and the
    /// names of the jobs that it needs. A run that follows the plan compares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Digest>,
    /// The jobs that it needs: the edges of the graph.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<&'a str>,
    /// `file:line:column` of what requests it; empty for a job that will not run.
    #[serde(
        skip_serializing_if = "str::is_empty",
        serialize_with = "serialize_place"
    )]
    pub place: Rc<str>,
}

impl<'a> PlanFacts<'a> {
    /// Gathers the facts of a plan. `base` is the published revision before this one.
    #[must_use]
    pub fn from_plan(
        plan: &'a Plan,
        production: &'a str,
        selection: &'a JobSelection,
        revision: String,
        base: Option<String>,
        estimate: &RunEstimate,
        sources: &SourceMap,
    ) -> Self {
        let wanted = plan.jobs().filter(|(_, planned)| planned.wanted);
        let layers = job_layers(plan);
        // In a whole run every job is included for the same reason, which would only make the file
        // longer.
        let is_whole_run = !selection.is_partial();
        let JobSelection {
            shots,
            phase,
            up_to,
            output,
            regen,
            pin,
        } = selection;
        let mut places = PlaceCache::new(sources);
        let mut facts = Self {
            version: PLAN_VERSION,
            production,
            revision,
            base,
            tier: None,
            tier_override: false,
            silence: None,
            up_to_date: false,
            selection: SelectionFacts {
                only: shots,
                phase: *phase,
                up_to: *up_to,
                output: output.as_deref(),
                regen,
                pin,
            },
            counts: PlanCounts::default(),
            phases: Vec::new(),
            layers: Vec::new(),
            estimate: EstimateFacts::from(estimate),
            changed_presets: Vec::new(),
            jobs: wanted
                .map(|(id, planned)| PlannedJobFacts {
                    layer: layers[id.index()],
                    needs: need_names(planned, plan),
                    ..PlannedJobFacts::from_planned(planned, is_whole_run, &mut places)
                })
                .collect(),
        };
        // Counted from the list of jobs, so that the numbers and the list cannot disagree.
        facts.count_jobs();
        facts
    }

    /// Counts the jobs again, in total, by phase and by layer.
    pub(super) fn count_jobs(&mut self) {
        let mut phases: BTreeMap<Phase, PlanPhase> = BTreeMap::new();
        self.counts = PlanCounts::default();
        for PlannedJobFacts { phase, reason, .. } in &self.jobs {
            // Phases without a wanted job do not appear.
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
        self.layers.clear();
        for PlannedJobFacts { layer, reason, .. } in &self.jobs {
            if self.layers.len() <= *layer {
                self.layers.resize(*layer + 1, PlanLayer::default());
            }
            self.layers[*layer].jobs += 1;
            self.layers[*layer].run += usize::from(reason.is_dirty());
        }
    }
}

/// Texts of places. All chunks of a shot have the same place, so the last text is reused.
// One entry is enough because jobs are in document order. A map would hash every place and keep
// them all.
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

    /// Returns `file:line:column`; empty without a place.
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

// serde supports `Rc` behind its feature `rc` only, and one field does not need it for the whole
// crate.
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
        let job = &planned.job;
        let reason = &planned.reason;
        // The place says where to look for the cause. A reused job has none, and most jobs of a
        // plan are reused.
        let shows_place = reason.is_dirty() && !job.origin.is_empty();
        let place = places.place_text(if shows_place {
            job.origin
        } else {
            FileSpan::default()
        });
        let shot = job.shot.as_deref();
        let digest = planned.digest;
        PlannedJobFacts {
            job: job.name.as_str(),
            phase: job.phase,
            layer: 0,
            shot,
            reason,
            included,
            digest,
            basis: None,
            needs: Vec::new(),
            place,
        }
    }
}

/// Returns the layer of each job of a plan, by its id.
fn job_layers(plan: &Plan) -> Vec<usize> {
    let mut layers = vec![0; plan.len()];
    for (id, planned) in plan.in_order() {
        // In this order a job comes after all that it needs, so their layers are known.
        let needs = needed_jobs(&planned.job).into_iter();
        let before = needs.map(|need| layers[need.index()] + 1).max();
        layers[id.index()] = before.unwrap_or(0);
    }
    layers
}

/// Returns the names of the jobs that a job needs.
fn need_names<'a>(planned: &PlannedJob, plan: &'a Plan) -> Vec<&'a str> {
    let needs = needed_jobs(&planned.job).into_iter();
    needs.map(|need| plan.job(need).job.name.as_str()).collect()
}

impl From<(f64, f64, f64)> for EstimateRange {
    fn from(bounds: (f64, f64, f64)) -> Self {
        let (low, middle, high) = bounds;
        Self { low, middle, high }
    }
}

impl From<&RunEstimate> for EstimateFacts {
    fn from(estimate: &RunEstimate) -> Self {
        Self {
            seconds: estimate.makespan.into(),
            work_by_phase: estimate
                .phases
                .iter()
                .map(|work| (work.phase, work.seconds.into()))
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

/// Returns the range of costs by currency.
pub(super) fn cost_ranges(estimate: &RunEstimate) -> BTreeMap<String, EstimateRange> {
    // The three totals are folded separately, so each has its own map of currencies.
    let [low, middle, high] = estimate
        .costs
        .each_ref()
        .map(|costs| costs.amounts().collect::<BTreeMap<_, _>>());
    let amount_of = |costs: &BTreeMap<&str, f64>, currency: &str| {
        costs.get(currency).copied().unwrap_or_default()
    };
    middle
        .iter()
        .map(|(currency, middle)| {
            (
                currency.to_string(),
                EstimateRange {
                    low: amount_of(&low, currency),
                    middle: *middle,
                    high: amount_of(&high, currency),
                },
            )
        })
        .collect()
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
        let facts = PlanFacts::from_plan(
            &plan,
            "The Last Tape",
            &selection,
            "rev-0002".to_owned(),
            Some("rev-0001".to_owned()),
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
