//! What a whole run delivers, known from its plan.

use crate::event::{DeliverablePart, DeliveredOutput};
use crate::model::production::Output;
use crate::model::{JobAction, JobId};
use crate::plan::{Plan, PlannedJob};
use crate::store::store_layout::safe_file_name;
use crate::validate::CheckedProduction;
use std::path::PathBuf;

/// Returns what a whole run of this plan delivers, in document order, each with the jobs that make
/// it.
pub(super) fn planned_deliverables(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Vec<(Vec<JobId>, DeliveredOutput)> {
    checked
        .outputs
        .iter()
        .filter_map(|output| output_deliverable(output, plan))
        .chain(passes_deliverable(checked, plan))
        .collect()
}

fn output_deliverable(output: &Output, plan: &Plan) -> Option<(Vec<JobId>, DeliveredOutput)> {
    let id = stitch_job(plan, output)?;
    let delivered = DeliveredOutput {
        output: output.name.value.clone(),
        path: output.path.value.clone(),
        job: plan.job(id).job.name.to_string(),
        folder: output.format.codec.is_sequence(),
        parts: Vec::new(),
    };
    Some((vec![id], delivered))
}

/// Returns the deliverable of all shots with passes: their frames as they were drawn, and the
/// passes beside.
fn passes_deliverable(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Option<(Vec<JobId>, DeliveredOutput)> {
    let (jobs, parts): (Vec<JobId>, Vec<DeliverablePart>) = plan
        .jobs()
        .filter(|(_, planned)| !planned.job.work.passes().is_empty())
        .map(|(id, PlannedJob { job, .. })| {
            let folder = safe_file_name(job.shot.as_deref().unwrap_or_default());
            (
                id,
                DeliverablePart {
                    job: job.name.to_string(),
                    folder,
                },
            )
        })
        .unzip();
    let path = checked.render.passes_path.value.clone();
    let delivered = DeliveredOutput {
        output: "passes".to_owned(),
        path,
        job: String::new(),
        folder: true,
        parts,
    };
    (!jobs.is_empty()).then_some((jobs, delivered))
}

/// Returns the job that makes the file or the folder of an output.
fn stitch_job(plan: &Plan, output: &Output) -> Option<JobId> {
    let is_it = |(_, planned): &(JobId, &PlannedJob)| {
        matches!(planned.job.work, JobAction::Stitch { .. })
            && planned.job.output.as_ref() == Some(&output.name.value)
    };
    plan.jobs().find(is_it).map(|(id, _)| id)
}

/// Returns the folder in which the report lies beside what was delivered.
pub(super) fn report_dir(
    checked: &CheckedProduction,
    delivered: &[DeliveredOutput],
) -> Option<PathBuf> {
    delivered
        .first()
        .and_then(|made| made.path.parent())
        .map(|folder| checked.root.join(folder))
}
