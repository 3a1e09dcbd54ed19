//! How long each job will take: from recorded durations where there are any, from a rough table otherwise. Knows nothing
//! of who works beside whom; that is the dispatcher's.

use super::graph::JobGraph;
use crate::model::action_kind::RoughDuration;
use crate::model::{ActionKind, AssetKind, Job, JobAction, cost_model};
use std::collections::HashMap;

/// Seconds that Blender takes to start and to bring one file in.
const BLEND_IMPORT_SECONDS: f64 = 3.0;

/// Seconds a unit of each kind of work takes on this machine.
#[derive(Debug, Clone, Default)]
pub struct DurationModel {
    /// By kind, and by variant: two engines have nothing in common.
    per_unit: HashMap<ActionKind, HashMap<String, DurationQuantiles>>,
}

/// Observed seconds a unit: low, middle and high, and from how many jobs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct DurationQuantiles {
    low: f64,
    middle: f64,
    high: f64,
    samples: usize,
}

impl DurationModel {
    /// Returns the pace seen in recorded jobs: seconds and units of each, by kind of work.
    #[must_use]
    pub fn from_samples(samples: &HashMap<String, Vec<(f64, usize)>>) -> Self {
        let quantiles = |jobs: &Vec<(f64, usize)>| {
            let mut rates: Vec<f64> = jobs
                .iter()
                .filter(|(_, units)| *units > 0)
                .map(|(s, u)| s / unit_count(*u))
                .collect();
            rates.sort_by(f64::total_cmp);
            let decile = |part: usize| rates.get(rates.len() * part / 10).copied();
            Some(DurationQuantiles {
                low: decile(1)?,
                middle: decile(5)?,
                high: decile(9)?,
                samples: rates.len(),
            })
        };
        let mut model = Self::default();
        for (key, jobs) in samples {
            let parsed = ActionKind::parse_sample_key(key);
            if let Some(((kind, variant), quantiles)) = parsed.zip(quantiles(jobs)) {
                model
                    .per_unit
                    .entry(kind)
                    .or_default()
                    .insert(variant.to_owned(), quantiles);
            }
        }
        model
    }

    /// Returns how many recorded jobs the pace rests on.
    #[must_use]
    pub fn sample_count(&self) -> usize {
        self.per_unit
            .values()
            .flat_map(HashMap::values)
            .map(|quantiles| quantiles.samples)
            .sum()
    }

    fn recorded_rate(&self, work: &JobAction) -> Option<&DurationQuantiles> {
        self.per_unit
            .get(&work.kind())?
            .get(work.variant().unwrap_or_default())
    }

    /// Returns whether work of this kind has been seen.
    #[must_use]
    pub fn has_samples(&self, work: &JobAction) -> bool {
        self.recorded_rate(work).is_some()
    }

    /// Returns how many recorded jobs of this kind the pace rests on.
    #[must_use]
    pub fn sample_count_for(&self, work: &JobAction) -> usize {
        self.recorded_rate(work)
            .map_or(0, |quantiles| quantiles.samples)
    }

    /// Returns expected seconds for a job: low, middle, high. The outer two are the first and the last tenth of what was
    /// seen; work never seen may take a third of a rough guess, or three times it.
    #[must_use]
    pub fn expected_seconds(&self, work: &JobAction) -> (f64, f64, f64) {
        let units = unit_count(work.unit_count());
        let rough = rough_seconds(work);
        self.recorded_rate(work)
            .map_or((rough / 3.0, rough, rough * 3.0), |quantiles| {
                (
                    quantiles.low * units,
                    quantiles.middle * units,
                    quantiles.high * units,
                )
            })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "unit counts stay far below 2^52"
)]
fn unit_count(count: usize) -> f64 {
    count.max(1) as f64
}

/// A guess for work never seen on this machine, from two cores and a software adapter.
fn rough_seconds(work: &JobAction) -> f64 {
    let units = unit_count(work.unit_count());
    match work.kind().spec().rough_duration {
        // Blender has to start and to open the file; every other asset is read in no time.
        _ if is_blend_import(work) => BLEND_IMPORT_SECONDS,
        RoughDuration::PerUnit { start, unit } => start + units * unit,
        RoughDuration::Drawn => work.drawing().map_or(0.0, |drawing| {
            cost_model::startup_seconds(drawing.engine)
                + units * cost_model::render_seconds(drawing.engine, drawing.size, drawing.samples)
        }),
        RoughDuration::Encoded => work.output_format().map_or(0.0, |format| {
            units * cost_model::encode_seconds(format.size)
        }),
    }
}

fn is_blend_import(work: &JobAction) -> bool {
    matches!(
        work,
        JobAction::Import {
            kind: AssetKind::Blend
        }
    )
}

/// Returns for each job the seconds to the end of the longest chain behind it.
pub(super) fn job_priorities(
    jobs: &[Job],
    graph: &JobGraph,
    durations: &DurationModel,
) -> Vec<f64> {
    let mut length = vec![0.0f64; jobs.len()];
    for id in graph.order.iter().rev() {
        let behind = graph.dependants[id.index()]
            .iter()
            .map(|next| length[next.index()])
            .fold(0.0, f64::max);
        length[id.index()] = behind + durations.expected_seconds(&jobs[id.index()].work).1;
    }
    length
}
