//! Predicts the duration of each job: from what earlier jobs took, otherwise from a table of rough
//! values.
//!
//! A sample is compared with the rough value for its own size, samples and units. The quotient is
//! how much slower this machine, adapter and content are than the table, and it carries over to
//! jobs of another size: a draft says something about the final film. The nearest samples count:
//! of the same content by the same provider, then by the same provider, then all of the kind.
//!
//! The model says how long a job takes alone and how many cores it keeps busy. Jobs that run at the
//! same time share the cores; the simulation of the dispatcher adds that.

use super::graph::JobGraph;
use crate::model::{ActionKind, Job, JobId, JobName, JobSample, UnitLoad, cost_model};
use std::collections::{BTreeMap, HashMap};

/// Standard deviation of the logarithm of a quotient, before there are samples that show it.
const PRIOR_DEVIATION: f64 = 0.45;

/// Samples that the prior counts as.
const PRIOR_SAMPLES: f64 = 2.0;

/// Deviation that no number of samples removes: the load of the machine, and what changes from one
/// shot to the next.
const LEAST_DEVIATION: f64 = 0.16;

/// Deviations from the middle to the low and to the high value: nine of ten are between them.
const RANGE_DEVIATIONS: f64 = 1.64;

/// The low and high value of a rough duration, as a factor of the middle one.
const ROUGH_RANGE: f64 = 3.5;

/// Cores that a job keeps busy where this was not measured.
const DEFAULT_BUSY_CORES: f64 = 1.3;

/// A sample says little about a job with so many times its pixels and samples, or fewer.
const KNOWN_FACTOR: f64 = 4.0;

/// What a job is expected to take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobForecast {
    /// Seconds if nothing else runs.
    pub seconds: f64,
    /// The true value is between `seconds / range` and `seconds * range` in nine of ten cases.
    pub range: f64,
    /// Cores that it keeps busy meanwhile.
    pub busy_cores: f64,
}

impl JobForecast {
    /// Returns low, middle and high seconds.
    #[must_use]
    pub fn bounds(&self) -> (f64, f64, f64) {
        (
            self.seconds / self.range,
            self.seconds,
            self.seconds * self.range,
        )
    }
}

/// Durations of jobs on this machine.
#[derive(Debug, Clone, Default)]
pub struct DurationModel {
    /// By kind, then by variant. Cycles and Eevee differ by orders of magnitude, so one average for
    /// both would fit neither.
    kinds: HashMap<ActionKind, HashMap<String, KindDurations>>,
}

/// The samples of one kind and variant.
#[derive(Debug, Clone, Default)]
struct KindDurations {
    /// The smallest and the largest load of a unit among the samples.
    least_load: f64,
    most_load: f64,
    all: SampleGroup,
    by_provider: HashMap<String, ProviderDurations>,
}

#[derive(Debug, Clone, Default)]
struct ProviderDurations {
    all: SampleGroup,
    by_content: HashMap<String, SampleGroup>,
}

/// The quotients of samples and rough values.
#[derive(Debug, Clone, Default)]
struct SampleGroup {
    /// Measured seconds alone by rough seconds, of each sample.
    quotients: Vec<f64>,
    summary: GroupSummary,
}

#[derive(Debug, Clone, Copy, Default)]
struct GroupSummary {
    quotient: f64,
    range: f64,
    busy_cores: f64,
    samples: usize,
}

impl DurationModel {
    /// Returns the model of these samples, each map by
    /// [`sample_key`](crate::model::JobAction::sample_key).
    #[must_use]
    pub fn from_samples(sources: &[&HashMap<String, Vec<JobSample>>]) -> Self {
        // Borrowed: every command opens a session, and a store has thousands of samples.
        let mut by_key: BTreeMap<&str, Vec<&JobSample>> = BTreeMap::new();
        for (key, samples) in sources.iter().flat_map(|source| source.iter()) {
            by_key.entry(key).or_default().extend(samples);
        }
        let mut model = Self::default();
        for (key, samples) in by_key {
            // A store may have been written by a later version with kinds that this one does not
            // know.
            let Some((kind, variant)) = ActionKind::parse_sample_key(key) else {
                continue;
            };
            if let Some(durations) = KindDurations::from_samples(kind, variant, &samples) {
                let variants = model.kinds.entry(kind).or_default();
                variants.insert(variant.to_owned(), durations);
            }
        }
        model
    }

