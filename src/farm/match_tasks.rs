//! Which task each job of a plan is, in a manifest that an earlier process wrote.

use super::task_manifest::{FarmError, TaskManifest};
use super::task_map::TaskId;
use crate::model::JobId;
use crate::plan::{ActionIdentity, Plan};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// The fields of a record that say which job it is; the rest, which may be long, is skipped.
#[derive(Deserialize)]
struct RecordIdentity<'a> {
    task: TaskId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    identity: ActionIdentity,
}

/// Returns the task of each job of `plan` in a manifest that an earlier run wrote.
///
/// # Errors
/// Fails when the manifest is damaged, or does other work than the plan asks for.
pub fn match_tasks(manifest: &TaskManifest, plan: &Plan) -> Result<Vec<Option<TaskId>>, FarmError> {
    let wanted = plan.jobs().filter(|(_, planned)| planned.wanted);
    let jobs: HashMap<&str, JobId> = wanted
        .map(|(id, planned)| (planned.job.name.as_str(), id))
        .collect();
    let mut tasks = vec![None; plan.len()];
    manifest.for_each_line(|line| {
        let record: RecordIdentity<'_> = serde_json::from_str(line)?;
        let job = jobs
            .get(record.name.as_ref())
            .filter(|job| plan.job(**job).identity == record.identity);
        if let Some(job) = job {
            tasks[job.index()] = Some(record.task);
        }
        Ok(())
    })?;
    let unmatched = plan.jobs().filter(|(id, planned)| {
        planned.wanted && planned.reason.is_dirty() && tasks[id.index()].is_none()
    });
    let mut unmatched = unmatched.map(|(_, planned)| planned.job.name.as_str());
    match unmatched.next() {
        None => Ok(tasks),
        Some(first) => Err(FarmError::Usage(format!(
            "go on with {}: the production, this program or this machine's tools have changed since it was sent, so {} of its \
             {} jobs are others now (such as `{first}`). `production cancel` takes it back and keeps what was finished; then \
             run again",
            manifest.header.revision,
            unmatched.count() + 1,
            plan.len()
        ))),
    }
}
