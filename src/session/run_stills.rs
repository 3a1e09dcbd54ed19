//! The pictures of a run that publishes nothing: those of a storyboard are looked at before the film
//! is made. They are in the folder of the run, because what is in place stays that of one revision.

use super::planned_deliverables::planned_deliverables;
use super::planned_run::{PlannedRun, ScheduledRun};
use crate::event::DeliveredOutput;
use crate::execute::RunOutcome;
use crate::model::JobId;
use std::path::PathBuf;

/// The folder of the pictures in that of the run.
const STILLS_FOLDER: &str = "stills";

/// Writes every finished picture of an output of single pictures into the folder of the run. Returns
/// that folder. `None`: there is none, or none could be written, and the pictures stay in the store.
pub(super) fn write_stills(run: &ScheduledRun<'_>, outcome: &RunOutcome) -> Option<PathBuf> {
    let PlannedRun { session, plan, .. } = &run.planned;
    let checked = session.checked;
    let is_still = |name: &str| {
        let mut outputs = checked.outputs.iter();
        let output = outputs.find(|output| output.name.value == name);
        output.is_some_and(|output| output.format.codec.still_format().is_some())
    };
    let is_made = |jobs: &[JobId]| {
        jobs.iter()
            .all(|id| plan.job(*id).wanted && outcome.job_outputs(*id).is_some())
    };
    let made: Vec<(JobId, DeliveredOutput)> = planned_deliverables(checked, plan)
        .into_iter()
        .filter(|(jobs, made)| is_made(jobs) && is_still(&made.output))
        .filter_map(|(jobs, made)| Some((*jobs.first()?, made)))
        .collect();
    let (jobs, outputs): (Vec<JobId>, Vec<DeliveredOutput>) = made.into_iter().unzip();
    let outputs = run.path_values().fill_deliverables(&outputs);
    let folder = session.layout.run_folder(&run.revision).join(STILLS_FOLDER);
    let mut written = 0;
    for (job, output) in jobs.into_iter().zip(outputs) {
        let picture = outcome.job_outputs(job).and_then(<[_]>::first);
        let (Some(picture), Some(name)) = (picture, output.path.file_name()) else {
            continue;
        };
        let blob = session.blobs.blob_path(&picture.digest);
        let Ok(bytes) = std::fs::read(blob) else {
            continue;
        };
        let is_written = session.layout.replace_file(&folder.join(name), &bytes);
        written += usize::from(is_written.is_ok());
    }
    (written > 0).then_some(folder)
}
