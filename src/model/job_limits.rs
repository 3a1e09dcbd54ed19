//! What a document sets for jobs: how long they may take, how often they are tried, and what they
//! reserve.
//!
//! None of it is part of a job's identity, since it does not change what is made.

use super::action_kind::ActionKind;
use super::job::Claim;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Limits and resources of a job. Unset: those of the command and of the machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobLimits {
    /// The most attempts after the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// The longest time of an attempt, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Memory that it claims, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    /// Thousandths of a core that it claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
}

/// Limits by kind of work.
pub type KindLimits = BTreeMap<ActionKind, JobLimits>;

impl JobLimits {
    /// Returns whether nothing is set.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Returns these limits over others: what is unset here is taken from `base`.
    #[must_use]
    pub fn over(&self, base: &Self) -> Self {
        Self {
            retries: self.retries.or(base.retries),
            seconds: self.seconds.or(base.seconds),
            memory: self.memory.or(base.memory),
            cores: self.cores.or(base.cores),
        }
    }

    /// Returns the longest time of an attempt.
    #[must_use]
    pub fn time(&self) -> Option<Duration> {
        let seconds = self
            .seconds
            .filter(|seconds| seconds.is_finite() && *seconds > 0.0)?;
        Some(Duration::from_secs_f64(seconds))
    }

    /// Puts what is set into a claim.
    pub fn apply_to(&self, claim: &mut Claim) {
        claim.memory = self.memory.unwrap_or(claim.memory);
        claim.cores = self.cores.unwrap_or(claim.cores);
    }
}
