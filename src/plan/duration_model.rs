//! Predicts the duration of each job: from recorded durations where there are any, otherwise from a
//! table of rough values. The model knows nothing about jobs that run at the same time; the
//! simulation of the dispatcher adds that.

use super::graph::JobGraph;
use crate::model::action_kind::RoughDuration;
use crate::model::{ActionKind, AssetKind, Job, JobAction, cost_model};
use std::collections::HashMap;

/// Seconds that Blender takes to start and to import one file.
const BLEND_IMPORT_SECONDS: f64 = 3.0;

/// Seconds per unit of each kind of work on this machine.
#[derive(Debug, Clone, Default)]
pub struct DurationModel {
    /// By kind, then by variant. Cycles and Eevee differ by orders of magnitude, so one average for
    /// both would fit neither.
    per_unit: HashMap<ActionKind, HashMap<String, DurationQuantiles>>,
}

/// Recorded seconds per unit: first decile, median and last decile, and the number of jobs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct DurationQuantiles {
    low: f64,
    middle: f64,
    high: f64,
    samples: usize,
}

impl DurationModel {
    /// Returns the model of these samples: seconds and units of each job, by
    /// [`sample_key`](JobAction::sample_key).
    #[must_use]
    pub fn from_samples(samples: &HashMap<String, Vec<(f64, usize)>>) -> Self {
        // Deciles and not mean and deviation: durations have a long tail, and one job that was
        // suspended for an hour would move a mean for good.
        let quantiles = |jobs: &Vec<(f64, usize)>| {
            let mut rates: Vec<f64> = jobs
                .iter()
                .filter(|(_, units)| *units > 0)
                .map(|(seconds, units)| seconds / unit_count(*units))
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
            // A store may have been written by a later version with kinds that this one does not
            // know.
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

    /// Returns how many recorded jobs the model is based on.
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

    /// Returns whether there are samples for this kind and variant.
    #[must_use]
    pub fn has_samples(&self, work: &JobAction) -> bool {
        self.recorded_rate(work).is_some()
    }

    /// Returns how many samples there are for this kind and variant.
    #[must_use]
    pub fn sample_count_for(&self, work: &JobAction) -> usize {
        self.recorded_rate(work)
            .map_or(0, |quantiles| quantiles.samples)
    }

    /// Returns the expected seconds of a job: low, middle, high. With samples, low and high are
    /// their first and last decile. Without, they are a third and three times a rough value.
    #[must_use]
    pub fn expected_seconds(&self, work: &JobAction) -> (f64, f64, f64) {
        let units = unit_count(work.unit_count());
        // No mixture of samples and rough values: the first recorded job of this machine is closer
        // than any guess.
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

/// Returns rough seconds for work without samples. The values are for two cores and a software
/// adapter.
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

/// Returns for each job the estimated seconds to the end of the longest chain behind it.
pub(super) fn job_priorities(
    jobs: &[Job],
    graph: &JobGraph,
    durations: &DurationModel,
) -> Vec<f64> {
    // The critical path. A job with a long chain behind it has to start early, or the run ends with
    // one chain and idle cores.
    let mut length = vec![0.0f64; jobs.len()];
    for id in graph.order.iter().rev() {
        let longest = graph.dependants[id.index()]
            .iter()
            .map(|next| length[next.index()])
            .fold(0.0, f64::max);
        length[id.index()] = longest + durations.expected_seconds(&jobs[id.index()].work).1;
    }
    length
}
