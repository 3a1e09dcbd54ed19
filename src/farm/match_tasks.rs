//! Matches the jobs of a plan with the tasks of a manifest that an earlier process wrote.

use super::task_manifest::{FarmError, TaskManifest};
use super::task_map::TaskId;
use crate::model::JobId;
use crate::plan::{ActionIdentity, Plan};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// The fields of a record that identify its job. The rest is skipped: it may be long, and there may
/// be a million records.
#[derive(Deserialize)]
struct RecordIdentity<'a> {
    task: TaskId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    identity: ActionIdentity,
}

/// Returns the task of each job of `plan`, by job. `None` for a job that the manifest does not
/// have.
///
/// # Errors
/// Fails if the manifest is damaged, or if a job that must run has no task in it.
pub fn match_tasks(manifest: &TaskManifest, plan: &Plan) -> Result<Vec<Option<TaskId>>, FarmError> {
    let wanted = plan.jobs().filter(|(_, planned)| planned.wanted);
    let jobs: HashMap<&str, JobId> = wanted
        .map(|(id, planned)| (planned.job.name.as_str(), id))
        .collect();
    let mut tasks = vec![None; plan.len()];
    manifest.for_each_line(|line| {
        let record: RecordIdentity<'_> = serde_json::from_str(line)?;
        // The name alone is not enough. After an edit, a job of the same name does other work, and
        // its running task would deliver the old frames.
        let job = jobs
            .get(record.name.as_ref())
            .filter(|job| plan.job(**job).identity == record.identity);
        if let Some(job) = job {
            tasks[job.index()] = Some(record.task);
        }
        Ok(())
    })?;
    // Jobs that are reused need no task: they may have finished on the farm before. Only one that
    // must run and has no task makes the run impossible to follow.
    let unmatched = plan.jobs().filter(|(id, planned)| {
        planned.wanted && planned.reason.is_dirty() && tasks[id.index()].is_none()
    });
    let mut unmatched = unmatched.map(|(_, planned)| planned.job.name.as_str());
    match unmatched.next() {
        None => Ok(tasks),
        Some(first) => Err(FarmError::Usage(format!(
            "continue {}: the production, this program or this machine's tools changed after it was submitted, so {} of its \
             {} jobs differ now (such as `{first}`). Cancel it with `production cancel`, which keeps finished work, then run \
             again",
            manifest.header.revision,
            unmatched.count() + 1,
            plan.len()
        ))),
    }
}
