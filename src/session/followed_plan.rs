//! A saved plan that a run follows: read back, and compared with what a run would do now.

use super::production_session::ProductionSession;
use crate::base::Digest;
use crate::model::{InputSource, Phase};
use crate::plan::{JobSelection, Plan, PlannedJob};
use crate::report::plan_facts::PLAN_VERSION;
use crate::report::text_format::format_count;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Most jobs that an error names for one cause.
const MAX_NAMED: usize = 3;

/// A plan of `production plan`, as far as a run needs it.
#[derive(Debug, Clone, Deserialize)]
pub struct FollowedPlan {
    version: u32,
    base: Option<String>,
    #[serde(default)]
    tier: Option<String>,
    #[serde(default)]
    tier_override: bool,
    #[serde(default)]
    no_sound: bool,
    #[serde(rename = "asked")]
    selection: PlannedSelection,
    jobs: Vec<FollowedJob>,
    /// The file. For messages.
    #[serde(skip)]
    path: PathBuf,
}

/// The selection that the plan was made with.
#[derive(Debug, Clone, Deserialize)]
struct PlannedSelection {
    only: Vec<String>,
    phase: Option<Phase>,
    up_to: Option<Phase>,
    #[serde(default)]
    output: Option<String>,
    regen: Vec<String>,
    pin: Vec<String>,
}

/// One job of the plan.
#[derive(Debug, Clone, Deserialize)]
struct FollowedJob {
    job: String,
    reason: String,
    digest: Option<Digest>,
    basis: Option<Digest>,
}

/// Why a run cannot follow a plan. Each text reads after "follow the plan FILE: ".
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The file is no plan.
    #[error("it is not a plan: {0}")]
    NotAPlan(#[from] serde_json::Error),
    /// The plan has another format.
    #[error("another version of `production` wrote it; make the plan again")]
    OtherVersion,
    /// Another revision was published since.
    #[error("it was made {}, and {} is now; make the plan again", planned_text(.planned.as_deref()), .published.as_deref().unwrap_or("nothing"))]
    OtherBase {
        /// The published revision when the plan was made.
        planned: Option<String>,
        /// The published revision now.
        published: Option<String>,
    },
    /// A run would do other work now.
    #[error("it no longer holds: {}; make the plan again, or run without it", .0.join("; "))]
    OtherJobs(Vec<String>),
}

fn planned_text(published: Option<&str>) -> String {
    published.map_or_else(
        || "before anything was published".to_owned(),
        |revision| format!("when {revision} was in place"),
    )
}

impl FollowedPlan {
    /// Reads the plan of a file.
    ///
    /// # Errors
    /// Fails when the file cannot be read, is no plan, or lacks what a run needs.
    pub fn read(path: &Path) -> Result<Self, FollowError> {
        let bytes = std::fs::read(path)?;
        let mut plan: Self = serde_json::from_slice(&bytes)?;
        // A job without either digest is from a version that did not write `basis`: a change of it
        // would go unnoticed.
        let has_basis = |job: &FollowedJob| job.digest.is_some() || job.basis.is_some();
        if plan.version != PLAN_VERSION || plan.tier.is_none() || !plan.jobs.iter().all(has_basis) {
            return Err(FollowError::OtherVersion);
        }
        path.clone_into(&mut plan.path);
        Ok(plan)
    }

    /// Returns the file of the plan.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the quality tier of the plan.
    #[must_use]
    pub fn tier(&self) -> &str {
        self.tier.as_deref().unwrap_or_default()
    }

    /// Returns whether the tier replaced that of the document.
    #[must_use]
    pub const fn is_tier_override(&self) -> bool {
        self.tier_override
    }

    /// Returns whether the plan leaves the sound out that the document asks for.
    #[must_use]
    pub const fn has_no_sound(&self) -> bool {
        self.no_sound
    }

    /// Returns the selection that the plan was made with.
    #[must_use]
    pub fn selection(&self) -> JobSelection {
        let PlannedSelection {
            only,
            phase,
            up_to,
            output,
            regen,
            pin,
        } = self.selection.clone();
        JobSelection {
            shots: only,
            phase,
            up_to,
            output,
            regen,
            pin,
        }
    }