    /// Returns how many samples the model is based on.
    #[must_use]
    pub fn sample_count(&self) -> usize {
        let variants = self.kinds.values().flat_map(HashMap::values);
        variants
            .map(|durations| durations.all.summary.samples)
            .sum()
    }

    /// Returns how many samples there are for jobs of this kind and variant.
    #[must_use]
    pub fn sample_count_for(&self, job: &Job) -> usize {
        self.kind_durations(job)
            .map_or(0, |durations| durations.all.summary.samples)
    }

    /// Returns whether a sample shows how long this job takes: of the same kind and variant, with
    /// pictures and samples that are not far from its own.
    #[must_use]
    pub fn knows(&self, job: &Job) -> bool {
        let amount = load_amount(UnitLoad::for_job(job));
        self.kind_durations(job).is_some_and(|durations| {
            (durations.least_load / KNOWN_FACTOR..=durations.most_load * KNOWN_FACTOR)
                .contains(&amount)
        })
    }

    fn kind_durations(&self, job: &Job) -> Option<&KindDurations> {
        let find = |kind| {
            let variants = self.kinds.get(&kind)?;
            variants.get(job.work.variant().unwrap_or_default())
        };
        let kind = job.work.kind();
        // A sheet and a plate are drawn as a frame is.
        let is_drawn = matches!(kind, ActionKind::Sheet | ActionKind::Plate);
        find(kind).or_else(|| is_drawn.then(|| find(ActionKind::Render)).flatten())
    }

    /// Returns what a job is expected to take. `provider` does it; empty if that is not known.
    #[must_use]
    pub fn forecast(&self, job: &Job, provider: &str) -> JobForecast {
        let rough = rough_seconds(job);
        self.kind_durations(job).map_or(
            JobForecast {
                seconds: rough,
                range: ROUGH_RANGE,
                busy_cores: DEFAULT_BUSY_CORES,
            },
            |durations| {
                let nearest = durations.nearest_group(job, provider).summary;
                JobForecast {
                    seconds: rough * nearest.quotient,
                    range: nearest.range,
                    busy_cores: nearest.busy_cores,
                }
            },
        )
    }
}

impl KindDurations {
    /// Returns the durations that these samples show. `None`: no sample shows one.
    fn from_samples(kind: ActionKind, variant: &str, samples: &[&JobSample]) -> Option<Self> {
        let busy_cores = busy_cores_alone(samples);
        let loads = || samples.iter().map(|sample| load_amount(sample.load));
        let mut durations = Self {
            least_load: loads().fold(f64::INFINITY, f64::min),
            most_load: loads().fold(0.0, f64::max),
            ..Self::default()
        };
        for sample in samples.iter().filter(|sample| sample.units > 0) {
            let rough =
                cost_model::job_seconds(kind, variant, sample.load, unit_count(sample.units));
            // A job that ran beside others took longer than alone, while its CPU time is the same.
            let alone = sample
                .cpu_seconds
                .map_or(sample.seconds, |cpu| (cpu / busy_cores).min(sample.seconds));
            let quotient = alone / rough;
            // A job that took no time that the clock shows has no logarithm, and says nothing of
            // others.
            if !quotient.is_finite() || quotient <= 0.0 {
                continue;
            }
            durations.all.quotients.push(quotient);
            let provider = entry_for_name(&mut durations.by_provider, &sample.provider);
            provider.all.quotients.push(quotient);
            entry_for_name(&mut provider.by_content, &sample.content)
                .quotients
                .push(quotient);
        }
        durations.all.summarize(busy_cores)?;
        for provider in durations.by_provider.values_mut() {
            provider.all.summarize(busy_cores);
            for content in provider.by_content.values_mut() {
                content.summarize(busy_cores);
            }
        }
        Some(durations)
    }

