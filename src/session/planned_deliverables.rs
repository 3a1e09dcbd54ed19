//! The deliverables of a complete run, derived from its plan.

use super::sequence_name::sequence_name;
use crate::event::{DeliverablePart, DeliveredOutput};
use crate::model::cut::TextExport;
use crate::model::production::Output;
use crate::model::sound::SoundBeside;
use crate::model::sprites::GameFiles;
use crate::model::{InputSlot, InputSource, JobAction, JobId};
use crate::plan::{Plan, PlannedJob};
use crate::validate::CheckedProduction;
use std::collections::HashMap;
use std::path::PathBuf;

/// Returns the deliverables of a complete run, in the order of the document, each with the jobs
/// that make it.
pub(super) fn planned_deliverables(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Vec<(Vec<JobId>, DeliveredOutput)> {
    let stitch_jobs = stitch_jobs(plan);
    let mix_jobs = mix_jobs(plan);
    let outputs = checked
        .outputs
        .iter()
        // From the plan and not from what jobs made, so that the same list is known before the run
        // and can be compared with what is published.
        .filter_map(|output| output_deliverable(output, plan, &stitch_jobs));
    let sounds = checked
        .outputs
        .iter()
        .flat_map(|output| sound_deliverables(output, plan, &mix_jobs));
    let text_jobs = text_jobs(plan);
    let texts = checked
        .exports
        .iter()
        .filter_map(|export| text_deliverable(export, plan, &text_jobs));
    let game_jobs = game_jobs(plan);
    let games = checked
        .game_files()
        .flat_map(|files| game_deliverables(files, plan, &game_jobs));
    // Sound and texts come last: the report is put beside the first deliverable.
    outputs
        .chain(passes_deliverable(checked, plan))
        .chain(sounds)
        .chain(texts)
        .chain(games)
        .collect()
}

/// Returns the job that makes each deliverable for games, by its name.
fn game_jobs(plan: &Plan) -> HashMap<&str, JobId> {
    let makes =
        |work: &JobAction| matches!(work, JobAction::SpriteSheet(_) | JobAction::TileMap(_));
    plan.jobs()
        .filter(|(_, planned)| makes(&planned.job.work))
        .filter_map(|(id, planned)| Some((planned.job.output.as_deref()?, id)))
        .collect()
}

/// Returns the file of a deliverable for games, and the one beside it.
fn game_deliverables(
    files: GameFiles<'_>,
    plan: &Plan,
    game_jobs: &HashMap<&str, JobId>,
) -> Vec<(Vec<JobId>, DeliveredOutput)> {
    // A run of some shots plans no job for it.
    let Some(id) = game_jobs.get(files.name.value.as_str()).copied() else {
        return Vec::new();
    };
    let deliverable = |output: String, path: PathBuf, file: &str| {
        let delivered = DeliveredOutput {
            output,
            path,
            job: plan.job(id).job.name.to_string(),
            folder: false,
            parts: Vec::new(),
            files: vec![file.to_owned()],
        };
        (vec![id], delivered)
    };
    let [path, beside] = files.paths();
    let [file, file_beside] = files.kind.made_names();
    vec![
        deliverable(files.name.value.clone(), path, file),
        deliverable(files.beside_name(), beside, file_beside),
    ]
}

/// Returns the job that writes each text, by its name.
fn text_jobs(plan: &Plan) -> HashMap<&str, JobId> {
    plan.jobs()
        .filter(|(_, planned)| matches!(planned.job.work, JobAction::TextExport(_)))
        .filter_map(|(id, planned)| Some((planned.job.output.as_deref()?, id)))
        .collect()
}

fn text_deliverable(
    export: &TextExport,
    plan: &Plan,
    text_jobs: &HashMap<&str, JobId>,
) -> Option<(Vec<JobId>, DeliveredOutput)> {
    // Without its job in the plan there is nothing to deliver.
    let id = *text_jobs.get(export.name.value.as_str())?;
    let delivered = DeliveredOutput {
        output: export.name.value.clone(),
        path: export.path.value.clone(),
        job: plan.job(id).job.name.to_string(),
        folder: false,
        parts: Vec::new(),
        files: Vec::new(),
    };
    Some((vec![id], delivered))
}

/// Returns what is delivered of an output's sound beside it.
fn sound_deliverables(
    output: &Output,
    plan: &Plan,
    mix_jobs: &HashMap<&str, JobId>,
) -> Vec<(Vec<JobId>, DeliveredOutput)> {
    let Some(id) = mix_jobs.get(output.name.value.as_str()) else {
        return Vec::new();
    };
    let deliverable = |beside: SoundBeside| DeliveredOutput {
        output: beside.name,
        path: beside.path,
        job: plan.job(*id).job.name.to_string(),
        folder: beside.kind.is_folder(),
        parts: Vec::new(),
        // A mix makes more files than any of its deliverables has.
        files: beside
            .kind
            .files()
            .iter()
            .map(|file| file.name().to_owned())
            .collect(),
    };
    let beside = output.sound_beside().into_iter();
    beside
        .map(|beside| (vec![*id], deliverable(beside)))
        .collect()
}

fn output_deliverable(
    output: &Output,
    plan: &Plan,
    stitch_jobs: &HashMap<&str, JobId>,
) -> Option<(Vec<JobId>, DeliveredOutput)> {
    let id = *stitch_jobs.get(output.name.value.as_str())?;
    let delivered = DeliveredOutput {
        output: output.name.value.clone(),
        path: output.path.value.clone(),
        job: plan.job(id).job.name.to_string(),
        folder: output.format.codec.is_folder(),
        parts: Vec::new(),
        files: Vec::new(),
    };
    Some((vec![id], delivered))
}

/// Returns the deliverable of all shots with passes: their frames as rendered, and the passes.
/// `None` if no shot has passes.
fn passes_deliverable(
    checked: &CheckedProduction,
    plan: &Plan,
) -> Option<(Vec<JobId>, DeliveredOutput)> {
    let (jobs, parts): (Vec<JobId>, Vec<DeliverablePart>) = plan
        .jobs()
        .filter(|(_, planned)| !planned.job.work.passes().is_empty())
        .map(|(id, PlannedJob { job, .. })| {
            let folder = sequence_name(job.shot.as_deref().unwrap_or_default());
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
        // One deliverable for all shots, because its folder is replaced as a whole. Otherwise a
        // removed shot would stay in it for ever.
        output: "passes".to_owned(),
        path,
        job: String::new(),
        folder: true,
        parts,
        files: Vec::new(),
    };
    (!jobs.is_empty()).then_some((jobs, delivered))
}

/// Returns the job that makes the file or folder of each output, by its name.
// A search of the plan for each output would be quadratic where every shot is an output.
fn stitch_jobs(plan: &Plan) -> HashMap<&str, JobId> {
    plan.jobs()
        .filter(|(_, planned)| matches!(planned.job.work, JobAction::Stitch { .. }))
        .filter_map(|(id, planned)| Some((planned.job.output.as_deref()?, id)))
        .collect()
}

/// Returns the job that mixes the sound of each output, by its name: the one that its film is
/// verified against.
pub(super) fn mix_jobs(plan: &Plan) -> HashMap<&str, JobId> {
    let slot = InputSlot::mix();
    plan.jobs()
        .filter(|(_, planned)| matches!(planned.job.work, JobAction::Verify { .. }))
        .filter_map(|(_, planned)| {
            let mut inputs = planned.job.inputs.iter();
            let mix = inputs.find(|input| input.slot == slot)?;
            match mix.from {
                InputSource::Job(id) => Some((planned.job.output.as_deref()?, id)),
                InputSource::File(_) => None,
            }
        })
        .collect()
}
