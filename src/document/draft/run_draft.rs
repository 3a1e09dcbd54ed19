//! How jobs run, as written: limits, workers, and the budget of a run.

use crate::base::Spanned;
use crate::document::field_types::RawScalar;
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Limits and resources of jobs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsDraft {
    /// How often a failed job is tried again, 0 to 100.
    #[schemars(range(min = value_ranges::RETRIES.low, max = value_ranges::RETRIES.high))]
    pub retries: Option<Spanned<u32>>,
    /// How long one attempt may take: `90s`, `30m`, `2h`.
    #[schemars(extend("examples" = ["30m", "2h"]))]
    pub time: Option<RawScalar>,
    /// Memory that a job reserves: `800MB`, `16GB`.
    #[schemars(extend("examples" = ["16GB"]))]
    pub memory: Option<RawScalar>,
    /// Cores that a job reserves, 0.01 to 1024.
    #[schemars(range(min = value_ranges::CORES.lowest(), max = value_ranges::CORES.highest()))]
    pub cores: Option<Spanned<f32>>,
}

/// How many jobs run at a time, and how.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorkersDraft {
    /// How many jobs run at a time, if neither `--parallel` nor the machine's profile says; 4 if
    /// left out.
    #[schemars(range(min = value_ranges::WORKERS.low, max = value_ranges::WORKERS.high), extend("default" = 4))]
    pub count: Option<Spanned<u32>>,
    /// What a worker is.
    #[schemars(extend("default" = "thread"))]
    pub backend: Option<Spanned<WorkerBackend>>,
}

/// What a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkerBackend {
    /// A thread. Renderers and ffmpeg are processes of their own in any case.
    Thread,
    /// A process of its own. Only farms have it.
    Process,
}

/// Limits for a run.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetDraft {
    /// How long a run may take: `90m`, `8h`, `2d`.
    pub time: Option<RawScalar>,
    /// How much disk space frames and films may take: `500MB`, `200GB`.
    pub disk: Option<RawScalar>,
}