    fn nearest_group(&self, job: &Job, provider: &str) -> &SampleGroup {
        let Some(provider) = self.by_provider.get(provider) else {
            return &self.all;
        };
        let content = JobName::content(job.work.kind(), job.name.as_str());
        provider.by_content.get(content).unwrap_or(&provider.all)
    }
}

impl SampleGroup {
    /// Computes the summary. `None`: there is no sample.
    fn summarize(&mut self, busy_cores: f64) -> Option<()> {
        self.quotients.sort_by(f64::total_cmp);
        let median = *self.quotients.get(self.quotients.len() / 2)?;
        let count = unit_count(self.quotients.len());
        // The mean and not the median: a run takes the sum of its jobs. Capped, because one job
        // that was suspended for an hour would move a mean for good.
        let capped = self
            .quotients
            .iter()
            .map(|quotient| quotient.min(4.0 * median));
        let quotient = capped.sum::<f64>() / count;
        let variance = self
            .quotients
            .iter()
            .map(|each| (each.min(4.0 * median) / quotient).ln().powi(2))
            .sum::<f64>();
        let variance =
            PRIOR_DEVIATION.powi(2).mul_add(PRIOR_SAMPLES, variance) / (count + PRIOR_SAMPLES);
        let deviation = (variance / count + LEAST_DEVIATION.powi(2)).sqrt();
        self.summary = GroupSummary {
            quotient,
            range: (RANGE_DEVIATIONS * deviation).exp(),
            busy_cores,
            samples: self.quotients.len(),
        };
        // A million samples of a large store would otherwise stay in memory for the whole run.
        self.quotients = Vec::new();
        Some(())
    }
}

/// Returns how many cores a job keeps busy when it runs alone.
fn busy_cores_alone(samples: &[&JobSample]) -> f64 {
    let mut busy: Vec<f64> = samples
        .iter()
        .filter_map(|sample| Some(sample.cpu_seconds? / sample.seconds))
        .filter(|busy| busy.is_finite() && *busy > 0.0)
        .collect();
    busy.sort_by(f64::total_cmp);
    // Other jobs and other programs only take cores away, so the busiest were the least disturbed.
    // Not the very busiest: the CPU time of a job beside others is a share of a sum.
    busy.get(busy.len() * 9 / 10)
        .copied()
        .unwrap_or(DEFAULT_BUSY_CORES)
}

/// Returns the entry with this name.
fn entry_for_name<'a, T: Default>(by_name: &'a mut HashMap<String, T>, name: &str) -> &'a mut T {
    by_name.entry(name.to_owned()).or_default()
}

/// Returns how much there is to draw in a unit.
#[expect(clippy::cast_precision_loss, reason = "pixels stay far below 2^52")]
fn load_amount(load: UnitLoad) -> f64 {
    load.pixels as f64 * f64::from(load.samples.max(1))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "unit counts stay far below 2^52"
)]
fn unit_count(count: usize) -> f64 {
    count.max(1) as f64
}

/// Returns rough seconds for a job.
fn rough_seconds(job: &Job) -> f64 {
    cost_model::job_seconds(
        job.work.kind(),
        job.work.variant().unwrap_or_default(),
        UnitLoad::for_job(job),
        unit_count(job.work.unit_count()),
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
        length[id.index()] = longest + durations.forecast(&jobs[id.index()], "").seconds;
    }
    equalize_encodes(jobs, &mut length);
    length
}