    /// Fails when a run of `plan` would not do what this plan lists.
    ///
    /// Jobs that an unfinished run has made since are no difference: they are what the plan asks
    /// for, so a run that was interrupted continues with the same plan.
    pub(super) fn require_same(
        &self,
        plan: &Plan,
        session: &ProductionSession<'_>,
    ) -> Result<(), FollowError> {
        let published = &session.history.published;
        // Checked first: with another base every job may differ, and a list of them would hide why.
        if self.base != *published {
            return Err(FollowError::OtherBase {
                planned: self.base.clone(),
                published: published.clone(),
            });
        }
        // A table by name: a search of the list for each of a hundred thousand jobs would be
        // quadratic.
        let mut listed: HashMap<&str, &FollowedJob> = HashMap::with_capacity(self.jobs.len());
        listed.extend(self.jobs.iter().map(|job| (job.job.as_str(), job)));
        let mut differences = JobDifferences::default();
        for (_, planned) in plan.jobs().filter(|(_, planned)| planned.wanted) {
            let name = planned.job.name.as_str();
            // Removed as it is found, so that what is left is what the run would not do.
            match listed.remove(name) {
                None => differences.added.push(name),
                Some(job) if !job.asks_for(planned, plan, session) => {
                    differences.changed.push(name);
                }
                // A file of the store is gone since: the run would cost more than the plan said.
                Some(job) if job.is_made() && planned.reason.is_dirty() => {
                    differences.lost.push(name);
                }
                Some(_) => {}
            }
        }
        // In the order of the plan, which a map does not keep.
        let names = self.jobs.iter().map(|job| job.job.as_str());
        differences.removed = names.filter(|name| listed.contains_key(name)).collect();
        let differences = differences.sentences();
        if differences.is_empty() {
            Ok(())
        } else {
            Err(FollowError::OtherJobs(differences))
        }
    }
}

impl FollowedJob {
    /// Returns whether the plan expects that the job need not run.
    fn is_made(&self) -> bool {
        matches!(self.reason.as_str(), "reused" | "pinned")
    }

    /// Returns whether the planned job is the one that the plan lists.
    fn asks_for(&self, planned: &PlannedJob, plan: &Plan, session: &ProductionSession<'_>) -> bool {
        // A digest says everything, but exists only once the inputs are made.
        match (self.digest, planned.digest) {
            (Some(listed), Some(now)) => listed == now,
            // The inputs of one of them are still to be made, so what each asks for is compared.
            _ => self
                .basis
                .is_none_or(|listed| listed == job_basis(planned, plan, session)),
        }
    }
}

/// How the jobs of a run differ from those of a plan.
#[derive(Default)]
struct JobDifferences<'a> {
    added: Vec<&'a str>,
    removed: Vec<&'a str>,
    changed: Vec<&'a str>,
    lost: Vec<&'a str>,
}

impl JobDifferences<'_> {
    fn sentences(&self) -> Vec<String> {
        let sentence = |jobs: &[&str], what: &str| {
            // A changed preset may be in every job, and an error is a few lines.
            let named = jobs.iter().take(MAX_NAMED).copied().collect::<Vec<_>>();
            let more = if jobs.len() > MAX_NAMED { ", ..." } else { "" };
            let count = format_count(jobs.len(), "job");
            format!("{count} {what} ({}{more})", named.join(", "))
        };
        [
            (&self.changed, "would be made from something else"),
            (&self.added, "would run that it does not list"),
            (&self.removed, "that it lists would not"),
            (&self.lost, "would run that it counts as made"),
        ]
        .into_iter()
        .filter(|(jobs, _)| !jobs.is_empty())
        .map(|(jobs, what)| sentence(jobs, what))
        .collect()
    }
}

/// Returns the digest of what a job asks for while the content of its inputs is unknown: its work,
/// its provider, the files that it reads, and the names of the jobs that it needs.
pub(super) fn job_basis(
    planned: &PlannedJob,
    plan: &Plan,
    session: &ProductionSession<'_>,
) -> Digest {
    let inputs = planned.job.inputs.iter().map(|input| {
        let digest = match &input.from {
            // By name: the content is not there yet, and an index changes with every job that is
            // added before.
            InputSource::Job(need) => {
                Digest::hash_bytes(plan.job(*need).job.name.as_str().as_bytes())
            }
            // A file that cannot be read stops the run anyway.
            InputSource::File(path) => session
                .snapshot
                .file_digest(path)
                .unwrap_or_else(|| Digest::hash_bytes(b"")),
        };
        (&input.slot, digest)
    });
    planned.identity.with_inputs(inputs)
}