/// Gives all encodes of one shot the priority of the highest, so that they come one after the
/// other: they show the same frames, which are then read once.
fn equalize_encodes(jobs: &[Job], priorities: &mut [f64]) {
    let mut highest: HashMap<JobId, f64> = HashMap::new();
    let encodes = || {
        let jobs = jobs.iter().enumerate();
        jobs.filter_map(|(index, job)| Some((index, job.encoded_frames()?)))
    };
    for (index, frames) in encodes() {
        let highest = highest.entry(frames).or_default();
        *highest = highest.max(priorities[index]);
    }
    for (index, frames) in encodes() {
        priorities[index] = highest[&frames];
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample_jobs;
    use super::*;

    const PROVIDER: &str = "previz on llvmpipe";

    fn model(key: &str, samples: Vec<JobSample>) -> DurationModel {
        DurationModel::from_samples(&[&HashMap::from([(key.to_owned(), samples)])])
    }

    fn sample(seconds: f64, cpu_seconds: Option<f64>, content: &str) -> JobSample {
        JobSample {
            seconds,
            units: grade_job().work.unit_count(),
            cpu_seconds,
            load: UnitLoad::for_job(&grade_job()),
            content: content.into(),
            provider: PROVIDER.into(),
        }
    }

    fn grade_job() -> Job {
        let mut jobs = sample_jobs().into_iter();
        jobs.find(|job| job.work.kind() == ActionKind::Grade)
            .unwrap()
    }

    #[test]
    fn without_samples_the_range_is_wide() {
        let forecast = DurationModel::default().forecast(&grade_job(), "");
        let (low, middle, high) = forecast.bounds();
        assert!(low > 0.0 && low * 3.0 < middle && middle * 3.0 < high);
    }

    #[test]
    fn the_same_content_counts_more_than_the_same_kind() {
        let job = grade_job();
        let content = JobName::content(ActionKind::Grade, job.name.as_str()).to_owned();
        let key = job.work.sample_key().into_owned();
        let mut samples = vec![sample(24.0, None, &content)];
        samples.extend((0..20).map(|_| sample(240.0, None, "another shot")));
        let model = model(&key, samples);
        let near = model.forecast(&job, PROVIDER).seconds;
        assert!((near - 24.0).abs() < 1e-9, "{near}");
        assert!(model.forecast(&job, "another adapter").seconds > 5.0 * near);
    }

    #[test]
    fn more_samples_narrow_the_range() {
        let job = grade_job();
        let key = job.work.sample_key().into_owned();
        let range = |count: usize| {
            let samples = (0..count).map(|_| sample(24.0, None, "a")).collect();
            model(&key, samples).forecast(&job, PROVIDER).range
        };
        assert!(range(1) > range(4) && range(4) > range(64));
        assert!(range(64) > 1.2, "the machine is never the same");
    }

    #[test]
    fn a_job_beside_others_is_known_by_its_cpu_time() {
        let job = grade_job();
        let key = job.work.sample_key().into_owned();
        // Alone it keeps two cores busy for 12 s. Beside others it took twice as long.
        let mut samples: Vec<JobSample> = (0..3).map(|_| sample(12.0, Some(24.0), "a")).collect();
        samples.extend((0..3).map(|_| sample(24.0, Some(24.0), "a")));
        let model = model(&key, samples);
        let forecast = model.forecast(&job, PROVIDER);
        assert!((forecast.seconds - 12.0).abs() < 1e-9, "{forecast:?}");
        assert!((forecast.busy_cores - 2.0).abs() < 1e-9);
    }

    #[test]
    fn one_suspended_job_does_not_move_the_mean_for_good() {
        let job = grade_job();
        let key = job.work.sample_key().into_owned();
        let mut samples: Vec<JobSample> = (0..20).map(|_| sample(24.0, None, "a")).collect();
        samples.push(sample(36_000.0, None, "a"));
        let seconds = model(&key, samples).forecast(&job, PROVIDER).seconds;
        assert!(seconds < 1.3 * 24.0, "{seconds}");
    }
}
